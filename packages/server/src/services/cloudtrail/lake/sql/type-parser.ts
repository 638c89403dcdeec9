/** Reads types, and what is written like one. */
import { findOwn } from "../../../../kernel/lookup.ts";
import type { CastType, Expression } from "./syntax.ts";
import { placeOf, said } from "./token.ts";
import type { TokenReader } from "./token-reader.ts";
import { Interval } from "./value.ts";

const DAY_MS = 86_400_000;
const INTERVAL_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
};
const INTERVAL_MONTHS: Readonly<Record<string, number>> = { month: 1, year: 12 };

/** `varchar(10)`, `map(varchar, json)`, `timestamp with time zone` */
export function readType(reader: TokenReader): CastType {
  const word = reader.name();
  const of: CastType[] = [];
  if (reader.takeSign("(")) {
    // the length of a varchar, the precision of a decimal
    if (reader.next.kind === "number") reader.list(() => reader.take());
    else of.push(...reader.deeper(() => reader.list(() => readType(reader))));
    reader.expectSign(")");
  }
  const zone = word.text.toLowerCase() === "timestamp" && reader.takeWords("with", "time", "zone");
  const name = zone ? "timestamp with time zone" : word.text.toLowerCase();
  return { name, of, ...placeOf(word) };
}

/** `interval '7' day` */
export function readInterval(reader: TokenReader): Expression {
  reader.take();
  const text = reader.take();
  const unit = reader.take().text.toLowerCase();
  const count = Number(text.text);
  const [ms, months] = [findOwn(INTERVAL_MS, unit), findOwn(INTERVAL_MONTHS, unit)];
  if (!Number.isFinite(count) || (ms === undefined && months === undefined)) {
    throw said(text, "the interval is not valid");
  }
  return { kind: "literal", value: new Interval({ ms: count * (ms ?? 0), months: count * (months ?? 0) }) };
}

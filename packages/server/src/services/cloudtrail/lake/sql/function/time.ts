/** Functions of times. Source: https://trino.io/docs/current/functions/datetime.html */
import { instantOf } from "../compare.ts";
import { added, dateOf, difference, formatBy, isTellable, isUnit, PARTS, readInstant, truncated } from "../time.ts";
import { Instant, QueryFailure, requireNumber, requireText, type Value } from "../value.ts";
import { taking, type Around, type Functions } from "./kind.ts";

const SECOND_MS = 1000;

const now = { min: 0, max: 0, of: (_: readonly Value[], { nowMs }: Around) => zoned(nowMs) };
const zoned = (ms: number): Instant => new Instant(tellable(ms), "timestamp with time zone");

/** @throws {QueryFailure} */
function tellable(ms: number): number {
  if (!isTellable(ms)) throw new QueryFailure("The time is out of range");
  return ms;
}

/** @throws {QueryFailure} */
function unitOf(value: Value): string {
  const unit = requireText(value).toLowerCase();
  if (!isUnit(unit)) throw new QueryFailure(`'${unit}' is not a valid TIMESTAMP field`);
  return unit;
}

function isoInstant(given: Value): Instant {
  const text = requireText(given);
  const read = readInstant(text, "timestamp with time zone");
  if (read === undefined) throw new QueryFailure(`Invalid format: "${text}"`);
  return read;
}

const parts = Object.entries(PARTS).map(([name, part]) => [
  name,
  taking(1, ([at = null]) => BigInt(part(instantOf(at).ms))),
]);

function shifted(unit: Value, count: Value, at: Value): Instant {
  const moved = added(instantOf(at), unitOf(unit), requireNumber(count));
  tellable(moved.ms);
  return moved;
}

export const TIME_FUNCTIONS: Functions = {
  ...Object.fromEntries(parts),
  now,
  current_timestamp: now,
  localtimestamp: { min: 0, max: 0, of: (_, { nowMs }) => new Instant(nowMs, "timestamp") },
  current_date: { min: 0, max: 0, of: (_, { nowMs }) => dateOf(new Instant(nowMs, "date")) },
  date: taking(1, ([at = null]) => dateOf(instantOf(at))),
  date_trunc: taking(2, ([unit = null, at = null]) => truncated(instantOf(at), unitOf(unit))),
  date_add: taking(3, ([unit = null, count = null, at = null]) => shifted(unit, count, at)),
  date_diff: taking(3, ([unit = null, from = null, to = null]) =>
    BigInt(difference(instantOf(from), instantOf(to), unitOf(unit))),
  ),
  date_format: taking(2, ([at = null, format = null]) => formatBy(instantOf(at), requireText(format))),
  from_iso8601_timestamp: taking(1, ([text = null]) => isoInstant(text)),
  from_iso8601_date: taking(1, ([text = null]) => dateOf(isoInstant(text))),
  to_iso8601: taking(1, ([at = null]) => {
    const { ms, kind } = instantOf(at);
    const text = new Date(ms).toISOString();
    return kind === "date" ? text.slice(0, 10) : kind === "timestamp" ? text.replace("Z", "") : text;
  }),
  from_unixtime: taking(1, ([seconds = null]) => zoned(requireNumber(seconds) * SECOND_MS)),
  to_unixtime: taking(1, ([at = null]) => instantOf(at).ms / SECOND_MS),
};

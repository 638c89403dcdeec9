/**
 * Texts that differ in what varies alone are one pattern. Differs: AWS learns what varies, and gives it names such as
 * `ResourceID`; here it is what has digits in it, and has a name where it is a date or a time.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Pattern.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { evaluate, type Around } from "./evaluate.ts";
import { Row } from "./row.ts";
import type { Expression } from "./syntax.ts";
import { textOf } from "./value.ts";

/** What patterns are told with. */
export const PATTERN_COLUMNS: readonly string[] = ["@pattern", "@ratio", "@sampleCount", "@severityLabel"];

interface Found {
  readonly severity: string | undefined;
  count: number;
}

/** Texts with more patterns than these are told by the first ones found. */
const PATTERNS_MAX = 10_000;

export class Patterns {
  readonly #of: Expression;
  readonly #around: Around;
  readonly #found = new Map<string, Found>();
  #count = 0;

  constructor(of: Expression, around: Around) {
    this.#of = of;
    this.#around = around;
  }

  add(row: Row): void {
    const value = evaluate(this.#of, row, this.#around);
    if (value === undefined) return;
    this.#count += 1;
    const text = textOf(value);
    const pattern = patternOf(text);
    const known = this.#found.get(pattern);
    if (known !== undefined) known.count += 1;
    else if (this.#found.size < PATTERNS_MAX) this.#found.set(pattern, { severity: severityOf(text), count: 1 });
  }

  /** The most frequent first. */
  finish(): readonly Row[] {
    const found = [...this.#found].toSorted(([, one], [, other]) => other.count - one.count);
    return found.map(([pattern, { count, severity }]) => {
      const row = new Row();
      row.set("@pattern", pattern);
      row.set("@ratio", (count / this.#count).toFixed(2));
      row.set("@sampleCount", count);
      row.set("@severityLabel", severity);
      return row;
    });
  }
}

/** What stands between spaces, brackets and the like. */
const WORD = /[^\s[\](){}<>"',;=|]+/g;
/** A date, a time, or both. */
const MOMENT = /^(\d{4}-\d\d-\d\d)?(T)?(\d\d:\d\d:\d\d(?:\.\d+)?Z?)?$/;

/** In time linear in the text. */
function patternOf(text: string): string {
  let place = 0;
  const token = (kind: "Date" | "Time" | "Token"): string => `<${kind}-${++place}>`;
  return text.replaceAll(WORD, (word) => {
    if (!/\d/.test(word)) return word;
    const [moment, date, between = "", time] = MOMENT.exec(word) ?? [];
    if (moment !== undefined)
      return (date === undefined ? "" : token("Date")) + between + (time === undefined ? "" : token("Time"));
    return word.replaceAll(/[^:/]+/g, (part) => (/\d/.test(part) ? token("Token") : part));
  });
}

const SEVERITIES: Readonly<Record<string, string>> = {
  fatal: "Fatal",
  error: "Error",
  warn: "Warning",
  warning: "Warning",
  info: "Info",
  debug: "Debug",
  trace: "Trace",
};

/** Far behind the beginning it says no more how grave something is. */
const SEVERITY_WITHIN = 1000;

function severityOf(text: string): string | undefined {
  const [, word = ""] = /\b(fatal|error|warn(?:ing)?|info|debug|trace)\b/i.exec(text.slice(0, SEVERITY_WITHIN)) ?? [];
  return findOwn(SEVERITIES, word.toLowerCase());
}

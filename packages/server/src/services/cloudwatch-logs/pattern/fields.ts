/** Patterns of fields between spaces: `[ip, user, ..., status = 4*, bytes > 1000]`. */
import { findOwn } from "../../../kernel/lookup.ts";
import type { CompileRegex } from "../regex.ts";
import { comparisonOf, type Comparison } from "./comparison.ts";
import { patternInvalid } from "./errors.ts";
import { readJoined } from "./logic.ts";
import type { Pattern } from "./pattern.ts";
import { Scanner } from "./scanner.ts";

interface Field {
  /** Empty where the pattern has none. */
  readonly name: string;
  readonly test: Comparison;
}

interface Row {
  readonly fields: readonly Field[];
  /** Before which of them any number of others may stand. */
  readonly ellipsis: number | undefined;
}

const NAME = /[\p{L}\p{N}_$-]+/uy;
const BARE = /[^\s,[\]()&|"%]+/y;

export function parseFields(text: string, compile: CompileRegex): Pattern {
  const row = new FieldParser(text, compile).parse();
  return {
    match(message) {
      const values = split(message);
      const named = align(row, values);
      if (named === undefined || !named.every(({ test }, at) => test(values[at] ?? ""))) {
        return undefined;
      }
      return Object.fromEntries(named.map(({ name }, at) => [`$${name || at + 1}`, values[at] ?? ""]));
    },
    valueOf(selector, message) {
      const values = split(message);
      const at = align(row, values)?.findIndex(({ name }, place) => selector === `$${name || place + 1}`) ?? -1;
      return values[at];
    },
  };
}

/** The fields as they stand over the values; `undefined` where there are too few or too many. */
function align({ fields, ellipsis }: Row, values: readonly string[]): readonly Field[] | undefined {
  const spare = values.length - fields.length;
  if (spare < 0 || (spare > 0 && ellipsis === undefined)) return undefined;
  const open: readonly Field[] = Array.from({ length: spare }, () => ({ name: "", test: () => true }));
  return [...fields.slice(0, ellipsis), ...open, ...fields.slice(ellipsis ?? fields.length)];
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", '"': '"' };

/** What stands between spaces; brackets and quotes hold together what they surround. */
function split(message: string): readonly string[] {
  const values: string[] = [];
  // what is never closed holds nothing together: nobody has to look for its end again
  const open = new Set<string>();
  for (let at = nextWord(message, 0); at < message.length; at = nextWord(message, at)) {
    const closing = findOwn(CLOSING, message.charAt(at));
    const close = closing === undefined || open.has(closing) ? -1 : message.indexOf(closing, at + 1);
    if (closing !== undefined && close === -1) open.add(closing);
    const end = close === -1 ? wordEnd(message, at) : close + 1;
    values.push(close === -1 ? message.slice(at, end) : message.slice(at + 1, close));
    at = end;
  }
  return values;
}

function nextWord(message: string, from: number): number {
  let at = from;
  while (at < message.length && isSpace(message, at)) at += 1;
  return at;
}

function wordEnd(message: string, from: number): number {
  let at = from;
  while (at < message.length && !isSpace(message, at)) at += 1;
  return at;
}

const isSpace = (message: string, at: number): boolean => " \t\r\n".includes(message.charAt(at));

class FieldParser {
  readonly #scanner: Scanner;
  readonly #compile: CompileRegex;

  constructor(text: string, compile: CompileRegex) {
    this.#scanner = new Scanner(text);
    this.#compile = compile;
  }

  parse(): Row {
    const fields: Field[] = [];
    let ellipsis: number | undefined;
    this.#scanner.expect("[");
    if (!this.#scanner.take("]")) {
      do {
        if (!this.#scanner.take("...")) fields.push(this.#field());
        else if (ellipsis === undefined) ellipsis = fields.length;
        else throw patternInvalid();
      } while (this.#scanner.take(","));
      this.#scanner.expect("]");
    } else ellipsis = 0;
    if (!this.#scanner.isAtEnd) throw patternInvalid();
    return { fields, ellipsis };
  }

  #field(): Field {
    const names: string[] = [];
    const test = readJoined(this.#scanner, () => this.#condition(names));
    return { name: names[0] ?? "", test };
  }

  /** What has no test holds whatever stands there. */
  #condition(names: string[]): Comparison {
    names.push(this.#scanner.read(NAME) ?? "");
    const operator = this.#scanner.operator();
    return operator === undefined ? () => true : comparisonOf(operator, this.#scanner.literal(BARE), this.#compile);
  }
}

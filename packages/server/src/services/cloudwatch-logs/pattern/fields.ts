/** Patterns of fields between spaces: `[ip, user, ..., status = 4*, bytes > 1000]`. */
import type { CompileRegex } from "../regex.ts";
import { comparisonOf, type Comparison } from "./comparison.ts";
import { patternInvalid } from "./errors.ts";
import type { Pattern } from "./pattern.ts";
import { DEPTH_MAX, Scanner } from "./scanner.ts";

interface Field {
  /** Empty where the pattern has none. */
  readonly name: string;
  readonly test: Comparison | undefined;
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
      if (named === undefined || !named.every(({ test }, at) => test === undefined || test(values[at] ?? ""))) {
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
  const open: readonly Field[] = Array.from({ length: spare }, () => ({ name: "", test: undefined }));
  return [...fields.slice(0, ellipsis), ...open, ...fields.slice(ellipsis ?? fields.length)];
}

const VALUE = /\[([^\]]*)\]|"([^"]*)"|(\S+)/g;

/** What stands between spaces; brackets and quotes hold together what they surround. */
const split = (message: string): readonly string[] =>
  [...message.matchAll(VALUE)].map(([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain ?? "");

class FieldParser {
  readonly #scanner: Scanner;
  readonly #compile: CompileRegex;
  #depth = 0;

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
    const test = this.#either(names);
    return { name: names[0] ?? "", test };
  }

  #either(names: string[]): Comparison | undefined {
    const tests = [this.#both(names)];
    while (this.#scanner.take("||")) tests.push(this.#both(names));
    return tests.length === 1 ? tests[0] : (text) => tests.some((test) => test === undefined || test(text));
  }

  #both(names: string[]): Comparison | undefined {
    const tests = [this.#one(names)];
    while (this.#scanner.take("&&")) tests.push(this.#one(names));
    return tests.length === 1 ? tests[0] : (text) => tests.every((test) => test === undefined || test(text));
  }

  #one(names: string[]): Comparison | undefined {
    if (this.#scanner.take("(")) {
      this.#depth += 1;
      if (this.#depth > DEPTH_MAX) throw patternInvalid();
      const test = this.#either(names);
      this.#scanner.expect(")");
      this.#depth -= 1;
      return test;
    }
    const name = this.#scanner.read(NAME) ?? "";
    names.push(name);
    const operator = this.#scanner.operator();
    if (operator === undefined) return undefined;
    return comparisonOf(operator, this.#scanner.literal(BARE), this.#compile);
  }
}

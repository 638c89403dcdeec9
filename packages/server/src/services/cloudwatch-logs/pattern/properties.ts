/** Patterns of JSON: `{ $.eventName = "DeleteTrail" && $.errorCode NOT EXISTS }`. */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { CompileRegex } from "../regex.ts";
import { comparisonOf } from "./comparison.ts";
import { patternInvalid } from "./errors.ts";
import { readJoined, type Test } from "./logic.ts";
import type { Pattern } from "./pattern.ts";
import { Scanner } from "./scanner.ts";

/** `$.user.names[0]`, step by step. */
interface Selector {
  readonly text: string;
  readonly steps: readonly (string | number)[];
}

const BARE = /[^\s()&|{}"%]+/y;
const SELECTOR = /\$(?:\.[\w@-]+|\.?\[(?:\d+|\*|"(?:[^"\\]|\\.)*"|'[^']*')\])*/y;
const STEP = /\.?\[(\d+|\*)\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\['([^']*)'\]|\.([\w@-]+)/g;

export function parseProperties(text: string, compile: CompileRegex): Pattern {
  const parser = new PropertyParser(text, compile);
  const test = parser.parse();
  return {
    match(message) {
      const root = parseJson(message);
      return root !== undefined && test(root) ? extracted(parser.selectors, root) : undefined;
    },
    valueOf: (selector, message) => textOf(valueAt(parseJson(message), selectorOf(selector))),
  };
}

/** Only objects and lists are JSON here. */
function parseJson(message: string): unknown {
  if (!/^\s*[{[]/.test(message)) return undefined;
  try {
    return parseBounded(message);
  } catch {
    return undefined;
  }
}

function extracted(selectors: readonly Selector[], root: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const selector of selectors) {
    const text = textOf(valueAt(root, selector));
    if (text !== undefined) found[selector.text] = text;
  }
  return found;
}

class PropertyParser {
  readonly selectors: Selector[] = [];
  readonly #scanner: Scanner;
  readonly #compile: CompileRegex;

  constructor(text: string, compile: CompileRegex) {
    this.#scanner = new Scanner(text);
    this.#compile = compile;
  }

  parse(): Test<unknown> {
    this.#scanner.expect("{");
    const test = readJoined(this.#scanner, () => this.#condition());
    this.#scanner.expect("}");
    if (!this.#scanner.isAtEnd) throw patternInvalid();
    return test;
  }

  #condition(): Test<unknown> {
    const text = this.#scanner.read(SELECTOR);
    if (text === undefined) throw patternInvalid();
    const selector = selectorOf(text);
    this.selectors.push(selector);
    const value: (root: unknown) => unknown = (root) => valueAt(root, selector);
    if (this.#scanner.takeWord("NOT")) {
      if (!this.#scanner.takeWord("EXISTS")) throw patternInvalid();
      return (root) => value(root) === undefined;
    }
    if (this.#scanner.takeWord("EXISTS")) return (root) => value(root) !== undefined;
    if (this.#scanner.takeWord("IS")) return this.#is(value);
    return this.#comparison(value);
  }

  #is(value: (root: unknown) => unknown): Test<unknown> {
    const isNegated = this.#scanner.takeWord("NOT");
    for (const [word, wanted] of WORDS) {
      if (this.#scanner.takeWord(word)) return (root) => (value(root) === wanted) !== isNegated;
    }
    throw patternInvalid();
  }

  #comparison(value: (root: unknown) => unknown): Test<unknown> {
    const operator = this.#scanner.operator();
    if (operator === undefined) throw patternInvalid();
    const literal = this.#scanner.literal(BARE);
    const compare = comparisonOf(operator, literal, this.#compile);
    return (root) => {
      const found = value(root);
      const text = Array.isArray(found) ? undefined : textOf(found);
      if (Array.isArray(found)) return found.some((one) => compare(textOf(one) ?? ""));
      return text !== undefined && compare(text);
    };
  }
}

const WORDS: readonly (readonly [string, unknown])[] = [
  ["NULL", null],
  ["TRUE", true],
  ["FALSE", false],
];

function selectorOf(text: string): Selector {
  const steps = [...text.matchAll(STEP)].map(([, index, quoted, single, name]) =>
    index === undefined ? (quoted ?? single ?? name ?? "") : index === "*" ? "*" : Number(index),
  );
  return { text, steps };
}

function valueAt(root: unknown, { steps }: Selector): unknown {
  let found = root;
  for (const step of steps) {
    if (typeof found !== "object" || found === null) return undefined;
    if (step === "*" && Array.isArray(found)) continue;
    found = Object.entries(found).find(([name]) => name === String(step))?.[1];
  }
  return found;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * What a SEARCH looks for: `{AWS/Lambda,FunctionName} MetricName="Errors" checkout -test`.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
import type { MetricName } from "../metric.ts";
import { foundIn, unquoted } from "../word.ts";
import { SyntaxFault } from "./token.ts";

type Condition = (metric: MetricName) => boolean;

export interface Search {
  /** The schema: metrics of this namespace, with dimensions of just these names. */
  readonly namespace: string | undefined;
  readonly matches: Condition;
}

/** @throws {SyntaxFault} */
export function parseSearch(text: string): Search {
  const [, schema = "", rest = text] = /^\s*\{([^{}]*)\}([\s\S]*)$/.exec(text) ?? [];
  const [namespace, ...names] = partsOf(schema);
  const condition = new Reader(wordsOf(rest)).all();
  const hasSchema: Condition = ({ namespace: own, dimensions }) =>
    own === namespace && dimensions.length === names.length && dimensions.every(({ Name }) => names.includes(Name));
  return {
    namespace,
    matches: namespace === undefined ? condition : (metric) => hasSchema(metric) && condition(metric),
  };
}

/** Parts between commas; those with other characters than letters stand in quotes. */
function partsOf(schema: string): string[] {
  const parts = schema.match(/"(?:[^"\\]|\\.)*"|[^,]+/g) ?? [];
  return parts.map((part) => bare(part.trim())).filter((part) => part !== "");
}

const bare = (text: string): string => (/^".*"$/s.test(text) ? unquoted(text) : text);

interface Word {
  readonly paren?: string;
  readonly designator?: string;
  readonly term: string;
}

const WORD = /\s*(?:([()])|(:?[\w.]+\s*=\s*)?("(?:[^"\\]|\\.)*"|\([^()]*\)|[^\s()"]+))/y;

function wordsOf(text: string): Word[] {
  const found = [...foundIn(text, WORD, (at) => new SyntaxFault(`Invalid search term at position ${at}`))];
  return found.map(([, paren, designator, term = ""]): Word => {
    if (paren !== undefined) return { paren, term: "" };
    return { term, ...(designator !== undefined && { designator: designator.replace(/\s*=\s*$/, "") }) };
  });
}

const DEPTH_MAX = 100;

class Reader {
  readonly #words: readonly Word[];
  #at = 0;
  #depth = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  all(): Condition {
    const condition = this.#any();
    if (this.#at < this.#words.length) throw new SyntaxFault("Unbalanced parentheses in search expression");
    return condition;
  }

  #any(): Condition {
    const choices = [this.#every()];
    while (this.#isWord("OR")) {
      this.#at++;
      choices.push(this.#every());
    }
    return (metric) => choices.some((choice) => choice(metric));
  }

  /** What stands side by side has to hold together. */
  #every(): Condition {
    const parts: Condition[] = [];
    for (;;) {
      if (this.#isWord("AND")) this.#at++;
      const word = this.#words[this.#at];
      if (word === undefined || word.paren === ")" || this.#isWord("OR")) break;
      parts.push(this.#one());
    }
    return (metric) => parts.every((part) => part(metric));
  }

  #one(): Condition {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new SyntaxFault("Unexpected end of search expression");
    if (word.paren === "(") return this.#group();
    if (word.designator === undefined && (word.term === "NOT" || word.term === "-")) {
      const negated = this.#one();
      return (metric) => !negated(metric);
    }
    return conditionOf(word);
  }

  #group(): Condition {
    if (++this.#depth > DEPTH_MAX) throw new SyntaxFault("The search expression is nested too deeply");
    const inside = this.#any();
    if (this.#words[this.#at++]?.paren !== ")") throw new SyntaxFault("Unbalanced parentheses in search expression");
    this.#depth--;
    return inside;
  }

  #isWord(name: string): boolean {
    const word = this.#words[this.#at];
    return word?.paren === undefined && word?.designator === undefined && word?.term === name;
  }
}

function conditionOf({ designator, term }: Word): Condition {
  if (designator === undefined && /^-./.test(term)) {
    const negated = conditionOf({ term: term.slice(1) });
    return (metric) => !negated(metric);
  }
  const alternatives = /^\(.*\)$/s.test(term) ? term.slice(1, -1).split(/\s+OR\s+/) : [term];
  const wanted = alternatives.map((each) => fitting(each.trim()));
  const texts = textsOf(designator);
  return (metric) => texts(metric).some((text) => wanted.some((fits) => fits(text)));
}

/** In quotes the whole, otherwise each of its words, in any case. */
function fitting(term: string): (text: string) => boolean {
  if (/^".*"$/s.test(term)) {
    const exact = unquoted(term);
    return (text) => text === exact;
  }
  const wanted = tokensOf(term);
  return (text) => {
    const tokens = new Set(tokensOf(text));
    return (
      text.toLowerCase() === term.toLowerCase() || (wanted.length > 0 && wanted.every((token) => tokens.has(token)))
    );
  };
}

/** Names are taken apart where other characters stand, and where upper case begins: `CPUUtilization` has `utilization`. */
function tokensOf(text: string): string[] {
  const pieces = text.split(/[^A-Za-z0-9]+/).filter((piece) => piece !== "");
  const inside = pieces.flatMap((piece) => piece.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []);
  return [...new Set([...pieces, ...inside].map((piece) => piece.toLowerCase()))];
}

/** What a designator names: `MetricName`, `Namespace`, `:dimension.InstanceId`, or the name of a dimension. */
function textsOf(designator: string | undefined): (metric: MetricName) => string[] {
  if (designator === undefined) {
    return ({ namespace, name, dimensions }) => [
      namespace,
      name,
      ...dimensions.flatMap(({ Name, Value }) => [Name, Value]),
    ];
  }
  const key = designator.replace(/^:(dimension|aws)\./, "");
  if (key === "MetricName") return ({ name }) => [name];
  if (key === "Namespace") return ({ namespace }) => [namespace];
  return ({ dimensions }) => dimensions.flatMap(({ Name, Value }) => (Name === key ? [Value] : []));
}

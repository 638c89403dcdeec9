/**
 * Metrics Insights: `SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId) WHERE … GROUP BY … ORDER BY … LIMIT …`.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
 */
import { foundIn, unquoted } from "../word.ts";
import { SyntaxFault } from "./token.ts";

export type SelectFunction = "AVG" | "COUNT" | "MAX" | "MIN" | "SUM";

export interface Select {
  readonly function: SelectFunction;
  readonly metric: string;
  readonly namespace: string;
  /** Where a schema is named: the names of all dimensions. */
  readonly dimensions: readonly string[] | undefined;
  /** All have to hold. */
  readonly where: readonly Condition[];
  readonly groupBy: readonly string[];
  readonly orderBy: { readonly function: SelectFunction; readonly descending: boolean } | undefined;
  readonly limit: number | undefined;
}

interface Condition {
  readonly dimension: string;
  readonly isEqual: boolean;
  readonly value: string;
}

const FUNCTIONS: readonly SelectFunction[] = ["AVG", "COUNT", "MAX", "MIN", "SUM"];
const LIMIT_MAX = 500;

export const isSelect = (text: string): boolean => /^\s*SELECT\s/i.test(text);

interface Word {
  readonly kind: "name" | "text" | "sign";
  readonly text: string;
}

const WORD = /\s*(?:("(?:[^"\\]|\\.)*")|('(?:[^'\\]|\\.)*')|(!=|[(),=])|([\w./:-]+))/y;

function wordsOf(text: string): Word[] {
  const faultAt = (at: number) => new SyntaxFault(`Unexpected character '${text[at] ?? ""}' at position ${at}`);
  return [...foundIn(text, WORD, faultAt)].map(([, identifier, literal, sign, name = ""]): Word => {
    if (literal !== undefined) return { kind: "text", text: unquoted(literal) };
    if (sign !== undefined) return { kind: "sign", text: sign };
    return { kind: "name", text: identifier === undefined ? name : unquoted(identifier) };
  });
}

/** @throws {SyntaxFault} */
export function parseSelect(text: string): Select {
  const reader = new Reader(wordsOf(text));
  reader.keyword("SELECT");
  const called = reader.function();
  reader.sign("(");
  const metric = reader.name();
  reader.sign(")");
  reader.keyword("FROM");
  const from = reader.source();
  const where = reader.accept("WHERE") ? reader.conditions() : [];
  const groupBy = reader.acceptPair("GROUP", "BY") ? reader.names() : [];
  const orderBy = reader.acceptPair("ORDER", "BY") ? reader.order() : undefined;
  const limit = reader.accept("LIMIT") ? reader.limit() : undefined;
  reader.end();
  return { function: called, metric, ...from, where, groupBy, orderBy, limit };
}

class Reader {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  accept(keyword: string): boolean {
    const word = this.#words[this.#at];
    if (word?.kind !== "name" || word.text.toUpperCase() !== keyword) return false;
    this.#at++;
    return true;
  }

  acceptPair(first: string, second: string): boolean {
    if (!this.accept(first)) return false;
    this.keyword(second);
    return true;
  }

  keyword(keyword: string): void {
    if (!this.accept(keyword)) throw new SyntaxFault(`${keyword} expected`);
  }

  sign(sign: string): void {
    const word = this.#words[this.#at++];
    if (word?.kind !== "sign" || word.text !== sign) throw new SyntaxFault(`'${sign}' expected`);
  }

  name(): string {
    return this.#of("name");
  }

  names(): string[] {
    const names = [this.name()];
    while (this.#isSign(",")) {
      this.#at++;
      names.push(this.name());
    }
    return names;
  }

  function(): SelectFunction {
    const name = this.name().toUpperCase();
    const found = FUNCTIONS.find((each) => each === name);
    if (found === undefined) throw new SyntaxFault(`Undefined function: ${name}`);
    return found;
  }

  /** A namespace, or a schema: one with the names of dimensions. */
  source(): Pick<Select, "namespace" | "dimensions"> {
    const name = this.name();
    if (name.toUpperCase() !== "SCHEMA" || !this.#isSign("(")) return { namespace: name, dimensions: undefined };
    this.sign("(");
    const [namespace = "", ...dimensions] = this.names();
    this.sign(")");
    return { namespace, dimensions };
  }

  conditions(): Condition[] {
    const conditions: Condition[] = [];
    do {
      const dimension = this.name();
      const isEqual = this.#isSign("=");
      this.sign(isEqual ? "=" : "!=");
      conditions.push({ dimension, isEqual, value: this.#of("text") });
    } while (this.accept("AND"));
    return conditions;
  }

  order(): NonNullable<Select["orderBy"]> {
    const called = this.function();
    this.sign("(");
    this.sign(")");
    const descending = this.accept("DESC");
    if (!descending) this.accept("ASC");
    return { function: called, descending };
  }

  limit(): number {
    const limit = Number(this.name());
    if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
    throw new SyntaxFault(`LIMIT is a number from 1 to ${LIMIT_MAX}`);
  }

  end(): void {
    const word = this.#words[this.#at];
    if (word !== undefined) throw new SyntaxFault(`Unexpected '${word.text}'`);
  }

  #isSign(sign: string): boolean {
    const word = this.#words[this.#at];
    return word?.kind === "sign" && word.text === sign;
  }

  #of(kind: "name" | "text"): string {
    const word = this.#words[this.#at++];
    if (word?.kind !== kind)
      throw new SyntaxFault(word === undefined ? "Unexpected end of input" : `Unexpected '${word.text}'`);
    return word.text;
  }
}

/**
 * `SELECT … WHERE … GROUP BY … ORDER BY …`: there are no joins, and no table is named.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/query-components.html
 */
import { expressionInvalid } from "../errors.ts";
import { tokensOf, type Token } from "./token.ts";

export type Scalar = string | number | boolean;

export interface Column {
  /** As the result names it. */
  readonly name: string;
  readonly path: string;
  readonly sum?: "COUNT" | "MAX" | "MIN" | "AVG" | "SUM";
}

export type Condition =
  | { readonly kind: "and" | "or"; readonly all: readonly Condition[] }
  | { readonly kind: "not"; readonly one: Condition }
  | { readonly kind: "compare"; readonly path: string; readonly sign: string; readonly value: Scalar }
  | { readonly kind: "in"; readonly path: string; readonly values: readonly Scalar[] }
  | { readonly kind: "between"; readonly path: string; readonly from: Scalar; readonly to: Scalar }
  | { readonly kind: "like"; readonly path: string; readonly pattern: string }
  | { readonly kind: "null"; readonly path: string };

export interface Query {
  readonly columns: readonly Column[];
  readonly where?: Condition;
  readonly groupBy: readonly string[];
  readonly orderBy: readonly { readonly path: string; readonly descending: boolean }[];
}

/** Of conditions in parentheses: what nobody writes by hand. */
const DEPTH_MAX = 100;
const SUMS = ["COUNT", "MAX", "MIN", "AVG", "SUM"] as const;

/** @throws {AwsError} `InvalidExpressionException` */
export function parseQuery(text: string): Query {
  const tokens = tokensOf(text);
  if (tokens === undefined) throw expressionInvalid("The syntax of the query is not valid.");
  return new Parser(tokens).query();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Query {
    this.#require("SELECT");
    const columns = this.#list(() => this.#column());
    const where = this.#takes("WHERE") ? this.#either() : undefined;
    const groupBy = this.#takes("GROUP") ? this.#by(() => this.#word()) : [];
    const orderBy = this.#takes("ORDER") ? this.#by(() => this.#order()) : [];
    if (this.#at < this.#tokens.length) throw this.#wrong();
    return { columns, groupBy, orderBy, ...(where && { where }) };
  }

  #by<One>(read: () => One): readonly One[] {
    this.#require("BY");
    return this.#list(read);
  }

  #order() {
    const { name: path } = this.#column();
    const descending = this.#takes("DESC");
    if (!descending) this.#takes("ASC");
    return { path, descending };
  }

  #column(): Column {
    if (this.#takesSign("*")) return { name: "*", path: "*" };
    const word = this.#word();
    const sum = SUMS.find((name) => name === word.toUpperCase());
    const isSum = sum !== undefined && this.#takesSign("(");
    const path = isSum ? this.#summed() : word;
    const usual = isSum ? `${sum}(${path})` : path;
    const name = this.#takes("AS") ? this.#word() : usual;
    return { name, path, ...(isSum && { sum }) };
  }

  #summed(): string {
    const path = this.#takesSign("*") ? "*" : this.#word();
    this.#requireSign(")");
    return path;
  }

  #either(): Condition {
    const all = [this.#both()];
    while (this.#takes("OR")) all.push(this.#both());
    return one(all, "or");
  }

  #both(): Condition {
    const all = [this.#single()];
    while (this.#takes("AND")) all.push(this.#single());
    return one(all, "and");
  }

  #single(): Condition {
    if (this.#takes("NOT")) return { kind: "not", one: this.#within(() => this.#single()) };
    if (this.#takesSign("(")) {
      const inner = this.#within(() => this.#either());
      this.#requireSign(")");
      return inner;
    }
    return this.#comparison(this.#word());
  }

  #within(read: () => Condition): Condition {
    if (++this.#depth > DEPTH_MAX) throw this.#wrong();
    const inner = read();
    this.#depth--;
    return inner;
  }

  #comparison(path: string): Condition {
    if (this.#takes("IS")) {
      const isNot = this.#takes("NOT");
      this.#require("NULL");
      return isNot ? { kind: "not", one: { kind: "null", path } } : { kind: "null", path };
    }
    if (this.#takes("NOT")) return { kind: "not", one: this.#within(() => this.#comparison(path)) };
    if (this.#takes("LIKE")) return { kind: "like", path, pattern: this.#pattern() };
    if (this.#takes("IN")) return this.#among(path);
    if (this.#takes("BETWEEN")) {
      const from = this.#value();
      this.#require("AND");
      return { kind: "between", path, from, to: this.#value() };
    }
    const token = this.#next();
    if (token.kind !== "sign" || !/^(<=|>=|<>|!=|[=<>])$/.test(token.text)) throw this.#wrong();
    return { kind: "compare", path, sign: token.text, value: this.#value() };
  }

  /**
   * Stars at the end only, behind three characters at least.
   * Source: https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html#query-limitations
   */
  #pattern(): string {
    const pattern = String(this.#value());
    if (!/^[^%]{3,}%?$/.test(pattern)) throw this.#wrong();
    return pattern;
  }

  #among(path: string): Condition {
    this.#requireSign("(");
    const values = this.#list(() => this.#value());
    this.#requireSign(")");
    return { kind: "in", path, values };
  }

  #value(): Scalar {
    const token = this.#next();
    if (token.kind === "text") return token.text;
    if (token.kind === "number") return token.number;
    if (token.kind === "word" && /^(true|false)$/i.test(token.text)) return token.text.toLowerCase() === "true";
    throw this.#wrong();
  }

  #list<One>(read: () => One): readonly One[] {
    const all = [read()];
    while (this.#takesSign(",")) all.push(read());
    return all;
  }

  #word(): string {
    const token = this.#next();
    if (token.kind !== "word") throw this.#wrong();
    return token.text;
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#wrong();
    return token;
  }

  #takes(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || token.text.toUpperCase() !== word) return false;
    this.#at++;
    return true;
  }

  #takesSign(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || token.text !== sign) return false;
    this.#at++;
    return true;
  }

  #require(word: string): void {
    if (!this.#takes(word)) throw this.#wrong();
  }

  #requireSign(sign: string): void {
    if (!this.#takesSign(sign)) throw this.#wrong();
  }

  #wrong() {
    return expressionInvalid("The syntax of the query is not valid.");
  }
}

const one = (all: readonly Condition[], kind: "and" | "or"): Condition =>
  all.length === 1 && all[0] !== undefined ? all[0] : { kind, all };

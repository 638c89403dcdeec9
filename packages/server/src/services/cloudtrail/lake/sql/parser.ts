/**
 * Reads a statement of CloudTrail Lake: a query, as Trino knows it.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html, https://trino.io/docs/current/sql/select.html
 */
import { ExpressionParser, nameOf } from "./expression-parser.ts";
import type { Alias, Body, Expression, Query, Select, SelectItem, Source } from "./syntax.ts";
import { placeOf } from "./token.ts";
import { TokenReader } from "./token-reader.ts";

/** @throws {AwsError} `InvalidQueryStatementException` */
export function parseStatement(text: string): Query {
  const reader = new TokenReader(text);
  if (!reader.isWord("select") && !reader.isWord("with") && !reader.isSign("(")) throw reader.unexpected("'SELECT'");
  const query = new Parser(reader).query();
  reader.takeSign(";");
  if (reader.next.kind !== "end") throw reader.unexpected("<EOF>");
  return query;
}

class Parser {
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionParser;

  constructor(reader: TokenReader) {
    this.#reader = reader;
    this.#expressions = new ExpressionParser(reader, () => this.query());
  }

  query(): Query {
    const reader = this.#reader;
    return reader.deeper(() => {
      const before = reader.takeWords("with") ? reader.list(() => this.#named()) : [];
      const body = this.#union();
      const orderBy = reader.takeWords("order", "by") ? reader.list(() => this.#expressions.order()) : [];
      const offset = reader.takeWords("offset") ? this.#offset() : undefined;
      return { with: before, body, orderBy, offset, limit: this.#limit() };
    });
  }

  #named(): Query["with"][number] {
    const reader = this.#reader;
    if (reader.isWord("recursive")) throw reader.unsupported("recursive queries");
    const name = reader.name().text.toLowerCase();
    reader.expectWords("as");
    return { name, query: this.#nested() };
  }

  #nested(): Query {
    this.#reader.expectSign("(");
    const query = this.query();
    this.#reader.expectSign(")");
    return query;
  }

  #offset(): number {
    const count = this.#count();
    if (!this.#reader.takeWords("rows")) this.#reader.takeWords("row");
    return count;
  }

  #limit(): number | undefined {
    const reader = this.#reader;
    if (reader.takeWords("limit")) return reader.takeWords("all") ? undefined : this.#count();
    if (!reader.takeWords("fetch", "first")) return undefined;
    const count = this.#count();
    if (!reader.takeWords("rows")) reader.expectWords("row");
    reader.expectWords("only");
    return count;
  }

  #count(): number {
    const token = this.#reader.takeKind("number");
    if (token === undefined || !/^\d+$/.test(token.text)) throw this.#reader.unexpected("<integer>");
    return Number(token.text);
  }

  #union(): Body {
    let left = this.#intersection();
    for (;;) {
      const operator = this.#reader.takeWords("union")
        ? "union"
        : this.#reader.takeWords("except")
          ? "except"
          : undefined;
      if (operator === undefined) return left;
      const isAll = this.#isAll();
      left = { kind: "set", operator, isAll, left, right: this.#intersection() };
    }
  }

  #intersection(): Body {
    let left = this.#primary();
    while (this.#reader.takeWords("intersect")) {
      const isAll = this.#isAll();
      left = { kind: "set", operator: "intersect", isAll, left, right: this.#primary() };
    }
    return left;
  }

  #isAll(): boolean {
    if (this.#reader.takeWords("all")) return true;
    this.#reader.takeWords("distinct");
    return false;
  }

  #primary(): Body {
    return this.#reader.isSign("(") ? { kind: "nested", query: this.#nested() } : this.#select();
  }

  #select(): Select {
    const reader = this.#reader;
    reader.expectWords("select");
    const isDistinct = reader.takeWords("distinct");
    if (!isDistinct) reader.takeWords("all");
    const items = reader.list(() => this.#item());
    const from = reader.takeWords("from") ? this.#sources() : undefined;
    const where = reader.takeWords("where") ? this.#expressions.read() : undefined;
    const groupBy = reader.takeWords("group", "by") ? this.#groups() : undefined;
    const having = reader.takeWords("having") ? this.#expressions.read() : undefined;
    return { kind: "select", isDistinct, items, from, where, groupBy, having };
  }

  #groups(): Expression[] {
    const reader = this.#reader;
    for (const word of ["rollup", "cube", "grouping"]) {
      if (reader.isWord(word) && !reader.isSign(",", 1)) throw reader.unsupported("grouping sets");
    }
    return reader.list(() => this.#expressions.read());
  }

  #item(): SelectItem {
    const reader = this.#reader;
    if (reader.takeSign("*")) return { kind: "all" };
    if (reader.isName && reader.isSign(".", 1) && reader.isSign("*", 2)) {
      const of = nameOf(reader.take());
      reader.take();
      reader.take();
      return { kind: "all", of };
    }
    const expression = this.#expressions.read();
    const alias = reader.takeWords("as") || this.#isAlias() ? reader.name().text : undefined;
    return { kind: "column", expression, alias };
  }

  #sources(): Source {
    let left = this.#joined();
    while (this.#reader.takeSign(",")) left = { kind: "join", how: "inner", left, right: this.#joined() };
    return left;
  }

  #joined(): Source {
    const reader = this.#reader;
    let left = this.#source();
    for (;;) {
      if (reader.takeWords("cross", "join")) {
        left = { kind: "join", how: "inner", left, right: this.#source() };
        continue;
      }
      const how = this.#joinHow();
      if (how === undefined) return left;
      const right = this.#source();
      if (reader.isWord("using")) throw reader.unsupported("joins with USING");
      reader.expectWords("on");
      left = { kind: "join", how, left, right, on: this.#expressions.read() };
    }
  }

  #joinHow(): "inner" | "left" | "right" | undefined {
    const reader = this.#reader;
    if (reader.isWord("full") || reader.isWord("natural")) throw reader.unsupported("such joins");
    for (const side of ["left", "right"] as const) {
      if (!reader.takeWords(side)) continue;
      reader.takeWords("outer");
      reader.expectWords("join");
      return side;
    }
    const isInner = reader.takeWords("inner");
    if (reader.takeWords("join")) return "inner";
    if (isInner) throw reader.unexpected("'JOIN'");
    return undefined;
  }

  #source(): Source {
    const reader = this.#reader;
    if (reader.isWord("unnest")) return this.#unnest();
    if (reader.isSign("(")) return { kind: "query", query: this.#nested(), alias: this.#alias() };
    const word = reader.name();
    return { kind: "table", name: nameOf(word), alias: this.#alias(), ...placeOf(word) };
  }

  #unnest(): Source {
    const reader = this.#reader;
    reader.take();
    reader.expectSign("(");
    const given = reader.list(() => this.#expressions.read());
    reader.expectSign(")");
    const isNumbered = reader.takeWords("with", "ordinality");
    return { kind: "unnest", given, isNumbered, alias: this.#alias() };
  }

  #alias(): Alias | undefined {
    const reader = this.#reader;
    const isSaid = reader.takeWords("as");
    if (!isSaid && !this.#isAlias()) return undefined;
    const name = reader.name().text.toLowerCase();
    if (!reader.takeSign("(")) return { name, columns: [] };
    const columns = reader.list(() => reader.name().text.toLowerCase());
    reader.expectSign(")");
    return { name, columns };
  }

  /** Words that go on with the query are no aliases. */
  #isAlias(): boolean {
    const reader = this.#reader;
    return reader.isName && !["limit", "offset", "fetch"].some((word) => reader.isWord(word));
  }
}

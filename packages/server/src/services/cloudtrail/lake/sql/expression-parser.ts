/** Reads expressions. Source: https://trino.io/docs/current/functions/comparison.html, https://trino.io/docs/current/functions/conditional.html */
import type { BinaryOperator, Expression, Name, Order, Query, Window } from "./syntax.ts";
import { readInstant } from "./time.ts";
import { placeOf, said, type Token } from "./token.ts";
import type { TokenReader } from "./token-reader.ts";
import { readInterval, readType } from "./type-parser.ts";

const COMPARISONS: Readonly<Record<string, BinaryOperator>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
const SUMS: Readonly<Record<string, BinaryOperator>> = { "+": "+", "-": "-", "||": "||" };
const PRODUCTS: Readonly<Record<string, BinaryOperator>> = { "*": "*", "/": "/", "%": "%" };

/** Written without parentheses. */
const CONSTANT_CALLS: ReadonlySet<string> = new Set(["current_timestamp", "current_date", "localtimestamp"]);

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

export class ExpressionParser {
  readonly #reader: TokenReader;
  readonly #query: () => Query;

  /** @param query reads the query that comes next */
  constructor(reader: TokenReader, query: () => Query) {
    this.#reader = reader;
    this.#query = query;
  }

  /** @throws {AwsError} `InvalidQueryStatementException` */
  read(): Expression {
    return this.#reader.deeper(() => this.#joined("or", () => this.#joined("and", () => this.#negated())));
  }

  #joined(operator: "and" | "or", read: () => Expression): Expression {
    let left = read();
    while (this.#reader.takeWords(operator)) left = { kind: "binary", operator, left, right: read() };
    return left;
  }

  #negated(): Expression {
    const reader = this.#reader;
    if (!reader.takeWords("not")) return this.#predicate();
    return { kind: "not", of: reader.deeper(() => this.#negated()) };
  }

  #predicate(): Expression {
    let of = this.#sum();
    for (;;) {
      const next = this.#comparison(of) ?? this.#condition(of);
      if (next === undefined) return of;
      of = next;
    }
  }

  #comparison(left: Expression): Expression | undefined {
    const operator = this.#operatorIn(COMPARISONS);
    return operator === undefined ? undefined : { kind: "binary", operator, left, right: this.#sum() };
  }

  #condition(of: Expression): Expression | undefined {
    const reader = this.#reader;
    if (reader.takeWords("is")) return this.#is(of);
    const isNegated = reader.takeWords("not");
    const condition = this.#plainCondition(of);
    if (condition === undefined && isNegated) throw reader.unexpected("'BETWEEN', 'IN', 'LIKE'");
    return isNegated && condition !== undefined ? { kind: "not", of: condition } : condition;
  }

  #plainCondition(of: Expression): Expression | undefined {
    const reader = this.#reader;
    if (reader.takeWords("between")) {
      const low = this.#sum();
      reader.expectWords("and");
      return {
        kind: "binary",
        operator: "and",
        left: { kind: "binary", operator: ">=", left: of, right: low },
        right: { kind: "binary", operator: "<=", left: of, right: this.#sum() },
      };
    }
    if (reader.takeWords("like")) {
      const pattern = this.#sum();
      const escape = reader.takeWords("escape") ? this.#sum() : undefined;
      return { kind: "like", of, pattern, escape };
    }
    return reader.takeWords("in") ? this.#in(of) : undefined;
  }

  #in(of: Expression): Expression {
    const reader = this.#reader;
    const place = placeOf(reader.next);
    reader.expectSign("(");
    if (this.#isQuery) return { kind: "among", of, query: this.#nested(), ...place };
    const options = reader.list(() => this.read());
    reader.expectSign(")");
    return { kind: "in", of, options };
  }

  #is(of: Expression): Expression {
    const reader = this.#reader;
    const isNegated = reader.takeWords("not");
    let condition: Expression;
    if (reader.takeWords("null")) condition = { kind: "is null", of };
    else {
      reader.expectWords("distinct", "from");
      condition = { kind: "binary", operator: "is distinct from", left: of, right: this.#sum() };
    }
    return isNegated ? { kind: "not", of: condition } : condition;
  }

  #operatorIn(operators: Readonly<Record<string, BinaryOperator>>): BinaryOperator | undefined {
    const { kind, text } = this.#reader.next;
    const operator = kind === "sign" ? operators[text] : undefined;
    if (operator !== undefined) this.#reader.take();
    return operator;
  }

  #sum(): Expression {
    return this.#chain(SUMS, () => this.#chain(PRODUCTS, () => this.#signed()));
  }

  #chain(operators: Readonly<Record<string, BinaryOperator>>, read: () => Expression): Expression {
    let left = read();
    for (;;) {
      const operator = this.#operatorIn(operators);
      if (operator === undefined) return left;
      left = { kind: "binary", operator, left, right: read() };
    }
  }

  #signed(): Expression {
    const reader = this.#reader;
    if (reader.takeSign("-")) return { kind: "minus", of: reader.deeper(() => this.#signed()) };
    if (reader.takeSign("+")) return reader.deeper(() => this.#signed());
    return this.#followed();
  }

  /** With what may stand behind it: `[1]`, `.name`. */
  #followed(): Expression {
    const reader = this.#reader;
    let of = this.#primary();
    for (;;) {
      const place = reader.next;
      if (reader.takeSign("[")) {
        const index = this.read();
        reader.expectSign("]");
        of = { kind: "subscript", of, index };
      } else if (reader.takeSign(".")) {
        of = { kind: "field", of, name: reader.name().text.toLowerCase(), ...placeOf(place) };
      } else if (reader.isWord("at") && reader.isWord("time", 1)) {
        throw reader.unsupported("time zones");
      } else return of;
    }
  }

  #primary(): Expression {
    const reader = this.#reader;
    const { next } = reader;
    if (next.kind === "number") return { kind: "literal", value: numberOf(reader.take().text) };
    if (next.kind === "text") return { kind: "literal", value: reader.take().text };
    if (reader.isSign("(")) return this.#parenthesised();
    if (next.kind === "word") {
      const special = this.#special(next);
      if (special !== undefined) return special;
    }
    if (!reader.isName) throw reader.unexpected("<expression>");
    if (reader.isSign("->", 1)) return this.#lambda([reader.take().text]);
    return reader.isSign("(", 1) && next.kind === "word" ? this.#call(reader.take()) : this.#path();
  }

  #parenthesised(): Expression {
    const reader = this.#reader;
    const place = placeOf(reader.next);
    reader.expectSign("(");
    if (this.#isParameters()) {
      const parameters = reader.isSign(")") ? [] : reader.list(() => reader.name().text);
      reader.expectSign(")");
      return this.#lambda(parameters);
    }
    if (this.#isQuery) return { kind: "scalar", query: this.#nested(), ...place };
    const expression = this.read();
    reader.expectSign(")");
    return expression;
  }

  /** Whether what is in the parentheses are the parameters of a lambda: `(x, y) ->`. */
  #isParameters(): boolean {
    const reader = this.#reader;
    let by = 0;
    while (reader.ahead(by).kind === "word" || reader.isSign(",", by)) by += 1;
    return reader.isSign(")", by) && reader.isSign("->", by + 1);
  }

  #lambda(parameters: readonly string[]): Expression {
    this.#reader.expectSign("->");
    return { kind: "lambda", parameters: parameters.map((name) => name.toLowerCase()), body: this.read() };
  }

  get #isQuery(): boolean {
    return this.#reader.isWord("select") || this.#reader.isWord("with");
  }

  /** The rest of a query in parentheses. */
  #nested(): Query {
    const query = this.#query();
    this.#reader.expectSign(")");
    return query;
  }

  #exists(): Expression {
    const reader = this.#reader;
    const place = placeOf(reader.take());
    reader.expectSign("(");
    return { kind: "exists", query: this.#nested(), ...place };
  }

  /** What has a form of its own. */
  #special(word: Token): Expression | undefined {
    const reader = this.#reader;
    const lower = word.text.toLowerCase();
    const constant = CONSTANTS.get(lower);
    if (constant !== undefined) {
      reader.take();
      return { kind: "literal", value: constant };
    }
    if (reader.isSign("(", 1)) return this.#specialCall(lower) ?? this.#wordBefore(word, lower);
    switch (lower) {
      case "case":
        return this.#case();
      case "array":
        return reader.isSign("[", 1) ? this.#array() : undefined;
      default:
        return this.#wordBefore(word, lower);
    }
  }

  #specialCall(name: string): Expression | undefined {
    switch (name) {
      case "cast":
      case "try_cast":
        return this.#cast(name === "try_cast");
      case "extract":
        return this.#extract();
      case "case":
        return this.#case();
      case "exists":
        return this.#exists();
      default:
        return undefined;
    }
  }

  /** `timestamp '2023-01-22 00:00:00'`, `interval '7' day`, `current_date` */
  #wordBefore(word: Token, lower: string): Expression | undefined {
    const reader = this.#reader;
    const isBeforeText = reader.ahead(1).kind === "text";
    if (lower === "timestamp" || lower === "date") {
      if (!isBeforeText) return undefined;
      reader.take();
      const value = readInstant(reader.take().text, lower);
      if (value === undefined) throw said(word, `'${lower}' literal is not valid`);
      return { kind: "literal", value };
    }
    if (lower === "interval" && isBeforeText) return readInterval(reader);
    if (!CONSTANT_CALLS.has(lower)) return undefined;
    reader.take();
    return { kind: "call", name: lower, given: [], isStar: false, isDistinct: false, ...placeOf(word) };
  }

  #case(): Expression {
    const reader = this.#reader;
    reader.take();
    const operand = reader.isWord("when") ? undefined : this.read();
    const branches: { when: Expression; value: Expression }[] = [];
    while (reader.takeWords("when")) {
      const given = this.read();
      const when: Expression =
        operand === undefined ? given : { kind: "binary", operator: "=", left: operand, right: given };
      reader.expectWords("then");
      branches.push({ when, value: this.read() });
    }
    if (branches.length === 0) throw reader.unexpected("'WHEN'");
    const otherwise = reader.takeWords("else") ? this.read() : undefined;
    reader.expectWords("end");
    return { kind: "case", branches, otherwise };
  }

  #cast(isSafe: boolean): Expression {
    const reader = this.#reader;
    reader.take();
    reader.expectSign("(");
    const of = this.read();
    reader.expectWords("as");
    const type = readType(reader);
    reader.expectSign(")");
    return { kind: "cast", of, type, isSafe };
  }

  #extract(): Expression {
    const reader = this.#reader;
    reader.take();
    reader.expectSign("(");
    const field = reader.take();
    reader.expectWords("from");
    const given = [this.read()];
    reader.expectSign(")");
    return { kind: "call", name: field.text.toLowerCase(), given, isStar: false, isDistinct: false, ...placeOf(field) };
  }

  #array(): Expression {
    const reader = this.#reader;
    reader.take();
    reader.expectSign("[");
    const items = reader.isSign("]") ? [] : reader.list(() => this.read());
    reader.expectSign("]");
    return { kind: "array", items };
  }

  #call(word: Token): Expression {
    const reader = this.#reader;
    reader.expectSign("(");
    const isStar = reader.takeSign("*");
    const isDistinct = !isStar && reader.takeWords("distinct");
    const given = isStar || reader.isSign(")") ? [] : reader.list(() => this.read());
    if (reader.isWord("order")) throw reader.unsupported("orders of aggregates");
    reader.expectSign(")");
    const filter = this.#filter();
    const over = reader.isWord("over") && reader.isSign("(", 1) ? this.#window() : undefined;
    return { kind: "call", name: word.text.toLowerCase(), given, isStar, isDistinct, filter, over, ...placeOf(word) };
  }

  #window(): Window {
    const reader = this.#reader;
    reader.take();
    reader.expectSign("(");
    const partitionBy = reader.takeWords("partition", "by") ? reader.list(() => this.read()) : [];
    const orderBy = reader.takeWords("order", "by") ? reader.list(() => this.order()) : [];
    if (reader.isWord("rows") || reader.isWord("range") || reader.isWord("groups")) throw reader.unsupported("frames");
    reader.expectSign(")");
    return { partitionBy, orderBy };
  }

  /** What something is put in order by. */
  order(): Order {
    const reader = this.#reader;
    const by = this.read();
    const isDescending = reader.takeWords("desc");
    if (!isDescending) reader.takeWords("asc");
    const isNullsFirst = reader.takeWords("nulls", "first");
    if (!isNullsFirst) reader.takeWords("nulls", "last");
    return { by, isDescending, isNullsFirst };
  }

  #filter(): Expression | undefined {
    const reader = this.#reader;
    if (!reader.isWord("filter") || !reader.isSign("(", 1)) return undefined;
    reader.take();
    reader.expectSign("(");
    reader.expectWords("where");
    const filter = this.read();
    reader.expectSign(")");
    return filter;
  }

  #path(): Expression {
    const reader = this.#reader;
    const first = reader.take();
    const parts: Name[] = [nameOf(first)];
    while (reader.isSign(".") && reader.ahead(1).kind !== "sign") {
      reader.take();
      parts.push(nameOf(reader.name()));
    }
    return { kind: "name", parts, ...placeOf(first) };
  }
}

export const nameOf = ({ kind, text }: Token): Name => ({ text, isQuoted: kind === "quoted" });

/** Whole numbers are whole; all others are doubles. */
const numberOf = (text: string): bigint | number => (/^\d+$/.test(text) ? BigInt(text) : Number(text));

/** Expressions of queries. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { malformedQuery } from "../errors.ts";
import type { CompileRegex, Regex } from "../regex.ts";
import { isAggregate } from "./aggregate.ts";
import { notBuilt } from "../unbuilt.ts";
import { isFunction, isUnbuilt } from "./functions.ts";
import type { BinaryOperator, Expression, Named } from "./syntax.ts";
import type { Token } from "./token.ts";
import type { TokenReader } from "./token-reader.ts";

/** The operators of each level, the loosest first. */
const COMPARISONS: readonly BinaryOperator[] = ["=", "!=", "<=", ">=", "<", ">"];
const SUMS: readonly BinaryOperator[] = ["+", "-"];
const PRODUCTS: readonly BinaryOperator[] = ["*", "/", "%"];

/** Differs: AWS does not say how many it takes. */
const OPERATORS_MAX = 1000;

export class ExpressionParser {
  readonly #reader: TokenReader;
  readonly #compile: CompileRegex;
  /** How many aggregates were come upon; `undefined` where there may be none. */
  #aggregates: number | undefined;
  #operators = 0;

  constructor(reader: TokenReader, compile: CompileRegex) {
    this.#reader = reader;
    this.#compile = compile;
  }

  /** Columns with their names: `avg(@duration) as average, count(*)`. */
  columns(): readonly Named[] {
    const columns: Named[] = [];
    do columns.push(this.#column());
    while (this.#reader.takeText(","));
    return columns;
  }

  /** The same of aggregates, and how many there are. */
  aggregates(): { readonly columns: readonly Named[]; readonly aggregates: number } {
    this.#aggregates = 0;
    const columns = this.columns();
    const aggregates = this.#aggregates;
    this.#aggregates = undefined;
    return { columns, aggregates };
  }

  #column(): Named {
    const { at } = this.#reader.next;
    const expression = this.expression();
    const end = this.#reader.lastEnd;
    if (this.#reader.takeText("as")) return { expression, name: this.name() };
    const name = expression.kind === "field" ? expression.name : this.#reader.text.slice(at, end);
    return { expression, name };
  }

  /** The name of a field. */
  name(): string {
    const token = this.#reader.take("word") ?? this.#reader.expect("quoted field");
    return token.text.replaceAll("`", "");
  }

  /** `1h`, in milliseconds. */
  duration(): number {
    const token = this.#reader.expect("period");
    const { ms, months } = periodOf(token);
    if (months > 0) throw malformedQuery("a month is of no certain length", token.at, token.end);
    return ms;
  }

  expression(): Expression {
    return this.#reader.deeper(() => this.#either());
  }

  regex(token: Token): Regex {
    return this.#compile(token.text, {
      invalid: () => malformedQuery("the regular expression is invalid", token.at, token.end),
    });
  }

  #either(): Expression {
    let left = this.#both();
    while (this.#reader.takeText("or", "||")) left = this.#binary("or", left, this.#both());
    return left;
  }

  #both(): Expression {
    let left = this.#negation();
    while (this.#reader.takeText("and", "&&")) left = this.#binary("and", left, this.#negation());
    return left;
  }

  /** A chain of operators is a tree as deep as it is long. */
  #binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    const { at, end } = this.#reader.next;
    this.#operators += 1;
    if (this.#operators > OPERATORS_MAX) throw malformedQuery("the query has too many operators", at, end);
    return { kind: "binary", operator, left, right };
  }

  #negation(): Expression {
    if (!this.#reader.takeText("not", "!")) return this.#comparison();
    return { kind: "not", of: this.#reader.deeper(() => this.#negation()) };
  }

  #comparison(): Expression {
    const left = this.#sum();
    if (this.#reader.takeText("not")) return { kind: "not", of: this.#membership(left) };
    if (/^(like|in|=~)$/i.test(this.#reader.next.text)) return this.#membership(left);
    const operator = this.#operator([...COMPARISONS]);
    if (operator !== undefined) return { kind: "binary", operator, left, right: this.#sum() };
    if (this.#reader.takeText("<>")) return { kind: "binary", operator: "!=", left, right: this.#sum() };
    return left;
  }

  /** `like`, `=~` and `in`, behind what they ask about. */
  #membership(of: Expression): Expression {
    if (this.#reader.takeText("like", "=~")) {
      const regex = this.#reader.take("regex");
      return regex === undefined
        ? { kind: "like", of, text: this.#sum() }
        : { kind: "regex", of, regex: this.regex(regex) };
    }
    this.#reader.expectText("in");
    this.#reader.expectText("[");
    const list: Expression[] = [];
    if (!this.#reader.takeText("]")) {
      do list.push(this.#sum());
      while (this.#reader.takeText(","));
      this.#reader.expectText("]");
    }
    return { kind: "in", of, list };
  }

  #operator(of: readonly BinaryOperator[]): BinaryOperator | undefined {
    return of.find((operator) => this.#reader.takeText(operator));
  }

  #sum(): Expression {
    let left = this.#product();
    for (let operator = this.#operator(SUMS); operator !== undefined; operator = this.#operator(SUMS)) {
      left = this.#binary(operator, left, this.#product());
    }
    return left;
  }

  #product(): Expression {
    let left = this.#power();
    for (let operator = this.#operator(PRODUCTS); operator !== undefined; operator = this.#operator(PRODUCTS)) {
      left = this.#binary(operator, left, this.#power());
    }
    return left;
  }

  #power(): Expression {
    const left = this.#unary();
    if (!this.#reader.takeText("^")) return left;
    return { kind: "binary", operator: "^", left, right: this.#reader.deeper(() => this.#power()) };
  }

  #unary(): Expression {
    if (!this.#reader.takeText("-")) return this.#primary();
    return { kind: "minus", of: this.#reader.deeper(() => this.#unary()) };
  }

  #primary(): Expression {
    const reader = this.#reader;
    const number = reader.take("number");
    if (number !== undefined) return { kind: "literal", value: Number(number.text) };
    const text = reader.take("text");
    if (text !== undefined) return { kind: "literal", value: text.text };
    const period = reader.take("period");
    if (period !== undefined) return periodOf(period);
    if (reader.takeText("(")) {
      const inner = this.expression();
      reader.expectText(")");
      return inner;
    }
    return this.#named();
  }

  #named(): Expression {
    const reader = this.#reader;
    const token = reader.next;
    const name = this.name();
    if (token.kind === "quoted field" || !reader.takeText("(")) {
      if (/^(true|false)$/i.test(name)) return { kind: "literal", value: name.toLowerCase() };
      if (name.toLowerCase() === "null") return { kind: "literal", value: undefined };
      return { kind: "field", name };
    }
    const given = this.#given();
    const known = name.toLowerCase();
    if (isAggregate(known)) return this.#aggregate(known, given, token);
    if (isUnbuilt(known)) throw notBuilt(`the function ${name} of queries`);
    if (!isFunction(known, given.length)) throw malformedQuery(`unknown function ${name}`, token.at, token.end);
    return { kind: "call", name: known, given };
  }

  #aggregate(name: string, given: readonly Expression[], token: Token): Expression {
    if (this.#aggregates === undefined) throw malformedQuery(`${token.text} is for stats alone`, token.at, token.end);
    const at = this.#aggregates;
    this.#aggregates += 1;
    return { kind: "aggregate", name, given, at };
  }

  #given(): readonly Expression[] {
    const reader = this.#reader;
    if (reader.takeText(")")) return [];
    const given: Expression[] = [];
    do {
      const isStar = reader.next.text === "*";
      if (isStar) reader.takeText("*");
      given.push(isStar ? { kind: "literal", value: "*" } : this.expression());
    } while (reader.takeText(","));
    reader.expectText(")");
    return given;
  }
}

const MONTHS: Readonly<Record<string, number>> = { mo: 1, q: 3, y: 12 };
const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/** `5m`, `1 month`. */
function periodOf({ text }: Token): Extract<Expression, { readonly kind: "period" }> {
  const count = Number.parseInt(text, 10);
  const unit = unitOf(text.replace(/^\d+/, ""));
  return { kind: "period", ms: count * (findOwn(UNITS_MS, unit) ?? 0), months: count * (findOwn(MONTHS, unit) ?? 0) };
}

function unitOf(word: string): string {
  if (word.startsWith("mo")) return "mo";
  if (word.startsWith("ms") || word.startsWith("mil")) return "ms";
  return word.slice(0, 1);
}

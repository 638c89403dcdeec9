/**
 * Reads the expressions of a query.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-operators.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { unexpectedToken, unsupportedFunction, unsupportedSyntax } from "./errors.ts";
import { FUNCTIONS } from "./functions.ts";
import { AGGREGATES, type AggregateName, type BinaryOperator, type Expression, type Step } from "./query.ts";
import type { Token } from "./token.ts";

const END: Token = { kind: "end", text: "", upper: "", at: 0 };

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

const CONSTANTS: Readonly<Record<string, boolean | null | undefined>> = {
  TRUE: true,
  FALSE: false,
  NULL: null,
  MISSING: undefined,
};

/** How deep expressions may be nested. */
const DEPTH_MAX = 100;
/** How many sums, or products, may stand on end: each is one level deeper. */
const CHAIN_MAX = 1000;

/** Many conditions on end, in their order, as a tree that is no deeper than it has to be. */
function joined(kind: "and" | "or", first: Expression, others: readonly Expression[]): Expression {
  const half = Math.floor(others.length / 2);
  const [middle, ...rest] = others.slice(half);
  if (middle === undefined) return first;
  return { kind, left: joined(kind, first, others.slice(0, half)), right: joined(kind, middle, rest) };
}

export class ExpressionParser {
  readonly #tokens: readonly Token[];
  #place = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#place] ?? END;
  }

  skip(): void {
    this.#place++;
  }

  acceptWord(word: string): boolean {
    return this.#accept(this.next.kind === "word" && this.next.upper === word);
  }

  acceptSign(sign: string): boolean {
    return this.#accept(this.next.kind === "sign" && this.next.text === sign);
  }

  #accept(is: boolean): boolean {
    if (is) this.#place++;
    return is;
  }

  expectWord(word: string): void {
    if (!this.acceptWord(word)) throw this.#unexpected();
  }

  #expectSign(sign: string): void {
    if (!this.acceptSign(sign)) throw this.#unexpected();
  }

  expectEnd(): void {
    if (this.next.kind !== "end") throw this.#unexpected();
  }

  #unexpected() {
    const { at, text } = this.next;
    return unexpectedToken({ at, text: text === "" ? "the end" : text });
  }

  name(): string {
    const { kind, text } = this.next;
    if (kind !== "word" && kind !== "name") throw this.#unexpected();
    this.skip();
    return text;
  }

  wholeNumber(): number {
    const { kind, text } = this.next;
    if (kind !== "number" || !/^\d+$/.test(text)) throw this.#unexpected();
    this.skip();
    return Number(text);
  }

  /** `.name`, `[3]`, `[*]` … */
  steps(): readonly Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.acceptSign(".")) {
        // `s.*` is the record itself
        if (this.acceptSign("*")) return steps;
        steps.push(this.#member());
      } else if (this.acceptSign("[")) {
        steps.push(this.#element());
        this.#expectSign("]");
      } else {
        return steps;
      }
    }
  }

  #member(): Step {
    const exact = this.next.kind === "name";
    return { kind: "member", name: this.name(), exact };
  }

  #element(): Step {
    if (this.acceptSign("*")) return { kind: "all" };
    if (this.next.kind !== "text") return { kind: "element", index: this.wholeNumber() };
    const { text: name } = this.next;
    this.skip();
    return { kind: "member", name, exact: true };
  }

  /** @throws {AwsError} `ParseUnexpectedToken` */
  expression(): Expression {
    if (++this.#depth > DEPTH_MAX) throw this.#unexpected();
    const first = this.#conjunction();
    const others: Expression[] = [];
    while (this.acceptWord("OR")) others.push(this.#conjunction());
    this.#depth--;
    return joined("or", first, others);
  }

  #conjunction(): Expression {
    const first = this.#negation();
    const others: Expression[] = [];
    while (this.acceptWord("AND")) others.push(this.#negation());
    return joined("and", first, others);
  }

  #negation(): Expression {
    if (!this.acceptWord("NOT")) return this.#predicate();
    if (++this.#depth > DEPTH_MAX) throw this.#unexpected();
    const of = this.#negation();
    this.#depth--;
    return { kind: "not", of };
  }

  #predicate(): Expression {
    const left = this.#sum();
    const operator = this.next.kind === "sign" ? findOwn(COMPARISONS, this.next.text) : undefined;
    if (operator !== undefined) {
      this.skip();
      return { kind: "binary", operator, left, right: this.#sum() };
    }
    if (this.acceptWord("IS")) return this.#nothing(left);
    const isNegated = this.acceptWord("NOT");
    const found = this.#wordPredicate(left);
    if (found === undefined && isNegated) throw this.#unexpected();
    if (found === undefined) return left;
    return isNegated ? { kind: "not", of: found } : found;
  }

  #nothing(of: Expression): Expression {
    const isNegated = this.acceptWord("NOT");
    const what = this.acceptWord("MISSING") ? "MISSING" : "NULL";
    if (what === "NULL") this.expectWord("NULL");
    const is: Expression = { kind: "is", of, what };
    return isNegated ? { kind: "not", of: is } : is;
  }

  #wordPredicate(of: Expression): Expression | undefined {
    if (this.acceptWord("IN")) {
      this.#expectSign("(");
      return { kind: "in", of, list: this.#listUntilClosed() };
    }
    if (this.acceptWord("LIKE")) {
      const pattern = this.#sum();
      return { kind: "like", of, pattern, ...(this.acceptWord("ESCAPE") && { escape: this.#sum() }) };
    }
    if (!this.acceptWord("BETWEEN")) return undefined;
    const low = this.#sum();
    this.expectWord("AND");
    return { kind: "between", of, low, high: this.#sum() };
  }

  #listUntilClosed(): readonly Expression[] {
    const list: Expression[] = [];
    if (this.acceptSign(")")) return list;
    do list.push(this.expression());
    while (this.acceptSign(","));
    this.#expectSign(")");
    return list;
  }

  #sum(): Expression {
    return this.#chain(SUMS, () => this.#chain(PRODUCTS, () => this.#operand()));
  }

  #chain(operators: Readonly<Record<string, BinaryOperator>>, part: () => Expression): Expression {
    let left = part();
    for (let count = 0; ; count++) {
      if (count > CHAIN_MAX) throw unsupportedSyntax(`more than ${CHAIN_MAX} operators on end`);
      const operator = this.next.kind === "sign" ? operators[this.next.text] : undefined;
      if (operator === undefined) return left;
      this.skip();
      left = { kind: "binary", operator, left, right: part() };
    }
  }

  #operand(): Expression {
    const { kind, text, upper } = this.next;
    if (this.acceptSign("(")) {
      const inner = this.expression();
      this.#expectSign(")");
      return inner;
    }
    if (this.acceptSign("-")) return this.#minus();
    if (kind === "text" || kind === "number") {
      this.skip();
      return { kind: "literal", value: kind === "text" ? text : Number(text) };
    }
    if (kind === "word" && upper in CONSTANTS) {
      this.skip();
      return { kind: "literal", value: findOwn(CONSTANTS, upper) };
    }
    if (kind === "word" && this.#isCall()) return this.#call(upper);
    return { kind: "path", steps: [this.#member(), ...this.steps()] };
  }

  #minus(): Expression {
    if (++this.#depth > DEPTH_MAX) throw this.#unexpected();
    const of = this.#operand();
    this.#depth--;
    return { kind: "minus", of };
  }

  #isCall(): boolean {
    const after = this.#tokens[this.#place + 1];
    const isOpened = after?.kind === "sign" && after.text === "(";
    return isOpened || this.next.upper === "CASE";
  }

  #call(name: string): Expression {
    this.skip();
    if (name === "CASE") return this.#case();
    this.#expectSign("(");
    if (name === "CAST") return this.#cast();
    const aggregate = AGGREGATES.find((each) => each === name);
    if (aggregate) return this.#aggregate(aggregate);
    if (name === "SUBSTRING" || name === "TRIM") return this.#wordy(name);
    if (name === "EXTRACT" || name === "DATE_ADD" || name === "DATE_DIFF") return this.#ofPart(name);
    if (!(name in FUNCTIONS)) throw unsupportedFunction(name);
    return { kind: "call", name, arguments: this.#listUntilClosed() };
  }

  #aggregate(name: AggregateName): Expression {
    if (name === "COUNT" && this.acceptSign("*")) {
      this.#expectSign(")");
      return { kind: "aggregate", name };
    }
    const of = this.expression();
    this.#expectSign(")");
    return { kind: "aggregate", name, of };
  }

  #cast(): Expression {
    const of = this.expression();
    this.expectWord("AS");
    const type = this.name().toUpperCase();
    // a size, which says nothing here
    if (this.acceptSign("(")) this.#listUntilClosed();
    this.#expectSign(")");
    return { kind: "cast", of, type };
  }

  /** `SUBSTRING(a FROM 2 FOR 3)`, `TRIM(BOTH ' ' FROM a)`, and with commas. */
  #wordy(name: string): Expression {
    const where = ["LEADING", "TRAILING", "BOTH"].find((word) => name === "TRIM" && this.acceptWord(word));
    const list: Expression[] = [];
    if (where === undefined || this.next.upper !== "FROM") list.push(this.expression());
    while (this.acceptSign(",") || this.acceptWord("FROM") || this.acceptWord("FOR")) list.push(this.expression());
    this.#expectSign(")");
    const side: Expression = { kind: "literal", value: where ?? "BOTH" };
    return { kind: "call", name, arguments: name === "TRIM" ? [side, ...list] : list };
  }

  /** `EXTRACT(YEAR FROM a)`, `DATE_ADD(year, 1, a)`: the first is a word. */
  #ofPart(name: string): Expression {
    const part: Expression = { kind: "literal", value: this.name() };
    if (name === "EXTRACT") this.expectWord("FROM");
    else this.#expectSign(",");
    return { kind: "call", name, arguments: [part, ...this.#listUntilClosed()] };
  }

  #case(): Expression {
    const of = this.next.upper === "WHEN" ? undefined : this.expression();
    const whens: { when: Expression; outcome: Expression }[] = [];
    while (this.acceptWord("WHEN")) {
      const when = this.expression();
      this.expectWord("THEN");
      whens.push({ when, outcome: this.expression() });
    }
    const otherwise = this.acceptWord("ELSE") ? this.expression() : undefined;
    this.expectWord("END");
    return { kind: "case", whens, ...(of && { of }), ...(otherwise && { otherwise }) };
  }
}

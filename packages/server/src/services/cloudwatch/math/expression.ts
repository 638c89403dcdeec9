/**
 * Metric math as text: numbers, ids of queries, functions, operators.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { SyntaxFault, tokensOf, type Token } from "./token.ts";

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  /** Of a query, or a word that a function knows: `REPEAT`. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly elements: readonly Expression[] }
  | { readonly kind: "call"; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: "negation"; readonly of: Expression }
  | { readonly kind: "operation"; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Operator = "+" | "-" | "*" | "/" | "^" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "AND" | "OR";

/** From the loosest to the tightest; all but the power bind to the left. */
const LEVELS: readonly Readonly<Record<string, Operator>>[] = [
  { "||": "OR", OR: "OR" },
  { "&&": "AND", AND: "AND" },
  { "==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=" },
  { "+": "+", "-": "-" },
  { "*": "*", "/": "/" },
];

/** Deeper than any expression that fits into a query and means something. */
const DEPTH_MAX = 200;

/** @throws {SyntaxFault} */
export function parseExpression(text: string): Expression {
  const reader = new Reader(tokensOf(text));
  const expression = reader.level(0);
  reader.end();
  return expression;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  level(index: number): Expression {
    const operators = LEVELS[index];
    if (operators === undefined) return this.#unary();
    let left = this.level(index + 1);
    for (;;) {
      const operator = this.#operator(operators);
      if (operator === undefined) return left;
      left = { kind: "operation", operator, left, right: this.level(index + 1) };
    }
  }

  end(): void {
    const token = this.#tokens[this.#at];
    if (token !== undefined) throw unexpected(token);
  }

  #operator(operators: Readonly<Record<string, Operator>>): Operator | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || (token.kind !== "sign" && token.kind !== "name")) return undefined;
    const operator = findOwn(operators, token.value);
    if (operator !== undefined) this.#at++;
    return operator;
  }

  #unary(): Expression {
    if (this.#accept("-")) return { kind: "negation", of: this.#deeper(() => this.#unary()) };
    if (this.#accept("+")) return this.#deeper(() => this.#unary());
    const base = this.#deeper(() => this.#primary());
    if (!this.#accept("^")) return base;
    return { kind: "operation", operator: "^", left: base, right: this.#deeper(() => this.#unary()) };
  }

  #primary(): Expression {
    const token = this.#next();
    if (token.kind === "number") return { kind: "number", value: token.value };
    if (token.kind === "text") return { kind: "text", value: token.value };
    if (token.kind === "name") {
      return this.#accept("(")
        ? { kind: "call", name: token.value, given: this.#list(")") }
        : { kind: "name", name: token.value };
    }
    if (token.value === "[") return { kind: "list", elements: this.#list("]") };
    if (token.value !== "(") throw unexpected(token);
    const inside = this.level(0);
    this.#expect(")");
    return inside;
  }

  #list(end: ")" | "]"): Expression[] {
    const elements: Expression[] = [];
    if (this.#accept(end)) return elements;
    do elements.push(this.level(0));
    while (this.#accept(","));
    this.#expect(end);
    return elements;
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > DEPTH_MAX) throw new SyntaxFault("The expression is nested too deeply");
    const found = read();
    this.#depth--;
    return found;
  }

  #accept(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || token.value !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#accept(sign)) throw unexpected(this.#next());
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new SyntaxFault("Unexpected end of input");
    return token;
  }
}

const unexpected = ({ value, at }: Token): SyntaxFault => new SyntaxFault(`Unexpected '${value}' at position ${at}`);

/** A query, understood. */

/** A step into a value: a member, an element, or all elements. */
export type Step =
  | { readonly kind: "member"; readonly name: string; readonly exact: boolean }
  | { readonly kind: "element"; readonly index: number }
  | { readonly kind: "all" };

export type BinaryOperator = "=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "||";

export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null | undefined }
  /** From the record on. */
  | { readonly kind: "path"; readonly steps: readonly Step[] }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "minus"; readonly of: Expression }
  | { readonly kind: "is"; readonly of: Expression; readonly what: "NULL" | "MISSING" }
  | { readonly kind: "in"; readonly of: Expression; readonly list: readonly Expression[] }
  | { readonly kind: "like"; readonly of: Expression; readonly pattern: Expression; readonly escape?: Expression }
  | { readonly kind: "between"; readonly of: Expression; readonly low: Expression; readonly high: Expression }
  | { readonly kind: "cast"; readonly of: Expression; readonly type: string }
  | {
      readonly kind: "case";
      readonly of?: Expression;
      readonly whens: readonly { readonly when: Expression; readonly outcome: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "aggregate"; readonly name: AggregateName; readonly of?: Expression };

export const AGGREGATES = ["COUNT", "SUM", "AVG", "MIN", "MAX"] as const;
export type AggregateName = (typeof AGGREGATES)[number];

export interface Column {
  readonly expression: Expression;
  readonly alias?: string;
}

export interface Query {
  /** `undefined`: all there is. */
  readonly columns: readonly Column[] | undefined;
  /** What the record is called, in small letters: paths may begin with it. */
  readonly root: ReadonlySet<string>;
  /** Behind `S3Object`. */
  readonly source: readonly Step[];
  readonly where?: Expression;
  readonly limit?: number;
}

/** The steps from the record on. */
export function withoutRoot(steps: readonly Step[], root: ReadonlySet<string>): readonly Step[] {
  const [first, ...rest] = steps;
  return first?.kind === "member" && root.has(first.name.toLowerCase()) ? rest : steps;
}

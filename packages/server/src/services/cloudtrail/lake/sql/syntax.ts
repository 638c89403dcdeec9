/** What a statement says. */
import type { Place } from "./token.ts";
import type { Value } from "./value.ts";

export interface Name {
  readonly text: string;
  readonly isQuoted: boolean;
}

export type BinaryOperator =
  | "and"
  | "or"
  | "="
  | "<>"
  | "<"
  | "<="
  | ">"
  | ">="
  | "is distinct from"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "||";

export interface Call extends Place {
  readonly kind: "call";
  /** Lowercase. */
  readonly name: string;
  readonly given: readonly Expression[];
  /** `count(*)` */
  readonly isStar: boolean;
  readonly isDistinct: boolean;
  readonly filter?: Expression | undefined;
  /** It is asked of the rows around each row. */
  readonly over?: Window | undefined;
}

export interface Window {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly Order[];
}

export interface NamePath extends Place {
  readonly kind: "name";
  readonly parts: readonly Name[];
}

export type Expression =
  | { readonly kind: "literal"; readonly value: Value }
  | NamePath
  | ({ readonly kind: "field"; readonly of: Expression; readonly name: string } & Place)
  | { readonly kind: "subscript"; readonly of: Expression; readonly index: Expression }
  | Call
  | { readonly kind: "not" | "minus" | "is null"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "in"; readonly of: Expression; readonly options: readonly Expression[] }
  /** `x IN (SELECT …)` */
  | ({ readonly kind: "among"; readonly of: Expression; readonly query: Query } & Place)
  /** `EXISTS (SELECT …)`, or the one value that a query gives. */
  | ({ readonly kind: "exists"; readonly query: Query } & Place)
  | ({ readonly kind: "scalar"; readonly query: Query } & Place)
  | {
      readonly kind: "like";
      readonly of: Expression;
      readonly pattern: Expression;
      readonly escape?: Expression | undefined;
    }
  | {
      readonly kind: "case";
      readonly branches: readonly { readonly when: Expression; readonly value: Expression }[];
      readonly otherwise?: Expression | undefined;
    }
  | { readonly kind: "cast"; readonly of: Expression; readonly type: CastType; readonly isSafe: boolean }
  | { readonly kind: "lambda"; readonly parameters: readonly string[]; readonly body: Expression }
  | { readonly kind: "array"; readonly items: readonly Expression[] };

/** `map(varchar, json)` */
export interface CastType extends Place {
  readonly name: string;
  readonly of: readonly CastType[];
}

export type SelectItem =
  | { readonly kind: "all"; readonly of?: Name | undefined }
  | { readonly kind: "column"; readonly expression: Expression; readonly alias?: string | undefined };

export type Source =
  | ({ readonly kind: "table"; readonly name: Name; readonly alias?: Alias | undefined } & Place)
  | { readonly kind: "query"; readonly query: Query; readonly alias?: Alias | undefined }
  | {
      readonly kind: "unnest";
      readonly given: readonly Expression[];
      readonly isNumbered: boolean;
      readonly alias?: Alias | undefined;
    }
  | {
      readonly kind: "join";
      readonly how: "inner" | "left" | "right";
      readonly left: Source;
      readonly right: Source;
      /** `undefined`: all with all. */
      readonly on?: Expression | undefined;
    };

export interface Alias {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Select {
  readonly kind: "select";
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from?: Source | undefined;
  readonly where?: Expression | undefined;
  readonly groupBy?: readonly Expression[] | undefined;
  readonly having?: Expression | undefined;
}

export type Body =
  | Select
  | { readonly kind: "nested"; readonly query: Query }
  | {
      readonly kind: "set";
      readonly operator: "union" | "except" | "intersect";
      readonly isAll: boolean;
      readonly left: Body;
      readonly right: Body;
    };

export interface Order {
  readonly by: Expression;
  readonly isDescending: boolean;
  readonly isNullsFirst: boolean;
}

export interface Query {
  /** Names of queries that stand before it. */
  readonly with: readonly { readonly name: string; readonly query: Query }[];
  readonly body: Body;
  readonly orderBy: readonly Order[];
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

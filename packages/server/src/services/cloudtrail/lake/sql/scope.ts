/** Which values names mean. */
import type { NamePath } from "./syntax.ts";
import { said } from "./token.ts";
import type { Type } from "./type.ts";
import { Struct, type Value } from "./value.ts";

export type Row = readonly Value[];

export type Evaluate = (row: Row) => Value;

export interface Compiled {
  readonly evaluate: Evaluate;
  readonly type: Type;
}

export interface Column {
  /** What it is called by in front of its name. */
  readonly qualifier?: string | undefined;
  /** Lowercase. */
  readonly name: string;
  /** As results show it. */
  readonly shown: string;
  readonly type: Type;
  /** Hears that it is wanted: others need not be read. */
  readonly use?: (() => void) | undefined;
}

/** A name, resolved: the place in the row, and the fields that lead on from it. */
export interface Resolved extends Compiled {
  /** The same for all ways of writing it. */
  readonly key: string;
}

/** The columns of a row. */
export class Scope {
  readonly columns: readonly Column[];

  constructor(columns: readonly Column[]) {
    this.columns = columns;
  }

  /** @throws {AwsError} `InvalidQueryStatementException` */
  resolve(path: NamePath): Resolved {
    const names = path.parts.map(({ text }) => text.toLowerCase());
    const [first = "", second] = names;
    const qualified = second === undefined ? [] : this.#find(second, first);
    const found = qualified.length > 0 ? qualified : this.#find(first);
    const written = names.join(".");
    if (found.length > 1) throw said(path, `Column '${written}' is ambiguous`);
    const [at] = found;
    if (at === undefined) throw said(path, `Column '${written}' cannot be resolved`);
    const column = this.columns[at];
    column?.use?.();
    const fields = names.slice(qualified.length > 0 ? 2 : 1);
    const start: Compiled = { evaluate: (row) => row[at] ?? null, type: column?.type ?? { kind: "unknown" } };
    const end = fields.reduce(
      (of, field) => fieldOf(of, field, () => said(path, `Column '${written}' cannot be resolved`)),
      start,
    );
    return { ...end, key: `${at}.${fields.join(".")}` };
  }

  #find(name: string, qualifier?: string): readonly number[] {
    return [...this.columns.keys()].filter((at) => {
      const column = this.columns[at];
      return column?.name === name && (qualifier === undefined || column.qualifier === qualifier);
    });
  }
}

export function fieldOf({ evaluate, type }: Compiled, field: string, missing: () => Error): Compiled {
  const known = type.kind === "row" ? type.fields.get(field) : undefined;
  if (known === undefined && type.kind !== "unknown") throw missing();
  return {
    evaluate: (row) => {
      const value = evaluate(row);
      return value instanceof Struct ? (value.fields.get(field) ?? null) : null;
    },
    type: known ?? { kind: "unknown" },
  };
}

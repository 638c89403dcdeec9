/** Parameters below a path, in the order of their names, without a look at what is deeper than asked for. */
import { decodeToken, encodeToken, type Page } from "../../kernel/page.ts";
import type { Transaction } from "../../kernel/table.ts";
import { tokenInvalid } from "./errors.ts";
import { parameters, type Parameter } from "./parameter-row.ts";

export interface PathWalk {
  /** `/payroll`, and the empty text for all. */
  readonly path: string;
  readonly isRecursive: boolean;
  readonly token?: string | undefined;
  readonly limit: number;
  readonly matches: (parameter: Parameter) => boolean;
}

const ROWS = 100;

/** @throws {AwsError} `InvalidNextToken` */
export async function pageBelow(walk: PathWalk, tx: Transaction): Promise<Page<Parameter>> {
  const after = walk.token === undefined ? undefined : String(decodeToken(walk.token, tokenInvalid)[0]);
  const rows: Parameter[] = [];
  for await (const parameter of below(walk, after, tx)) {
    const last = rows.at(-1);
    if (rows.length === walk.limit && last !== undefined) return { rows, next: encodeToken([last.key]) };
    rows.push(parameter);
  }
  return { rows };
}

async function* below(
  { path, isRecursive, matches }: PathWalk,
  from: string | undefined,
  tx: Transaction,
): AsyncGenerator<Parameter> {
  const startsWith = `${path}/`;
  for (let after = from, past: string | undefined; ;) {
    const bound = past === undefined ? { after: after === undefined ? undefined : [after] } : { past: [past] };
    const rows = await tx.scan(parameters, { startsWith, ...bound, limit: ROWS });
    past = undefined;
    for (const parameter of rows) {
      const deeper = parameter.key.indexOf("/", startsWith.length);
      if (!isRecursive && deeper >= 0) {
        past = parameter.key.slice(0, deeper + 1);
        break;
      }
      after = parameter.key;
      if (matches(parameter)) yield parameter;
    }
    if (rows.length < ROWS && past === undefined) return;
  }
}

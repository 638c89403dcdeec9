/** The rows of transformers: one for a group. */
import { table } from "../../../kernel/table.ts";

export interface Transformer {
  /** Of the group. */
  readonly group: string;
  /** JSON: of processors. */
  readonly config: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

export const transformers = table<Transformer>("cloudwatch-logs.transformer", "region", ({ group }) => [group]);

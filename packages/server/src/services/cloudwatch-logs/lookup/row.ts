/** The rows of lookup tables, and of what is in them. */
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";

export interface LookupTable {
  readonly name: string;
  readonly description?: string | undefined;
  readonly fields: readonly string[];
  /** Without the header. */
  readonly records: number;
  readonly bytes: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly kmsKeyId?: string | undefined;
  /** What the content is encrypted with, as KMS encrypted it; base64. */
  readonly dataKey?: string | undefined;
  /** In how many pieces the content lies. */
  readonly pieces: number;
  readonly tags: Tags;
}

export const lookupTables = table<LookupTable>("cloudwatch-logs.lookup-table", "region", ({ name }) => [name]);

interface Piece {
  readonly table: string;
  readonly at: number;
  readonly sealed: string;
}

export const lookupPieces = table<Piece>("cloudwatch-logs.lookup-piece", "region", ({ table: of, at }) => [of, at]);

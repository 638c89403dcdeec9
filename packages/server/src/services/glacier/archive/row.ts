/**
 * The rows of archives, in the order in which they came. One that is deleted stays as a row without a body for as long as
 * an inventory may still name it.
 */
import { table, type Transaction } from "../../../kernel/table.ts";
import { timeOf } from "../opaque-id.ts";

export interface Archive {
  readonly vault: string;
  readonly id: string;
  readonly createdAtMs: number;
  readonly description: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly treeHash: string;
  readonly bodyId: string;
  readonly deletedAtMs?: number;
}

export const archives = table<Archive>("glacier.archive", "region", ({ vault, createdAtMs, id }) => [
  vault,
  createdAtMs,
  id,
]);

/** An archive that is gone, by when it went. */
export type DeletedArchive = Required<Pick<Archive, "vault" | "deletedAtMs" | "id">>;

export const deletedArchives = table<DeletedArchive>(
  "glacier.deleted-archive",
  "region",
  ({ vault, deletedAtMs, id }) => [vault, deletedAtMs, id],
);

/** Not one that is deleted. */
export async function findArchive(
  { vault, id }: Pick<Archive, "vault" | "id">,
  tx: Transaction,
): Promise<Archive | undefined> {
  const archive = await tx.get(archives, vault, timeOf(id), id);
  return archive?.deletedAtMs === undefined ? archive : undefined;
}

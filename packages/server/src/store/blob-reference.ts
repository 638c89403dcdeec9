/**
 * Which bodies are referred to. Each `keep` and each `drop` is a row of its own, written blindly,
 * so that two transactions about one body never conflict; a body is alive while it has more keeps
 * than drops.
 */
import { table, type Transaction } from "../kernel/table.ts";

export interface Keep {
  readonly id: string;
  /** Tells apart the references to one body. */
  readonly entry: string;
}

export interface Drop extends Keep {
  /** Real time, epoch milliseconds. */
  readonly atMs: number;
}

export const keeps = table<Keep>("store.blob-keep", "global", ({ id, entry }) => [id, entry]);
export const drops = table<Drop>("store.blob-drop", "global", ({ id, entry }) => [id, entry]);

/** More references of one body are settled in several rounds. */
const REFERENCES_MAX = 1000;

export async function isKept(tx: Transaction, id: string): Promise<boolean> {
  const [keep] = await tx.scan(keeps, { prefix: [id], limit: 1 });
  return keep !== undefined;
}

/** Strikes out the body's drops against its keeps. Whether nothing refers to it any more. */
export async function settleDrops(tx: Transaction, id: string): Promise<boolean> {
  const dropped = await tx.scan(drops, { prefix: [id], limit: REFERENCES_MAX });
  const kept = await tx.scan(keeps, { prefix: [id], limit: dropped.length + 1 });
  for (const drop of dropped) tx.delete(drops, id, drop.entry);
  for (const keep of kept.slice(0, dropped.length)) tx.delete(keeps, id, keep.entry);
  return dropped.length > 0 && kept.length <= dropped.length;
}

/**
 * What is in a vault, counted about once a day after something came or went.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-inventory.html
 */
import type { Key, Range, Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { archives, deletedArchives, type Archive } from "../archive/row.ts";
import { ARCHIVE_OVERHEAD_BYTES, DELETED_NAMED_MS, INVENTORY_EVERY_MS } from "../limits.ts";
import { timeOf } from "../opaque-id.ts";
import { readTimerKey, timerKey } from "../place.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { vaults, type FoundVault, type Inventory } from "../vault/row.ts";

/** Something came or went: within a day it is counted. Only the first change of a day touches the vault's row. */
export function noteChange({ place, vault }: FoundVault, context: Context): void {
  if (vault.changed) return;
  place.tx.put(vaults, { ...vault, changed: true });
  context.at(context.now().getTime() + INVENTORY_EVERY_MS, "takeInventory", timerKey(place, vault.name));
}

/** The job: what the vault holds now, from what it held and what came and went since. */
export async function takeInventory(context: Context, key: string): Promise<void> {
  const {
    place,
    parts: [name = ""],
  } = readTimerKey(key, context);
  const found = await place.tx.get(vaults, name);
  if (!found) return;
  const { changed: _counted, ...vault } = found;
  const atMs = context.now().getTime();
  place.tx.put(vaults, {
    ...vault,
    inventory: await counted({ vault: name, before: vault.inventory, atMs }, place.tx),
  });
  context.at(atMs + DELETED_NAMED_MS, "forgetDeleted", timerKey(place, name));
}

interface Span {
  readonly vault: string;
  readonly before: Inventory | undefined;
  readonly atMs: number;
}

async function counted(span: Span, tx: Transaction): Promise<Inventory> {
  let { archives: count, bytes } = span.before ?? { archives: 0, bytes: 0 };
  for await (const { size } of cameIn(span, tx)) {
    count += 1;
    bytes += size + ARCHIVE_OVERHEAD_BYTES;
  }
  for await (const { size } of wentIn(span, tx)) {
    count -= 1;
    bytes -= size + ARCHIVE_OVERHEAD_BYTES;
  }
  return { atMs: span.atMs, archives: count, bytes };
}

const rangeOf = ({ vault, before, atMs }: Span): Omit<Range, "limit"> => ({
  prefix: [vault],
  from: [vault, before?.atMs ?? 0],
  before: [vault, atMs],
});

/** What came and is still there. */
async function* cameIn(span: Span, tx: Transaction): AsyncGenerator<Archive> {
  for await (const archive of everyRow(tx, archives, rangeOf(span))) {
    if (archive.deletedAtMs === undefined || archive.deletedAtMs >= span.atMs) yield archive;
  }
}

/** What went and was counted before. */
async function* wentIn(span: Span, tx: Transaction): AsyncGenerator<Archive> {
  if (span.before === undefined) return;
  for await (const { vault, id } of everyRow(tx, deletedArchives, rangeOf(span))) {
    const archive = await tx.get(archives, vault, timeOf(id), id);
    if (archive && archive.createdAtMs < span.before.atMs) yield archive;
  }
}

/** Which archives of an inventory are meant. */
export interface Selection {
  readonly vault: string;
  /** The inventory's. */
  readonly atMs: number;
  /** Created at this time or later. */
  readonly fromMs?: number | undefined;
  /** Created before. */
  readonly beforeMs?: number | undefined;
  /** The last that was given before. */
  readonly after?: Key | undefined;
}

/** The archives that an inventory names, oldest first. */
export async function* inventoried(selection: Selection, tx: Transaction): AsyncGenerator<Archive> {
  const { vault, atMs, fromMs = 0, beforeMs = atMs, after } = selection;
  const range = { prefix: [vault], before: [vault, Math.min(atMs, beforeMs)], ...startOf(vault, fromMs, after) };
  for await (const archive of everyRow(tx, archives, range)) {
    if (archive.deletedAtMs === undefined || archive.deletedAtMs >= atMs) yield archive;
  }
}

const startOf = (vault: string, fromMs: number, after: Key | undefined): Pick<Range, "from" | "after"> =>
  after === undefined ? { from: [vault, fromMs] } : { after };

/** The job: drops what is left of archives that no inventory names any more. */
export async function forgetDeleted(context: Context, key: string): Promise<void> {
  const {
    place,
    parts: [vault = ""],
  } = readTimerKey(key, context);
  const before = context.now().getTime() - DELETED_NAMED_MS;
  const range = { prefix: [vault], before: [vault, before] };
  for await (const { id, deletedAtMs } of everyRow(place.tx, deletedArchives, range)) {
    place.tx.delete(archives, vault, timeOf(id), id);
    place.tx.delete(deletedArchives, vault, deletedAtMs, id);
  }
}

/** Nothing is in the vault but what is left of archives that are gone. */
export async function dropDeleted(vault: string, tx: Transaction): Promise<void> {
  for await (const { id, deletedAtMs } of everyRow(tx, deletedArchives, { prefix: [vault] })) {
    tx.delete(archives, vault, timeOf(id), id);
    tx.delete(deletedArchives, vault, deletedAtMs, id);
  }
}

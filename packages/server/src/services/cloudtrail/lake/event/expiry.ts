/**
 * Events go when their time is over: as old as the store keeps them.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html (RetentionPeriod)
 */
import { DAY_MS } from "../../../../kernel/duration.ts";
import { table } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import type { Job } from "../../../../service/service.ts";
import { stores, type Store } from "../store/row.ts";
import { CHUNK_MS, chunks, forgetEventsBefore } from "./chunk.ts";

const EXPIRE = "expireLakeEvents";

/** When the next events of a store may be over. */
interface Expiry {
  readonly store: string;
  readonly dueMs: number;
}

const expiries = table<Expiry>("cloudtrail.store-expiry", "global", ({ store }) => [store]);

export const keptSinceMs = ({ retentionDays }: Store, context: Context): number =>
  context.now().getTime() - retentionDays * DAY_MS;

/** After events came. */
export async function expireLater(store: Store, context: Context): Promise<void> {
  if ((await context.tx.get(expiries, store.id)) === undefined) await expireAgain(store, context);
}

/** After the store's retention became shorter, too. */
export async function expireAgain(store: Store, context: Context): Promise<void> {
  const { tx } = context;
  const [oldest] = await tx.scan(chunks, { prefix: [store.id], limit: 1 });
  if (oldest === undefined) return tx.delete(expiries, store.id);
  const nowMs = context.now().getTime();
  // once a day at the most, while there is something to wait for
  const overMs = oldest.atMs + CHUNK_MS + store.retentionDays * DAY_MS;
  const dueMs = overMs <= nowMs ? nowMs : Math.max(overMs, nowMs + DAY_MS);
  tx.put(expiries, { store: store.id, dueMs });
  context.at(dueMs, EXPIRE, `${store.account}/${store.region}/${store.id}`);
}

export const expireLakeEvents: Job = async (context, key) => {
  const [account = "", region = "", id = ""] = key.split("/");
  const store = await context.tx.get(stores, account, region, id);
  if (store === undefined) return context.tx.delete(expiries, id);
  await forgetEventsBefore(id, keptSinceMs(store, context), context.tx);
  await expireAgain(store, context);
};

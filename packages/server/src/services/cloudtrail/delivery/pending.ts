/** Events that wait to be delivered for a trail. */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { DELIVERY_MINUTES } from "../limits.ts";
import type { Trail } from "../trail-row.ts";
import { forgetDigests } from "./digest-row.ts";
import { statuses } from "./status.ts";

export interface PendingEvent {
  readonly atMs: number;
  readonly id: string;
  /** As it stands in files. */
  readonly text: string;
}

/** Some events of one account and region. */
interface Pending {
  /** `111111111111/us-east-1/NAME`, of the trail. */
  readonly trail: string;
  readonly account: string;
  readonly region: string;
  readonly atMs: number;
  readonly id: string;
  readonly events: readonly PendingEvent[];
}

export const pending = table<Pending>("cloudtrail.pending", "global", ({ trail, atMs, id }) => [trail, atMs, id]);

/** When a trail delivers next. */
interface Window {
  readonly trail: string;
  readonly dueMs: number;
}

export const windows = table<Window>("cloudtrail.window", "global", ({ trail }) => [trail]);

const DELIVER = "deliverEvents";

export const keyOf = ({ account, region, name }: Pick<Trail, "account" | "region" | "name">): string =>
  `${account}/${region}/${name}`;

export interface Part {
  readonly account: string;
  readonly region: string;
  readonly events: readonly PendingEvent[];
}

/** Puts events aside. They go out together, some minutes later. */
export async function putAside(trail: Trail, parts: Iterable<Part>, context: Context): Promise<void> {
  const { tx } = context;
  const key = keyOf(trail);
  const nowMs = context.now().getTime();
  for (const part of parts) tx.put(pending, { ...part, trail: key, atMs: nowMs, id: context.newId() });
  if ((await tx.get(windows, key)) === undefined) deliverAt(nowMs + DELIVERY_MINUTES * MINUTE_MS, trail, context);
}

export function deliverAt(dueMs: number, trail: Trail, context: Context): void {
  const key = keyOf(trail);
  context.tx.put(windows, { trail: key, dueMs });
  context.at(dueMs, DELIVER, key);
}

/** The trail is gone: what it has not delivered goes with it. */
export async function forgetDeliveries(trail: Trail, context: Context): Promise<void> {
  const { tx } = context;
  const key = keyOf(trail);
  await clearAll(key, tx);
  tx.delete(windows, key);
  tx.delete(statuses, key);
  await forgetDigests(key, tx);
}

const CLEARED_AT_ONCE = 10_000;

async function clearAll(trail: string, tx: Transaction): Promise<void> {
  while ((await tx.clear(pending, { prefix: [trail], limit: CLEARED_AT_ONCE })) === CLEARED_AT_ONCE);
}

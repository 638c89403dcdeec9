/**
 * Fair queues: the messages of standard queues that have a group are those of a tenant, and tenants of whose messages
 * fewer are in flight come first. Nobody is kept waiting for them: where there is nothing else, the others are given.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
import { table, type Transaction } from "../../../kernel/table.ts";
import { lineOf, placeIn, type Message, type Place } from "../message/row.ts";
import type { Queue } from "../queue/row.ts";

/** A place in the line, by tenant. */
interface TenantPlace extends Place {
  readonly queue: string;
  readonly group: string;
}

const tenantPlaces = table<TenantPlace>("sqs.tenant-place", "region", ({ queue, group, dueMs, sequence, of }) => [
  queue,
  group,
  dueMs,
  sequence,
  of,
]);

/** Tenants that are asked whether they are quieter, each time. */
const TENANTS_ASKED_MAX = 20;
/** In flight, as far as they are counted. */
const HELD_COUNTED_MAX = 50;

/** Gives a message its place in the line of a standard queue. */
export function enterLine(message: Message, tx: Transaction): void {
  const { queue, group } = message;
  const place = placeIn(message);
  tx.put(lineOf({ id: queue }), place);
  if (group !== undefined) tx.put(tenantPlaces, { ...place, queue, group });
}

export function leaveLine({ queue, group, dueMs, sequence, id }: Message, tx: Transaction): void {
  tx.delete(lineOf({ id: queue }), dueMs, sequence, id);
  if (group !== undefined) tx.delete(tenantPlaces, queue, group, dueMs, sequence, id);
}

export const clearTenants = (queue: string, limit: number, tx: Transaction): Promise<number> =>
  tx.clear(tenantPlaces, { prefix: [queue], limit });

interface Looking {
  readonly tx: Transaction;
  readonly nowMs: number;
}

/** What comes next: the first of the line, or of a tenant of whose messages fewer are in flight. */
export async function fairest(first: Place, { id: queue }: Queue, looking: Looking): Promise<Place> {
  if (first.group === undefined) return first;
  let [chosen, held] = [first, await heldOf({ queue, group: first.group }, looking)];
  let group = first.group;
  for (let asked = 0; asked < TENANTS_ASKED_MAX && held > 0; asked++) {
    const next = await nextTenant({ queue, group }, looking);
    if (next === undefined || next.group === first.group) break;
    group = next.group;
    const others = next.dueMs > looking.nowMs ? held : await heldOf(next, looking);
    if (others < held) [chosen, held] = [next, others];
  }
  return chosen;
}

type Tenant = Pick<TenantPlace, "queue" | "group">;

async function heldOf({ queue, group }: Tenant, { tx, nowMs }: Looking): Promise<number> {
  const from = [queue, group, nowMs + 1];
  const places = await tx.scan(tenantPlaces, { prefix: [queue, group], from, limit: HELD_COUNTED_MAX });
  return places.filter(({ isNew }) => !isNew).length;
}

/** Whether a message of the queue has a tenant. */
export const hasTenants = async ({ id }: Pick<Queue, "id">, tx: Transaction): Promise<boolean> =>
  (await tx.scan(tenantPlaces, { prefix: [id], limit: 1 })).length > 0;

const WAITING_AT_ONCE = 1000;

/** How many messages of the tenant can be received. */
export async function waitingOf({ queue, group }: Tenant, { tx, nowMs }: Looking): Promise<number> {
  let count = 0;
  for (let after: TenantPlace | undefined; ;) {
    const before = [queue, group, nowMs + 1];
    const range = { prefix: [queue, group], before, after: after && tenantPlaces.keyOf(after), limit: WAITING_AT_ONCE };
    const some = await tx.scan(tenantPlaces, range);
    count += some.length;
    if (some.length < WAITING_AT_ONCE) return count;
    after = some.at(-1);
  }
}

/** The first place of the tenant behind that one; after the last tenant comes the first again. */
async function nextTenant({ queue, group }: Tenant, { tx }: Looking): Promise<TenantPlace | undefined> {
  const after = [queue, group, Number.MAX_SAFE_INTEGER];
  const [next] = await tx.scan(tenantPlaces, { prefix: [queue], after, limit: 1 });
  if (next !== undefined) return next;
  const [first] = await tx.scan(tenantPlaces, { prefix: [queue], limit: 1 });
  return first;
}

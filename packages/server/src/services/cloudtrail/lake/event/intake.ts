/** Takes events into stores. */
import { MINUTE_MS } from "../../../../kernel/duration.ts";
import { refusalOf } from "../../../../kernel/aws-error.ts";
import { table, type Transaction } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import type { Store } from "../store/row.ts";
import { CHUNK_MS, chunks } from "./chunk.ts";
import { encryptorOf, type Encrypt } from "./encryption.ts";
import { expireLater } from "./expiry.ts";

export interface LakeEvent {
  readonly atMs: number;
  /** As it stands in files: no line is broken. */
  readonly text: string;
}

const CHUNK_EVENTS_MAX = 200;

/** KMS refused CloudTrail the key of a store a moment ago: it is not asked again with each event, of which its refusals are some. */
interface Refused {
  readonly store: string;
  readonly untilMs: number;
}

const refusals = table<Refused>("cloudtrail.store-refused", "global", ({ store }) => [store]);

const REFUSED_MS = MINUTE_MS;

/** Of a store that is no more. */
export const forgetRefusal = (store: string, tx: Transaction): void => tx.delete(refusals, store);

/** Whether they are taken: events that come while CloudTrail may not use the store's key are lost to it, as in AWS. */
export async function takeIn(store: Store, events: readonly LakeEvent[], context: Context): Promise<boolean> {
  const { tx } = context;
  const nowMs = context.now().getTime();
  const refused = await tx.get(refusals, store.id);
  if (refused !== undefined && nowMs < refused.untilMs) return false;
  let encrypt: Encrypt | undefined;
  const refusal = await refusalOf(async () => {
    encrypt = await encryptorOf(store, context);
  });
  if (refusal !== undefined) tx.put(refusals, { store: store.id, untilMs: nowMs + REFUSED_MS });
  if (encrypt === undefined) return false;
  for (const some of chunksOf(events)) {
    const [first] = some;
    const content = encrypt(some.map(({ text }) => text).join("\n"));
    tx.put(chunks, { store: store.id, atMs: first?.atMs ?? nowMs, id: context.newId(), ...content });
  }
  await expireLater(store, context);
  return true;
}

/** None longer than a minute, or with too many events. */
function chunksOf(events: readonly LakeEvent[]): readonly (readonly LakeEvent[])[] {
  const all: LakeEvent[][] = [];
  for (const event of events.toSorted((one, other) => one.atMs - other.atMs)) {
    const last = all.at(-1);
    const firstMs = last?.[0]?.atMs ?? 0;
    if (last === undefined || last.length === CHUNK_EVENTS_MAX || event.atMs - firstMs >= CHUNK_MS) all.push([event]);
    else last.push(event);
  }
  return all;
}

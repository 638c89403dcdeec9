/** Keys on their way out. Source: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html */
import { asRegion } from "../../../kernel/arn.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { onKey, onKeyNamed } from "../access.ts";
import { aliasesOf, deleteAliasRow } from "../alias/row.ts";
import { deletionWindowWrong, keyNotPendingDeletion } from "../errors.ts";
import { deleteGrantsOf } from "../grant/row.ts";
import { hasMaterial } from "../material/imported.ts";
import { tellDeleted } from "./event.ts";
import { deleteKeyRow } from "./count.ts";
import { materials, MATERIALS_MAX } from "../material/material.ts";
import { keyArn, keys, type Key } from "./row.ts";
import { requireCustomer, requireNotLeaving } from "./state.ts";
import { operation } from "../kit.ts";
import { DELETION_WINDOW_DAYS } from "../limits.ts";
import { requireKey } from "./named.ts";
import { forgetReplica, type WaitingKey } from "./related.ts";
import { forgetUse, unusedKeys } from "../use/use.ts";

export const scheduleKeyDeletion = operation("ScheduleKeyDeletion", {
  async authorize({ KeyId, PendingWindowInDays: days = DELETION_WINDOW_DAYS.usual }, context) {
    const key = await requireKey(KeyId, context);
    return onKey("ScheduleKeyDeletion", key, context, {
      keys: { "kms:ScheduleKeyDeletionPendingWindowInDays": String(days), ...(await unusedKeys(key, context)) },
    });
  },

  async handle({ KeyId, PendingWindowInDays: windowDays = DELETION_WINDOW_DAYS.usual }, context) {
    const key = await requireKey(KeyId, context);
    requireCustomer(key);
    requireNotLeaving(key);
    const { min, max } = DELETION_WINDOW_DAYS;
    if (windowDays < min || windowDays > max) throw deletionWindowWrong({ min, max });
    const { multiRegion } = key;
    const arn = keyArn(key);
    const hasReplicas = multiRegion?.primary === key.region && multiRegion.replicas.length > 0;
    if (hasReplicas) {
      context.tx.put(keys, { ...key, state: { kind: "PendingReplicaDeletion", windowDays } });
      return { KeyId: arn, KeyState: "PendingReplicaDeletion" as const, PendingWindowInDays: windowDays };
    }
    const deletionAtMs = scheduleEnd(key, windowDays, context);
    return {
      KeyId: arn,
      KeyState: "PendingDeletion" as const,
      DeletionDate: new Date(deletionAtMs),
      PendingWindowInDays: windowDays,
    };
  },
});

/** Begins the window; gives when it ends, in virtual epoch milliseconds. The timer runs where the key is. */
function scheduleEnd(key: Key, windowDays: number, context: Context): number {
  const deletionAtMs = context.now().getTime() + windowDays * DAY_MS;
  context.tx.put(keys, { ...key, state: { kind: "PendingDeletion", deletionAtMs } });
  context.at(deletionAtMs, "delete", key.id);
  return deletionAtMs;
}

export const cancelKeyDeletion = operation("CancelKeyDeletion", {
  authorize: ({ KeyId }, context) => onKeyNamed("CancelKeyDeletion", KeyId, context),

  async handle({ KeyId }, context) {
    const key = await requireKey(KeyId, context);
    const { kind } = key.state;
    if (kind !== "PendingDeletion" && kind !== "PendingReplicaDeletion") throw keyNotPendingDeletion(keyArn(key));
    context.cancel("delete", key.id);
    const isWhole = await hasMaterial(key, context.tx);
    context.tx.put(keys, { ...key, state: { kind: isWhole ? "Disabled" : "PendingImport" } });
    return { KeyId: keyArn(key) };
  },
});

/** The window has ended: what the key protects can be read by nobody from here on. */
export const deleteKey: Job = async (context, keyId, payload) => {
  const { tx } = context;
  const region = typeof payload === "string" ? asRegion(payload) : context.region;
  const home = tx.in({ region });
  const key = await home.get(keys, keyId);
  if (key?.state.kind !== "PendingDeletion" || key.state.deletionAtMs > context.now().getTime()) return;
  await deleteKeyRow(key, tx);
  await tellDeleted(key, context);
  for (const alias of await aliasesOf(keyId, home)) await deleteAliasRow(alias, home);
  await deleteGrantsOf(key, tx);
  forgetUse(key, tx);
  await home.clear(materials, { prefix: [keyId], limit: MATERIALS_MAX });
  const waiting = await forgetReplica(key, tx);
  if (waiting !== undefined) startWindow(waiting, context);
};

/** The last replica is gone: the primary key's own window begins. Timers belong to the region that sets them, so this one says where. */
function startWindow({ key, windowDays }: WaitingKey, context: Context): void {
  const deletionAtMs = context.now().getTime() + windowDays * DAY_MS;
  context.tx.in({ region: key.region }).put(keys, { ...key, state: { kind: "PendingDeletion", deletionAtMs } });
  context.at(deletionAtMs, "delete", key.id, key.region);
}

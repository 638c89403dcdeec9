/**
 * New material for keys, by the clock and on demand; what older material encrypted stays readable.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
import type { KeyMaterialState, RotationsListEntry } from "@aws-sdk/client-kms";
import { asRegion, type Region } from "../../../kernel/arn.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { onAnyKey, onKeyNamed } from "../access.ts";
import { notPrimary, notSymmetric, nothingToRotateTo, rotationsUsedUp } from "../errors.ts";
import { isEverywhere, putSettled } from "./imported.ts";
import { tellRotated, tellSynchronized } from "../key/event.ts";
import { makeSecret, materialRow, materials, materialsOf, stateOfImport, type Material } from "./material.ts";
import { homeOf, keyArn, keys, type Key } from "../key/row.ts";
import { factsOf } from "../key/spec.ts";
import { requireCustomer, requireEnabled, requireNotLeaving, requireOrigin } from "../key/state.ts";
import { operation } from "../kit.ts";
import { ON_DEMAND_ROTATIONS_MAX, ROTATION_PERIOD_DAYS_USUAL, ROTATIONS_PER_PAGE } from "../limits.ts";
import { requireAnyKey, requireKey } from "../key/named.ts";
import { listOf } from "../paging.ts";
import { isReplica, putShared, relatedKeys } from "../key/related.ts";

export const enableKeyRotation = operation("EnableKeyRotation", {
  authorize: ({ KeyId, RotationPeriodInDays: days = ROTATION_PERIOD_DAYS_USUAL }, context) =>
    onKeyNamed("EnableKeyRotation", KeyId, context, { keys: { "kms:RotationPeriodInDays": String(days) } }),

  async handle({ KeyId, RotationPeriodInDays: periodDays = ROTATION_PERIOD_DAYS_USUAL }, context) {
    const key = await requireRotatedByClock(KeyId, context);
    await schedule(key, periodDays, context);
    tellSynchronized(key, context);
    return {};
  },
});

export const disableKeyRotation = operation("DisableKeyRotation", {
  authorize: ({ KeyId }, context) => onKeyNamed("DisableKeyRotation", KeyId, context),

  async handle({ KeyId }, context) {
    const key = await requireRotatedByClock(KeyId, context);
    for (const each of await relatedKeys(key, context.tx)) {
      const { rotation: _none, ...still } = each;
      homeOf(each, context.tx).put(keys, still);
    }
    context.cancel("rotate", key.id);
    return {};
  },
});

/**
 * Imported material is not rotated by the clock; of a key that has none that is told before its state.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table
 * @throws {AwsError}
 */
async function requireRotatedByClock(keyId: string, context: Context): Promise<Key> {
  const key = await requireKey(keyId, context);
  if (key.state.kind === "PendingImport") requireOrigin(key, "AWS_KMS");
  requireRotatable(key);
  requireOrigin(key, "AWS_KMS");
  return key;
}

/**
 * A key that its owner may have rotated: symmetric, enabled, and the primary one where there are several.
 * @throws {AwsError}
 */
function requireRotatable(key: Key): void {
  requireCustomer(key);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json (test_rotate_key_on_demand_raises_error_given_key_is_disabled: first, also of keys of other kinds)
  requireEnabled(key);
  if (key.spec !== "SYMMETRIC_DEFAULT") throw notSymmetric();
  if (isReplica(key)) throw notPrimary(keyArn(key));
}

export const getKeyRotationStatus = operation("GetKeyRotationStatus", {
  authorize: ({ KeyId }, context) => onAnyKey("GetKeyRotationStatus", KeyId, context),

  async handle({ KeyId }, context) {
    // of a key that cannot be rotated it is always false. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
    const key = await requireAnyKey(KeyId, context);
    const { rotation, state } = key;
    const isPaused = state.kind !== "Enabled" && state.kind !== "Disabled";
    return {
      KeyId: keyArn(key),
      KeyRotationEnabled: rotation !== undefined && !isPaused,
      ...(rotation &&
        !isPaused && {
          RotationPeriodInDays: rotation.periodDays,
          NextRotationDate: new Date(rotation.nextAtMs),
        }),
    };
  },
});

/** Differs: the new material is current at once, where AWS takes a while. */
export const rotateKeyOnDemand = operation("RotateKeyOnDemand", {
  authorize: ({ KeyId }, context) => onKeyNamed("RotateKeyOnDemand", KeyId, context),

  async handle({ KeyId }, context) {
    const key = await requireKey(KeyId, context);
    requireRotatable(key);
    const all = await materialsOf(key, homeOf(key, context.tx));
    if (all.filter(({ rotatedBy }) => rotatedBy === "ON_DEMAND").length >= ON_DEMAND_ROTATIONS_MAX) {
      throw rotationsUsedUp(keyArn(key));
    }
    await makeCurrent(key, await nextOf(key, all, context), context);
    return { KeyId: keyArn(key) };
  },
});

/**
 * The material that follows: the one that waits, of imported keys; a new one, of others.
 * @throws {AwsError} `KMSInvalidStateException`
 */
async function nextOf(key: Key, all: readonly Material[], context: Context): Promise<Material> {
  const facts = { currentAtMs: context.now().getTime(), rotatedBy: "ON_DEMAND" } as const;
  if (key.origin === "AWS_KMS")
    return materialRow(key, freshSecret(key), { number: all.length + 1, ...facts }, context);
  const waiting = all.find(({ currentAtMs }) => currentAtMs === undefined);
  if (waiting === undefined || !(await isEverywhere(key, waiting.id, context.tx))) throw nothingToRotateTo(keyArn(key));
  return { ...waiting, ...facts };
}

function freshSecret({ spec }: Key): Buffer {
  const { making } = factsOf(spec);
  return makeSecret(making.kind === "secret" ? making.bytes : 0);
}

async function makeCurrent(key: Key, material: Material, context: Context): Promise<void> {
  for (const related of await relatedKeys(key, context.tx)) await putCurrent(related, material, context.tx);
  await tellRotated(key, material, context);
  tellSynchronized(key, context);
}

/** Imported material is there already, in each region for a time of its own. */
async function putCurrent(related: Key, material: Material, tx: Transaction): Promise<void> {
  const { id, currentAtMs, rotatedBy } = material;
  const home = homeOf(related, tx);
  const own = await home.get(materials, related.id, id);
  home.put(materials, { ...(own ?? material), currentAtMs, rotatedBy });
  const rotated = { ...related, materialId: id };
  home.put(keys, rotated);
  if (related.origin === "EXTERNAL") await putSettled(rotated, tx);
}

/** The next rotation comes when the period has passed. */
async function schedule(key: Key, periodDays: number, context: Context): Promise<void> {
  const rotation = { periodDays, nextAtMs: context.now().getTime() + periodDays * DAY_MS };
  await putShared(key, { rotation }, context.tx);
  setRotation({ ...key, rotation }, key.region, context);
}

/** Timers belong to the region that sets them, so this one says where the key is that is primary when it comes. */
export function setRotation({ id, rotation }: Key, region: Region, context: Context): void {
  if (rotation !== undefined) context.at(rotation.nextAtMs, "rotate", id, region);
}

export const rotate: Job = async (context, keyId, payload) => {
  const region = typeof payload === "string" ? asRegion(payload) : context.region;
  const key = await context.tx.in({ region }).get(keys, keyId);
  if (key?.state.kind === "Enabled" && !isReplica(key)) await rotateIfDue(key, context);
};

/**
 * What is not enabled when its day comes is rotated once it is enabled again.
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html (Disabled)
 */
export async function rotateIfDue(key: Key, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const { rotation } = key;
  if (rotation === undefined || rotation.nextAtMs > nowMs || isReplica(key)) return;
  await schedule(key, rotation.periodDays, context);
  const { length } = await materialsOf(key, homeOf(key, context.tx));
  const facts = { number: length + 1, currentAtMs: nowMs, rotatedBy: "AUTOMATIC" } as const;
  await makeCurrent(key, materialRow(key, freshSecret(key), facts, context), context);
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html */
export const listKeyRotations = operation("ListKeyRotations", {
  authorize: ({ KeyId }, context) => onKeyNamed("ListKeyRotations", KeyId, context),

  async handle({ KeyId, IncludeKeyMaterial: include = "ROTATIONS_ONLY", ...paging }, context) {
    const key = await requireKey(KeyId, context);
    if (key.spec !== "SYMMETRIC_DEFAULT") throw notSymmetric();
    requireNotLeaving(key);
    const all = await materialsOf(key, homeOf(key, context.tx));
    const wanted = include === "ALL_KEY_MATERIAL" ? all : all.filter(({ rotatedBy }) => rotatedBy !== undefined);
    const size = { ...paging, Limit: paging.Limit ?? ROTATIONS_PER_PAGE.usual };
    const { rows, rest } = listOf(wanted, size, ({ number }) => String(number).padStart(6, "0"));
    const shown = rows.map(async (material) => ({
      ...formatRotation(key, material),
      ...(include === "ALL_KEY_MATERIAL" && { KeyMaterialState: await stateOf(key, material, context) }),
    }));
    return { Rotations: await Promise.all(shown), ...rest };
  },
});

function formatRotation(key: Key, material: Material): RotationsListEntry {
  const { id, currentAtMs, rotatedBy, expiration, description } = material;
  const isImported = key.origin === "EXTERNAL";
  return {
    KeyId: keyArn(key),
    KeyMaterialId: id,
    ...(rotatedBy !== undefined &&
      currentAtMs !== undefined && { RotationDate: new Date(currentAtMs), RotationType: rotatedBy }),
    ...(isImported && {
      ImportState: stateOfImport(material),
      ExpirationModel: expiration?.model,
      ...(expiration?.validToMs !== undefined && { ValidTo: new Date(expiration.validToMs) }),
      ...(description !== undefined && { KeyMaterialDescription: description }),
    }),
  };
}

async function stateOf(key: Key, { id, currentAtMs }: Material, { tx }: Context): Promise<KeyMaterialState> {
  if (id === key.materialId) return "CURRENT";
  if (currentAtMs !== undefined) return "NON_CURRENT";
  return (await isEverywhere(key, id, tx)) ? "PENDING_ROTATION" : "PENDING_MULTI_REGION_IMPORT_AND_ROTATION";
}

/**
 * What KMS tells event buses and trails of keys.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html (RotateKey, DeleteKey, DeleteExpiredKeyMaterial)
 */
import type { CreateKeyCommandInput, KeyMetadata, Tag } from "@aws-sdk/client-kms";
import type { Context } from "../../../service/context.ts";
import type { OwnEvent } from "../../../service/own-event.ts";
import type { Material } from "../material/material.ts";
import { keyArn, type Key } from "./row.ts";

export async function tellRotated(key: Key, material: Material, context: Context): Promise<void> {
  const { id: keyId, origin: keyOrigin, materialId: previousKeyMaterialId } = key;
  const { rotatedBy: rotationType, id: currentKeyMaterialId } = material;
  const facts = { rotationType, keyOrigin, previousKeyMaterialId, currentKeyMaterialId, keyId };
  record(key, { name: "RotateKey", details: facts }, context);
  await tell(key, context, "KMS CMK Rotation", {
    "key-origin": keyOrigin,
    "rotation-type": rotationType,
    "previous-key-material-id": previousKeyMaterialId,
    "current-key-material-id": currentKeyMaterialId,
  });
}

export async function tellExpired(key: Key, materialId: string, context: Context): Promise<void> {
  const details = { keyId: key.id, keyMaterialId: materialId };
  record(key, { name: "DeleteExpiredKeyMaterial", details, response: { keyId: keyArn(key) } }, context);
  await tell(key, context, "KMS Imported Key Material Expiration", { "key-material-id": materialId });
}

export async function tellDeleted(key: Key, context: Context): Promise<void> {
  record(key, { name: "DeleteKey", response: { keyId: keyArn(key) } }, context);
  await tell(key, context, "KMS CMK Deletion");
}

/**
 * Differs: told when something was copied, which is at once, and not again every now and then.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-synchronize-multi-region-key.html
 */
export function tellSynchronized(key: Key, context: Context): void {
  if (key.multiRegion === undefined) return;
  const primary = { ...key, region: key.multiRegion.primary };
  const response = { keyId: keyArn(primary) };
  record(primary, { name: "SynchronizeMultiRegionKey", type: "AwsApiCall", response }, context);
}

const BY = "kms.amazonaws.com";

interface Copied {
  readonly metadata: KeyMetadata;
  readonly policy: string;
  readonly bypass: boolean | undefined;
  readonly tags: Tag[] | undefined;
}

/**
 * Where the replica is, a key was created.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-replicate-key.html, ct-createkey.html
 */
export function recordReplica(key: Key, { metadata, policy, bypass = false, tags }: Copied, context: Context): void {
  const { description: Description, usage: KeyUsage, spec: KeySpec, origin: Origin } = key;
  const about = { Policy: policy, Description, KeyUsage, KeySpec, Origin, MultiRegion: true, Tags: tags };
  const input: CreateKeyCommandInput = { ...about, BypassPolicyLockoutSafetyCheck: bypass };
  const output = { KeyMetadata: metadata };
  context.recordAlso({ operation: "CreateKey", region: key.region, input, output, by: BY });
}

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-update-primary-region.html (the second entry) */
export function recordPromoted(primary: Key, context: Context): void {
  const { region } = primary;
  const KeyId = keyArn(primary);
  const input = { KeyId, PrimaryRegion: region };
  context.recordAlso({ operation: "UpdatePrimaryRegion", region, input, output: { KeyId }, by: BY });
}

function record(key: Key, event: Omit<OwnEvent, "by" | "resources">, context: Context): void {
  context.recordOwn({ by: "AWS Internal", resources: [keyArn(key)], ...event }, key);
}

function tell(key: Key, context: Context, detailType: string, more: object = {}): Promise<void> {
  const { account, region } = key;
  const event = { source: "aws.kms", detailType, resources: [keyArn(key)], detail: { "key-id": key.id, ...more } };
  return context.announce(event, { account, region });
}

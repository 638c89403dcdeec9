/**
 * What KMS tells event buses of keys.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html
 */
import type { Context } from "../../service/context.ts";
import type { Material } from "./key-material.ts";
import { keyArn, type Key } from "./key-row.ts";

export const tellRotated = (key: Key, material: Material, context: Context): Promise<void> =>
  tell(key, context, "KMS CMK Rotation", {
    "key-origin": key.origin,
    "rotation-type": material.rotatedBy,
    "previous-key-material-id": key.materialId,
    "current-key-material-id": material.id,
  });

export const tellExpired = (key: Key, materialId: string, context: Context): Promise<void> =>
  tell(key, context, "KMS Imported Key Material Expiration", { "key-material-id": materialId });

export const tellDeleted = (key: Key, context: Context): Promise<void> => tell(key, context, "KMS CMK Deletion");

function tell(key: Key, context: Context, detailType: string, more: object = {}): Promise<void> {
  const { account, region } = key;
  const event = { source: "aws.kms", detailType, resources: [keyArn(key)], detail: { "key-id": key.id, ...more } };
  return context.announce(event, { account, region });
}

/**
 * The KMS key of a store: whoever makes or queries the store has to be allowed to use it, and CloudTrail itself, which
 * encrypts events with data keys of it.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html#default-kms-key-policy-eds
 */
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { Context } from "../../../../service/context.ts";
import { keyArnIn, newDataKey, openDataKey, type KeyUse } from "../../../../service/kms-key.ts";
import { PRINCIPAL } from "../../kit.ts";
import { keyInvalid, keyNotFound, keyPolicyInsufficient, keyUnusable } from "../errors.ts";
import { arnOfStore, type Store, type StoreKey } from "./row.ts";

/** The key, where the caller and CloudTrail may use it for the store. @throws {AwsError} what is wrong with it */
export async function requireStoreKey(given: string, store: Store, context: Context): Promise<StoreKey> {
  const keyId = keyArnIn(given, store);
  const { keyArn, encrypted } = await newDataKey({ ...callersUse(keyId, store), keyId }, context);
  await newDataKey({ ...ownUse(keyArn, store), keyId: keyArn }, context);
  return { arn: keyArn, probe: encrypted };
}

/** Who queries a store uses its key. @throws {AwsError} `InsufficientEncryptionPolicyException`, `KmsException` */
export async function requireKeyUse(store: Store, context: Context): Promise<void> {
  if (store.key !== undefined) await openDataKey(store.key.probe, callersUse(store.key.arn, store), context);
}

/** CloudTrail's own. */
export const ownUse = (keyId: string, store: Store): KeyUse => ({
  ...callersUse(keyId, store),
  as: PRINCIPAL,
  source: { arn: arnOfStore(store), account: store.account },
  account: store.account,
  region: store.region,
});

const callersUse = (keyId: string, store: Store): KeyUse => ({
  bound: { "aws:cloudtrail:arn": arnOfStore(store) },
  refusal: (error) => refusalOf(error, keyId),
});

function refusalOf(error: AwsError, keyId: string): AwsError {
  switch (error.code) {
    case "NotFoundException":
      return keyNotFound();
    case "InvalidArnException":
    case "ValidationException":
    case "InvalidKeyUsageException":
      return keyInvalid(keyId);
    case "AccessDeniedException":
      return keyPolicyInsufficient(keyId);
    default:
      return keyUnusable(error.message);
  }
}

/** What may be done with a key in the state that it is in. Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
import type { KeyUsageType } from "@aws-sdk/client-kms";
import type { OriginType } from "@aws-sdk/client-kms";
import {
  keyDisabled,
  keyNotReady,
  keyPendingDeletion,
  keyPendingImport,
  managedByAws,
  originWrong,
  usageWrong,
} from "../errors.ts";
import { keyArn, type Key } from "./row.ts";

/** @throws {AwsError} `DisabledException`, `KMSInvalidStateException` */
export function requireEnabled(key: Key): void {
  const { kind } = key.state;
  if (kind === "Disabled") throw keyDisabled(keyArn(key));
  if (kind === "PendingImport") throw keyPendingImport(keyArn(key));
  requireNotLeaving(key);
}

/** @throws {AwsError} `KMSInvalidStateException` where the key is on its way out. */
export function requireNotLeaving(key: Key): void {
  const { kind } = key.state;
  if (kind === "PendingDeletion") throw keyPendingDeletion(keyArn(key));
  if (kind === "PendingReplicaDeletion") throw keyNotReady(keyArn(key));
}

/** @throws {AwsError} `InvalidKeyUsageException` */
export function requireUsage(key: Key, usage: KeyUsageType, action: string): void {
  if (key.usage !== usage) throw usageWrong(keyArn(key), key.usage, action);
}

/** @throws {AwsError} `UnsupportedOperationException` */
export function requireOrigin(key: Key, origin: OriginType): void {
  if (key.origin !== origin) throw originWrong(keyArn(key), key.origin);
}

/** @throws {AwsError} `AccessDeniedException` where the key is AWS's to manage. */
export function requireCustomer(key: Key): void {
  if (key.manager === "AWS") throw managedByAws(keyArn(key));
}

/** @throws {AwsError} `KMSInvalidStateException` where material was never imported, or is gone. */
export function requireHasMaterial(key: Key): void {
  if (key.state.kind === "PendingImport") throw keyPendingImport(keyArn(key));
}

/** Keys as rows. */
import type { ExpirationModelType, KeyUsageType } from "@aws-sdk/client-kms";
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { formatArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { BuiltSpec } from "./spec.ts";

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export type KeyState =
  | { readonly kind: "Enabled" }
  | { readonly kind: "Disabled" }
  | { readonly kind: "PendingImport" }
  | { readonly kind: "PendingDeletion"; readonly deletionAtMs: number }
  /** A primary key whose replicas have to go first; the window begins when they are gone. */
  | { readonly kind: "PendingReplicaDeletion"; readonly windowDays: number };

export interface Rotation {
  readonly periodDays: number;
  /** Virtual epoch milliseconds. */
  readonly nextAtMs: number;
}

/** What related keys in several regions know of each other. */
export interface MultiRegion {
  readonly primary: Region;
  readonly replicas: readonly Region[];
}

/** Until when imported material is good. */
export interface Expiration {
  readonly model: ExpirationModelType;
  readonly validToMs?: number | undefined;
}

export interface Key {
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  readonly description: string;
  readonly spec: BuiltSpec;
  readonly usage: KeyUsageType;
  readonly origin: "AWS_KMS" | "EXTERNAL";
  readonly manager: "CUSTOMER" | "AWS";
  readonly state: KeyState;
  readonly policy: PinnedPolicy;
  readonly tags: Tags;
  /** The material that encrypts; `undefined` where there is none yet. */
  readonly materialId?: string | undefined;
  readonly expiration?: Expiration | undefined;
  readonly rotation?: Rotation | undefined;
  readonly multiRegion?: MultiRegion | undefined;
}

export const keys = table<Key>("kms.key", "region", ({ id }) => [id]);

export const keyArn = ({ partition, region, account, id }: Pick<Key, "partition" | "region" | "account" | "id">): Arn =>
  formatArn({ partition, service: "kms", region, account, resource: `key/${id}` });

/** The store as it is seen from where the key is. */
export const homeOf = ({ account, region }: Pick<Key, "account" | "region">, tx: Transaction): Transaction =>
  tx.in({ account, region });

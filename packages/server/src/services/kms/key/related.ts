/**
 * Keys of several regions that are one: they have the same id and the same material.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
import type { Region } from "../../../kernel/arn.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { homeOf, keys, type Key, type MultiRegion } from "./row.ts";

/** All regions that have the key; its own alone, where it is no multi-Region key. */
export const regionsOf = ({ region, multiRegion }: Pick<Key, "region" | "multiRegion">): readonly Region[] =>
  multiRegion === undefined ? [region] : [multiRegion.primary, ...multiRegion.replicas];

/** The key as it is in each of its regions. */
export async function relatedKeys(key: Key, tx: Transaction): Promise<Key[]> {
  const found = await Promise.all(regionsOf(key).map((region) => homeOf({ ...key, region }, tx).get(keys, key.id)));
  return found.filter((each) => each !== undefined);
}

/** The key as it is in its other regions. */
export const otherKeys = async (key: Key, tx: Transaction): Promise<Key[]> =>
  (await relatedKeys(key, tx)).filter(({ region }) => region !== key.region);

export const isReplica = ({ region, multiRegion }: Pick<Key, "region" | "multiRegion">): boolean =>
  multiRegion !== undefined && multiRegion.primary !== region;

/** Changes what the key's regions share. */
export async function putShared(
  key: Key,
  shared: Partial<Pick<Key, "multiRegion" | "rotation" | "materialId">>,
  tx: Transaction,
): Promise<void> {
  for (const each of await relatedKeys(key, tx)) homeOf(each, tx).put(keys, { ...each, ...shared });
}

/** A primary key that waited for its last replica to go, and the window that it was to have. */
export interface WaitingKey {
  readonly key: Key;
  readonly windowDays: number;
}

/** Tells the others that the key is gone from its region. */
export async function forgetReplica(gone: Key, tx: Transaction): Promise<WaitingKey | undefined> {
  const { multiRegion, region } = gone;
  if (multiRegion === undefined || multiRegion.primary === region) return undefined;
  const left: MultiRegion = { ...multiRegion, replicas: multiRegion.replicas.filter((each) => each !== region) };
  await putShared(gone, { multiRegion: left }, tx);
  const primary = await homeOf({ ...gone, region: left.primary }, tx).get(keys, gone.id);
  if (primary?.state.kind !== "PendingReplicaDeletion" || left.replicas.length > 0) return undefined;
  return { key: primary, windowDays: primary.state.windowDays };
}

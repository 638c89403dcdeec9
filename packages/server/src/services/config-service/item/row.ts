/** Configuration items: how a resource was, from time to time. */
import type { ResourceType } from "@aws-sdk/client-config-service";
import type { AccountId, Region } from "../../../kernel/arn.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { table, type Key, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Relationship } from "../resource/kind.ts";

export type ItemStatus = "ResourceDiscovered" | "OK" | "ResourceDeleted" | "ResourceDeletedNotRecorded";

export interface Item {
  readonly type: ResourceType;
  /** As AWS Config names it. */
  readonly id: string;
  readonly name: string;
  /** As calls name it: what it is found again by. */
  readonly handle: string;
  readonly arn: string;
  readonly account: AccountId;
  readonly region: Region;
  /** Grows with each item of the resource. */
  readonly stateId: number;
  readonly capturedAtMs: number;
  readonly status: ItemStatus;
  readonly createdAtMs?: number;
  readonly tags: Tags;
  readonly relationships: readonly Relationship[];
  /** JSON. */
  readonly configuration: string;
  /** JSON by name. */
  readonly supplementary: Readonly<Record<string, string>>;
}

/** How resources stand with rules. Source: https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html (AWS Config) */
export const RESOURCE_COMPLIANCE: ResourceType = "AWS::Config::ResourceCompliance";

/** All of them. */
export const items = table<Item>("config.item", "region", ({ type, id, capturedAtMs, stateId }) => [
  type,
  id,
  capturedAtMs,
  stateId,
]);
/** The newest of each resource. */
export const resources = table<Item>("config.resource", "region", ({ type, id }) => [type, id]);
const handles = table<Pick<Item, "type" | "handle" | "id">>("config.handle", "region", ({ type, handle }) => [
  type,
  handle,
]);

/** The newest item of what calls name so. */
export async function findByHandle(type: string, handle: string, tx: Transaction): Promise<Item | undefined> {
  const row = await tx.get(handles, type, handle);
  return row && tx.get(resources, type, row.id);
}

export function putItem(item: Item, tx: Transaction): void {
  const { type, handle, id } = item;
  tx.put(items, item);
  tx.put(resources, item);
  tx.put(handles, { type, handle, id });
}

const EXPIRED_AT_ONCE = 200;

/** Items of a resource that are older than they are to be kept go, but for the newest. */
export async function expire(item: Item, retentionDays: number, tx: Transaction): Promise<void> {
  const before: Key = [item.type, item.id, item.capturedAtMs - retentionDays * DAY_MS];
  await tx.clear(items, { prefix: [item.type, item.id], before, limit: EXPIRED_AT_ONCE });
}

/** The newest of each resource that is there, of a type or of all. */
export async function* itemsThere(type: string | undefined, tx: Transaction): AsyncGenerator<Item> {
  for await (const item of everyRow(tx, resources, { prefix: type === undefined ? [] : [type] }))
    if (!isDeleted(item)) yield item;
}

export const isDeleted = ({ status }: Item): boolean => status.startsWith("ResourceDeleted");

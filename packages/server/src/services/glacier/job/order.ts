/**
 * What a job is asked to do.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-jobParameters.html
 */
import type { JobParameters } from "@aws-sdk/client-glacier";
import { decodeToken } from "../../../kernel/page.ts";
import type { ByteRange } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { findArchive } from "../archive/row.ts";
import { archiveNotFound, invalidValue, missing, noInventory, notForThisJob, selectOver } from "../errors.ts";
import type { ArchiveTask, InventoryTask, Tier } from "./row.ts";
import { vaultArn } from "../kit.ts";
import { DESCRIPTION_CHARACTERS_MAX, RETRIEVAL_MS } from "../limits.ts";
import { requireTopic } from "../vault/notification.ts";
import { isMegabyteAligned } from "../archive/tree-hash.ts";
import type { FoundVault } from "../vault/row.ts";

export type Order = Validated<JobParameters>;

/** @throws {AwsError} `MissingParameterValueException`, `InvalidParameterValueException`, `ResourceNotFoundException` */
export async function taskOf(order: Order, found: FoundVault): Promise<ArchiveTask | InventoryTask> {
  const { Type: type, Description: description, SNSTopic: topic } = order;
  if (type === undefined) throw missing("Type");
  if (description !== undefined && !/^[\x20-\x7e]*$/.test(description)) throw invalidValue("Description", description);
  if (description !== undefined && description.length > DESCRIPTION_CHARACTERS_MAX) {
    throw invalidValue("Description", description);
  }
  if (topic !== undefined) requireTopic(topic);
  if (type === "select") throw selectOver();
  if (type === "archive-retrieval") return archiveTask(order, type, found);
  if (type === "inventory-retrieval") return inventoryTask(order, type, found);
  throw invalidValue("job type", type);
}

/** @throws {AwsError} `InvalidParameterValueException` */
function refuse(names: readonly (keyof Order)[], order: Order, type: string): void {
  for (const name of names) if (order[name] !== undefined) throw notForThisJob(name, type);
}

async function archiveTask(order: Order, type: string, { vault, place }: FoundVault): Promise<ArchiveTask> {
  refuse(["Format", "InventoryRetrievalParameters", "SelectParameters", "OutputLocation"], order, type);
  const { ArchiveId: archiveId, RetrievalByteRange: range } = order;
  if (archiveId === undefined) throw missing("ArchiveId");
  const archive = await findArchive({ vault: vault.name, id: archiveId }, place.tx);
  if (!archive) throw archiveNotFound(archiveId);
  const { size, treeHash, description } = archive;
  return {
    kind: "archive",
    archiveId,
    description,
    size,
    treeHash,
    range: range === undefined ? { start: 0, end: size - 1 } : requireRange(range, size),
    tier: requireTier(order.Tier),
  };
}

/** @throws {AwsError} `InvalidParameterValueException` */
function requireRange(text: string, size: number): ByteRange {
  const [, from = "", to = ""] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  const range = { start: Number(from), end: Number(to) };
  const isInside = from !== "" && range.start <= range.end && range.end < size;
  if (!isInside || !isMegabyteAligned({ ...range, of: size })) throw invalidValue("RetrievalByteRange", text);
  return range;
}

/** @throws {AwsError} `InvalidParameterValueException` */
function requireTier(text: string | undefined): Tier {
  if (text === undefined) return "Standard";
  if (isTier(text)) return text;
  throw invalidValue("Tier", text);
}

const isTier = (text: string): text is Tier => Object.hasOwn(RETRIEVAL_MS, text);

async function inventoryTask(order: Order, type: string, { vault, place }: FoundVault): Promise<InventoryTask> {
  refuse(["ArchiveId", "RetrievalByteRange", "Tier", "SelectParameters", "OutputLocation"], order, type);
  const { Format: format = "JSON", InventoryRetrievalParameters: asked = {} } = order;
  if (format !== "JSON" && format !== "CSV") throw invalidValue("Format", format);
  const { StartDate: startDate, EndDate: endDate, Limit: limit, Marker: marker } = asked;
  if (startDate !== undefined) requireDate("StartDate", startDate);
  if (endDate !== undefined) requireDate("EndDate", endDate);
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw invalidValue("Limit", limit);
  if (marker !== undefined) requireMarker(marker, vault.name);
  if (!vault.inventory) throw noInventory(vaultArn(place, vault.name));
  return { kind: "inventory", atMs: vault.inventory.atMs, format, startDate, endDate, limit, marker };
}

/** @throws {AwsError} `InvalidParameterValueException` */
function requireDate(name: string, text: string): void {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(Date.parse(text))) throw invalidValue(name, text);
}

/** A marker is the key of the last archive that was given. */
export function requireMarker(marker: string, vault: string): ReturnType<typeof decodeToken> {
  const key = decodeToken(marker, () => invalidValue("Marker", marker));
  if (key[0] !== vault) throw invalidValue("Marker", marker);
  return key;
}

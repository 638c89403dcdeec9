/**
 * Objects that are archived, and copies of them that are there for a time.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
 */
import type { RestoreStatus } from "@aws-sdk/client-s3";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { OPTIONAL_ATTRIBUTE, requireChoice } from "../choice.ts";
import { invalidObjectState } from "../errors.ts";
import { storageClassOf, type Classed } from "./storage-class.ts";

/** Where Intelligent-Tiering has put an object that nobody read for long. */
export type ArchiveTier = "ARCHIVE_ACCESS" | "DEEP_ARCHIVE_ACCESS";

export interface Restoration {
  /** From then on it can be read. */
  readonly readyAtMs: number;
  /** How long it is to be there, and the midnight that ends it. Left out where the object itself comes back to stay (Intelligent-Tiering). */
  readonly days?: number | undefined;
  readonly expiresAtMs?: number | undefined;
}

/** What rows keep of an object that is, or was once, archived. */
export interface Archived extends Classed {
  readonly archiveTier?: ArchiveTier | undefined;
  readonly restoration?: Restoration | undefined;
  /** When it was read last, to a day, where that decides on its tier. */
  readonly accessedAtMs?: number | undefined;
}

/** Whether the bytes cannot be had without a restoration: it may be under way, or have come to an end. */
export const isArchived = ({ storageClass, archiveTier }: Archived): boolean =>
  storageClass === "GLACIER" || storageClass === "DEEP_ARCHIVE" || archiveTier !== undefined;

type Standing = "ongoing" | "restored" | "none";

export function standingOf({ restoration }: Archived, now: Date): Standing {
  if (restoration === undefined) return "none";
  const { readyAtMs, expiresAtMs = Infinity } = restoration;
  if (now.getTime() < readyAtMs) return "ongoing";
  return now.getTime() < expiresAtMs ? "restored" : "none";
}

/** @throws {AwsError} `InvalidObjectState` where the bytes cannot be read. */
export function requireReadable(object: Archived, context: Pick<Context, "now">): void {
  if (isReadable(object, context)) return;
  const { archiveTier } = object;
  throw invalidObjectState({ StorageClass: storageClassOf(object), ...(archiveTier && { AccessTier: archiveTier }) });
}

export const isReadable = (object: Archived, context: Pick<Context, "now">): boolean =>
  !isArchived(object) || standingOf(object, context.now()) === "restored";

/** As `x-amz-restore` tells it. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (x-amz-restore) */
export function formatRestoration(object: Archived, now: Date): { readonly Restore?: string } {
  const standing = standingOf(object, now);
  if (standing === "ongoing") return { Restore: 'ongoing-request="true"' };
  const expiresAtMs = object.restoration?.expiresAtMs;
  if (standing === "none" || expiresAtMs === undefined) return {};
  return { Restore: `ongoing-request="false", expiry-date="${new Date(expiresAtMs).toUTCString()}"` };
}

/** What listings tell where they are asked to. */
export type Retelling = (object: Archived) => RestoreStatus | undefined;

/**
 * As listings tell it, to who asks for it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (x-amz-optional-object-attributes)
 *
 * @throws {AwsError} `InvalidArgument`
 */
export function retelling(attributes: readonly string[] | undefined, now: Date): Retelling {
  for (const attribute of attributes ?? []) requireChoice(attribute, OPTIONAL_ATTRIBUTE);
  return attributes?.includes("RestoreStatus") ? (object) => formatStatus(object, now) : () => undefined;
}

function formatStatus(object: Archived, now: Date): RestoreStatus | undefined {
  const standing = standingOf(object, now);
  if (standing === "ongoing") return { IsRestoreInProgress: true };
  const expiresAtMs = object.restoration?.expiresAtMs;
  if (standing === "none" || expiresAtMs === undefined) return undefined;
  return { IsRestoreInProgress: false, RestoreExpiryDate: new Date(expiresAtMs) };
}

/**
 * The midnight that S3 rounds a time to.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html (15 October 10:30 and 3 days: 19 October 00:00)
 */
export const midnightAfter = (ms: number): number => Math.min(Math.ceil(ms / DAY_MS) * DAY_MS, LAST_DATE_MS);

/** The last that a date can tell, in the year 275760. */
const LAST_DATE_MS = 8.64e15;

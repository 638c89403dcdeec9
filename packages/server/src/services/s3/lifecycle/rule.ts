/**
 * The rules of a bucket's lifecycle, as they are kept, and what they select.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
import type { LifecycleRuleFilter } from "@aws-sdk/client-s3";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import type { Bucket } from "../bucket/row.ts";
import type { StorageClass } from "../storage-class/storage-class.ts";

/** An age, or a day of the calendar. */
export type Moment =
  | { readonly kind: "days"; readonly days: number }
  | { readonly kind: "date"; readonly dateMs: number };

/** The classes that objects are moved to. */
export const COLDER_CLASSES = [
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
] as const satisfies readonly StorageClass[];

export type ColderClass = (typeof COLDER_CLASSES)[number];

/** Of current objects, or of delete markers that nothing lies behind. */
export type Expiration = Moment | { readonly kind: "marker"; readonly removes: boolean };

export interface Transition {
  readonly when: Moment;
  readonly storageClass: ColderClass;
}

/** Of versions that are not current: their age counts from when they were not any more. */
export interface NoncurrentMoment {
  readonly days: number;
  /** How many newer ones are left alone. */
  readonly newer?: number | undefined;
}

export interface NoncurrentTransition extends NoncurrentMoment {
  readonly storageClass: ColderClass;
}

/** Which objects a rule is for. */
interface Selection {
  readonly prefix: string;
  readonly tags: Tags;
  readonly largerThan?: number | undefined;
  readonly smallerThan?: number | undefined;
}

export interface Rule {
  readonly id: string;
  readonly enabled: boolean;
  /** The filter as it was written, to be read back; `Prefix` alone is the old form. */
  readonly written: { readonly prefix: string } | { readonly filter: Validated<LifecycleRuleFilter> };
  readonly selection: Selection;
  readonly expiration?: Expiration | undefined;
  readonly transitions: readonly Transition[];
  readonly noncurrentExpiration?: NoncurrentMoment | undefined;
  readonly noncurrentTransitions: readonly NoncurrentTransition[];
  /** Of uploads in parts that were never completed. */
  readonly abortAfterDays?: number | undefined;
}

/** Which objects are too small to be moved, where a rule says nothing of sizes. */
export type SmallestMoved = "all_storage_classes_128K" | "varies_by_storage_class";

/** A bucket's rules. That it has any stands in its own row. */
export interface Lifecycle {
  readonly bucket: string;
  readonly rules: readonly Rule[];
  readonly smallestMoved: SmallestMoved;
}

export const lifecycles = table<Lifecycle>("s3.lifecycle", "global", ({ bucket }) => [bucket]);

/** The rules of a bucket that are in force. A bucket without any costs no look. */
export async function rulesOf(
  { name, lifecycle }: Pick<Bucket, "name" | "lifecycle">,
  { tx }: Pick<Context, "tx">,
): Promise<readonly Rule[]> {
  if (lifecycle === undefined) return [];
  const row = await tx.get(lifecycles, name);
  return row?.rules.filter(({ enabled }) => enabled) ?? [];
}

/** What a rule looks at. Delete markers and uploads have neither size nor tags. */
export interface Subject {
  readonly key: string;
  readonly size?: number | undefined;
  readonly tags?: Tags | undefined;
}

export function selects({ selection }: Rule, { key, size, tags = {} }: Subject): boolean {
  const { prefix, largerThan, smallerThan } = selection;
  if (!key.startsWith(prefix)) return false;
  if (Object.entries(selection.tags).some(([name, value]) => tags[name] !== value)) return false;
  if (largerThan !== undefined && (size === undefined || size <= largerThan)) return false;
  return smallerThan === undefined || (size !== undefined && size < smallerThan);
}

/**
 * Conditional requests: whether a call goes on, given what the object is now.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import type { Bucket } from "../bucket/row.ts";
import { noSuchKey, notImplemented, preconditionFailed } from "../errors.ts";

/** What conditions compare with. */
export interface Validators {
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export interface ReadConditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: Date | undefined;
  readonly ifUnmodifiedSince?: Date | undefined;
}

export type Verdict =
  | { readonly kind: "go-on" }
  | { readonly kind: "not-modified" }
  | { readonly kind: "failed"; readonly condition: string };

const GO_ON: Verdict = { kind: "go-on" };

/**
 * Tags are asked before dates: a matching `If-Match` outweighs `If-Unmodified-Since`, a differing
 * `If-None-Match` outweighs `If-Modified-Since`. `now` bounds dates, since those to come are ignored.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (If-Match, If-None-Match)
 */
export function judge(conditions: ReadConditions, object: Validators, now: Date): Verdict {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) return { kind: "failed", condition: "If-Match" };
  } else if (ifUnmodifiedSince && isAfter(object, ifUnmodifiedSince)) {
    return { kind: "failed", condition: "If-Unmodified-Since" };
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag) ? { kind: "not-modified" } : GO_ON;
  const counts = ifModifiedSince !== undefined && ifModifiedSince <= now;
  return counts && !isAfter(object, ifModifiedSince) ? { kind: "not-modified" } : GO_ON;
}

/** The same for the source of a copy, where nothing is ever `304`. */
export function requireCopyable(conditions: ReadConditions, source: Validators, now: Date): void {
  const verdict = judge(conditions, source, now);
  if (verdict.kind === "failed") throw preconditionFailed(`x-amz-copy-source-${verdict.condition}`);
  if (verdict.kind === "go-on") return;
  const condition = conditions.ifNoneMatch === undefined ? "If-Modified-Since" : "If-None-Match";
  throw preconditionFailed(`x-amz-copy-source-${condition}`);
}

/** HTTP dates know no fractions of a second. */
const isAfter = ({ modifiedAtMs }: Validators, date: Date): boolean =>
  Math.floor(modifiedAtMs / 1000) > Math.floor(date.getTime() / 1000);

/** Whether a list of entity tags, as headers have them, names `etag` or all. */
export function matches(header: string, etag: string): boolean {
  return header.split(",").some((entry) => {
    const tag = entry.trim();
    return tag === "*" || tag.replace(/^W\//, "").replaceAll('"', "") === etag;
  });
}

export interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

const NOTHING: readonly Access[] = [];

/**
 * What else a caller needs whose write or deletion compares a tag, since the answer tells something of the object.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html#conditional-write-etags
 */
export const askToCompare = (
  { IfMatch }: WriteConditions,
  { bucket, key }: { readonly bucket: Bucket; readonly key: string },
  context: Context,
): readonly Access[] =>
  IfMatch === undefined || IfMatch === "*" ? NOTHING : [onObject("s3:GetObject", context, { bucket, key })];

/**
 * Whether `existing` may be replaced.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @throws {AwsError} `PreconditionFailed`; `NoSuchKey` where `If-Match` finds nothing; `NotImplemented`
 */
export function requireWritable(conditions: WriteConditions, existing: Validators | undefined, key: string): void {
  const { IfMatch, IfNoneMatch } = conditions;
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw notImplemented("If-Match,If-None-Match", "Multiple conditional request headers present in the request");
  }
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== "*") throw valueNotTaken("If-None-Match");
    if (existing) throw preconditionFailed("If-None-Match");
  }
  if (IfMatch !== undefined) {
    if (IfMatch === "*") throw valueNotTaken("If-Match");
    if (!existing) throw noSuchKey(key);
    if (!matches(IfMatch, existing.etag)) throw preconditionFailed("If-Match");
  }
}

const valueNotTaken = (header: string) =>
  notImplemented(header, `We don't accept the provided value of ${header} header for this API`);

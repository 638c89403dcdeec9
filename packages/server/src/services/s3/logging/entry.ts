/**
 * A request as a line of a log.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
import type { Principal } from "../../../identity/principal.ts";
import type { Answered } from "../../../service/answered.ts";
import type { Context } from "../../../service/context.ts";
import { accessPointArn, type AccessPoint } from "../access-point/row.ts";
import type { Bucket } from "../bucket/row.ts";
import { hostIdOf } from "../notification/request-id.ts";
import { canonicalIdOf } from "../acl/owner.ts";

/** What is logged of a call beside what the call itself says. */
export interface Logged {
  readonly bucket: Bucket;
  readonly operation: string;
  readonly requestId: string;
  readonly key: string | undefined;
  /** By which the bucket was named. */
  readonly point?: AccessPoint | undefined;
  readonly answered: Omit<Answered, "operation" | "requestId">;
}

const NOTHING = "-";

const quoted = (text: string | undefined): string =>
  text === undefined ? '"-"' : `"${text.replaceAll(/[\r\n]/g, " ")}"`;

/** Nothing is said of what is zero. */
const counted = (count: number | undefined): string => (count ? String(count) : NOTHING);

export function formatEntry({ bucket, operation, requestId, key, point, answered }: Logged, context: Context): string {
  const { request, principal } = context;
  const { signature, headers, secureTransport } = request;
  const { status, errorCode, bytes, atMs, answeredAtMs, byAcl } = answered;
  const totalMs = Math.max(1, answeredAtMs - atMs);
  return [
    canonicalIdOf(bucket.owner),
    bucket.name,
    formatTime(atMs),
    request.sourceIp,
    requesterOf(principal),
    requestId,
    operation,
    key === undefined ? NOTHING : encodeURIComponent(key).replaceAll("%2F", "/"),
    operation.startsWith("BATCH.") ? NOTHING : quoted(`${answered.method} ${answered.target} HTTP/1.1`),
    status,
    errorCode ?? NOTHING,
    counted(bytes),
    counted(sizeOf(answered, context)),
    totalMs,
    turnAroundOf(operation, totalMs),
    quoted(headers["referer"]),
    quoted(request.userAgent),
    versionOf(answered.target) ?? NOTHING,
    hostIdOf(requestId),
    signature === undefined ? NOTHING : `SigV${signature.version}`,
    // Differs: which of the suites of TLS 1.3 a client chose is not known here
    secureTransport ? "TLS_AES_128_GCM_SHA256" : NOTHING,
    signature === undefined ? NOTHING : AUTHENTICATION[signature.place],
    headers["host"] ?? NOTHING,
    secureTransport ? "TLSv1.3" : NOTHING,
    point === undefined ? NOTHING : accessPointArn(point, context),
    byAcl ? "Yes" : NOTHING,
    // where the client is in the world is unknown
    NOTHING,
  ].join(" ");
}

/** Something that S3 does of itself, by the rules of a bucket's lifecycle. */
export interface OwnAction {
  readonly bucket: Bucket;
  /** `S3.EXPIRE.OBJECT` */
  readonly operation: string;
  readonly requestId: string;
  readonly atMs: number;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly size?: number | undefined;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html (Lifecycle and logging); who S3 calls itself is assumed */
export const formatOwnAction = ({ bucket, operation, requestId, atMs, key, versionId, size }: OwnAction): string =>
  [
    canonicalIdOf(bucket.owner),
    bucket.name,
    formatTime(atMs),
    NOTHING,
    "AmazonS3",
    requestId,
    operation,
    encodeURIComponent(key).replaceAll("%2F", "/"),
    quoted(undefined),
    ...Array.from({ length: 3 }, () => NOTHING),
    counted(size),
    NOTHING,
    NOTHING,
    quoted(undefined),
    quoted(undefined),
    versionId ?? NOTHING,
    hostIdOf(requestId),
    ...Array.from({ length: 8 }, () => NOTHING),
  ].join(" ");

/**
 * What has a turn-around time: what is about objects, and listings; settings and questions of browsers have none.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (the example)
 */
const MOVES = /\.(?:OBJECT|OBJECT_GET|PART|PART_GET|BUCKET|BUCKETVERSIONS|UPLOADS?|MULTI_OBJECT_DELETE)$/;

/** Nothing is sent while the operation is at work. */
const turnAroundOf = (operation: string, totalMs: number): number | string =>
  MOVES.test(operation) ? totalMs : NOTHING;

const AUTHENTICATION = { header: "AuthHeader", query: "QueryString", form: NOTHING } as const;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `[06/Feb/2019:00:00:38 +0000]` */
function formatTime(ms: number): string {
  const iso = new Date(ms).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `[${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000]`;
}

/** A root user goes by the account's canonical id. */
function requesterOf(principal: Principal): string {
  if (principal.type === "anonymous") return NOTHING;
  if (principal.type === "service") return `svc:${principal.service}`;
  return principal.type === "root" ? canonicalIdOf(principal.account) : principal.arn;
}

/** Of the object: whole, whatever part of it was asked for. */
function sizeOf({ output, method }: Logged["answered"], { request: { headers } }: Context): number | undefined {
  if ("ContentRange" in output && typeof output.ContentRange === "string") {
    return Number(output.ContentRange.split("/")[1]);
  }
  if ("ContentLength" in output) return Number(output.ContentLength);
  if (method !== "PUT" || !("ETag" in output)) return undefined;
  return Number(headers["x-amz-decoded-content-length"] ?? headers["content-length"] ?? 0);
}

const versionOf = (target: string): string | undefined => /[?&]versionId=([^&]+)/.exec(target)?.[1];

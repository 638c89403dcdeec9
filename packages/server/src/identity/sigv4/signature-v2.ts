/**
 * Signature version 2 of S3: HMAC-SHA1 over a shorter text. Presigned URLs of boto3 still use it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
import { createHmac } from "node:crypto";
import type { RequestHead, SigV2Claim } from "./claim.ts";
import { authorizationV2Malformed, dateMissing, urlParametersMissing } from "./errors.ts";
import { unsignedPayload } from "./payload.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Whether the query is signed in version 2. */
export const isPresignedV2 = (query: string): boolean => /(?:^|&)(?:AWSAccessKeyId|Signature)=/.test(query);

/** `AWS AKID:signature`. @throws {AuthenticationError} */
export function headerClaimV2(header: string, head: RequestHead): SigV2Claim {
  const [, accessKeyId, signature] = /^AWS ([^:\s]+):(\S+)$/.exec(header) ?? [];
  if (accessKeyId === undefined || signature === undefined) throw authorizationV2Malformed(header);
  const date = head.headers["x-amz-date"] ?? head.headers["date"] ?? "";
  const atMs = parseTimestamp(date) ?? Date.parse(date);
  // Source: https://github.com/ceph/s3-tests (test_object_create_bad_date_before_epoch_aws2: a date before 1970 is none)
  if (Number.isNaN(atMs) || atMs < 0) throw dateMissing("s3", header);
  return {
    ...claimed(head, { accessKeyId, signature }),
    place: "header",
    sessionToken: head.headers["x-amz-security-token"],
    // with x-amz-date, the date's own line stays empty
    date: head.headers["x-amz-date"] === undefined ? date : "",
    atMs,
  };
}

/** @throws {AuthenticationError} */
export function presignedClaimV2(head: RequestHead): SigV2Claim {
  const query = new URLSearchParams(head.query);
  const accessKeyId = query.get("AWSAccessKeyId");
  const signature = query.get("Signature");
  const date = query.get("Expires");
  if (accessKeyId === null || signature === null || date === null || !/^\d+$/.test(date)) throw urlParametersMissing();
  return {
    // a client may leave the base64 of the signature as it is
    ...claimed(head, { accessKeyId, signature: signature.replaceAll(" ", "+") }),
    place: "query",
    sessionToken: query.get("x-amz-security-token") ?? head.headers["x-amz-security-token"],
    date,
    atMs: Number(date) * 1000,
  };
}

const claimed = (head: RequestHead, key: { readonly accessKeyId: string; readonly signature: string }) => ({
  version: 2 as const,
  family: "s3" as const,
  payload: unsignedPayload(head, "s3"),
  ...key,
});

export const signV2 = (stringToSign: string, secretAccessKey: string): string =>
  createHmac("sha1", secretAccessKey).update(stringToSign, "latin1").digest("base64");

/**
 * The texts that the signature may be made over: with the path as it is, and where the host may
 * name the bucket, with the bucket before it.
 * Source: https://github.com/boto/botocore/blob/develop/botocore/auth.py (HmacV1Auth.canonical_resource)
 */
export function stringsToSignV2(claim: SigV2Claim, head: RequestHead): readonly [string, ...string[]] {
  const query = [...new URLSearchParams(head.query)].map(([name, value]) => [name, asBytes(value)] as const);
  // a header that came is what counts, so it is what has to be signed
  const headers = { ...movedHeaders(query), ...head.headers };
  const lines = [head.method, headers["content-md5"] ?? "", headers["content-type"] ?? "", claim.date];
  const start = `${lines.join("\n")}\n${amzHeaders(headers)}`;
  const bucket = bucketOf(head.headers["host"] ?? "");
  const resource = head.path + subresources(query);
  const asSent = start + resource;
  if (bucket !== undefined) return [asSent, `${start}/${bucket}${resource}`];
  return isBucketAlone(head.path) ? [asSent, `${start}${head.path}/${subresources(query)}`] : [asSent];
}

/** As headers come: each byte of its UTF-8 a letter of its own. */
const asBytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** Clients sign a bucket in a path with a slash behind it, whether they send one or not. */
const isBucketAlone = (path: string): boolean => /^\/[^/]+$/.test(path);

/** Headers that the signer moved into the query. */
const movedHeaders = (query: readonly (readonly [string, string])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    query
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name.startsWith("x-amz-") || name === "content-md5" || name === "content-type"),
  );

function amzHeaders(headers: RequestHead["headers"]): string {
  const names = Object.keys(headers).filter((name) => name.startsWith("x-amz-"));
  const lines = names
    .toSorted()
    .map((name) => `${name}:${(headers[name] ?? "").replaceAll(/\s*\n\s*/g, " ").trim()}\n`);
  return lines.join("");
}

/** Younger ones are not signed. Source: https://github.com/boto/botocore/blob/develop/botocore/auth.py (HmacV1Auth.QSAOfInterest) */
const SUBRESOURCES: ReadonlySet<string> = new Set(
  (
    "accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging " +
    "metrics notification object-lock partNumber policy replication requestPayment restore " +
    "select select-type storageClass tagging torrent uploadId uploads versionId versioning versions website " +
    "response-cache-control response-content-disposition response-content-encoding response-content-language " +
    "response-content-type response-expires"
  ).split(" "),
);

function subresources(query: readonly (readonly [string, string])[]): string {
  const parts = query
    .filter(([name]) => SUBRESOURCES.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** The bucket in a virtual-hosted name, `photos.s3.localhost:4566`, or the name itself where it may be one. */
function bucketOf(host: string): string | undefined {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const before = /^(.+?)\.(?:s3[.-]|localhost(?:\.|$))/.exec(name)?.[1];
  if (before !== undefined) return before;
  return /^s3[.-]|^localhost$|^[\d.]+$|^\[/.test(name) || name === "" ? undefined : name;
}

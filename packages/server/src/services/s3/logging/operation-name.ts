/**
 * What logs call an operation: `REST.GET.OBJECT`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (Operation)
 */
import { findOwn } from "../../../kernel/lookup.ts";

/**
 * Where the name does not follow from the operation's own.
 * Source: https://github.com/digitalcorpora/digitalcorpora-stats/blob/main/python/dclogtool.py (names seen in logs)
 */
const RESOURCES: Readonly<Record<string, string>> = {
  ListObjects: "BUCKET",
  ListObjectsV2: "BUCKET",
  ListObjectVersions: "BUCKETVERSIONS",
  GetBucketAcl: "ACL",
  PutBucketAcl: "ACL",
  GetObjectAcl: "ACL",
  PutObjectAcl: "ACL",
  GetBucketPolicy: "BUCKETPOLICY",
  PutBucketPolicy: "BUCKETPOLICY",
  DeleteBucketPolicy: "BUCKETPOLICY",
  GetBucketLogging: "LOGGING_STATUS",
  PutBucketLogging: "LOGGING_STATUS",
  DeleteObjects: "MULTI_OBJECT_DELETE",
  CreateMultipartUpload: "UPLOADS",
  ListMultipartUploads: "UPLOADS",
  CompleteMultipartUpload: "UPLOAD",
  AbortMultipartUpload: "UPLOAD",
  ListParts: "UPLOAD",
  UploadPart: "PART",
  GetObjectLockConfiguration: "OBJECT_LOCK_CONFIGURATION",
  PutObjectLockConfiguration: "OBJECT_LOCK_CONFIGURATION",
  GetObjectTorrent: "TORRENT",
  RestoreObject: "RESTORE",
  SelectObjectContent: "SELECT",
  // Source: https://docs.ceph.com/en/latest/radosgw/bucket_logging/ (of the same format)
  GetObjectLegalHold: "LEGAL_HOLD",
  PutObjectLegalHold: "LEGAL_HOLD",
  GetObjectRetention: "RETENTION",
  PutObjectRetention: "RETENTION",
};

/** Copies say that they are instead of how they were asked for. */
const COPIES: Readonly<Record<string, string>> = { CopyObject: "OBJECT", UploadPartCopy: "PART" };

export function operationNameOf({ operation, method }: Readonly<Record<"operation" | "method", string>>): string {
  const copied = findOwn(COPIES, operation);
  return copied === undefined ? `REST.${method}.${resourceOf(operation)}` : `REST.COPY.${copied}`;
}

/** A question that a browser asks in advance. */
const PREFLIGHT = "Preflight";

/** A request to a website; what no website answers has no resource. */
export function visitNameOf(method: string): string {
  if (method === "OPTIONS") return operationNameOf({ operation: PREFLIGHT, method });
  return method === "GET" || method === "HEAD" ? `WEBSITE.${method}.OBJECT` : "WEBSITE.INVALIDOPERATION";
}

/** That of the bucket that is copied from. */
export const sourceNameOf = (operation: string): string => `REST.COPY.${findOwn(COPIES, operation) ?? "OBJECT"}_GET`;

function resourceOf(operation: string): string {
  const known = findOwn(RESOURCES, operation);
  if (known !== undefined) return known;
  const noun = operation
    .replace(/^(?:Get|Put|Delete|List|Head|Create|Update)/, "")
    .replace(/^Bucket(?=.)/, "")
    .replace(/Configurations?$/, "");
  return noun.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

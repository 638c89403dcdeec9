/**
 * What S3's events say of requests: the bucket and the key by name, and everything else as it stood on the wire.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import type { RecordedCall } from "../../../service/recorded-calls.ts";
import type { Json } from "./identity.ts";
import { rendered } from "./parameters.ts";

/** Members that travel in the query, or have a name of their own. */
const NAMES: Readonly<Record<string, string>> = {
  Bucket: "bucketName",
  Key: "key",
  ContinuationToken: "continuation-token",
  CopySource: "x-amz-copy-source",
  Delimiter: "delimiter",
  EncodingType: "encoding-type",
  FetchOwner: "fetch-owner",
  Id: "id",
  KeyMarker: "key-marker",
  Marker: "marker",
  MaxKeys: "max-keys",
  MaxParts: "max-parts",
  MaxUploads: "max-uploads",
  PartNumber: "partNumber",
  PartNumberMarker: "part-number-marker",
  Policy: "bucketPolicy",
  Prefix: "prefix",
  ResponseContentDisposition: "response-content-disposition",
  ResponseContentType: "response-content-type",
  StartAfter: "start-after",
  UploadId: "uploadId",
  UploadIdMarker: "upload-id-marker",
  VersionId: "versionId",
  VersionIdMarker: "version-id-marker",
};

/** Members that travel as headers, by what they are called there. */
const HEADERS: Readonly<Record<string, string>> = {
  ACL: "x-amz-acl",
  BucketKeyEnabled: "x-amz-server-side-encryption-bucket-key-enabled",
  BypassGovernanceRetention: "x-amz-bypass-governance-retention",
  ChecksumAlgorithm: "x-amz-sdk-checksum-algorithm",
  ExpectedBucketOwner: "x-amz-expected-bucket-owner",
  GrantFullControl: "x-amz-grant-full-control",
  GrantRead: "x-amz-grant-read",
  GrantReadACP: "x-amz-grant-read-acp",
  GrantWrite: "x-amz-grant-write",
  GrantWriteACP: "x-amz-grant-write-acp",
  MetadataDirective: "x-amz-metadata-directive",
  ObjectLockEnabledForBucket: "x-amz-bucket-object-lock-enabled",
  ObjectLockLegalHoldStatus: "x-amz-object-lock-legal-hold",
  ObjectLockMode: "x-amz-object-lock-mode",
  ObjectOwnership: "x-amz-object-ownership",
  RequestPayer: "x-amz-request-payer",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  ServerSideEncryption: "x-amz-server-side-encryption",
  StorageClass: "x-amz-storage-class",
  Tagging: "x-amz-tagging",
  TaggingDirective: "x-amz-tagging-directive",
  WebsiteRedirectLocation: "x-amz-website-redirect-location",
};

/** What the query of a call says it is about: `acl` of `PutBucketAcl`. */
const SUBRESOURCES: Readonly<Record<string, string>> = {
  AccelerateConfiguration: "accelerate",
  Acl: "acl",
  Cors: "cors",
  Encryption: "encryption",
  LegalHold: "legal-hold",
  Lifecycle: "lifecycle",
  LifecycleConfiguration: "lifecycle",
  Location: "location",
  Logging: "logging",
  Notification: "notification",
  NotificationConfiguration: "notification",
  LockConfiguration: "object-lock",
  OwnershipControls: "ownershipControls",
  Policy: "policy",
  PolicyStatus: "policyStatus",
  PublicAccessBlock: "publicAccessBlock",
  Replication: "replication",
  RequestPayment: "requestPayment",
  Retention: "retention",
  Tagging: "tagging",
  Torrent: "torrent",
  Versioning: "versioning",
  Website: "website",
};

function subresourceOf(operation: string): string | undefined {
  const [, noun = ""] = /^(?:Get|Put|Delete)(?:Bucket|Object)?(\w*)$/.exec(operation) ?? [];
  return findOwn(SUBRESOURCES, noun);
}

const wireName = (name: string): string => findOwn(NAMES, name) ?? findOwn(HEADERS, name) ?? name;

export function s3Parameters({ operation, region, parameters }: RecordedCall): Json {
  if (parameters === undefined) return null;
  const given = Object.entries(parameters).filter(([name, value]) => value !== undefined && name !== "Metadata");
  const shown = given.map(([name, value]): [string, Json] => [wireName(name), shownValue(name, value)]);
  const subresource = subresourceOf(operation);
  const all: Record<string, Json> = { ...Object.fromEntries(shown), Host: hostOf(parameters, region) };
  if (subresource !== undefined) all[subresource] = "";
  if (operation === "ListObjectsV2") all["list-type"] = "2";
  return all;
}

/** A policy stands as what it says. */
function shownValue(name: string, value: unknown): Json {
  if (Object.hasOwn(HEADERS, name) && (typeof value === "boolean" || typeof value === "number")) return String(value);
  if (name === "Policy" && typeof value === "string") return parsed(value) ?? value;
  return rendered(value);
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return rendered(value);
  } catch {
    return undefined;
  }
}

function hostOf(parameters: object, region: string): string {
  const bucket: unknown = "Bucket" in parameters ? parameters.Bucket : undefined;
  const home = `s3.${region}.amazonaws.com`;
  return typeof bucket === "string" && !bucket.startsWith("arn:") ? `${bucket}.${home}` : home;
}

/** Of what is answered, headers alone. */
const ANSWERED: Readonly<Record<string, string>> = {
  Expiration: "x-amz-expiration",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  ServerSideEncryption: "x-amz-server-side-encryption",
  VersionId: "x-amz-version-id",
  DeleteMarker: "x-amz-delete-marker",
  CopySourceVersionId: "x-amz-copy-source-version-id",
};

export function s3Elements({ response }: RecordedCall): Json {
  const shown = Object.entries(response ?? {}).flatMap(([name, value]): [string, Json][] => {
    const header = findOwn(ANSWERED, name);
    return header === undefined || value === undefined ? [] : [[header, `${value}`]];
  });
  return shown.length === 0 ? null : Object.fromEntries(shown);
}

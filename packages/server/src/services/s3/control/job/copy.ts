/**
 * Copies that jobs make.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3CopyObjectOperation.html
 */
import type { CopyObjectRequest } from "@aws-sdk/client-s3";
import type { S3CopyObjectOperation } from "@aws-sdk/client-s3-control";
import type { Validated } from "../../../../service/sdk.ts";
import { grantInput } from "./task-acl.ts";
import { bucketOf, type Task } from "./row.ts";

type Asked = S3CopyObjectOperation;

export function copyInput(task: Task, asked: Asked): Validated<CopyObjectRequest> {
  const { bucket, key, versionId } = task;
  const path = `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const prefix = asked.TargetKeyPrefix === undefined ? "" : `${asked.TargetKeyPrefix}/`;
  return {
    Bucket: bucketOf(asked.TargetResource),
    Key: prefix + key,
    CopySource: versionId === undefined ? path : `${path}?versionId=${versionId}`,
    ACL: asked.CannedAccessControlList,
    ...grantInput(asked.AccessControlGrants ?? []),
    MetadataDirective: asked.MetadataDirective,
    CopySourceIfModifiedSince: asked.ModifiedSinceConstraint,
    CopySourceIfUnmodifiedSince: asked.UnModifiedSinceConstraint,
    WebsiteRedirectLocation: asked.RedirectLocation,
    StorageClass: asked.StorageClass,
    ChecksumAlgorithm: asked.ChecksumAlgorithm,
    ObjectLockLegalHoldStatus: asked.ObjectLockLegalHoldStatus,
    ObjectLockMode: asked.ObjectLockMode,
    ObjectLockRetainUntilDate: asked.ObjectLockRetainUntilDate,
    RequestPayer: asked.RequesterPays ? "requester" : undefined,
    ...tagInput(asked),
    ...metadataInput(asked),
    ...encryptionInput(asked),
  };
}

function tagInput({ NewObjectTagging: tags }: Asked) {
  if (tags === undefined) return {};
  const Tagging = tags
    .map(({ Key = "", Value = "" }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`)
    .join("&");
  return { TaggingDirective: "REPLACE" as const, Tagging };
}

function metadataInput({ NewObjectMetadata: made }: Asked) {
  if (made === undefined) return {};
  return {
    CacheControl: made.CacheControl,
    ContentDisposition: made.ContentDisposition,
    ContentEncoding: made.ContentEncoding,
    ContentLanguage: made.ContentLanguage,
    ContentType: made.ContentType,
    Expires: made.HttpExpiresDate,
    Metadata: made.UserMetadata,
  };
}

function encryptionInput({ SSEAwsKmsKeyId, BucketKeyEnabled, NewObjectMetadata: made }: Asked) {
  if (SSEAwsKmsKeyId !== undefined || made?.SSEAlgorithm === "KMS") {
    return { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: SSEAwsKmsKeyId, BucketKeyEnabled };
  }
  return made?.SSEAlgorithm === "AES256" ? { ServerSideEncryption: "AES256" as const } : {};
}

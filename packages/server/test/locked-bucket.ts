/** A bucket with object lock, and what tests ask of it again and again. */
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type ObjectLockLegalHoldStatus,
  type PutObjectLockConfigurationCommandInput,
} from "@aws-sdk/client-s3";
import { s3World } from "./s3-world.ts";

export const Bucket = "vault";
export const Key = "k";
export const LOCKED = {
  code: "AccessDenied",
  status: 403,
  message: "Access Denied because object protected by object lock.",
};
export const DAY_S = 86_400;

export async function lockedWorld() {
  const world = await s3World();
  const { s3, cloud } = world;
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const inDays = (days: number) => new Date(cloud.clock.now().getTime() + days * DAY_S * 1000);
  return {
    ...world,
    inDays,
    put: async (more: object = {}) => (await s3.send(writing(more))).VersionId,
    head: (VersionId?: string) => s3.send(new HeadObjectCommand({ Bucket, Key, VersionId })),
    remove: (VersionId: string | undefined, more: object = {}) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...more })),
    retain: (Retention: object, more: object = {}) =>
      s3.send(new PutObjectRetentionCommand({ Bucket, Key, Retention, ...more })),
    hold: (Status: ObjectLockLegalHoldStatus, more: object = {}) =>
      s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status }, ...more })),
  };
}

export const BYPASS = { BypassGovernanceRetention: true };

export const configure = (ObjectLockConfiguration: PutObjectLockConfigurationCommandInput["ObjectLockConfiguration"]) =>
  new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration });

export const writing = (more: object) => new PutObjectCommand({ Bucket, Key, Body: "x", ...more });

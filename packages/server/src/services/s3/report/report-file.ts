/** Files that S3 itself writes into a bucket: as its own principal, so that the bucket's policy has to let it. */
import { createHash } from "node:crypto";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { arn, type S3Sdk } from "../kit.ts";

export interface ReportFile {
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** Where files go, and for which bucket. */
export interface ReportPlace {
  /** The name of the bucket that they go to. */
  readonly bucket: string;
  readonly source: Bucket;
  /** Whose the bucket has to be that they go to. */
  readonly expectedOwner?: string | undefined;
  /** How they are encrypted, where the bucket's own way will not do. */
  readonly encryption?: {
    readonly ServerSideEncryption: "AES256" | "aws:kms";
    readonly SSEKMSKeyId?: string | undefined;
  };
}

/** Whether the bucket took it; what it answered otherwise is on record. */
export async function writeReport(
  { key, body, contentType }: ReportFile,
  { bucket, source, expectedOwner, encryption }: ReportPlace,
  context: Context,
): Promise<boolean> {
  const target = await context.tx.get(buckets, bucket);
  try {
    await context.call<S3Sdk, "PutObject">({
      service: "s3",
      operation: "PutObject",
      input: {
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        ACL: "bucket-owner-full-control",
        ...(expectedOwner !== undefined && { ExpectedBucketOwner: expectedOwner }),
        ...encryption,
      },
      body,
      as: { type: "service", service: "s3.amazonaws.com" },
      source: { arn: arn(context, source.name), account: source.owner },
      account: target?.owner ?? source.owner,
      region: target?.region ?? source.region,
    });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

export const md5Of = (body: Uint8Array): string => createHash("md5").update(body).digest("hex");

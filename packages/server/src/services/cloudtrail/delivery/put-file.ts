/** Files of a trail, put into its bucket. */
import type { Context } from "../../../service/context.ts";
import { arnOf, type Trail } from "../trail-row.ts";
import { asTrail } from "./as-trail.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

export interface TrailFile {
  readonly key: string;
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** Digests are never encrypted with the trail's key. */
  readonly isDigest?: true;
}

/** @throws {AwsError} what S3 and KMS answer */
export async function putFile({ key, body, metadata, isDigest }: TrailFile, trail: Trail, context: Context) {
  const { bucket, account } = trail;
  await context.call<S3Sdk, "PutObject">({
    service: "s3",
    operation: "PutObject",
    input: {
      Bucket: bucket.name,
      Key: key,
      ACL: "bucket-owner-full-control",
      ...(body.byteLength > 0 && { ContentType: "application/json", ContentEncoding: "gzip" }),
      ...(Object.keys(metadata).length > 0 && { Metadata: metadata }),
      ...(isDigest ? { ServerSideEncryption: "AES256" as const } : encryptionOf(trail)),
    },
    body,
    ...asTrail(trail),
    account,
    region: bucket.region,
  });
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html */
function encryptionOf(trail: Trail) {
  if (trail.kmsKey === undefined) return {};
  const bound = JSON.stringify({ "aws:cloudtrail:arn": arnOf(trail) });
  return {
    ServerSideEncryption: "aws:kms" as const,
    SSEKMSKeyId: trail.kmsKey,
    SSEKMSEncryptionContext: Buffer.from(bound).toString("base64"),
  };
}

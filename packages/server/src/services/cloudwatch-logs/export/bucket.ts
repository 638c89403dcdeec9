/** The bucket that a group is exported to, whose policy has to let CloudWatch Logs in. */
import type { ServicePrincipal } from "../../../identity/principal.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { bucketAclRefused, bucketNotFound, bucketPutRefused } from "../errors.ts";
import type { LogGroup } from "../group-row.ts";
import { sourceOf } from "../subscription/send.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html */
function asLogs(group: LogGroup) {
  const { account, region } = group;
  const as: ServicePrincipal = { type: "service", service: `logs.${region}.amazonaws.com` };
  return { service: "s3", as, source: { arn: sourceOf(group), account }, account, region } as const;
}

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Uint8Array;
}

export async function upload({ bucket, key, bytes }: Upload, group: LogGroup, context: Context): Promise<void> {
  await context.call<S3Sdk, "PutObject">({
    operation: "PutObject",
    input: { Bucket: bucket, Key: key, ACL: "bucket-owner-full-control", ContentLength: bytes.byteLength },
    body: bytes,
    ...asLogs(group),
  });
}

/**
 * Looks whether it may write there, and leaves a file that says so.
 * @throws {AwsError} `InvalidParameterException`
 */
export async function requireBucket(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string | undefined },
  group: LogGroup,
  context: Context,
): Promise<void> {
  try {
    await context.call<S3Sdk, "GetBucketAcl">({
      operation: "GetBucketAcl",
      input: { Bucket: bucket },
      ...asLogs(group),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw error.code === "NoSuchBucket" ? bucketNotFound() : bucketAclRefused();
  }
  try {
    const bytes = Buffer.from("Permission Check Successful", "utf8");
    const key = `${prefix === undefined ? "" : `${prefix}/`}aws-logs-write-test`;
    await upload({ bucket, key, bytes }, group, context);
  } catch (error) {
    throw error instanceof AwsError ? bucketPutRefused() : error;
  }
}

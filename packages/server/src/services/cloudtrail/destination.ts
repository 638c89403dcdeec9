/**
 * Where a trail delivers to. CloudTrail looks by doing it whether it may: as itself, for the trail, so that the policies
 * of the bucket, the topic, the key and the role decide.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
import {
  asRegion,
  formatArn,
  parseAccountId,
  parseArn,
  type AccountId,
  type Arn,
  type Region,
} from "../../kernel/arn.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import { hasBucketShape } from "../../kernel/bucket-name.ts";
import type { Context } from "../../service/context.ts";
import { putFile } from "./delivery/put-file.ts";
import { openLogs } from "./delivery/log-stream.ts";
import {
  bucketNameInvalid,
  bucketNotFound,
  bucketPolicyInsufficient,
  keyDisabled,
  keyInvalid,
  keyNotFound,
  keyPolicyInsufficient,
  logGroupMissing,
  logGroupRefused,
  logGroupUnknown,
  logsRoleMissing,
  logsRoleRefused,
  prefixInvalid,
  topicInsufficient,
  topicNameInvalid,
} from "./errors.ts";
import { asTrail } from "./delivery/as-trail.ts";
import { PREFIX_CHARACTERS_MAX } from "./limits.ts";
import type { BucketPlace, LogsPlace, Topic, Trail } from "./trail-row.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");
type SnsSdk = typeof import("@aws-sdk/client-sns");
type KmsSdk = typeof import("@aws-sdk/client-kms");

/** The bucket and where it is. @throws {AwsError} `S3BucketDoesNotExistException`, `InsufficientS3BucketPolicyException` */
export async function requireBucket(trail: Trail, context: Context): Promise<BucketPlace> {
  if ((trail.prefix ?? "").length > PREFIX_CHARACTERS_MAX) throw prefixInvalid();
  return findBucket(trail.bucket, { ...asTrail(trail), account: trail.account }, context);
}

/** Who looks at a bucket: CloudTrail, for something of an account's. */
type Looking = ReturnType<typeof asTrail> & { readonly account: AccountId };

/** The same for anybody. @throws {AwsError} as `requireBucket`, or `InvalidS3BucketNameException` */
export async function findBucket(bucket: BucketPlace, looking: Looking, context: Context): Promise<BucketPlace> {
  if (!hasBucketShape(bucket.name)) throw bucketNameInvalid();
  const moved = await whereToGo(bucket, looking, context);
  if (moved === undefined) return bucket;
  const placed = { ...bucket, region: moved };
  if ((await whereToGo(placed, looking, context)) !== undefined) throw bucketNotFound(bucket.name);
  return placed;
}

/** Another region, where S3 sends who asks in the wrong one. @throws {AwsError} as `requireBucket` */
async function whereToGo(bucket: BucketPlace, looking: Looking, context: Context): Promise<Region | undefined> {
  try {
    await context.call<S3Sdk, "GetBucketAcl">({
      service: "s3",
      operation: "GetBucketAcl",
      input: { Bucket: bucket.name },
      ...looking,
      region: bucket.region,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const region = error.code === "PermanentRedirect" ? error.fields["x-amz-bucket-region"] : undefined;
    if (typeof region !== "string") throw bucketError(error, bucket.name);
    return asRegion(region);
  }
}

/** Writes the empty object that stands for the folder of the trail's files. @throws {AwsError} as `requireBucket`, or `InsufficientEncryptionPolicyException` */
export async function requireWritable(trail: Trail, context: Context): Promise<void> {
  const { bucket, kmsKey } = trail;
  try {
    await putFile({ key: folderOf(trail), body: new Uint8Array(), metadata: {} }, trail, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (kmsKey !== undefined && isOfKey(error)) throw keyPolicyInsufficient(bucket.name, kmsKey);
    throw bucketError(error, bucket.name);
  }
}

const folderOf = ({ prefix, organization, account }: Trail): string =>
  [prefix, "AWSLogs", organization, account, "CloudTrail", ""].filter((part) => part !== undefined).join("/");

/** S3 hands on what KMS says. */
const isOfKey = ({ code, message }: AwsError): boolean => code.startsWith("KMS") || message.includes("kms:");

function bucketError(error: AwsError, bucket: string): AwsError {
  if (error.code === "NoSuchBucket") return bucketNotFound(bucket);
  return error.code === "AccessDenied" ? bucketPolicyInsufficient(bucket) : error;
}

/** A topic by its ARN, or by its name where the trail is. @throws {AwsError} `InvalidSnsTopicNameException`, `InsufficientSnsTopicPolicyException` */
export async function requireTopic(name: string, trail: Trail, context: Context): Promise<Topic> {
  const arn = topicArn(name, trail);
  const parts = parseArn(arn);
  const account = parseAccountId(parts?.account ?? "");
  if (parts === undefined || account === undefined) throw topicNameInvalid();
  try {
    await context.call<SnsSdk, "Publish">({
      service: "sns",
      operation: "Publish",
      input: { TopicArn: arn, Message: "CloudTrail validation message." },
      ...asTrail(trail),
      account,
      region: asRegion(parts.region),
    });
  } catch (error) {
    if (error instanceof AwsError && error.code !== "NotImplemented") throw topicInsufficient();
    throw error;
  }
  return { name, arn };
}

function topicArn(name: string, { partition, region, account }: Trail): Arn {
  const parts = parseArn(name);
  if (parts !== undefined && parts.service === "sns") return formatArn(parts);
  if (!/^[\w-]{1,256}(?:\.fifo)?$/.test(name)) throw topicNameInvalid();
  return formatArn({ partition, service: "sns", region, account, resource: name });
}

/** The ARN of the key. @throws {AwsError} `InvalidKmsKeyIdException`, `KmsKeyNotFoundException`, `KmsException` */
export async function requireKey(key: string, trail: Trail, context: Context): Promise<string> {
  try {
    const { KeyMetadata } = await context.call<KmsSdk, "DescribeKey">({
      service: "kms",
      operation: "DescribeKey",
      input: { KeyId: key },
      ...asTrail(trail),
      account: trail.account,
      region: asRegion(parseArn(key)?.region ?? trail.region),
    });
    if (KeyMetadata?.Enabled !== true) throw keyDisabled();
    if (KeyMetadata.KeySpec !== "SYMMETRIC_DEFAULT") throw keyInvalid(key);
    return KeyMetadata.Arn ?? key;
  } catch (error) {
    throw error instanceof AwsError ? keyError(error, key, trail) : error;
  }
}

function keyError(error: AwsError, key: string, { bucket }: Trail): AwsError {
  switch (error.code) {
    case "NotFoundException":
      return keyNotFound();
    case "InvalidArnException":
    case "ValidationException":
      return keyInvalid(key);
    case "AccessDeniedException":
      return keyPolicyInsufficient(bucket.name, key);
    default:
      return error;
  }
}

/** @throws {AwsError} `InvalidCloudWatchLogsRoleArnException`, `InvalidCloudWatchLogsLogGroupArnException` */
export async function requireLogs(
  { group, role }: { readonly group: string | undefined; readonly role: string | undefined },
  trail: Trail,
  context: Context,
): Promise<LogsPlace | undefined> {
  if (!group && !role) return undefined;
  if (!role) throw logsRoleMissing();
  if (!group) throw logGroupMissing();
  const parts = parseArn(role);
  if (parts === undefined || !parts.resource.startsWith("role/")) throw logsRoleRefused();
  if (!/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:]+:\*$/.test(group)) throw logGroupUnknown();
  const place = { group, role: formatArn(parts) };
  try {
    await openLogs({ ...trail, logs: place }, place, context);
    return place;
  } catch (error) {
    throw error instanceof AwsError ? logsError(error) : error;
  }
}

function logsError(error: AwsError): AwsError {
  switch (error.code) {
    case "AccessDenied":
      return logsRoleRefused();
    case "AccessDeniedException":
      return logGroupRefused();
    case "ResourceNotFoundException":
      return logGroupUnknown();
    default:
      return error;
  }
}

/**
 * Files in the channel's bucket.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
 */
import { gzipSync } from "node:zlib";
import { asRegion, formatArn, type Region } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { compactSeconds } from "../../../kernel/iso-seconds.ts";
import type { RoleSession } from "../../../identity/principal.ts";
import type { Context } from "../../../service/context.ts";
import type { Channel } from "./row.ts";
import { bucketNotFound, deliveryRefused } from "../errors.ts";
import { ITSELF } from "../kit.ts";
import { sessionOf } from "../recorder/reader.ts";
import { findRecorder } from "../recorder/row.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

interface File {
  /** Behind the account's folder. */
  readonly name: string;
  readonly body: Uint8Array;
}

/** `prefix/AWSLogs/123456789012/Config`. */
const folderOf = ({ prefix, account }: Pick<Channel, "prefix" | "account">): string =>
  `${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${account}/Config`;

/**
 * As the recorder's role; where that may not, as AWS Config itself: then the bucket's policy decides.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
 * @throws {AwsError} what S3 answers
 */
async function putFile(file: File, channel: Channel, context: Context): Promise<string> {
  const recorder = await findRecorder(context.tx.in({ account: channel.account }), channel.region);
  if (recorder === undefined) return putFileAs({ as: ITSELF }, { file, channel }, context);
  try {
    const as = await sessionOf(recorder, context);
    return await putFileAs({ as }, { file, channel }, context);
  } catch (error) {
    if (!(error instanceof AwsError) || !DENIED.has(error.code)) throw error;
    return putFileAs({ as: ITSELF }, { file, channel }, context);
  }
}

const DENIED: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException"]);

interface Delivered {
  readonly file: File;
  readonly channel: Channel;
}

async function putFileAs(
  { as }: { readonly as: typeof ITSELF | RoleSession },
  { file: { name, body }, channel }: Delivered,
  context: Context,
): Promise<string> {
  const { account, region, partition, bucket, bucketRegion = region, kmsKeyArn } = channel;
  const Key = `${folderOf(channel)}/${name}`;
  await context.call<S3Sdk, "PutObject">({
    service: "s3",
    operation: "PutObject",
    input: {
      Bucket: bucket,
      Key,
      ACL: "bucket-owner-full-control",
      ...(kmsKeyArn !== undefined && { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn }),
    },
    body,
    as,
    source: { arn: formatArn({ partition, service: "config", region, account, resource: "*" }), account },
    account,
    region: bucketRegion,
  });
  return Key;
}

/**
 * The channel with the place of its bucket, which may be in any region. Whether AWS Config may write there is tried out.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html
 * @throws {AwsError} `NoSuchBucketException`, `InsufficientDeliveryPolicyException`
 */
export async function requireWritable(channel: Channel, context: Context): Promise<Channel> {
  const moved = await whereToGo(channel, context);
  if (moved === undefined) return channel;
  const placed = { ...channel, bucketRegion: moved };
  if ((await whereToGo(placed, context)) !== undefined) throw bucketNotFound(channel.bucket);
  return placed;
}

/** Another region, where S3 sends who writes in the wrong one. @throws {AwsError} as `requireWritable` */
async function whereToGo(channel: Channel, context: Context): Promise<Region | undefined> {
  try {
    await putFile({ name: "ConfigWritabilityCheckFile", body: new Uint8Array() }, channel, context);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "NoSuchBucket") throw bucketNotFound(channel.bucket);
    const region = error.code === "PermanentRedirect" ? error.fields["x-amz-bucket-region"] : undefined;
    if (typeof region !== "string") throw deliveryRefused(channel);
    return asRegion(region);
  }
}

export interface Document {
  readonly kind: "ConfigSnapshot" | "ConfigHistory";
  readonly id: string;
  /** Of a history: the type of its resources. */
  readonly type?: string;
  readonly items: readonly object[];
}

/** The key of the file. */
export function putDocument({ kind, id, type, items }: Document, channel: Channel, context: Context): Promise<string> {
  const { account, region } = channel;
  const now = context.now();
  const day = `${now.getUTCFullYear()}/${now.getUTCMonth() + 1}/${now.getUTCDate()}`;
  const time = compactSeconds(now.getTime());
  const what = type === undefined ? kind : `${kind}_${type}`;
  const name = `${region}/${day}/${kind}/${account}_Config_${region}_${what}_${time}_${id}.json.gz`;
  const content = { fileVersion: "1.0", configSnapshotId: id, configurationItems: items };
  return putFile({ name, body: gzipSync(JSON.stringify(content)) }, channel, context);
}

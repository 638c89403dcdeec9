/** A cloud with a bucket that CloudTrail may deliver to, and what lies in it afterwards. */
import { gunzipSync } from "node:zlib";
import {
  CloudTrailClient,
  CreateTrailCommand,
  StartLoggingCommand,
  type CreateTrailCommandInput,
} from "@aws-sdk/client-cloudtrail";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { testCloud, type TestCloud } from "./test-cloud.ts";

export const ACCOUNT = "000000000000";
export const LOGS = "audit-logs";
export const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
export const trailBucketPolicy = (trail = TRAIL, folder = `AWSLogs/${ACCOUNT}`) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:GetBucketAcl",
      Resource: `arn:aws:s3:::${LOGS}`,
      Condition: { StringEquals: { "aws:SourceArn": trail } },
    },
    {
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${LOGS}/${folder}/*`,
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trail } },
    },
  ],
});

/** A cloud with that bucket. */
export async function trailCloud() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: LOGS }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy: JSON.stringify(trailBucketPolicy()) }));
  return { ...cloud, s3, trails: cloud.client(CloudTrailClient) };
}

/** The same with a trail that is logging. */
export async function loggingCloud(more: Partial<CreateTrailCommandInput> = {}) {
  const cloud = await trailCloud();
  await cloud.trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, ...more }));
  await cloud.trails.send(new StartLoggingCommand({ Name: "audit" }));
  return cloud;
}

export interface TrailRecord {
  readonly eventName: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** Until what happened so far has been delivered. */
export async function untilDelivered({ cloud, clock }: Pick<TestCloud, "cloud" | "clock">): Promise<void> {
  // what changed nothing is recorded behind the call
  await cloud.journal.flush();
  await clock.advance(6 * 60);
}

/** The keys of what CloudTrail delivered: log files, or digests. */
export async function deliveredKeys(cloud: Pick<TestCloud, "client">, kind = "CloudTrail"): Promise<string[]> {
  const { Contents = [] } = await cloud.client(S3Client).send(new ListObjectsV2Command({ Bucket: LOGS }));
  return Contents.map(({ Key = "" }) => Key).filter((key) => key.includes(`/${kind}/`) && key.endsWith(".gz"));
}

/** All events in the bucket. */
export async function deliveredRecords(cloud: Pick<TestCloud, "client">): Promise<TrailRecord[]> {
  const records: TrailRecord[] = [];
  for (const key of await deliveredKeys(cloud)) {
    const { Records }: { readonly Records: readonly TrailRecord[] } = JSON.parse(await deliveredText(cloud, key));
    records.push(...Records);
  }
  return records;
}

export async function deliveredText(cloud: Pick<TestCloud, "client">, key: string): Promise<string> {
  const { Body } = await cloud.client(S3Client).send(new GetObjectCommand({ Bucket: LOGS, Key: key }));
  return gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString("utf8");
}

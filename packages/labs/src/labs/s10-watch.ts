/** What notices within seconds that an object was made public: a trail, rules, a function and a topic. */
import type { Actor, Teller } from "../lab.ts";
import { allow, policy } from "../policy.ts";
import { makeFunction, makeServiceRole } from "../service-role.ts";
import { CLOSER } from "./s10-closer.ts";

const succeeds = { outcome: "succeeds" } as const;
const REGION = "us-east-1";

export interface Story {
  readonly teller: Teller;
  readonly account: string;
  readonly admin: Actor;
  readonly bucket: string;
  /** Where the bucket's access logs go. */
  readonly logs: string;
  /** Where the trail's files go. */
  readonly trailBucket: string;
}

const arnOf = ({ account }: Story, service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${account}:${resource}`;

const queueUrl = ({ account }: Story): string => `https://sqs.${REGION}.amazonaws.com/${account}/alarms`;

/** A trail of what is written into the bucket. */
export async function makeTrail(story: Story): Promise<void> {
  const { teller, admin, account, trailBucket } = story;
  const trail = arnOf(story, "cloudtrail", "trail/photos");
  const source = { "aws:SourceArn": trail };
  await teller.step({
    does: "A trail needs a bucket for its files,",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: trailBucket },
    expect: succeeds,
  });
  await teller.step({
    does: "and there is none before the bucket lets CloudTrail in:",
    as: admin,
    call: ["cloudtrail", "CreateTrail"],
    input: { Name: "photos", S3BucketName: trailBucket },
    expect: { outcome: "refused", code: "InsufficientS3BucketPolicyException" },
  });
  const CloudTrail = { Principal: { Service: "cloudtrail.amazonaws.com" } };
  await teller.step({
    does: "this trail, with files that are the owner's.",
    as: admin,
    call: ["s3", "PutBucketPolicy"],
    input: {
      Bucket: trailBucket,
      Policy: policy(
        allow("s3:GetBucketAcl", `arn:aws:s3:::${trailBucket}`, {
          ...CloudTrail,
          Condition: { StringEquals: source },
        }),
        allow("s3:PutObject", `arn:aws:s3:::${trailBucket}/AWSLogs/${account}/*`, {
          ...CloudTrail,
          Condition: { StringEquals: { ...source, "s3:x-amz-acl": "bucket-owner-full-control" } },
        }),
      ),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "Now it can be made.",
    as: admin,
    call: ["cloudtrail", "CreateTrail"],
    input: { Name: "photos", S3BucketName: trailBucket },
    expect: { outcome: "succeeds", check: ({ TrailARN }) => (TrailARN === trail ? undefined : trail) },
  });
  await logObjects(story);
  await teller.step({
    does: "It begins to log.",
    as: admin,
    call: ["cloudtrail", "StartLogging"],
    input: { Name: "photos" },
    expect: succeeds,
  });
}

const logObjects = ({ teller, admin, bucket }: Story) =>
  teller.step({
    does: "What is written into the photos' bucket is logged: data events, which no trail logs by itself.",
    as: admin,
    call: ["cloudtrail", "PutEventSelectors"],
    input: {
      TrailName: "photos",
      EventSelectors: [
        {
          ReadWriteType: "WriteOnly",
          DataResources: [{ Type: "AWS::S3::Object", Values: [`arn:aws:s3:::${bucket}/`] }],
        },
      ],
    },
    expect: succeeds,
  });

/** Without that no rule hears of objects. */
export const logNoObjects = ({ teller, admin }: Story) =>
  teller.step({
    does: "The trail logs no objects any more, only what is done to buckets and the like.",
    as: admin,
    call: ["cloudtrail", "PutEventSelectors"],
    input: { TrailName: "photos", EventSelectors: [{ IncludeManagementEvents: true }] },
    expect: succeeds,
  });

/** A function that closes what is public. */
export async function makeCloser(story: Story): Promise<void> {
  const { account, bucket } = story;
  await makeServiceRole(story, {
    name: "closer",
    service: "lambda",
    does: "A role for the function that closes what is open:",
    rights: {
      does: "it may look at the lists of the photos and change them, and nothing else.",
      name: "lists",
      statements: [allow(["s3:GetObjectAcl", "s3:PutObjectAcl"], `arn:aws:s3:::${bucket}/*`)],
    },
  });
  await makeFunction(story, {
    does: "The function itself is thirty lines.",
    FunctionName: "closer",
    Role: `arn:aws:iam::${account}:role/closer`,
    source: CLOSER,
  });
}

/** Rules that call the function and tell the topic. */
export async function makeRules(story: Story): Promise<void> {
  const { teller, admin, bucket } = story;
  const detail = { eventName: ["PutObject", "PutObjectAcl"], requestParameters: { bucketName: [bucket] } };
  const seen = { source: ["aws.s3"], "detail-type": ["AWS API Call via CloudTrail"], detail };
  await rule(story, {
    Name: "written",
    pattern: seen,
    target: arnOf(story, "lambda", "function:closer"),
    does: "A rule hears of every object that is written, or gets a list,",
    calls: "and calls the function,",
  });
  await teller.step({
    does: "which lets it.",
    as: admin,
    call: ["lambda", "AddPermission"],
    input: {
      FunctionName: "closer",
      StatementId: "rules",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: arnOf(story, "events", "rule/written"),
    },
    expect: succeeds,
  });
  await makeTopic(story);
  const open = { ...detail, requestParameters: { ...detail.requestParameters, "x-amz-acl": ["public-read"] } };
  await rule(story, {
    Name: "made-public",
    pattern: { ...seen, detail: open },
    target: arnOf(story, "sns", "alarms"),
    does: "Another rule hears only of lists that are public,",
    calls: "and tells the topic.",
  });
}

interface NewRule {
  readonly Name: string;
  readonly pattern: object;
  readonly target: string;
  readonly does: string;
  readonly calls: string;
}

async function rule({ teller, admin }: Story, { Name, pattern, target, does, calls }: NewRule): Promise<void> {
  await teller.step({
    does,
    as: admin,
    call: ["events", "PutRule"],
    input: { Name, EventPattern: JSON.stringify(pattern) },
    expect: succeeds,
  });
  await teller.step({
    does: calls,
    as: admin,
    call: ["events", "PutTargets"],
    input: { Rule: Name, Targets: [{ Id: "1", Arn: target }] },
    expect: {
      outcome: "succeeds",
      check: ({ FailedEntryCount }) => (FailedEntryCount === 0 ? undefined : "no failed entry"),
    },
  });
}

const from = (service: string) => ({ Principal: { Service: `${service}.amazonaws.com` } });

/** A topic with a queue behind it, where somebody reads alarms. */
async function makeTopic(story: Story): Promise<void> {
  const { teller, admin } = story;
  const topic = arnOf(story, "sns", "alarms");
  const queue = arnOf(story, "sqs", "alarms");
  await teller.step({
    does: "A topic takes alarms,",
    as: admin,
    call: ["sns", "CreateTopic"],
    input: { Name: "alarms", Attributes: { Policy: policy(allow("sns:Publish", topic, from("events"))) } },
    expect: succeeds,
  });
  await teller.step({
    does: "a queue keeps them,",
    as: admin,
    call: ["sqs", "CreateQueue"],
    input: { QueueName: "alarms", Attributes: { Policy: policy(allow("sqs:SendMessage", queue, from("sns"))) } },
    expect: succeeds,
  });
  await teller.step({
    does: "and gets them from the topic.",
    as: admin,
    call: ["sns", "Subscribe"],
    input: { TopicArn: topic, Protocol: "sqs", Endpoint: queue, Attributes: { RawMessageDelivery: "true" } },
    expect: succeeds,
  });
}

/** Looks for an alarm about `key`. */
export const alarm = (story: Story, does: string, key: string | undefined) =>
  story.teller.step({
    does,
    as: story.admin,
    call: ["sqs", "ReceiveMessage"],
    input: { QueueUrl: queueUrl(story), MaxNumberOfMessages: 10 },
    expect: { outcome: "succeeds", check: ({ Messages = [] }) => wrongAlarms(Messages, story, key) },
  });

export const noteAlarm = (story: Story) =>
  story.teller.step({
    does: "It is noted, and the queue is empty again.",
    as: story.admin,
    call: ["sqs", "PurgeQueue"],
    input: { QueueUrl: queueUrl(story) },
    expect: succeeds,
  });

function wrongAlarms(
  messages: readonly { readonly Body?: string | undefined }[],
  { bucket, account }: Story,
  key: string | undefined,
): string | undefined {
  if (key === undefined) return messages.length === 0 ? undefined : "no alarm";
  const [text = ""] = messages.map(({ Body }) => Body);
  const says = [bucket, key, `arn:aws:iam::${account}:root`, "public-read"].every((word) => text.includes(word));
  return messages.length === 1 && says ? undefined : "one alarm, which names bucket, key and caller";
}

/** The bucket itself calls the function. */
export async function notifyFunction(story: Story): Promise<void> {
  const { teller, admin, bucket, account } = story;
  await teller.step({
    does: "The simple way: the function lets the bucket call it,",
    as: admin,
    call: ["lambda", "AddPermission"],
    input: {
      FunctionName: "closer",
      StatementId: "bucket",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
      SourceArn: `arn:aws:s3:::${bucket}`,
      SourceAccount: account,
    },
    expect: succeeds,
  });
  await notifications(story, "and the bucket does, for each new object.", [
    { LambdaFunctionArn: arnOf(story, "lambda", "function:closer"), Events: ["s3:ObjectCreated:*"] },
  ]);
}

export const notifyNobody = (story: Story) => notifications(story, "The bucket calls nobody any more.", []);

const notifications = (
  { teller, admin, bucket }: Story,
  does: string,
  LambdaFunctionConfigurations: { LambdaFunctionArn: string; Events: "s3:ObjectCreated:*"[] }[],
) =>
  teller.step({
    does,
    as: admin,
    call: ["s3", "PutBucketNotificationConfiguration"],
    input: { Bucket: bucket, NotificationConfiguration: { LambdaFunctionConfigurations } },
    expect: succeeds,
  });

/** A trail whose events are counted, and an alarm that tells of one kind of them. */
import { allow, policy } from "../policy.ts";
import { makeServiceRole } from "../service-role.ts";
import type { Story } from "./s38-central-logs.ts";

const succeeds = { outcome: "succeeds" } as const;
const REGION = "us-east-1";
const GROUP = "trail";
const MINUTE = 60;

interface Watched extends Story {
  readonly bucket: string;
}

const arnOf = ({ account }: Story, service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${account}:${resource}`;

/** Who deletes a trail is noticed. */
export async function watchedTrail(story: Story): Promise<void> {
  const watched = { ...story, bucket: `trail-files-${story.teller.suffix}` };
  await makeTrail(watched);
  await deleteTrail(watched, "first");
  await noAlarm(watched);
  await makeAlarm(watched);
  await deleteTrail(watched, "second");
  await alarmed(watched);
}

async function makeTrail(story: Watched): Promise<void> {
  const { teller, admin, account, bucket } = story;
  const CloudTrail = { Principal: { Service: "cloudtrail.amazonaws.com" } };
  await teller.step({
    does: "A bucket for the files of trails",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "lets CloudTrail in.",
    as: admin,
    call: ["s3", "PutBucketPolicy"],
    input: {
      Bucket: bucket,
      Policy: policy(
        allow("s3:GetBucketAcl", `arn:aws:s3:::${bucket}`, CloudTrail),
        allow("s3:PutObject", `arn:aws:s3:::${bucket}/AWSLogs/${account}/*`, CloudTrail),
      ),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "A log group takes the events as well,",
    as: admin,
    call: ["logs", "CreateLogGroup"],
    input: { logGroupName: GROUP },
    expect: succeeds,
  });
  await makeTrailRole(story);
  await teller.step({
    does: "A trail of all regions, and of the services that have none, writes to both.",
    as: admin,
    call: ["cloudtrail", "CreateTrail"],
    input: {
      Name: "everything",
      S3BucketName: bucket,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      CloudWatchLogsLogGroupArn: `${arnOf(story, "logs", `log-group:${GROUP}`)}:*`,
      CloudWatchLogsRoleArn: `arn:aws:iam::${account}:role/trail-to-logs`,
    },
    expect: succeeds,
  });
  await teller.step({
    does: "It begins to log.",
    as: admin,
    call: ["cloudtrail", "StartLogging"],
    input: { Name: "everything" },
    expect: succeeds,
  });
}

const makeTrailRole = (story: Watched) =>
  makeServiceRole(story, {
    name: "trail-to-logs",
    service: "cloudtrail",
    does: "with a role that CloudTrail takes on,",
    rights: {
      does: "which may write there.",
      name: "write",
      statements: [allow(["logs:CreateLogStream", "logs:PutLogEvents"], arnOf(story, "logs", `log-group:${GROUP}:*`))],
    },
  });

/** A trail of its own is made and deleted: the other sees both. */
async function deleteTrail({ teller, admin, bucket }: Watched, Name: string): Promise<void> {
  await teller.step({
    does: `Another trail, the ${Name},`,
    as: admin,
    call: ["cloudtrail", "CreateTrail"],
    input: { Name, S3BucketName: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "is deleted.",
    as: admin,
    call: ["cloudtrail", "DeleteTrail"],
    input: { Name },
    expect: succeeds,
  });
  await teller.wait("Some minutes pass.", 10 * MINUTE);
}

async function noAlarm({ teller, admin }: Watched): Promise<void> {
  await teller.step({
    does: "It is on record in the log group, and nobody was told: a trail by itself notices nothing.",
    as: admin,
    call: ["logs", "FilterLogEvents"],
    input: { logGroupName: GROUP, filterPattern: "{ $.eventName = DeleteTrail }" },
    expect: { outcome: "succeeds", check: ({ events = [] }) => (events.length === 1 ? undefined : "one event") },
  });
}

async function makeAlarm(story: Watched): Promise<void> {
  const { teller, admin } = story;
  await makeTopic(story);
  await teller.step({
    does: "A metric filter counts trails that are deleted,",
    as: admin,
    call: ["logs", "PutMetricFilter"],
    input: {
      logGroupName: GROUP,
      filterName: "trails-deleted",
      filterPattern: "{ $.eventName = DeleteTrail }",
      metricTransformations: [
        { metricName: "TrailsDeleted", metricNamespace: "Watch", metricValue: "1", defaultValue: 0 },
      ],
    },
    expect: succeeds,
  });
  await teller.step({
    does: "and an alarm tells a topic of the first.",
    as: admin,
    call: ["cloudwatch", "PutMetricAlarm"],
    input: {
      AlarmName: "trail-deleted",
      Namespace: "Watch",
      MetricName: "TrailsDeleted",
      Statistic: "Sum",
      Period: MINUTE,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [arnOf(story, "sns", "watch")],
    },
    expect: succeeds,
  });
}

async function makeTopic(story: Watched): Promise<void> {
  const { teller, admin } = story;
  const queue = arnOf(story, "sqs", "watch");
  await teller.step({
    does: "A topic",
    as: admin,
    call: ["sns", "CreateTopic"],
    input: { Name: "watch" },
    expect: succeeds,
  });
  await teller.step({
    does: "with a queue behind it, where somebody reads.",
    as: admin,
    call: ["sqs", "CreateQueue"],
    input: {
      QueueName: "watch",
      Attributes: { Policy: policy(allow("sqs:SendMessage", queue, { Principal: { Service: "sns.amazonaws.com" } })) },
    },
    expect: succeeds,
  });
  await teller.step({
    does: "The queue gets what the topic takes.",
    as: admin,
    call: ["sns", "Subscribe"],
    input: { TopicArn: arnOf(story, "sns", "watch"), Protocol: "sqs", Endpoint: queue },
    expect: succeeds,
  });
}

async function alarmed(story: Watched): Promise<void> {
  const { teller, admin, account } = story;
  await teller.step({
    does: "This time somebody is told.",
    as: admin,
    call: ["sqs", "ReceiveMessage"],
    input: { QueueUrl: `https://sqs.${REGION}.amazonaws.com/${account}/watch`, MaxNumberOfMessages: 10 },
    expect: {
      outcome: "succeeds",
      check: ({ Messages = [] }) =>
        Messages.length === 1 && (Messages[0]?.Body ?? "").includes("trail-deleted") ? undefined : "one alarm",
    },
  });
}

/** A service of AWS made to act on another account's resources, by whoever may use the service at home. */
import { CloudTrailClient, CreateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateExportTaskCommand,
  CreateLogGroupCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  ConfigServiceClient,
  DeliverConfigSnapshotCommand,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  S3Client,
  type NotificationConfiguration,
} from "@aws-sdk/client-s3";
import { CreateSecretCommand, RotateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventWorld } from "../event-world.ts";
import { functionWorld } from "../functions.ts";
import { makeRole, policyText } from "../identities.ts";
import { servicePolicy } from "../service-policy.ts";
import type { TestCloud } from "../test-cloud.ts";
import { refused } from "./refused.ts";

const VICTIM = "000000000000";
const EVE = "111111111111";
const at = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:${VICTIM}:${resource}`;
const QUEUE = at("sqs", "letters");
const TOPIC = at("sns", "news");
const FUNCTION = at("lambda", "function:work");
const BUCKET = "vault";

const INVOKERS = ["config", "events", "lambda.alarms.cloudwatch", "logs", "s3", "secretsmanager", "sns"];

/** What takes things in, where services may bring them on behalf of one account alone. */
async function receivers(account: string): Promise<TestCloud> {
  const world = await functionWorld();
  const { cloud, lambda } = world;
  const where = { StringEquals: { "aws:SourceAccount": account } };
  const queue = servicePolicy({ service: ["events", "s3", "sns"], may: "sqs:SendMessage", on: QUEUE, where });
  await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "letters", Attributes: { Policy: queue } }));
  const tellers = ["cloudtrail", "cloudwatch", "config", "events", "s3"];
  const topic = servicePolicy({ service: tellers, may: "sns:Publish", on: TOPIC, where });
  await cloud.client(SNSClient).send(new CreateTopicCommand({ Name: "news", Attributes: { Policy: topic } }));
  await world.create("work", "export const handler = () => 1;");
  for (const service of INVOKERS) {
    const allowed = { Action: "lambda:InvokeFunction", Principal: `${service}.amazonaws.com`, SourceAccount: account };
    const StatementId = service.replaceAll(".", "-");
    await lambda.send(new AddPermissionCommand({ FunctionName: "work", StatementId, ...allowed }));
  }
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const Policy = servicePolicy({
    service: ["cloudtrail", "config", "logs"],
    may: ["s3:GetBucketAcl", "s3:PutObject", "s3:ListBucket"],
    on: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
    where,
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
  return cloud;
}

type Deed = (cloud: TestCloud) => Promise<unknown>;

const ofEve = (cloud: TestCloud) => cloud.rootOf(EVE);

const subscribe =
  (Protocol: string, Endpoint: string): Deed =>
  async (cloud) => {
    const sns = cloud.client(SNSClient, ofEve(cloud));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "loud" }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
  };

const notify =
  (NotificationConfiguration: NotificationConfiguration): Deed =>
  async (cloud) => {
    const s3 = cloud.client(S3Client, ofEve(cloud));
    await s3.send(new CreateBucketCommand({ Bucket: "eves" }));
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "eves", NotificationConfiguration }));
  };

const target =
  (more: Partial<Target>): Deed =>
  async (cloud) => {
    const events = cloud.client(EventBridgeClient, ofEve(cloud));
    await events.send(new PutRuleCommand({ Name: "r", EventPattern: '{"source":["eve"]}' }));
    const Targets = [{ Id: "1", Arn: QUEUE, ...more }];
    await events.send(new PutTargetsCommand({ Rule: "r", Targets }));
    await events.send(new PutEventsCommand({ Entries: [{ Source: "eve", DetailType: "t", Detail: "{}" }] }));
  };

const alarm =
  (action: string): Deed =>
  async (cloud) => {
    const watch = cloud.client(CloudWatchClient, ofEve(cloud));
    const metric = { Namespace: "n", MetricName: "m", Statistic: "Sum", Period: 60 } as const;
    const rule = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" } as const;
    await watch.send(new PutMetricAlarmCommand({ AlarmName: "a", ...metric, ...rule, AlarmActions: [action] }));
    await watch.send(new SetAlarmStateCommand({ AlarmName: "a", StateValue: "ALARM", StateReason: "x" }));
  };

async function configured(cloud: TestCloud): Promise<ConfigServiceClient> {
  const principal = { Service: "config.amazonaws.com" };
  const roleARN = await makeRole(cloud, "config", { account: EVE, principal, allow: ["*"] });

  const config = cloud.client(ConfigServiceClient, ofEve(cloud));
  const recorder = { name: "default", roleARN };
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: recorder }));
  return config;
}

const channel =
  (more: { readonly snsTopicARN?: string; readonly s3BucketName: string }): Deed =>
  async (cloud) => {
    const config = await configured(cloud);
    const own = cloud.client(S3Client, ofEve(cloud));
    await own.send(new CreateBucketCommand({ Bucket: "eves" }));
    const Policy = servicePolicy({ service: "config", may: "s3:*", on: ["arn:aws:s3:::eves", "arn:aws:s3:::eves/*"] });
    await own.send(new PutBucketPolicyCommand({ Bucket: "eves", Policy }));
    await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", ...more } }));
    await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
    await config.send(new DeliverConfigSnapshotCommand({ deliveryChannelName: "default" }));
  };

const DEEDS: Readonly<Record<string, Deed>> = {
  "a topic subscribes a queue": subscribe("sqs", QUEUE),
  "a topic subscribes a function": subscribe("lambda", FUNCTION),
  "a bucket tells a queue": notify({ QueueConfigurations: [{ QueueArn: QUEUE, Events: ["s3:ObjectCreated:*"] }] }),
  "a bucket tells a topic": notify({ TopicConfigurations: [{ TopicArn: TOPIC, Events: ["s3:ObjectCreated:*"] }] }),
  "a bucket tells a function": notify({
    LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events: ["s3:ObjectCreated:*"] }],
  }),
  "a rule has a queue for its target": target({ Arn: QUEUE }),
  "a rule has a topic for its target": target({ Arn: TOPIC }),
  "a rule has a function for its target": target({ Arn: FUNCTION }),
  "a rule has a queue for its dead letters": target({
    Arn: `arn:aws:sqs:us-east-1:${EVE}:missing`,
    DeadLetterConfig: { Arn: QUEUE },
  }),
  "a log group is exported to a bucket": async (cloud) => {
    const logs = cloud.client(CloudWatchLogsClient, ofEve(cloud));
    await logs.send(new CreateLogGroupCommand({ logGroupName: "g" }));
    const to = cloud.clock.now().getTime();
    await logs.send(new CreateExportTaskCommand({ logGroupName: "g", from: to - 1000, to, destination: BUCKET }));
  },
  "a trail is written to a bucket": (cloud) =>
    cloud.client(CloudTrailClient, ofEve(cloud)).send(new CreateTrailCommand({ Name: "audit", S3BucketName: BUCKET })),
  "a secret is rotated by a function": async (cloud) => {
    const secrets = cloud.client(SecretsManagerClient, ofEve(cloud));
    await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "x" }));
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await secrets.send(new RotateSecretCommand({ SecretId: "s", RotationLambdaARN: FUNCTION, RotationRules }));
  },
  "an alarm tells a topic": alarm(TOPIC),
  "an alarm calls a function": alarm(FUNCTION),
  "a recorder's files go to a bucket": channel({ s3BucketName: BUCKET }),
  "a recorder's news go to a topic": channel({ s3BucketName: "eves", snsTopicARN: TOPIC }),
  "a function judges resources": async (cloud) => {
    const config = await configured(cloud);
    const Source = {
      Owner: "CUSTOM_LAMBDA",
      SourceIdentifier: FUNCTION,
      SourceDetails: [
        { EventSource: "aws.config", MessageType: "ScheduledNotification", MaximumExecutionFrequency: "One_Hour" },
      ],
    } as const;
    await config.send(
      new PutConfigRuleCommand({
        ConfigRule: { ConfigRuleName: "r", Source: { ...Source, SourceDetails: [...Source.SourceDetails] } },
      }),
    );
  },
};

const BRINGING = ["GetBucketAcl", "Invoke", "Publish", "PutObject", "SendMessage"];

/** How the calls went with which services bring something to the victim, who takes it from one account. */
async function callsBehind(deed: Deed, from: string): Promise<readonly string[]> {
  const cloud = await receivers(from);
  const sinceMs = cloud.clock.now().getTime();
  await deed(cloud).catch(() => undefined);
  await cloud.clock.advance(10);
  await cloud.cloud.journal.flush();
  const found = await cloud.cloud.journal.find({
    limit: 200,
    sinceMs,
    matches: ({ userIdentity, operation, questions }) =>
      userIdentity.type === "AWSService" &&
      BRINGING.includes(operation) &&
      questions.some(({ decision: { resource } }) => resource.includes(VICTIM) || resource.includes(BUCKET)),
  });
  return found.map(({ operation, error }) => `${operation}: ${error === undefined ? "done" : "refused"}`);
}

test.for(Object.entries(DEEDS))(
  "%s of another account where that account is let, and nowhere else",
  async ([, deed]) => {
    // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    const tried = await callsBehind(deed, VICTIM);
    expect(tried).toContainEqual(expect.stringMatching(/refused$/));
    expect(tried).not.toContainEqual(expect.stringMatching(/done$/));
    const done = await callsBehind(deed, EVE);
    expect(done).toContainEqual(expect.stringMatching(/done$/));
    expect(done).not.toContainEqual(expect.stringMatching(/refused$/));
  },
);

test("who acts in a role acts for itself: no resource stands behind the call", async () => {
  const world = await eventWorld();
  const { cloud } = world;
  const principal = { Service: "events.amazonaws.com" };
  const RoleArn = await makeRole(cloud, "out", { principal, allow: ["sqs:SendMessage"] });
  const queue = await world.queue("letters");
  const where = { Null: { "aws:SourceArn": "false" } };
  const deny = { Effect: "Deny", Principal: "*", Action: "sqs:SendMessage", Resource: "*", Condition: where };
  const Policy = policyText({ Statement: [deny] });
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: queue.arn, RoleArn }]);
  await world.put({ Source: "shop", DetailType: "order", Detail: "{}" });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (aws:SourceArn)
  expect(await queue.bodies()).toHaveLength(1);
});

test("a log group has no function of another account for its subscriber, whoever is let", async () => {
  const cloud = await receivers(EVE);
  const logs = cloud.client(CloudWatchLogsClient, ofEve(cloud));
  await logs.send(new CreateLogGroupCommand({ logGroupName: "g" }));
  const filter = { logGroupName: "g", filterName: "f", filterPattern: "", destinationArn: FUNCTION };
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
  expect(await refused(logs.send(new PutSubscriptionFilterCommand(filter)))).toMatchObject({ status: 400 });
});

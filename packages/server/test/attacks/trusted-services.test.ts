/** Roles whose trust policies let a service in on behalf of one account: nobody else has it take them on. */
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreatePipeCommand, PipesClient } from "@aws-sdk/client-pipes";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  CreateTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { makeRole } from "../identities.ts";
import { servicePolicy } from "../service-policy.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";
import { zipOf } from "../zip.ts";

const OWN = "000000000000";
const OTHER = "111111111111";
const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${OWN}:${name}`;

interface Use {
  readonly service: string;
  readonly by: (cloud: TestCloud, RoleArn: string) => Promise<unknown>;
}

const USES: readonly Use[] = [
  {
    service: "scheduler",
    by: async (cloud, RoleArn) => {
      const every = { ScheduleExpression: "rate(1 minutes)", FlexibleTimeWindow: { Mode: "OFF" } } as const;
      const Target = { Arn: queueArn("a"), RoleArn, Input: "x" };
      await cloud.client(SchedulerClient).send(new CreateScheduleCommand({ Name: "s", ...every, Target }));
    },
  },
  {
    service: "pipes",
    by: (cloud, RoleArn) =>
      cloud
        .client(PipesClient)
        .send(new CreatePipeCommand({ Name: "p", RoleArn, Source: queueArn("a"), Target: queueArn("b") })),
  },
  {
    service: "events",
    by: async (cloud, RoleArn) => {
      const events = cloud.client(EventBridgeClient);
      await events.send(new PutRuleCommand({ Name: "r", EventPattern: '{"source":["shop"]}' }));
      await events.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "1", Arn: queueArn("a"), RoleArn }] }));
      await events.send(new PutEventsCommand({ Entries: [{ Source: "shop", DetailType: "t", Detail: "{}" }] }));
    },
  },
  {
    service: "lambda",
    by: async (cloud, Role) => {
      const lambda = cloud.client(LambdaClient);
      const Code = { ZipFile: zipOf({ "index.mjs": "export const handler = () => 1;" }) };
      const usual = { Runtime: "nodejs24.x", Handler: "index.handler", Role, Code } as const;
      await lambda.send(new CreateFunctionCommand({ FunctionName: "f", ...usual }));
      await lambda.send(new InvokeCommand({ FunctionName: "f" }));
    },
  },
  {
    service: "cloudtrail",
    by: async (cloud, CloudWatchLogsRoleArn) => {
      const logGroupName = "trail";
      await cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName }));
      const CloudWatchLogsLogGroupArn = `arn:aws:logs:us-east-1:${OWN}:log-group:${logGroupName}:*`;
      const told = { CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn };
      const trails = cloud.client(CloudTrailClient);
      await trails.send(new CreateTrailCommand({ Name: "all", S3BucketName: "open", ...told }));
      await trails.send(new StartLoggingCommand({ Name: "all" }));
      await cloud.client(SNSClient).send(new CreateTopicCommand({ Name: "something" }));
    },
  },
  {
    service: "config",
    by: async (cloud, roleARN) => {
      const config = cloud.client(ConfigServiceClient);
      await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: "default", roleARN } }));
      await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: "open" } }));
      await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
    },
  },
  {
    service: "sns",
    by: async (cloud, AttributeValue) => {
      const sns = cloud.client(SNSClient);
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "t" }));
      const AttributeName = "SQSSuccessFeedbackRoleArn";
      await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn("a") }));
      await sns.send(new PublishCommand({ TopicArn, Message: "x" }));
    },
  },
];

async function readyCloud(): Promise<TestCloud> {
  const cloud = await testCloud();
  const sqs = cloud.client(SQSClient);
  const Policy = servicePolicy({ service: "sns", may: "sqs:SendMessage" });
  for (const QueueName of ["a", "b"]) await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "open" }));
  const on = ["arn:aws:s3:::open", "arn:aws:s3:::open/*"];
  const Open = servicePolicy({ service: ["cloudtrail", "config"], may: "s3:*", on });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "open", Policy: Open }));
  return cloud;
}

/** How it went each time that the service wanted to take the role on. */
async function assumptions({ service, by }: Use, account: string): Promise<readonly string[]> {
  const cloud = await readyCloud();
  const principal = { Service: `${service}.amazonaws.com` };
  const trustCondition = { StringEquals: { "aws:SourceAccount": account } };
  const role = await makeRole(cloud, "work", { principal, trustCondition, allow: ["*"] });
  await by(cloud, role).catch(() => undefined);
  await cloud.clock.advance(400);
  await cloud.cloud.journal.flush();
  const found = await cloud.cloud.journal.find({
    limit: 200,
    matches: ({ operation, userIdentity }) => operation === "AssumeRole" && userIdentity.type === "AWSService",
  });
  return [...new Set(found.map(({ error }) => error?.code ?? "done"))];
}

test.for(USES)(
  "$service takes a role on for the account that its trust policy names, and for no other",
  async (use) => {
    // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
    expect(await assumptions(use, OWN)).toEqual(["done"]);
    expect(await assumptions(use, OTHER)).toEqual(["AccessDenied"]);
  },
);

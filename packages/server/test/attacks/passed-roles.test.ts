/** Rights taken by handing a service a role that nobody has let one hand over, or that is another account's. */
import { CloudTrailClient, CreateTrailCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  PutDestinationCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  ConfigServiceClient,
  PutConfigurationAggregatorCommand,
  PutConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreatePipeCommand, PipesClient } from "@aws-sdk/client-pipes";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  CreatePlatformApplicationCommand,
  CreateTopicCommand,
  SetSMSAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { makeUser } from "../identities.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";
import { zipOf } from "../zip.ts";
import { refused } from "./refused.ts";

const OTHER = "111111111111";
const HERE = "arn:aws:SERVICE:us-east-1:000000000000:";
const QUEUE = `${HERE.replace("SERVICE", "sqs")}q`;
const TOPIC = `${HERE.replace("SERVICE", "sns")}t`;

const SERVICES = ["lambda", "events", "scheduler", "pipes", "cloudtrail", "logs", "sns", "config"];

/** A role that every service may take on. */
async function openRole(iam: IAMClient): Promise<string> {
  const Service = SERVICES.map((service) => `${service}.amazonaws.com`);
  const Statement = [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "mighty", AssumeRolePolicyDocument }));
  return Role?.Arn ?? "";
}

type Credentials = Parameters<TestCloud["client"]>[1];

/** All ways to hand a role over. */
function attempts(cloud: TestCloud, who: Credentials, role: string): readonly (() => Promise<unknown>)[] {
  const sns = cloud.client(SNSClient, who);
  const events = cloud.client(EventBridgeClient, who);
  const logs = cloud.client(CloudWatchLogsClient, who);
  const config = cloud.client(ConfigServiceClient, who);
  const Code = { ZipFile: zipOf({ "index.mjs": "export const handler = () => 1;" }) };
  const running = { Runtime: "nodejs24.x", Handler: "index.handler", Code } as const;
  const every = { ScheduleExpression: "rate(1 hour)", FlexibleTimeWindow: { Mode: "OFF" } } as const;
  return [
    () =>
      cloud.client(LambdaClient, who).send(new CreateFunctionCommand({ FunctionName: "f", Role: role, ...running })),
    () => events.send(new PutRuleCommand({ Name: "r", ScheduleExpression: "rate(1 hour)", RoleArn: role })),
    () => events.send(new PutTargetsCommand({ Rule: "there", Targets: [{ Id: "1", Arn: QUEUE, RoleArn: role }] })),
    () =>
      cloud
        .client(SchedulerClient, who)
        .send(new CreateScheduleCommand({ Name: "s", ...every, Target: { Arn: QUEUE, RoleArn: role } })),
    () =>
      cloud
        .client(PipesClient, who)
        .send(new CreatePipeCommand({ Name: "p", RoleArn: role, Source: QUEUE, Target: TOPIC })),
    () =>
      cloud.client(CloudTrailClient, who).send(
        new CreateTrailCommand({
          Name: "trail",
          S3BucketName: "trails",
          CloudWatchLogsLogGroupArn: `${HERE.replace("SERVICE", "logs")}log-group:g:*`,
          CloudWatchLogsRoleArn: role,
        }),
      ),
    () =>
      logs.send(
        new PutDestinationCommand({
          destinationName: "d",
          targetArn: `${HERE.replace("SERVICE", "kinesis")}stream/s`,
          roleArn: role,
        }),
      ),
    () =>
      logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: "g",
          filterName: "f",
          filterPattern: "",
          destinationArn: `${HERE.replace("SERVICE", "kinesis")}stream/s`,
          roleArn: role,
        }),
      ),
    () => sns.send(new CreateTopicCommand({ Name: "new", Attributes: { SQSFailureFeedbackRoleArn: role } })),
    () =>
      sns.send(
        new SetTopicAttributesCommand({
          TopicArn: TOPIC,
          AttributeName: "LambdaSuccessFeedbackRoleArn",
          AttributeValue: role,
        }),
      ),
    () =>
      sns.send(
        new SubscribeCommand({
          TopicArn: TOPIC,
          Protocol: "firehose",
          Endpoint: `${HERE.replace("SERVICE", "firehose")}deliverystream/d`,
          Attributes: { SubscriptionRoleArn: role },
        }),
      ),
    () =>
      sns.send(
        new CreatePlatformApplicationCommand({
          Name: "a",
          Platform: "GCM",
          Attributes: { PlatformCredential: "key", SuccessFeedbackRoleArn: role },
        }),
      ),
    () => sns.send(new SetSMSAttributesCommand({ attributes: { DeliveryStatusIAMRole: role } })),
    () =>
      config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: "default", roleARN: role } })),
    () =>
      config.send(
        new PutConfigurationAggregatorCommand({
          ConfigurationAggregatorName: "all",
          OrganizationAggregationSource: { RoleArn: role, AllAwsRegions: true },
        }),
      ),
  ];
}

async function cloudOfOne() {
  const cloud = await testCloud();
  await cloud.client(SNSClient).send(new CreateTopicCommand({ Name: "t" }));
  await cloud.client(EventBridgeClient).send(new PutRuleCommand({ Name: "there", ScheduleExpression: "rate(1 hour)" }));
  return cloud;
}

test("no role is handed to a service by who may not pass it", async () => {
  const cloud = await cloudOfOne();
  const role = await openRole(cloud.client(IAMClient));
  const who = await makeUser(cloud, "eve", { allow: SERVICES.map((service) => `${service}:*`) });
  for (const attempt of attempts(cloud, who, role)) {
    const { status, message } = await refused(attempt());
    // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    expect(message, String(attempt)).toContain("iam:PassRole");
    expect([400, 403]).toContain(status);
  }
});

test("no role of another account is handed to a service, even by who may pass all", async () => {
  const cloud = await cloudOfOne();
  const role = await openRole(cloud.client(IAMClient, cloud.rootOf(OTHER)));
  const who = await makeUser(cloud, "eve", { allow: ["*"] });
  for (const attempt of attempts(cloud, who, role)) {
    const { message } = await refused(attempt());
    expect(message, String(attempt)).toMatch(/iam:PassRole|^Cross-account pass role is not allowed\.$/);
  }
});

/** Functions, topics, buses, secrets, parameters and logs of another account, by all their names. */
import { CloudTrailClient, GetTrailStatusCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  GetQueryResultsCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
  StartQueryCommand,
  StopQueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  CreateTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { testCloud, type TestCloud } from "../test-cloud.ts";
import { zipOf } from "../zip.ts";
import { refused } from "./refused.ts";

const OTHER = "111111111111";
const OWN = "000000000000";
const HERE = `us-east-1:${OWN}`;
const Code = { ZipFile: zipOf({ "index.mjs": "export const handler = () => 1;" }) };

/** A way in, to be tried by the other account. */
type Attempt = () => Promise<unknown>;

/** The ways that are open. */
async function openOf(attempts: readonly Attempt[]): Promise<readonly string[]> {
  const open: string[] = [];
  for (const attempt of attempts) {
    const status = await refused(attempt()).then(
      (refusal) => refusal.status,
      () => 200,
    );
    if (![400, 403, 404].includes(status ?? 0)) open.push(`${status}: ${String(attempt)}`);
  }
  return open;
}

async function twoAccounts() {
  const cloud = await testCloud();
  return { cloud, eve: cloud.rootOf(OTHER) };
}

async function roleOf(cloud: TestCloud, who: Parameters<TestCloud["client"]>[1]): Promise<string> {
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const { Role } = await cloud
    .client(IAMClient, who)
    .send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));
  return Role?.Arn ?? "";
}

test("another account's function, version, alias and layer are used by none of their names", async () => {
  const { cloud, eve } = await twoAccounts();
  const own = cloud.client(LambdaClient);
  const usual = { Runtime: "nodejs24.x", Handler: "index.handler", Code } as const;
  await own.send(
    new CreateFunctionCommand({ FunctionName: "f", Role: await roleOf(cloud, cloud.rootOf(OWN)), ...usual }),
  );
  await own.send(new PublishVersionCommand({ FunctionName: "f" }));
  await own.send(new CreateAliasCommand({ FunctionName: "f", Name: "live", FunctionVersion: "1" }));
  const { LayerVersionArn = "" } = await own.send(new PublishLayerVersionCommand({ LayerName: "l", Content: Code }));
  const lambda = cloud.client(LambdaClient, eve);
  const Role = await roleOf(cloud, eve);
  await lambda.send(new CreateFunctionCommand({ FunctionName: "mine", Role, ...usual }));
  const sqs = cloud.client(SQSClient, eve);
  await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  const names = [`arn:aws:lambda:${HERE}:function:f`, `${OWN}:function:f`, `${OWN}:f`];
  const all = names.flatMap((name) => [name, `${name}:1`, `${name}:live`, `${name}:$LATEST`]);
  const open = await openOf([
    ...all.map((FunctionName) => () => lambda.send(new InvokeCommand({ FunctionName }))),
    ...all.map((FunctionName) => () => lambda.send(new InvokeCommand({ FunctionName, InvocationType: "DryRun" }))),
    ...names.map((FunctionName) => () => lambda.send(new GetFunctionCommand({ FunctionName }))),
    ...names.map((FunctionName) => () => lambda.send(new GetPolicyCommand({ FunctionName }))),
    ...names.map((FunctionName) => () => lambda.send(new DeleteFunctionCommand({ FunctionName }))),
    ...names.map(
      (FunctionName) => () => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 })),
    ),
    ...names.map(
      (FunctionName) => () =>
        lambda.send(
          new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: `arn:aws:sqs:us-east-1:${OTHER}:q` }),
        ),
    ),
    () => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "mine", Layers: [LayerVersionArn] })),
    () => lambda.send(new ListLayerVersionsCommand({ LayerName: `arn:aws:lambda:${HERE}:layer:l` })),
    () => lambda.send(new PublishLayerVersionCommand({ LayerName: `arn:aws:lambda:${HERE}:layer:l`, Content: Code })),
  ]);
  expect(open).toEqual([]);
});

test("another account's secrets and parameters are neither read, written nor taken away", async () => {
  const { cloud, eve } = await twoAccounts();
  const { ARN = "" } = await cloud
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: "db", SecretString: "hush" }));
  await cloud.client(SSMClient).send(new PutParameterCommand({ Name: "/p", Type: "SecureString", Value: "hush" }));
  const vault = cloud.client(SecretsManagerClient, eve);
  const ssm = cloud.client(SSMClient, eve);
  const Name = `arn:aws:ssm:${HERE}:parameter/p`;
  const open = await openOf([
    ...[ARN, ARN.slice(0, -7)].map((SecretId) => () => vault.send(new GetSecretValueCommand({ SecretId }))),
    () => vault.send(new DeleteSecretCommand({ SecretId: ARN, ForceDeleteWithoutRecovery: true })),
    () => ssm.send(new GetParameterCommand({ Name, WithDecryption: true })),
    () => ssm.send(new PutParameterCommand({ Name, Type: "String", Value: "x", Overwrite: true })),
    () => ssm.send(new DeleteParameterCommand({ Name })),
  ]);
  expect(open).toEqual([]);
  const found = await ssm
    .send(new GetParametersCommand({ Names: [Name], WithDecryption: true }))
    .catch(() => undefined);
  expect(found?.Parameters ?? []).toEqual([]);
});

test("another account's topics, buses, alarms and trails are out of reach", async () => {
  const { cloud, eve } = await twoAccounts();
  const { TopicArn = "" } = await cloud.client(SNSClient).send(new CreateTopicCommand({ Name: "t" }));
  await cloud.client(CloudWatchClient).send(
    new PutMetricAlarmCommand({
      AlarmName: "a",
      Namespace: "n",
      MetricName: "m",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  const sns = cloud.client(SNSClient, eve);
  const watch = cloud.client(CloudWatchClient, eve);
  const trails = cloud.client(CloudTrailClient, eve);
  const events = cloud.client(EventBridgeClient, eve);
  const bus = `arn:aws:events:${HERE}:event-bus/default`;
  const entry = { Source: "s", DetailType: "t", Detail: "{}" };
  const open = await openOf([
    () => sns.send(new PublishCommand({ TopicArn, Message: "x" })),
    () => sns.send(new PublishCommand({ TargetArn: TopicArn, Message: "x" })),
    () => sns.send(new SubscribeCommand({ TopicArn, Protocol: "sms", Endpoint: "+15550100" })),
    () => sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "DisplayName", AttributeValue: "x" })),
    () => events.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: bus }] })),
    () => events.send(new ListRuleNamesByTargetCommand({ TargetArn: TopicArn, EventBusName: bus })),
    () => events.send(new ListRulesCommand({ EventBusName: bus })),
    () => events.send(new PutRuleCommand({ Name: "r", EventBusName: bus, EventPattern: '{"source":["s"]}' })),
    () => trails.send(new GetTrailStatusCommand({ Name: `arn:aws:cloudtrail:${HERE}:trail/t` })),
    () => trails.send(new StopLoggingCommand({ Name: `arn:aws:cloudtrail:${HERE}:trail/t` })),
  ]);
  expect(open).toEqual([]);
  await watch.send(new DeleteAlarmsCommand({ AlarmNames: ["a"] })).catch(() => undefined);
  const { MetricAlarms } = await cloud.client(CloudWatchClient).send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["a"]);
  const { Entries } = await events.send(new PutEventsCommand({ Entries: [{ ...entry, Source: "aws.s3" }] }));
  // Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html (Source)
  expect(Entries?.[0]?.ErrorCode).toBe("NotAuthorizedForSourceException");
});

test("another account's logs and what was asked of them are out of reach", async () => {
  const { cloud, eve } = await twoAccounts();
  const own = cloud.client(CloudWatchLogsClient);
  const [logGroupName, logStreamName] = ["g", "s"];
  await own.send(new CreateLogGroupCommand({ logGroupName }));
  await own.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const at = Math.floor(cloud.clock.now().getTime() / 1000);
  const asked = { queryString: "fields @message", startTime: at - 60, endTime: at };
  const { queryId = "" } = await own.send(new StartQueryCommand({ logGroupName, ...asked }));
  const logs = cloud.client(CloudWatchLogsClient, eve);
  const group = `arn:aws:logs:${HERE}:log-group:g`;
  const open = await openOf([
    () => logs.send(new GetLogEventsCommand({ logGroupIdentifier: group, logStreamName })),
    () => logs.send(new FilterLogEventsCommand({ logGroupIdentifier: group })),
    () => logs.send(new StartQueryCommand({ logGroupIdentifiers: [group], ...asked })),
    () => logs.send(new DescribeLogGroupsCommand({ logGroupIdentifiers: [group] })),
    () => logs.send(new GetQueryResultsCommand({ queryId })),
    () => logs.send(new StopQueryCommand({ queryId })),
    () => logs.send(new ListLogTagsCommand({ resourceArn: group })),
    () => logs.send(new TagResourceCommand({ resourceArn: group, tags: { a: "b" } })),
    () => logs.send(new UntagResourceCommand({ resourceArn: group, tagKeys: ["a"] })),
  ]);
  expect(open).toEqual([]);
});

/** Tags of what is not there: listed, put and taken away, they are refused, each in the words of its service. */
import * as analyzers from "@aws-sdk/client-accessanalyzer";
import * as trails from "@aws-sdk/client-cloudtrail";
import * as metrics from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as pools from "@aws-sdk/client-cognito-identity-provider";
import * as config from "@aws-sdk/client-config-service";
import * as events from "@aws-sdk/client-eventbridge";
import * as kms from "@aws-sdk/client-kms";
import * as lambda from "@aws-sdk/client-lambda";
import * as pipes from "@aws-sdk/client-pipes";
import * as scheduler from "@aws-sdk/client-scheduler";
import * as secrets from "@aws-sdk/client-secrets-manager";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as ssm from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { testCloud, type TestCloud } from "./test-cloud.ts";

const ACCOUNT = "000000000000";
const UUID = "00000000-0000-4000-8000-000000000000";
const Tags = [{ Key: "team", Value: "blue" }];
const tags = { team: "blue" };
const keys = ["team"];

const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;

type Calls = (cloud: TestCloud) => readonly Promise<unknown>[];

const ofAnalyzer: Calls = (cloud) => {
  const client = cloud.client(analyzers.AccessAnalyzerClient);
  const resourceArn = arn("access-analyzer", "analyzer/none");
  return [
    client.send(new analyzers.ListTagsForResourceCommand({ resourceArn })),
    client.send(new analyzers.TagResourceCommand({ resourceArn, tags })),
    client.send(new analyzers.UntagResourceCommand({ resourceArn, tagKeys: keys })),
  ];
};

const ofTrail: Calls = (cloud) => {
  const client = cloud.client(trails.CloudTrailClient);
  const ResourceId = arn("cloudtrail", "trail/none");
  return [
    client.send(new trails.ListTagsCommand({ ResourceIdList: [ResourceId] })),
    client.send(new trails.AddTagsCommand({ ResourceId, TagsList: Tags })),
    client.send(new trails.RemoveTagsCommand({ ResourceId, TagsList: Tags })),
  ];
};

const ofLogGroup: Calls = (cloud) => {
  const client = cloud.client(logs.CloudWatchLogsClient);
  const resourceArn = arn("logs", "log-group:none");
  return [
    client.send(new logs.ListTagsForResourceCommand({ resourceArn })),
    client.send(new logs.TagResourceCommand({ resourceArn, tags })),
    client.send(new logs.UntagResourceCommand({ resourceArn, tagKeys: keys })),
  ];
};

const ofUserPool: Calls = (cloud) => {
  const client = cloud.client(pools.CognitoIdentityProviderClient);
  const ResourceArn = arn("cognito-idp", "userpool/us-east-1_abcdefghi");
  return [
    client.send(new pools.ListTagsForResourceCommand({ ResourceArn })),
    client.send(new pools.TagResourceCommand({ ResourceArn, Tags: tags })),
    client.send(new pools.UntagResourceCommand({ ResourceArn, TagKeys: keys })),
  ];
};

const ofConfigRule: Calls = (cloud) => {
  const client = cloud.client(config.ConfigServiceClient);
  const ResourceArn = arn("config", "config-rule/config-rule-abcdef");
  return [
    client.send(new config.ListTagsForResourceCommand({ ResourceArn })),
    client.send(new config.TagResourceCommand({ ResourceArn, Tags })),
    client.send(new config.UntagResourceCommand({ ResourceArn, TagKeys: keys })),
  ];
};

const ofEvents =
  (resource: string): Calls =>
  (cloud) => {
    const client = cloud.client(events.EventBridgeClient);
    const ResourceARN = arn("events", resource);
    return [
      client.send(new events.ListTagsForResourceCommand({ ResourceARN })),
      client.send(new events.TagResourceCommand({ ResourceARN, Tags })),
      client.send(new events.UntagResourceCommand({ ResourceARN, TagKeys: keys })),
    ];
  };

const ofKey: Calls = (cloud) => {
  const client = cloud.client(kms.KMSClient);
  return [
    client.send(new kms.ListResourceTagsCommand({ KeyId: UUID })),
    client.send(new kms.TagResourceCommand({ KeyId: UUID, Tags: [{ TagKey: "team", TagValue: "blue" }] })),
    client.send(new kms.UntagResourceCommand({ KeyId: UUID, TagKeys: keys })),
  ];
};

const ofLambda =
  (resource: string): Calls =>
  (cloud) => {
    const client = cloud.client(lambda.LambdaClient);
    const Resource = arn("lambda", resource);
    return [
      client.send(new lambda.ListTagsCommand({ Resource })),
      client.send(new lambda.TagResourceCommand({ Resource, Tags: tags })),
      client.send(new lambda.UntagResourceCommand({ Resource, TagKeys: keys })),
    ];
  };

const ofPipe: Calls = (cloud) => {
  const client = cloud.client(pipes.PipesClient);
  const resourceArn = arn("pipes", "pipe/none");
  return [
    client.send(new pipes.ListTagsForResourceCommand({ resourceArn })),
    client.send(new pipes.TagResourceCommand({ resourceArn, tags })),
    client.send(new pipes.UntagResourceCommand({ resourceArn, tagKeys: keys })),
  ];
};

const ofScheduleGroup: Calls = (cloud) => {
  const client = cloud.client(scheduler.SchedulerClient);
  const ResourceArn = arn("scheduler", "schedule-group/none");
  return [
    client.send(new scheduler.ListTagsForResourceCommand({ ResourceArn })),
    client.send(new scheduler.TagResourceCommand({ ResourceArn, Tags })),
    client.send(new scheduler.UntagResourceCommand({ ResourceArn, TagKeys: keys })),
  ];
};

const ofSecret: Calls = (cloud) => {
  const client = cloud.client(secrets.SecretsManagerClient);
  return [
    client.send(new secrets.TagResourceCommand({ SecretId: "none", Tags })),
    client.send(new secrets.UntagResourceCommand({ SecretId: "none", TagKeys: keys })),
  ];
};

const ofTopic: Calls = (cloud) => {
  const client = cloud.client(sns.SNSClient);
  const ResourceArn = arn("sns", "none");
  return [
    client.send(new sns.ListTagsForResourceCommand({ ResourceArn })),
    client.send(new sns.TagResourceCommand({ ResourceArn, Tags })),
    client.send(new sns.UntagResourceCommand({ ResourceArn, TagKeys: keys })),
  ];
};

const ofQueue: Calls = (cloud) => {
  const client = cloud.client(sqs.SQSClient);
  const QueueUrl = `http://localhost:4566/${ACCOUNT}/none`;
  return [
    client.send(new sqs.ListQueueTagsCommand({ QueueUrl })),
    client.send(new sqs.TagQueueCommand({ QueueUrl, Tags: tags })),
    client.send(new sqs.UntagQueueCommand({ QueueUrl, TagKeys: keys })),
  ];
};

const ofParameter: Calls = (cloud) => {
  const client = cloud.client(ssm.SSMClient);
  const resource = { ResourceType: "Parameter", ResourceId: "none" } as const;
  return [
    client.send(new ssm.ListTagsForResourceCommand(resource)),
    client.send(new ssm.AddTagsToResourceCommand({ ...resource, Tags })),
    client.send(new ssm.RemoveTagsFromResourceCommand({ ...resource, TagKeys: keys })),
  ];
};

/** Source: the section on errors of each operation in the service's API reference, such as https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html */
test.each<[what: string, name: string, Calls]>([
  ["an analyzer", "ResourceNotFoundException", ofAnalyzer],
  ["a trail", "TrailNotFoundException", ofTrail],
  ["a log group", "ResourceNotFoundException", ofLogGroup],
  ["a user pool", "ResourceNotFoundException", ofUserPool],
  ["a rule of AWS Config", "ResourceNotFoundException", ofConfigRule],
  ["a rule", "ResourceNotFoundException", ofEvents("rule/none")],
  ["an event bus", "ResourceNotFoundException", ofEvents("event-bus/none")],
  ["a key", "NotFoundException", ofKey],
  ["a function", "ResourceNotFoundException", ofLambda("function:none")],
  ["an event source mapping", "ResourceNotFoundException", ofLambda(`event-source-mapping:${UUID}`)],
  ["a code signing configuration", "ResourceNotFoundException", ofLambda("code-signing-config:csc-00000000000000000")],
  ["a capacity provider", "ResourceNotFoundException", ofLambda("capacity-provider:none")],
  ["a pipe", "NotFoundException", ofPipe],
  ["a schedule group", "ResourceNotFoundException", ofScheduleGroup],
  ["a secret", "ResourceNotFoundException", ofSecret],
  ["a topic", "ResourceNotFoundException", ofTopic],
  ["a queue", "QueueDoesNotExist", ofQueue],
  ["a parameter", "InvalidResourceId", ofParameter],
])("%s that is not there has no tags: %s", async (_what, name, calls) => {
  const cloud = await testCloud();
  for (const call of await Promise.allSettled(calls(cloud))) {
    expect(call).toMatchObject({ status: "rejected", reason: { name } });
  }
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_tagging_metric_alarm: list_tags_for_deleted_resource) */
test("an alarm that is not there has an empty list of tags, and takes none", async () => {
  const client = (await testCloud()).client(metrics.CloudWatchClient);
  const ResourceARN = arn("cloudwatch", "alarm:none");
  const { Tags: listed } = await client.send(new metrics.ListTagsForResourceCommand({ ResourceARN }));
  expect(listed).toEqual([]);
  const tagged = client.send(new metrics.TagResourceCommand({ ResourceARN, Tags }));
  await expect(tagged).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

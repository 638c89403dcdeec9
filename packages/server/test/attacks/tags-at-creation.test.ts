/** Tags given where something is made, by who may make it and may not tag: rights by tags would be there for the taking. */
import { expect, test } from "vitest";
import { makeUser } from "../identities.ts";
import { serviceTrust } from "../service-policy.ts";
import { testCloud } from "../test-cloud.ts";
import { zipOf } from "../zip.ts";
import { callsWith } from "./any-operation.ts";
import { refused } from "./refused.ts";

type Input = Readonly<Record<string, unknown>>;

interface Tagging {
  readonly id: string;
  readonly operation: string;
  readonly input: Input;
  /** What gives it tags, and the action that this takes. */
  readonly tags: Input;
  readonly action: string;
}

const LIST = [{ Key: "team", Value: "admins" }];
const MAP = { team: "admins" };
const ROLE = "arn:aws:iam::000000000000:role/work";
const Code = { ZipFile: zipOf({ "index.mjs": "export const handler = () => 1;" }) };

const TAGGINGS: readonly Tagging[] = [
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html (tags)
  { id: "sqs", operation: "CreateQueue", input: { QueueName: "q" }, tags: { tags: MAP }, action: "sqs:TagQueue" },
  // Source: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html (Tags)
  { id: "sns", operation: "CreateTopic", input: { Name: "t" }, tags: { Tags: LIST }, action: "sns:TagResource" },
  // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html (tags)
  {
    id: "cloudwatch-logs",
    operation: "CreateLogGroup",
    input: { logGroupName: "g" },
    tags: { tags: MAP },
    action: "logs:TagResource",
  },
  // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  {
    id: "secrets-manager",
    operation: "CreateSecret",
    input: { Name: "s", SecretString: "x" },
    tags: { Tags: LIST },
    action: "secretsmanager:TagResource",
  },
  // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-tagging.html
  {
    id: "ssm",
    operation: "PutParameter",
    input: { Name: "p", Type: "String", Value: "x" },
    tags: { Tags: LIST },
    action: "ssm:AddTagsToResource",
  },
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (Required permissions)
  {
    id: "kms",
    operation: "CreateKey",
    input: {},
    tags: { Tags: [{ TagKey: "team", TagValue: "admins" }] },
    action: "kms:TagResource",
  },
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_users.html, …/id_tags_roles.html, …/id_tags_customer-managed-policies.html
  { id: "iam", operation: "CreateUser", input: { UserName: "u" }, tags: { Tags: LIST }, action: "iam:TagUser" },
  {
    id: "iam",
    operation: "CreateRole",
    input: { RoleName: "r", AssumeRolePolicyDocument: serviceTrust("lambda") },
    tags: { Tags: LIST },
    action: "iam:TagRole",
  },
  {
    id: "iam",
    operation: "CreatePolicy",
    input: {
      PolicyName: "p",
      PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    },
    tags: { Tags: LIST },
    action: "iam:TagPolicy",
  },
  {
    id: "iam",
    operation: "CreateInstanceProfile",
    input: { InstanceProfileName: "i" },
    tags: { Tags: LIST },
    action: "iam:TagInstanceProfile",
  },
  // Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  {
    id: "eventbridge",
    operation: "PutRule",
    input: { Name: "r", ScheduleExpression: "rate(1 hour)" },
    tags: { Tags: LIST },
    action: "events:TagResource",
  },
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (Tags)
  {
    id: "cloudwatch",
    operation: "PutMetricAlarm",
    input: {
      AlarmName: "a",
      Namespace: "n",
      MetricName: "m",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    },
    tags: { Tags: LIST },
    action: "cloudwatch:TagResource",
  },
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html (Permissions required for working with tags)
  {
    id: "lambda",
    operation: "CreateFunction",
    input: { FunctionName: "f", Role: ROLE, Runtime: "nodejs24.x", Handler: "index.handler", Code },
    tags: { Tags: MAP },
    action: "lambda:TagResource",
  },
];

test.for(TAGGINGS)(
  "$id $operation gives no tags to who may not tag",
  async ({ id, operation, input, tags, action }) => {
    const cloud = await testCloud();
    const root = await callsWith(cloud, "iam");
    await root("CreateRole", { RoleName: "work", AssumeRolePolicyDocument: serviceTrust("lambda") });
    const allow = {
      Statement: [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: action, Resource: "*" },
      ],
    };
    const call = await callsWith(cloud, id, await makeUser(cloud, "eve", { allow }));
    const { status, message } = await refused(call(operation, { ...input, ...tags }));
    expect(message.toLowerCase()).toContain(action.toLowerCase());
    expect([400, 403]).toContain(status);
    await expect(call(operation, input)).resolves.toBeTruthy();
  },
);

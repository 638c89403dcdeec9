import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetComplianceDetailsByConfigRuleCommand, type ConfigServiceClient } from "@aws-sdk/client-config-service";
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { PutPublicAccessBlockCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";
import { makeRole, policyText } from "../../../../test/identities.ts";
import { servicePolicy } from "../../../../test/service-policy.ts";

// Source of all: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html, the page of each rule

type World = Awaited<ReturnType<typeof configuredCloud>>;

const ACCOUNT = "000000000000";
const DAY_SECONDS = 86_400;

/** What a rule finds, by the ends of the resources' ids. */
async function findings(config: ConfigServiceClient, ConfigRuleName: string): Promise<Record<string, unknown>> {
  const { EvaluationResults = [] } = await config.send(
    new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName, Limit: 100 }),
  );
  return Object.fromEntries(
    EvaluationResults.map(({ EvaluationResultIdentifier: of, ComplianceType }) => [
      of?.EvaluationResultQualifier?.ResourceId?.split(/[:/]/).at(-1),
      ComplianceType === "COMPLIANT",
    ]),
  );
}

/** Puts a rule under a name of its own and says what it finds. */
function asked({ config, rule }: World) {
  let count = 0;
  return async (identifier: string, parameters: Record<string, string> = {}) => {
    const name = `rule-${(count += 1)}`;
    await rule(name, identifier, { InputParameters: JSON.stringify(parameters) });
    return findings(config, name);
  };
}

async function bucketWorld() {
  const world = await configuredCloud();
  const { s3, settle } = world;
  for (const Bucket of ["good", "bad"]) {
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: Bucket === "good" }));
  }
  return { ...world, settle, ask: asked(world) };
}

/** Of two buckets one has all that there is to have. */
async function furnishedWorld() {
  const { s3, cloud, settle, ask } = await bucketWorld();
  const Bucket = "good";
  const { TopicArn = "" } = await cloud.client(SNSClient).send(
    new CreateTopicCommand({
      Name: "told",
      Attributes: {
        Policy: policyText({
          Statement: [{ Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: "*" }],
        }),
      },
    }),
  );
  const lifecycle = {
    Rules: [
      {
        ID: "old",
        Status: "Enabled" as const,
        Filter: { Prefix: "logs/" },
        Expiration: { Days: 365 },
        Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" as const }],
      },
    ],
  };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: lifecycle }));
  await s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } },
      },
    }),
  );
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { TopicConfigurations: [{ TopicArn, Events: ["s3:ObjectCreated:*"] }] },
    }),
  );
  await s3.send(
    new PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket: "history", TargetPrefix: "access/" } },
    }),
  );
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "a" }] } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: "bad", VersioningConfiguration: { Status: "Enabled" } }));
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const key = KeyMetadata?.Arn ?? "";
  const byKey = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key } } as const;
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [byKey] } }));
  await settle();
  return { ask, key, TopicArn };
}

test("rules about buckets hold them to their parameters", async () => {
  const { ask, key, TopicArn } = await furnishedWorld();
  const good = { good: true, bad: false, history: false };
  const neither = { good: false, bad: false, history: false };
  expect(await ask("S3_LIFECYCLE_POLICY_CHECK")).toEqual(good);
  const asIs = { targetExpirationDays: "365", targetTransitionDays: "30", targetPrefix: "logs/" };
  expect(await ask("S3_LIFECYCLE_POLICY_CHECK", asIs)).toEqual(good);
  expect(await ask("S3_LIFECYCLE_POLICY_CHECK", { targetTransitionStorageClass: "GLACIER" })).toEqual(neither);
  expect(await ask("S3_LIFECYCLE_POLICY_CHECK", { targetExpirationDays: "1", bucketNames: "good" })).toEqual({
    good: false,
  });
  expect(await ask("S3_VERSION_LIFECYCLE_POLICY_CHECK")).toEqual({ good: true, bad: false });
  expect(await ask("S3_BUCKET_DEFAULT_LOCK_ENABLED")).toEqual(good);
  expect(await ask("S3_BUCKET_DEFAULT_LOCK_ENABLED", { mode: "COMPLIANCE" })).toEqual(neither);
  expect(await ask("S3_EVENT_NOTIFICATIONS_ENABLED")).toEqual(good);
  expect(await ask("S3_EVENT_NOTIFICATIONS_ENABLED", { destinationArn: TopicArn })).toEqual(good);
  expect(await ask("S3_EVENT_NOTIFICATIONS_ENABLED", { eventTypes: "s3:ObjectRemoved:*" })).toEqual(neither);
  expect(await ask("S3_BUCKET_LOGGING_ENABLED", { targetBucket: "history", targetPrefix: "access/" })).toEqual(good);
  expect(await ask("S3_BUCKET_LOGGING_ENABLED", { targetPrefix: "other/" })).toEqual(neither);
  expect(await ask("S3_DEFAULT_ENCRYPTION_KMS", { kmsKeyArns: key })).toEqual(good);
  expect(await ask("S3_DEFAULT_ENCRYPTION_KMS", { kmsKeyArns: "arn:aws:kms:us-east-1:1:key/2" })).toEqual(neither);
  expect(await ask("S3_BUCKET_TAGGED", { requiredKeyTags: "team" })).toEqual(good);
  expect(await ask("S3_BUCKET_TAGGED", { requiredKeyTags: "team,cost" })).toEqual(neither);
  expect(await ask("S3_BUCKET_ACL_PROHIBITED")).toEqual({ good: true, bad: true, history: true });
  expect(await ask("S3_BUCKET_MFA_DELETE_ENABLED")).toEqual(neither);
});

const letting = (AWS: string) =>
  policyText({ Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "s3:Get*", Resource: "arn:aws:s3:::bad" }] });

test("a bucket's policy lets other accounts do nothing that is blocked", async () => {
  const { s3, settle, ask } = await bucketWorld();
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: "bad" }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: "bad", Policy: letting("111122223333") }));
  await settle();
  const blocking = (blacklistedActionPattern: string) =>
    ask("S3_BUCKET_BLACKLISTED_ACTIONS_PROHIBITED", { blacklistedActionPattern });
  expect(await blocking("s3:GetBucketAcl, s3:Delete*")).toMatchObject({ bad: false, good: true });
  expect(await blocking("s3:Put*")).toMatchObject({ bad: true });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "bad", Policy: letting(ACCOUNT) }));
  await settle();
  expect(await blocking("s3:GetBucketAcl")).toMatchObject({ bad: true });
});

test("the blocks of an account are those that are asked for", async () => {
  const world = await configuredCloud();
  const ask = asked(world);
  const rule = "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC";
  const PublicAccessBlockConfiguration = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true };
  await world.cloud
    .client(S3ControlClient)
    .send(new PutPublicAccessBlockCommand({ AccountId: ACCOUNT, PublicAccessBlockConfiguration }));
  expect(await ask(rule)).toEqual({ [ACCOUNT]: false });
  expect(await ask(rule, { RestrictPublicBuckets: "False" })).toEqual({ [ACCOUNT]: true });
});

test("rules about policies read what they say, and who has them", async () => {
  const world = await configuredCloud();
  const iam = world.cloud.client(IAMClient);
  const policy = async (PolicyName: string, Action: string, Resource = "*") => {
    const PolicyDocument = policyText({ Statement: [{ Effect: "Allow", Action, Resource }] });
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
    return { arn: Policy?.Arn ?? "", id: Policy?.PolicyId ?? "" };
  };
  const [whole, part, other] = [
    await policy("whole", "s3:*"),
    await policy("part", "kms:Decrypt*"),
    await policy("other", "kms:Decrypt", "arn:aws:kms:us-east-1:000000000000:key/1"),
  ];
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const { User: bob } = await iam.send(new CreateUserCommand({ UserName: "bob" }));
  for (const UserName of ["ann", "bob"]) {
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: whole.arn }));
  }
  await makeRole(world.cloud, "support", { principal: { Service: "ec2.amazonaws.com" } });
  await iam.send(new AttachRolePolicyCommand({ RoleName: "support", PolicyArn: part.arn }));
  await world.settle();
  const ask = asked(world);
  expect(await ask("IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS")).toMatchObject({ [whole.id]: false, [part.id]: true });
  expect(
    await ask("IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS", { blockedActionsPatterns: "kms:Decrypt,kms:ReEncryptFrom" }),
  ).toMatchObject({ [whole.id]: true, [part.id]: false, [other.id]: true });
  const used = (policyUsageType: string) => ask("IAM_POLICY_IN_USE", { policyARN: part.arn, policyUsageType });
  expect([await used("ANY"), await used("IAM_ROLE"), await used("IAM_USER")]).toEqual(
    [true, true, false].map((is) => ({ [ACCOUNT]: is })),
  );
  const exceptionList = "users:[ann;cid], roles:[support]";
  const listed = await ask("IAM_POLICY_BLACKLISTED_CHECK", { policyArns: whole.arn, exceptionList });
  expect(Object.entries(listed).filter(([, is]) => is === false)).toEqual([[bob?.UserId, false]]);
  const roles = await ask("IAM_ROLE_MANAGED_POLICY_CHECK", { managedPolicyArns: part.arn });
  expect(Object.values(roles).filter((is) => is === true)).toHaveLength(1);
  expect(await ask("ROOT_ACCOUNT_HARDWARE_MFA_ENABLED")).toEqual({ [ACCOUNT]: false });
  expect(await ask("ACCOUNT_PART_OF_ORGANIZATIONS")).toEqual({ [ACCOUNT]: false });
});

test("rules about trails read what they log, and where to", async () => {
  const world = await configuredCloud();
  const { s3, cloud, settle } = world;
  await s3.send(new CreateBucketCommand({ Bucket: "trails" }));
  const on = ["arn:aws:s3:::trails", "arn:aws:s3:::trails/*"];
  const Policy = servicePolicy({ service: "cloudtrail", may: ["s3:GetBucketAcl", "s3:PutObject"], on });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "trails", Policy }));
  const trail = cloud.client(CloudTrailClient);
  await trail.send(new CreateTrailCommand({ Name: "all", S3BucketName: "trails", IsMultiRegionTrail: true }));
  await trail.send(new StartLoggingCommand({ Name: "all" }));
  const select = (ReadWriteType: "All" | "WriteOnly", Values?: string[]) =>
    trail.send(
      new PutEventSelectorsCommand({
        TrailName: "all",
        EventSelectors: [
          {
            ReadWriteType,
            IncludeManagementEvents: true,
            ...(Values && { DataResources: [{ Type: "AWS::S3::Object", Values }] }),
          },
        ],
      }),
    );
  await settle();
  const ask = asked(world);
  const multi = async (more: Record<string, string>) => (await ask("MULTI_REGION_CLOUD_TRAIL_ENABLED", more))[ACCOUNT];
  expect(await multi({ s3BucketName: "trails", includeManagementEvents: "true", readWriteType: "ALL" })).toBe(true);
  expect(await multi({ s3BucketName: "others" })).toBe(false);
  expect((await ask("CLOUD_TRAIL_ENABLED", { snsTopicArn: "arn:aws:sns:us-east-1:1:t" }))[ACCOUNT]).toBe(false);
  expect((await ask("CLOUDTRAIL_S3_DATAEVENTS_ENABLED"))[ACCOUNT]).toBe(false);
  await select("WriteOnly", ["arn:aws:s3:::trails/"]);
  expect(await multi({ readWriteType: "All" })).toBe(false);
  expect((await ask("CLOUDTRAIL_S3_DATAEVENTS_ENABLED", { S3BucketNames: "trails" }))[ACCOUNT]).toBe(true);
  expect((await ask("CLOUDTRAIL_S3_DATAEVENTS_ENABLED", { S3BucketNames: "trails,history" }))[ACCOUNT]).toBe(false);
  expect((await ask("CLOUDTRAIL_SECURITY_TRAIL_ENABLED"))[ACCOUNT]).toBe(false);
});

test("rules about alarms, log groups, keys, topics and secrets", async () => {
  const world = await configuredCloud();
  const { cloud, settle, config } = world;
  const action = "arn:aws:sns:us-east-1:000000000000:page";
  const alarm = (AlarmName: string, more: object) =>
    cloud.client(CloudWatchClient).send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: "Shop",
        MetricName: "errors",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: "GreaterThanThreshold",
        ...more,
      }),
    );
  await alarm("paging", { AlarmActions: [action], InsufficientDataActions: [action] });
  await alarm("silent", { ActionsEnabled: false, Threshold: 6, AlarmActions: [`${action}r`] });
  const logs = cloud.client(CloudWatchLogsClient);
  for (const logGroupName of ["short", "long"]) await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: "short", retentionInDays: 30 }));
  await cloud.client(SNSClient).send(new CreateTopicCommand({ Name: "plain" }));
  const { ARN = "" } = await cloud
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: "idle", SecretString: "x" }));
  const { KeyMetadata: key } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  await settle();
  const ask = asked(world);
  const required = { alarmActionRequired: "true", insufficientDataActionRequired: "false", okActionRequired: "false" };
  expect(await ask("CLOUDWATCH_ALARM_ACTION_CHECK", required)).toEqual({ paging: true, silent: true });
  expect(await ask("CLOUDWATCH_ALARM_ACTION_CHECK", { ...required, action1: action })).toEqual({
    paging: true,
    silent: false,
  });
  expect(await ask("CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK")).toEqual({ paging: true, silent: false });
  const settings = { metricName: "errors", threshold: "5", statistic: "Sum" };
  expect(await ask("CLOUDWATCH_ALARM_SETTINGS_CHECK", settings)).toEqual({ paging: true, silent: false });
  expect(await ask("CLOUDWATCH_ALARM_SETTINGS_CHECK", { metricName: "others" })).toEqual({});
  expect(await ask("CW_LOGGROUP_RETENTION_PERIOD_CHECK")).toEqual({ short: false, long: true });
  expect(await ask("CW_LOGGROUP_RETENTION_PERIOD_CHECK", { MinRetentionTime: "30" })).toMatchObject({ short: true });
  expect(await ask("CW_LOGGROUP_RETENTION_PERIOD_CHECK", { LogGroupNames: "long" })).toEqual({ long: true });
  expect(await ask("CLOUDWATCH_LOG_GROUP_ENCRYPTED")).toEqual({ short: false, long: false });
  expect(await ask("SNS_TOPIC_MESSAGE_DELIVERY_NOTIFICATION_ENABLED")).toEqual({ plain: false });
  expect(await ask("KMS_KEY_POLICY_NO_PUBLIC_ACCESS")).toMatchObject({ [key?.KeyId ?? ""]: true });
  expect(await ask("KMS_KEY_TAGGED")).toMatchObject({ [key?.KeyId ?? ""]: false });
  const secret = ARN.split(":").at(-1) ?? "";
  await world.rule("unused", "SECRETSMANAGER_SECRET_UNUSED", { InputParameters: '{"unusedForDays":"10"}' });
  expect(await findings(config, "unused")).toEqual({ [secret]: true });
  await cloud.clock.advance(12 * DAY_SECONDS);
  expect(await findings(config, "unused")).toEqual({ [secret]: false });
});

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html (UserName: [\w+=,.@-]+) */
test("a user whose name has a comma is found by its id, with what the report says of it", async () => {
  const world = await configuredCloud();
  const { User } = await world.cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "last,first" }));
  expect(await asked(world)("MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS")).toEqual({ [User?.UserId ?? ""]: true });
});

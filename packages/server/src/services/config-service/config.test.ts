import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DeleteRemediationConfigurationCommand,
  DescribeRemediationConfigurationsCommand,
  PutRemediationConfigurationsCommand,
  DescribeComplianceByConfigRuleCommand,
  DescribeConfigurationRecorderStatusCommand,
  DeliverConfigSnapshotCommand,
  DescribeConfigRulesCommand,
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  ListConfigurationRecordersCommand,
  ListDiscoveredResourcesCommand,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
  type DescribeConfigRulesFilters,
  type ListConfigurationRecordersCommandInput,
  type ResourceType,
} from "@aws-sdk/client-config-service";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, EnableKeyRotationCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../test/configured-cloud.ts";
import { makeRole, policyText } from "../../../test/identities.ts";

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

test("a resource has an item for each of its states, from what calls did to it", async () => {
  const { config, s3, settle } = await configuredCloud();
  const status = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
  expect(status.ConfigurationRecordersStatus).toMatchObject([{ recording: true, lastStatus: "Success" }]);
  await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  await settle();
  const versioning = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: "data", VersioningConfiguration: versioning }));
  await settle();
  await s3.send(new DeleteBucketCommand({ Bucket: "data" }));
  await settle();
  const ask = { resourceType: "AWS::S3::Bucket", resourceId: "data" } as const;
  const { configurationItems = [] } = await config.send(new GetResourceConfigHistoryCommand(ask));
  expect(configurationItems.map((item) => item.configurationItemStatus)).toEqual([
    "ResourceDeleted",
    "OK",
    "ResourceDiscovered",
  ]);
  const [, changed] = configurationItems;
  expect(JSON.parse(changed?.supplementaryConfiguration?.["BucketVersioningConfiguration"] ?? "")).toMatchObject({
    status: "Enabled",
  });
  const page = await config.send(
    new GetResourceConfigHistoryCommand({ ...ask, limit: 2, chronologicalOrder: "Forward" }),
  );
  const rest = await config.send(
    new GetResourceConfigHistoryCommand({ ...ask, chronologicalOrder: "Forward", nextToken: page.nextToken }),
  );
  expect(rest.configurationItems).toMatchObject([{ configurationItemStatus: "ResourceDeleted" }]);
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html (configurationItemStatus)
test("a key that KMS deletes when its waiting period is over is gone to AWS Config too", async () => {
  const { cloud, config, settle } = await configuredCloud();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata: { KeyId = "" } = {} } = await kms.send(new CreateKeyCommand({}));
  await settle();
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await cloud.clock.advance(7 * DAY_SECONDS);
  await settle();
  const ask = new GetResourceConfigHistoryCommand({ resourceType: "AWS::KMS::Key", resourceId: KeyId });
  const { configurationItems: [latest] = [] } = await config.send(ask);
  expect(latest?.configurationItemStatus).toBe("ResourceDeleted");
});

test("what accounts change in one moment is each one's own", async () => {
  const { cloud, config, s3, settle } = await configuredCloud();
  const other = cloud.client(S3Client, cloud.rootOf("222222222222"));
  await Promise.all([
    other.send(new CreateBucketCommand({ Bucket: "theirs" })),
    s3.send(new CreateBucketCommand({ Bucket: "ours" })),
  ]);
  await settle();
  const ask = { resourceType: "AWS::S3::Bucket" } as const;
  const { resourceIdentifiers = [] } = await config.send(new ListDiscoveredResourcesCommand(ask));
  expect(resourceIdentifiers.map(({ resourceId }) => resourceId)).toEqual(["history", "ours"]);
});

test("what is there when recording begins is discovered, and only what the group names", async () => {
  const { config, cloud, settle } = await configuredCloud({ resourceTypes: ["AWS::IAM::User"] });
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "anna" }));
  await settle();
  const names = async (resourceType: ResourceType) =>
    (await config.send(new ListDiscoveredResourcesCommand({ resourceType }))).resourceIdentifiers?.map(
      ({ resourceName }) => resourceName,
    );
  expect(await names("AWS::IAM::User")).toEqual(["anna"]);
  expect(await names("AWS::S3::Bucket")).toEqual([]);
  await cloud.client(IAMClient).send(new DeleteUserCommand({ UserName: "anna" }));
  await settle();
  expect(await names("AWS::IAM::User")).toEqual([]);
});

test("a rule that AWS keeps judges what is there, and again what changes", async () => {
  const { cloud, config, s3, settle, rule } = await configuredCloud();
  await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  await settle();
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  const compliance = async () => {
    const { EvaluationResults = [] } = await config.send(
      new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: "versioned" }),
    );
    return Object.fromEntries(
      EvaluationResults.map(({ EvaluationResultIdentifier, ComplianceType }) => [
        EvaluationResultIdentifier?.EvaluationResultQualifier?.ResourceId,
        ComplianceType,
      ]),
    );
  };
  expect(await compliance()).toEqual({ data: "NON_COMPLIANT", history: "NON_COMPLIANT" });
  const versioning = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: "data", VersioningConfiguration: versioning }));
  await settle();
  expect(await compliance()).toEqual({ data: "COMPLIANT", history: "NON_COMPLIANT" });
  await s3.send(new DeleteBucketCommand({ Bucket: "data" }));
  await settle();
  expect(await compliance()).toEqual({ history: "NON_COMPLIANT" });
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await rule("rotated", "CMK_BACKING_KEY_ROTATION_ENABLED");
  const byRule = async (ConfigRuleNames: string[]) =>
    (await config.send(new DescribeComplianceByConfigRuleCommand({ ConfigRuleNames }))).ComplianceByConfigRules;
  expect(await byRule(["rotated"])).toMatchObject([{ Compliance: { ComplianceType: "NON_COMPLIANT" } }]);
  await kms.send(new EnableKeyRotationCommand({ KeyId: KeyMetadata?.KeyId }));
  await settle();
  expect(await byRule(["rotated"])).toMatchObject([{ Compliance: { ComplianceType: "COMPLIANT" } }]);
});

test("a rule that looks by itself does so again when its period is over", async () => {
  const { cloud, config, rule, settle } = await configuredCloud();
  await rule("mfa", "ROOT_ACCOUNT_MFA_ENABLED");
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "anna" }));
  await iam.send(new CreateAccessKeyCommand({ UserName: "anna" }));
  await settle();
  await rule("keyed", "ACCESS_KEYS_ROTATED", { InputParameters: '{"maxAccessKeyAge":"90"}' });
  await rule("alone", "IAM_USER_NO_POLICIES_CHECK");
  const summary = async () => {
    const found = await config.send(new DescribeComplianceByConfigRuleCommand({}));
    return Object.fromEntries(
      (found.ComplianceByConfigRules ?? []).map(({ ConfigRuleName, Compliance }) => [
        ConfigRuleName,
        Compliance?.ComplianceType,
      ]),
    );
  };
  expect(await summary()).toEqual({ alone: "COMPLIANT", keyed: "COMPLIANT", mfa: "NON_COMPLIANT" });
  await iam.send(
    new PutUserPolicyCommand({ UserName: "anna", PolicyName: "own", PolicyDocument: policyText(["s3:*"]) }),
  );
  await settle();
  expect(await summary()).toMatchObject({ alone: "NON_COMPLIANT", keyed: "COMPLIANT" });
  await cloud.clock.advance(91 * DAY_SECONDS);
  expect(await summary()).toMatchObject({ keyed: "NON_COMPLIANT" });
});

test("a snapshot, and every six hours what has changed, lie in the bucket", async () => {
  const { cloud, config, s3, settle } = await configuredCloud({ resourceTypes: ["AWS::S3::Bucket"] });
  const { configSnapshotId } = await config.send(new DeliverConfigSnapshotCommand({ deliveryChannelName: "default" }));
  await settle();
  await cloud.clock.advance(6 * HOUR_SECONDS);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "history" }));
  const keys = Contents.map(({ Key = "" }) => Key);
  // Source: https://docs.aws.amazon.com/config/latest/developerguide/how-does-config-work.html#configuration-history
  const file = keys.find((key) => key.includes("/ConfigSnapshot/")) ?? "";
  expect(file).toMatch(
    /^AWSLogs\/000000000000\/Config\/us-east-1\/\d+\/\d+\/\d+\/ConfigSnapshot\/000000000000_Config_us-east-1_ConfigSnapshot_\d{8}T\d{6}Z_[\da-f-]{36}\.json\.gz$/,
  );
  expect(keys.some((key) => key.includes("_ConfigHistory_AWS::S3::Bucket_"))).toBe(true);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "history", Key: file }));
  const snapshot: { configurationItems: object[] } = JSON.parse(
    gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString("utf8"),
  );
  expect(snapshot).toMatchObject({ configSnapshotId, configurationItems: [{ resourceId: "history" }] });
});

test("a rule that looks by itself shows how often only where it was told", async () => {
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/configservice/config_rule.go (optional, not computed)
  const { config, rule } = await configuredCloud();
  await rule("untold", "IAM_PASSWORD_POLICY");
  await rule("told", "IAM_PASSWORD_POLICY", { MaximumExecutionFrequency: "Six_Hours" });
  const { ConfigRules = [] } = await config.send(new DescribeConfigRulesCommand({}));
  expect(ConfigRules.map((one) => [one.ConfigRuleName, one.MaximumExecutionFrequency])).toEqual([
    ["told", "Six_Hours"],
    ["untold", undefined],
  ]);
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html, API_ListDiscoveredResources.html
test("a rule is put again by its name, its id or its ARN; resources are looked for by ids or by a name", async () => {
  const { config, rule } = await configuredCloud();
  await rule("passwords", "IAM_PASSWORD_POLICY");
  const only = async () => (await config.send(new DescribeConfigRulesCommand({}))).ConfigRules?.[0];
  const Source = { Owner: "AWS", SourceIdentifier: "IAM_PASSWORD_POLICY" } as const;
  const put = (more: object) => config.send(new PutConfigRuleCommand({ ConfigRule: { Source, ...more } }));
  const { ConfigRuleId, ConfigRuleArn } = (await only()) ?? {};
  await put({ ConfigRuleId, Description: "by id" });
  expect(await only()).toMatchObject({ ConfigRuleName: "passwords", ConfigRuleArn, Description: "by id" });
  await put({ ConfigRuleArn, Description: "by ARN" });
  expect(await only()).toMatchObject({ ConfigRuleName: "passwords", ConfigRuleId, Description: "by ARN" });
  await expect(put({ ConfigRuleId: "config-rule-000000" })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
  });
  const refused = config.send(
    new ListDiscoveredResourcesCommand({
      resourceType: "AWS::S3::Bucket",
      resourceIds: ["one"],
      resourceName: "one",
    }),
  );
  await expect(refused).rejects.toMatchObject({ name: "ValidationException" });
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigRulesFilters.html
test("rules are found by how they evaluate, and by whether that can be seen", async () => {
  const { config, rule } = await configuredCloud();
  await rule("passwords", "IAM_PASSWORD_POLICY");
  const count = async (Filters: DescribeConfigRulesFilters) =>
    (await config.send(new DescribeConfigRulesCommand({ Filters }))).ConfigRules?.length;
  expect(await count({ EvaluationMode: "DETECTIVE", RuleEvaluationVisibility: "EXTERNAL" })).toBe(1);
  expect(await count({ EvaluationMode: "PROACTIVE" })).toBe(0);
  expect(await count({ RuleEvaluationVisibility: "INTERNAL" })).toBe(0);
});

const scoped = (scope: string) => [{ filterName: "recordingScope" as const, filterValue: [scope] }];

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_ListConfigurationRecorders.html
test("recorders are listed by their scope, on pages", async () => {
  const { config } = await configuredCloud();
  const list = async (input: ListConfigurationRecordersCommandInput) =>
    (await config.send(new ListConfigurationRecordersCommand(input))).ConfigurationRecorderSummaries;
  expect(await list({ MaxResults: 1, Filters: scoped("PAID") })).toMatchObject([{ recordingScope: "PAID" }]);
  expect(await list({ Filters: scoped("INTERNAL") })).toEqual([]);
  await expect(list({ NextToken: "never given" })).rejects.toMatchObject({ name: "ValidationException" });
});

test("a bucket that does not let AWS Config write is refused", async () => {
  const { config, s3 } = await configuredCloud();
  await s3.send(new CreateBucketCommand({ Bucket: "closed" }));
  const put = (s3BucketName: string) =>
    config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName } }));
  await expect(put("closed")).rejects.toMatchObject({ name: "InsufficientDeliveryPolicyException" });
  await expect(put("nowhere")).rejects.toMatchObject({ name: "NoSuchBucketException" });
});

test("a bucket without a policy is written to by the recorder's role, where that may", async () => {
  // Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html (the role first, then the service)
  const { cloud, config, s3 } = await configuredCloud();
  const Action = ["s3:PutObject", "s3:PutObjectAcl"];
  const write = { Effect: "Allow", Action, Resource: "arn:aws:s3:::closed/*" };
  const role = await makeRole(cloud, "recorder", {
    principal: { Service: "config.amazonaws.com" },
    allow: { Statement: [write] },
  });
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: "default", roleARN: role } }));
  await s3.send(new CreateBucketCommand({ Bucket: "closed" }));
  const put = (s3BucketName: string, s3KeyPrefix: string) =>
    config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName, s3KeyPrefix } }));
  await put("closed", "one/two");
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: "closed" }));
  expect(Contents).toMatchObject([{ Key: "one/two/AWSLogs/000000000000/Config/ConfigWritabilityCheckFile" }]);
  await s3.send(new CreateBucketCommand({ Bucket: "shut" }));
  await expect(put("shut", "one")).rejects.toThrow("provided s3 key prefix is 'one', provided kms key is 'null'");
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html (cross-Region delivery channels)
test("a channel delivers into a bucket of another region", async () => {
  const { cloud, s3 } = await configuredCloud();
  const config = cloud.client(ConfigServiceClient, undefined, { region: "eu-west-3" });
  const roleARN = "arn:aws:iam::000000000000:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: "default", roleARN } }));
  const DeliveryChannel = { name: "default", s3BucketName: "history" };
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  await config.send(new DeliverConfigSnapshotCommand({ deliveryChannelName: "default" }));
  await cloud.clock.advance(1);
  const Prefix = "AWSLogs/000000000000/Config/eu-west-3/";
  expect((await s3.send(new ListObjectsV2Command({ Bucket: "history", Prefix }))).KeyCount).toBe(1);
});

test("a rule about a service that is not there says so, and wrong parameters are refused", async () => {
  const { config } = await configuredCloud();
  const put = (SourceIdentifier: string, more: object = {}) =>
    config.send(
      new PutConfigRuleCommand({
        ConfigRule: { ConfigRuleName: "r", Source: { Owner: "AWS", SourceIdentifier }, ...more },
      }),
    );
  await expect(put("APPROVED_AMIS_BY_ID")).rejects.toMatchObject({ name: "NotImplemented" });
  await expect(put("NO_SUCH_RULE")).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_config/test_config_rules.py (test_aws_managed_rule_errors)
  await expect(put("IAM_PASSWORD_POLICY", { InputParameters: '{"Extra":"10"}' })).rejects.toThrow(
    'Unknown parameters provided in the inputParameters: {"Extra":"10"}',
  );
  // Source: https://docs.aws.amazon.com/config/latest/developerguide/access-keys-rotated.html (Type: int)
  const InputParameters = '{"maxAccessKeyAge":"ninety"}';
  const name = "InvalidParameterValueException";
  await expect(put("ACCESS_KEYS_ROTATED", { InputParameters })).rejects.toMatchObject({ name });
  await expect(put("CLOUDWATCH_ALARM_ACTION_CHECK")).rejects.toThrow(
    "The required parameter [alarmActionRequired, insufficientDataActionRequired, okActionRequired] is not present in the inputParameters",
  );
});

test("what is to be done about findings is kept, and nothing says that it repairs what nobody repairs", async () => {
  const { config, rule } = await configuredCloud();
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  const put = (more: object = {}) =>
    config.send(
      new PutRemediationConfigurationsCommand({
        RemediationConfigurations: [
          {
            ConfigRuleName: "versioned",
            TargetType: "SSM_DOCUMENT",
            TargetId: "AWS-ConfigureS3BucketVersioning",
            ...more,
          },
        ],
      }),
    );
  await put();
  const ask = new DescribeRemediationConfigurationsCommand({ ConfigRuleNames: ["versioned"] });
  expect((await config.send(ask)).RemediationConfigurations).toMatchObject([
    { TargetId: "AWS-ConfigureS3BucketVersioning", Arn: expect.stringContaining(":remediation-configuration/") },
  ]);
  await expect(put({ Automatic: true })).rejects.toMatchObject({ name: "NotImplemented" });
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/configservice/remediation_configuration_test.go (run against AWS)
  const attempts = { Automatic: false, MaximumAutomaticAttempts: 4, RetryAttemptSeconds: 1000 };
  await put(attempts);
  expect((await config.send(ask)).RemediationConfigurations).toMatchObject([attempts]);
  const drop = () => config.send(new DeleteConfigRuleCommand({ ConfigRuleName: "versioned" }));
  await expect(drop()).rejects.toMatchObject({ name: "ResourceInUseException" });
  await config.send(new DeleteRemediationConfigurationCommand({ ConfigRuleName: "versioned" }));
  await drop();
});

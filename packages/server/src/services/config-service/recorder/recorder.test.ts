import {
  ConfigServiceClient,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConfigRulesCommand,
  GetDiscoveredResourceCountsCommand,
  GetResourceConfigHistoryCommand,
  ListDiscoveredResourcesCommand,
  ListTagsForResourceCommand,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  SelectResourceConfigCommand,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
  type ResourceType,
} from "@aws-sdk/client-config-service";
import { AddUserToGroupCommand, CreateGroupCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";
import { policyText } from "../../../../test/identities.ts";

const ROLE = "arn:aws:iam::000000000000:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html (global resource types) */
test("a recorder of another region goes on with global types where the one in us-east-1 stops", async () => {
  const { cloud, config, settle } = await configuredCloud();
  const other = cloud.client(ConfigServiceClient, undefined, { region: "eu-west-3" });
  const recordingGroup = { allSupported: true, includeGlobalResourceTypes: true };
  await other.send(
    new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: "default", roleARN: ROLE, recordingGroup } }),
  );
  await other.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: "history" } }));
  await other.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  await settle();
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "late" }));
  await settle();
  const ask = new ListDiscoveredResourcesCommand({ resourceType: "AWS::IAM::User" });
  expect((await other.send(ask)).resourceIdentifiers).toMatchObject([{ resourceName: "late" }]);
  expect((await config.send(ask)).resourceIdentifiers).toEqual([]);
});

test("a resource that the recorder's role may not look at keeps no other from being found", async () => {
  const { cloud, config, s3, settle } = await configuredCloud();
  await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  const Policy = policyText({
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:*", Resource: "*" },
      { Effect: "Deny", Principal: { AWS: ROLE }, Action: "kms:*", Resource: "*" },
    ],
  });
  await cloud.client(KMSClient).send(new CreateKeyCommand({ Policy }));
  await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  await settle();
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  await settle();
  const found = async (resourceType: ResourceType) => {
    const { resourceIdentifiers = [] } = await config.send(new ListDiscoveredResourcesCommand({ resourceType }));
    return resourceIdentifiers.map(({ resourceId }) => resourceId);
  };
  expect(await found("AWS::S3::Bucket")).toEqual(["data", "history"]);
  expect(await found("AWS::KMS::Key")).toEqual([]);
  const { ConfigurationRecordersStatus } = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
  expect(ConfigurationRecordersStatus).toMatchObject([
    { lastStatus: "Failure", lastErrorCode: "AccessDeniedException" },
  ]);
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html (idempotent: tags are not updated) */
test("putting a recorder or a rule again leaves its tags as they are", async () => {
  const { config } = await configuredCloud();
  const blue = [{ Key: "team", Value: "blue" }];
  const red = [{ Key: "team", Value: "red" }];
  const Source = { Owner: "AWS", SourceIdentifier: "S3_BUCKET_VERSIONING_ENABLED" } as const;
  const ConfigRule = { ConfigRuleName: "versioned", Source };
  await config.send(new PutConfigRuleCommand({ ConfigRule, Tags: blue }));
  await config.send(new PutConfigRuleCommand({ ConfigRule, Tags: red }));
  const { ConfigurationRecorders } = await config.send(new DescribeConfigurationRecordersCommand({}));
  const ConfigurationRecorder = { name: "default", roleARN: ROLE };
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder, Tags: red }));
  const { ConfigRules } = await config.send(new DescribeConfigRulesCommand({}));
  const tagsOf = async (ResourceArn: string | undefined) =>
    (await config.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
  expect(await tagsOf(ConfigRules?.[0]?.ConfigRuleArn)).toEqual(blue);
  expect(await tagsOf(ConfigurationRecorders?.[0]?.arn)).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_GetResourceConfigHistory.html (limit: "If you specify 0, AWS Config uses the default") */
test("a limit of zero is the usual one", async () => {
  const { config, rule } = await configuredCloud();
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  const ask = { resourceType: "AWS::S3::Bucket", resourceId: "history" } as const;
  const { configurationItems } = await config.send(new GetResourceConfigHistoryCommand({ ...ask, limit: 0 }));
  expect(configurationItems).toHaveLength(1);
  const { resourceType } = ask;
  const listed = await config.send(new ListDiscoveredResourcesCommand({ resourceType, limit: 0 }));
  expect(listed.resourceIdentifiers).toHaveLength(1);
  const counted = await config.send(
    new GetDiscoveredResourceCountsCommand({ resourceTypes: [resourceType], limit: 0 }),
  );
  expect(counted.resourceCounts).toEqual([{ resourceType, count: 1 }]);
  const rules = await config.send(new DescribeConfigRuleEvaluationStatusCommand({ Limit: 0 }));
  expect(rules.ConfigRulesEvaluationStatus).toHaveLength(1);
});

test("a group is on record with all of its users, however many", async () => {
  const { cloud, config, settle } = await configuredCloud();
  const iam = cloud.client(IAMClient);
  const GroupName = "all";
  await iam.send(new CreateGroupCommand({ GroupName }));
  for (let user = 0; user < 101; user++) {
    const UserName = `user-${user}`;
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
  }
  await settle();
  const select = new SelectResourceConfigCommand({
    Expression: "SELECT configuration.users WHERE resourceType = 'AWS::IAM::Group'",
  });
  const [found = "{}"] = (await config.send(select)).Results ?? [];
  expect(JSON.parse(found).configuration.users).toHaveLength(101);
});

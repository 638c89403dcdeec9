import {
  DeleteConfigRuleCommand,
  DescribeComplianceByResourceCommand,
  GetDiscoveredResourceCountsCommand,
  GetResourceConfigHistoryCommand,
  SelectResourceConfigCommand,
} from "@aws-sdk/client-config-service";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";

const resourceType = "AWS::Config::ResourceCompliance";
const ruled = (name: string, complianceType: string) => ({
  configRuleArn: expect.stringMatching(/^arn:aws:config:us-east-1:000000000000:config-rule\/config-rule-/),
  configRuleId: expect.stringMatching(/^config-rule-/),
  configRuleName: name,
  complianceType,
});

async function judgedBucket() {
  const world = await configuredCloud();
  const { config, s3, settle, rule } = world;
  await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  await settle();
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  await rule("tagged", "REQUIRED_TAGS", {
    InputParameters: '{"tag1Key":"team"}',
    Scope: { ComplianceResourceTypes: ["AWS::S3::Bucket"] },
  });
  const history = async () => {
    const asked = { resourceType, resourceId: "AWS::S3::Bucket/data", chronologicalOrder: "Forward" } as const;
    const { configurationItems = [] } = await config.send(new GetResourceConfigHistoryCommand(asked));
    return configurationItems.map(({ configurationItemStatus: status, configuration = "" }) => ({
      status,
      configuration: JSON.parse(configuration),
    }));
  };
  const select = async (Expression: string) =>
    (await config.send(new SelectResourceConfigCommand({ Expression }))).Results?.map((row): unknown =>
      JSON.parse(row),
    );
  return { ...world, history, select };
}

// Source: https://docs.aws.amazon.com/config/latest/developerguide/view-compliance-history.html
test("how a resource stands with all rules is on record, with its history", async () => {
  const { s3, settle, config, history } = await judgedBucket();
  await s3.send(new PutBucketVersioningCommand({ Bucket: "data", VersioningConfiguration: { Status: "Enabled" } }));
  await settle();
  await s3.send(new PutBucketTaggingCommand({ Bucket: "data", Tagging: { TagSet: [{ Key: "team", Value: "blue" }] } }));
  await settle();
  await config.send(new DeleteConfigRuleCommand({ ConfigRuleName: "tagged" }));
  await s3.send(new DeleteBucketCommand({ Bucket: "data" }));
  await settle();
  const target = { targetResourceId: "data", targetResourceType: "AWS::S3::Bucket" };
  const state = (complianceType: string, ...configRuleList: readonly object[]) => ({
    ...target,
    configRuleList,
    complianceType,
  });
  const bad = "NON_COMPLIANT";
  const good = "COMPLIANT";
  expect(await history()).toEqual([
    { status: "ResourceDiscovered", configuration: state(bad, ruled("versioned", bad)) },
    { status: "OK", configuration: state(bad, ruled("tagged", bad), ruled("versioned", bad)) },
    { status: "OK", configuration: state(bad, ruled("tagged", bad), ruled("versioned", good)) },
    { status: "OK", configuration: state(good, ruled("tagged", good), ruled("versioned", good)) },
    { status: "OK", configuration: state(good, ruled("versioned", good)) },
    { status: "ResourceDeleted", configuration: null },
  ]);
});

// Source: https://docs.aws.amazon.com/config/latest/developerguide/query-components.html (the first), example-query.html
test("queries ask for what rules found, and rules do not", async () => {
  const { config, select, rule } = await judgedBucket();
  const counted =
    "SELECT configuration.complianceType, COUNT(*) WHERE resourceType = 'AWS::Config::ResourceCompliance' GROUP BY configuration.complianceType";
  expect(await select(counted)).toEqual([{ configuration: { complianceType: "NON_COMPLIANT" }, "COUNT(*)": 2 }]);
  const found =
    "SELECT configuration.targetResourceId WHERE configuration.configRuleList.configRuleName = 'tagged' AND configuration.complianceType = 'NON_COMPLIANT' ORDER BY resourceId";
  expect(await select(found)).toEqual([
    { configuration: { targetResourceId: "data" } },
    { configuration: { targetResourceId: "history" } },
  ]);
  const { resourceCounts } = await config.send(
    new GetDiscoveredResourceCountsCommand({ resourceTypes: [resourceType] }),
  );
  expect(resourceCounts).toEqual([{ resourceType, count: 2 }]);
  await rule("all", "REQUIRED_TAGS", { InputParameters: '{"tag1Key":"team"}' });
  const judged = new DescribeComplianceByResourceCommand({ ResourceType: resourceType });
  expect((await config.send(judged)).ComplianceByResources).toEqual([]);
});

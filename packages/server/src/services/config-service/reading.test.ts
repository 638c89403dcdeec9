import {
  BatchGetAggregateResourceConfigCommand,
  BatchGetResourceConfigCommand,
  DeleteAggregationAuthorizationCommand,
  DeleteConfigurationAggregatorCommand,
  DeleteConfigurationRecorderCommand,
  DeleteDeliveryChannelCommand,
  DeleteEvaluationResultsCommand,
  DeleteRetentionConfigurationCommand,
  DeleteStoredQueryCommand,
  DescribeAggregationAuthorizationsCommand,
  DescribeComplianceByResourceCommand,
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConfigurationAggregatorsCommand,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  DescribeRetentionConfigurationsCommand,
  GetAggregateDiscoveredResourceCountsCommand,
  GetComplianceDetailsByResourceCommand,
  GetComplianceSummaryByConfigRuleCommand,
  GetComplianceSummaryByResourceTypeCommand,
  GetDiscoveredResourceCountsCommand,
  ListStoredQueriesCommand,
  PutAggregationAuthorizationCommand,
  PutConfigurationAggregatorCommand,
  PutRetentionConfigurationCommand,
  PutStoredQueryCommand,
  StartConfigRulesEvaluationCommand,
  StopConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../test/configured-cloud.ts";

const ACCOUNT = "000000000000";
const BUCKET = { resourceType: "AWS::S3::Bucket", resourceId: "data" } as const;

const capped = (CappedCount: number) => ({ CappedCount, CapExceeded: false });

/** Two buckets without versions, and a rule that wants them. */
async function ruledCloud() {
  const world = await configuredCloud();
  await world.s3.send(new CreateBucketCommand({ Bucket: "data" }));
  await world.rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  await world.settle();
  return world;
}

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DeleteConfigurationRecorder.html
test("a recorder that is stopped can go, and so can its channel", async () => {
  const { config } = await configuredCloud();
  const stop = new StopConfigurationRecorderCommand({ ConfigurationRecorderName: "default" });
  const dropChannel = () => config.send(new DeleteDeliveryChannelCommand({ DeliveryChannelName: "default" }));
  // Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DeleteDeliveryChannel.html (Errors)
  await expect(dropChannel()).rejects.toMatchObject({ name: "LastDeliveryChannelDeleteFailedException" });
  await config.send(stop);
  await dropChannel();
  await config.send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  expect((await config.send(new DescribeDeliveryChannelsCommand({}))).DeliveryChannels).toEqual([]);
  expect((await config.send(new DescribeConfigurationRecordersCommand({}))).ConfigurationRecorders).toEqual([]);
  await expect(config.send(stop)).rejects.toMatchObject({ name: "NoSuchConfigurationRecorderException" });
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_BatchGetResourceConfig.html
test("the present state of several resources is read at once; one that is not known is left out", async () => {
  const { config } = await ruledCloud();
  const unknown = { ...BUCKET, resourceId: "none" };
  const found = await config.send(new BatchGetResourceConfigCommand({ resourceKeys: [BUCKET, unknown] }));
  expect(found.baseConfigurationItems).toMatchObject([{ ...BUCKET, arn: "arn:aws:s3:::data", accountId: ACCOUNT }]);
  const { resourceCounts = [], totalDiscoveredResources } = await config.send(
    new GetDiscoveredResourceCountsCommand({}),
  );
  expect(resourceCounts).toContainEqual({ resourceType: "AWS::S3::Bucket", count: 2 });
  expect(totalDiscoveredResources).toBe(resourceCounts.reduce((sum, { count = 0 }) => sum + count, 0));
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutRetentionConfiguration.html
test("an account keeps its items for one period, which can be taken away", async () => {
  const { config } = await configuredCloud();
  const RetentionConfiguration = { Name: "default", RetentionPeriodInDays: 90 };
  expect(await config.send(new PutRetentionConfigurationCommand({ RetentionPeriodInDays: 90 }))).toMatchObject({
    RetentionConfiguration,
  });
  const described = async () =>
    (await config.send(new DescribeRetentionConfigurationsCommand({}))).RetentionConfigurations;
  expect(await described()).toEqual([RetentionConfiguration]);
  await config.send(new DeleteRetentionConfigurationCommand({ RetentionConfigurationName: "default" }));
  expect(await described()).toEqual([]);
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeComplianceByResource.html
test("what rules find is told by resource, by type and by rule, until it is deleted", async () => {
  const { config, settle } = await ruledCloud();
  const bad = { ComplianceType: "NON_COMPLIANT" };
  const { ComplianceByResources } = await config.send(new DescribeComplianceByResourceCommand({}));
  expect(ComplianceByResources).toMatchObject(
    ["data", "history"].map((ResourceId) => ({ ResourceType: "AWS::S3::Bucket", ResourceId, Compliance: bad })),
  );
  const ofBucket = new GetComplianceDetailsByResourceCommand({ ResourceType: "AWS::S3::Bucket", ResourceId: "data" });
  expect((await config.send(ofBucket)).EvaluationResults).toMatchObject([
    { ...bad, EvaluationResultIdentifier: { EvaluationResultQualifier: { ConfigRuleName: "versioned" } } },
  ]);
  const byRule = await config.send(new GetComplianceSummaryByConfigRuleCommand({}));
  expect(byRule.ComplianceSummary).toMatchObject({
    CompliantResourceCount: capped(0),
    NonCompliantResourceCount: capped(1),
  });
  const byType = new GetComplianceSummaryByResourceTypeCommand({ ResourceTypes: ["AWS::S3::Bucket"] });
  expect((await config.send(byType)).ComplianceSummariesByResourceType).toMatchObject([
    { ResourceType: "AWS::S3::Bucket", ComplianceSummary: { NonCompliantResourceCount: capped(2) } },
  ]);
  await config.send(new DeleteEvaluationResultsCommand({ ConfigRuleName: "versioned" }));
  expect((await config.send(ofBucket)).EvaluationResults).toEqual([]);
  await config.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: ["versioned"] }));
  await settle();
  expect((await config.send(ofBucket)).EvaluationResults).toHaveLength(1);
  const { ConfigRulesEvaluationStatus } = await config.send(new DescribeConfigRuleEvaluationStatusCommand({}));
  expect(ConfigRulesEvaluationStatus).toMatchObject([
    { ConfigRuleName: "versioned", FirstEvaluationStarted: true, LastSuccessfulEvaluationTime: expect.any(Date) },
  ]);
});

// Source: https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
test("an aggregator counts and reads what its accounts have, once they let it", async () => {
  const { config } = await ruledCloud();
  const ConfigurationAggregatorName = "all";
  const AccountAggregationSources = [{ AccountIds: [ACCOUNT], AllAwsRegions: true }];
  await config.send(new PutConfigurationAggregatorCommand({ ConfigurationAggregatorName, AccountAggregationSources }));
  const aggregators = async () =>
    (await config.send(new DescribeConfigurationAggregatorsCommand({}))).ConfigurationAggregators;
  expect(await aggregators()).toMatchObject([{ ConfigurationAggregatorName, AccountAggregationSources }]);
  const counts = await config.send(
    new GetAggregateDiscoveredResourceCountsCommand({
      ConfigurationAggregatorName,
      Filters: { ResourceType: "AWS::S3::Bucket" },
      GroupByKey: "ACCOUNT_ID",
    }),
  );
  expect(counts).toMatchObject({ GroupedResourceCounts: [{ GroupName: ACCOUNT, ResourceCount: 2 }] });
  const place = { SourceAccountId: ACCOUNT, SourceRegion: "us-east-1" };
  const ResourceIdentifiers = ["data", "none"].map((ResourceId) => ({
    ...place,
    ResourceId,
    ResourceType: "AWS::S3::Bucket" as const,
  }));
  const asked = { ConfigurationAggregatorName, ResourceIdentifiers };
  const read = await config.send(new BatchGetAggregateResourceConfigCommand(asked));
  expect(read.BaseConfigurationItems).toMatchObject([{ ...BUCKET, awsRegion: "us-east-1" }]);
  expect(read.UnprocessedResourceIdentifiers).toEqual(ResourceIdentifiers.slice(1));
  await config.send(new DeleteConfigurationAggregatorCommand({ ConfigurationAggregatorName }));
  expect(await aggregators()).toEqual([]);
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutAggregationAuthorization.html
test("an authorization to aggregate can be taken back", async () => {
  const { config } = await configuredCloud();
  const named = { AuthorizedAccountId: "222222222222", AuthorizedAwsRegion: "us-east-1" };
  await config.send(new PutAggregationAuthorizationCommand(named));
  const all = async () =>
    (await config.send(new DescribeAggregationAuthorizationsCommand({}))).AggregationAuthorizations;
  const arn = `arn:aws:config:us-east-1:${ACCOUNT}:aggregation-authorization/222222222222/us-east-1`;
  expect(await all()).toMatchObject([{ ...named, AggregationAuthorizationArn: arn }]);
  await config.send(new DeleteAggregationAuthorizationCommand(named));
  expect(await all()).toEqual([]);
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_ListStoredQueries.html
test("stored queries are listed page by page, and deleted", async () => {
  const { config } = await configuredCloud();
  for (const QueryName of ["a", "b", "c"]) {
    await config.send(new PutStoredQueryCommand({ StoredQuery: { QueryName, Expression: "SELECT resourceId" } }));
  }
  const page = async (NextToken?: string) => config.send(new ListStoredQueriesCommand({ MaxResults: 2, NextToken }));
  const first = await page();
  const second = await page(first.NextToken);
  const names = [first, second].map(({ StoredQueryMetadata = [] }) => StoredQueryMetadata.map((row) => row.QueryName));
  expect([...names, second.NextToken]).toEqual([["a", "b"], ["c"], undefined]);
  await config.send(new DeleteStoredQueryCommand({ QueryName: "a" }));
  const again = config.send(new DeleteStoredQueryCommand({ QueryName: "a" }));
  await expect(again).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

import {
  DescribeAggregateComplianceByConfigRulesCommand,
  GetAggregateComplianceDetailsByConfigRuleCommand,
  SelectAggregateResourceConfigCommand,
  DescribeConfigurationAggregatorSourcesStatusCommand,
  GetAggregateResourceConfigCommand,
  ListAggregateDiscoveredResourcesCommand,
  ListTagsForResourceCommand,
  PutAggregationAuthorizationCommand,
  PutConfigurationAggregatorCommand,
  PutStoredQueryCommand,
  GetStoredQueryCommand,
  SelectResourceConfigCommand,
  TagResourceCommand,
  ConfigServiceClient,
} from "@aws-sdk/client-config-service";
import { CreateBucketCommand, PutBucketTaggingCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";

const OTHER = "111111111111";

async function queriedWorld() {
  const world = await configuredCloud();
  await world.s3.send(new CreateBucketCommand({ Bucket: "data" }));
  await world.s3.send(
    new PutBucketVersioningCommand({ Bucket: "data", VersioningConfiguration: { Status: "Enabled" } }),
  );
  const Tagging = { TagSet: [{ Key: "team", Value: "blue" }] };
  await world.s3.send(new PutBucketTaggingCommand({ Bucket: "data", Tagging }));
  await world.cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "jobs" }));
  await world.settle();
  const select = async (Expression: string, more: object = {}) => {
    const found = await world.config.send(new SelectResourceConfigCommand({ Expression, ...more }));
    return { rows: (found.Results ?? []).map((row): unknown => JSON.parse(row)), NextToken: found.NextToken };
  };
  return { ...world, select };
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/example-query.html */
test.each([
  [
    "SELECT resourceId WHERE resourceType = 'AWS::S3::Bucket' ORDER BY resourceId",
    [{ resourceId: "data" }, { resourceId: "history" }],
  ],
  [
    "SELECT resourceType, COUNT(*) WHERE resourceType IN ('AWS::S3::Bucket', 'AWS::SQS::Queue') GROUP BY resourceType ORDER BY COUNT(*) DESC",
    [
      { resourceType: "AWS::S3::Bucket", "COUNT(*)": 2 },
      { resourceType: "AWS::SQS::Queue", "COUNT(*)": 1 },
    ],
  ],
  ["SELECT resourceName WHERE tags.key = 'team' AND tags.value = 'blue'", [{ resourceName: "data" }]],
  [
    "SELECT resourceId WHERE resourceType = 'AWS::S3::Bucket' AND supplementaryConfiguration.BucketVersioningConfiguration.status = 'Enabled'",
    [{ resourceId: "data" }],
  ],
  ["SELECT configuration.name WHERE resourceName LIKE 'dat%'", [{ configuration: { name: "data" } }]],
  [
    "SELECT resourceName WHERE resourceType = 'AWS::S3::Bucket' AND NOT resourceName = 'data'",
    [{ resourceName: "history" }],
  ],
])("%s", async (expression, expected) => {
  const { select } = await queriedWorld();
  expect((await select(expression)).rows).toEqual(expected);
});

// Source: https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html#query-limitations
test("a star selects ten members, and stands at the end of a pattern alone", async () => {
  const { select } = await queriedWorld();
  const { rows } = await select("SELECT * WHERE resourceName = 'data'");
  expect(rows.map((row) => Object.keys(Object(row)).toSorted())).toEqual([
    [
      "accountId",
      "arn",
      "availabilityZone",
      "awsRegion",
      "configurationItemCaptureTime",
      "resourceCreationTime",
      "resourceId",
      "resourceName",
      "resourceType",
      "version",
    ],
  ]);
  for (const pattern of ["%ata", "da%", "da%ta"]) {
    const refused = select(`SELECT resourceId WHERE resourceName LIKE '${pattern}'`);
    await expect(refused).rejects.toMatchObject({ name: "InvalidExpressionException" });
  }
});

test("answers come page by page, and what is no query is refused", async () => {
  const { select, config } = await queriedWorld();
  const query = "SELECT resourceId WHERE resourceType = 'AWS::S3::Bucket' ORDER BY resourceId DESC";
  const first = await select(query, { Limit: 1 });
  expect(first.rows).toEqual([{ resourceId: "history" }]);
  expect(await select(query, { Limit: 1, NextToken: first.NextToken })).toEqual({ rows: [{ resourceId: "data" }] });
  // Source: https://docs.aws.amazon.com/config/latest/developerguide/query-components.html (there is no FROM)
  await expect(select("SELECT resourceId FROM AWS::S3::Bucket")).rejects.toMatchObject({
    name: "InvalidExpressionException",
  });
  const StoredQuery = { QueryName: "buckets", Expression: query };
  const { QueryArn = "" } = await config.send(new PutStoredQueryCommand({ StoredQuery }));
  const kept = await config.send(new GetStoredQueryCommand({ QueryName: "buckets" }));
  expect(kept.StoredQuery).toMatchObject({ ...StoredQuery, QueryArn });
  // Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutStoredQuery.html (StoredQuery: updating)
  await config.send(new PutStoredQueryCommand({ StoredQuery: { QueryName: "buckets", Description: "all" } }));
  const described = await config.send(new GetStoredQueryCommand({ QueryName: "buckets" }));
  expect(described.StoredQuery).toMatchObject({ ...StoredQuery, Description: "all" });
  const Tags = [{ Key: "team", Value: "blue" }];
  await config.send(new TagResourceCommand({ ResourceArn: QueryArn, Tags }));
  expect(await config.send(new ListTagsForResourceCommand({ ResourceArn: QueryArn }))).toMatchObject({ Tags });
});

test("an aggregator sees what other accounts let it see", async () => {
  const { cloud, config, rule } = await queriedWorld();
  const other = cloud.client(ConfigServiceClient, cloud.rootOf(OTHER));
  const named = { ConfigurationAggregatorName: "all" };
  await other.send(
    new PutConfigurationAggregatorCommand({
      ...named,
      AccountAggregationSources: [{ AccountIds: ["000000000000"], AwsRegions: ["us-east-1"] }],
    }),
  );
  const list = async () => {
    const ask = new ListAggregateDiscoveredResourcesCommand({ ...named, ResourceType: "AWS::S3::Bucket" });
    return (await other.send(ask)).ResourceIdentifiers?.map(({ ResourceId }) => ResourceId);
  };
  expect(await list()).toEqual([]);
  const status = () => other.send(new DescribeConfigurationAggregatorSourcesStatusCommand(named));
  expect((await status()).AggregatedSourceStatusList).toMatchObject([{ LastUpdateStatus: "FAILED" }]);
  await config.send(
    new PutAggregationAuthorizationCommand({ AuthorizedAccountId: OTHER, AuthorizedAwsRegion: "us-east-1" }),
  );
  expect(await list()).toEqual(["data", "history"]);
  expect((await status()).AggregatedSourceStatusList).toMatchObject([{ LastUpdateStatus: "SUCCEEDED" }]);
  const { ConfigurationItem } = await other.send(
    new GetAggregateResourceConfigCommand({
      ...named,
      ResourceIdentifier: {
        SourceAccountId: "000000000000",
        SourceRegion: "us-east-1",
        ResourceId: "data",
        ResourceType: "AWS::S3::Bucket",
      },
    }),
  );
  const everywhere = await other.send(
    new SelectAggregateResourceConfigCommand({ ...named, Expression: "SELECT accountId WHERE resourceId = 'data'" }),
  );
  expect(everywhere.Results).toEqual(['{"accountId":"000000000000"}']);
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  const byRule = await other.send(new DescribeAggregateComplianceByConfigRulesCommand(named));
  const theirs = { ConfigRuleName: "versioned", AccountId: "000000000000", AwsRegion: "us-east-1" };
  expect(byRule.AggregateComplianceByConfigRules).toMatchObject([
    { ...theirs, Compliance: { ComplianceType: "NON_COMPLIANT" } },
  ]);
  const details = await other.send(
    new GetAggregateComplianceDetailsByConfigRuleCommand({ ...named, ...theirs, ComplianceType: "COMPLIANT" }),
  );
  expect(details.AggregateEvaluationResults).toMatchObject([{ ComplianceType: "COMPLIANT" }]);
  expect(ConfigurationItem).toMatchObject({ resourceId: "data", accountId: "000000000000", tags: { team: "blue" } });
});

test.each([
  ["conditions within conditions without an end", `SELECT resourceId WHERE ${"(".repeat(4000)}`, undefined],
  ["a token that no page gave", "SELECT resourceId", Buffer.from('["x"]').toString("base64url")],
])("%s are refused", async (_, Expression, NextToken) => {
  const { config } = await configuredCloud();
  const ask = config.send(new SelectResourceConfigCommand({ Expression, NextToken }));
  const name = NextToken === undefined ? "InvalidExpressionException" : "InvalidNextTokenException";
  await expect(ask).rejects.toMatchObject({ name });
});

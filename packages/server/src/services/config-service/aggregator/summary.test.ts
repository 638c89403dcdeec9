import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DeletePendingAggregationRequestCommand,
  DeleteRemediationExceptionsCommand,
  DescribeAggregateComplianceByConformancePacksCommand,
  DescribePendingAggregationRequestsCommand,
  DescribeRemediationExceptionsCommand,
  GetAggregateConfigRuleComplianceSummaryCommand,
  GetAggregateConformancePackComplianceSummaryCommand,
  PutAggregationAuthorizationCommand,
  PutConfigurationAggregatorCommand,
  PutConformancePackCommand,
  PutRemediationExceptionsCommand,
} from "@aws-sdk/client-config-service";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const OWN = "000000000000";
const keyOf = (ResourceId: string) => ({ ResourceType: "AWS::S3::Bucket", ResourceId });

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_GetAggregateConformancePackComplianceSummary.html */
test("an aggregator counts the rules and the packs that are compliant", async () => {
  const { config, rule, settle } = await configuredCloud();
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  const Source = { Owner: "AWS", SourceIdentifier: "S3_BUCKET_VERSIONING_ENABLED" };
  const Properties = { ConfigRuleName: "packed", Source };
  const TemplateBody = JSON.stringify({ Resources: { A: { Type: "AWS::Config::ConfigRule", Properties } } });
  await config.send(new PutConformancePackCommand({ ConformancePackName: "baseline", TemplateBody }));
  await settle();
  const ConfigurationAggregatorName = "all";
  await config.send(
    new PutConfigurationAggregatorCommand({
      ConfigurationAggregatorName,
      AccountAggregationSources: [{ AccountIds: [OWN], AwsRegions: ["us-east-1"] }],
    }),
  );
  const rules = await config.send(
    new GetAggregateConfigRuleComplianceSummaryCommand({ ConfigurationAggregatorName, GroupByKey: "AWS_REGION" }),
  );
  expect(rules).toMatchObject({
    GroupByKey: "AWS_REGION",
    AggregateComplianceCounts: [
      { GroupName: "us-east-1", ComplianceSummary: { NonCompliantResourceCount: { CappedCount: 2 } } },
    ],
  });
  const packs = await config.send(
    new GetAggregateConformancePackComplianceSummaryCommand({ ConfigurationAggregatorName, GroupByKey: "ACCOUNT_ID" }),
  );
  expect(packs.AggregateConformancePackComplianceSummaries).toEqual([
    {
      GroupName: OWN,
      ComplianceSummary: { CompliantConformancePackCount: 0, NonCompliantConformancePackCount: 1 },
    },
  ]);
  const each = new DescribeAggregateComplianceByConformancePacksCommand({ ConfigurationAggregatorName });
  expect((await config.send(each)).AggregateComplianceByConformancePacks).toMatchObject([
    { ConformancePackName: "baseline", Compliance: { ComplianceType: "NON_COMPLIANT", TotalRuleCount: 1 } },
  ]);
});

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/authorize-aggregator-account.html */
test("an account sees who waits for its authorization, until it gives it or says no", async () => {
  const cloud = await testCloud();
  const other = "111111111111";
  const asked = cloud.client(ConfigServiceClient, cloud.rootOf(other));
  const ask = (ConfigurationAggregatorName: string, region: string) =>
    cloud.client(ConfigServiceClient, undefined, { region }).send(
      new PutConfigurationAggregatorCommand({
        ConfigurationAggregatorName,
        AccountAggregationSources: [{ AccountIds: [OWN, other], AllAwsRegions: true }],
      }),
    );
  await ask("one", "us-east-1");
  await ask("two", "eu-west-1");
  const pending = async () => {
    const { PendingAggregationRequests = [] } = await asked.send(new DescribePendingAggregationRequestsCommand({}));
    return PendingAggregationRequests.map((request) => [request.RequesterAccountId, request.RequesterAwsRegion]);
  };
  expect(await pending()).toEqual([
    [OWN, "eu-west-1"],
    [OWN, "us-east-1"],
  ]);
  await asked.send(
    new PutAggregationAuthorizationCommand({ AuthorizedAccountId: OWN, AuthorizedAwsRegion: "us-east-1" }),
  );
  expect(await pending()).toEqual([[OWN, "eu-west-1"]]);
  await asked.send(
    new DeletePendingAggregationRequestCommand({ RequesterAccountId: OWN, RequesterAwsRegion: "eu-west-1" }),
  );
  expect(await pending()).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutRemediationExceptions.html */
test("a remediation exception names a resource, until it expires or is taken away", async () => {
  const { cloud, config, rule } = await configuredCloud();
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  const ConfigRuleName = "versioned";
  const put = (ResourceId: string, more: object = {}) =>
    config.send(new PutRemediationExceptionsCommand({ ConfigRuleName, ResourceKeys: [keyOf(ResourceId)], ...more }));
  const inAnHour = new Date(cloud.clock.now().getTime() + 3_600_000);
  await put("one", { Message: "legacy" });
  await put("two", { ExpirationTime: inAnHour });
  const ids = async (more: object = {}) => {
    const ask = new DescribeRemediationExceptionsCommand({ ConfigRuleName, ...more });
    return (await config.send(ask)).RemediationExceptions?.map(({ ResourceId }) => ResourceId);
  };
  expect(await ids()).toEqual(["one", "two"]);
  expect(await ids({ ResourceKeys: [keyOf("two"), keyOf("three")] })).toEqual(["two"]);
  await cloud.clock.advance(3600);
  expect(await ids()).toEqual(["one"]);
  const invalid = { name: "InvalidParameterValueException" };
  await expect(put("one", { ExpirationTime: inAnHour })).rejects.toMatchObject(invalid);
  const drop = () =>
    config.send(new DeleteRemediationExceptionsCommand({ ConfigRuleName, ResourceKeys: [keyOf("one")] }));
  await drop();
  await expect(drop()).rejects.toMatchObject({ name: "NoSuchRemediationExceptionException" });
});

test("a rule that is deleted takes its remediation exceptions along", async () => {
  const { config, rule } = await configuredCloud();
  const ConfigRuleName = "versioned";
  await rule(ConfigRuleName, "S3_BUCKET_VERSIONING_ENABLED");
  await config.send(new PutRemediationExceptionsCommand({ ConfigRuleName, ResourceKeys: [keyOf("one")] }));
  await config.send(new DeleteConfigRuleCommand({ ConfigRuleName }));
  await rule(ConfigRuleName, "S3_BUCKET_VERSIONING_ENABLED");
  const { RemediationExceptions } = await config.send(new DescribeRemediationExceptionsCommand({ ConfigRuleName }));
  expect(RemediationExceptions).toEqual([]);
});

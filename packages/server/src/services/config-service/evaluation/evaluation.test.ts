import {
  DeliverConfigSnapshotCommand,
  DescribeDeliveryChannelStatusCommand,
  DescribeOrganizationConformancePacksCommand,
  GetComplianceDetailsByConfigRuleCommand,
  PutExternalEvaluationCommand,
  PutOrganizationConformancePackCommand,
  ConfigServiceClient,
} from "@aws-sdk/client-config-service";
import { DeleteBucketPolicyCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";
import { makeOrganization } from "../../../../test/organizations.ts";

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutExternalEvaluation.html
test("somebody else's judgement of a resource counts for a rule", async () => {
  const { cloud, config, rule } = await configuredCloud();
  await rule("versioned", "S3_BUCKET_VERSIONING_ENABLED");
  const judged = {
    ComplianceResourceType: "AWS::S3::Bucket",
    ComplianceResourceId: "elsewhere",
    ComplianceType: "NON_COMPLIANT",
    Annotation: "seen by hand",
    OrderingTimestamp: cloud.clock.now(),
  } as const;
  const put = (ConfigRuleName: string) =>
    config.send(new PutExternalEvaluationCommand({ ConfigRuleName, ExternalEvaluation: judged }));
  await put("versioned");
  const { EvaluationResults = [] } = await config.send(
    new GetComplianceDetailsByConfigRuleCommand({
      ConfigRuleName: "versioned",
      ComplianceTypes: ["NON_COMPLIANT"],
    }),
  );
  const ours = EvaluationResults.find(
    ({ EvaluationResultIdentifier: found }) => found?.EvaluationResultQualifier?.ResourceId === "elsewhere",
  );
  expect(ours).toMatchObject({ ComplianceType: "NON_COMPLIANT", Annotation: "seen by hand" });
  await expect(put("none")).rejects.toMatchObject({ name: "NoSuchConfigRuleException" });
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeDeliveryChannelStatus.html
test("a channel says how its last snapshot went", async () => {
  const { cloud, config, s3 } = await configuredCloud();
  const status = async () =>
    (await config.send(new DescribeDeliveryChannelStatusCommand({}))).DeliveryChannelsStatus?.[0];
  expect(await status()).toMatchObject({ name: "default", configSnapshotDeliveryInfo: {} });
  const deliver = async () => {
    await config.send(new DeliverConfigSnapshotCommand({ deliveryChannelName: "default" }));
    await cloud.clock.advance(1);
  };
  await deliver();
  expect((await status())?.configSnapshotDeliveryInfo).toMatchObject({
    lastStatus: "Success",
    lastSuccessfulTime: expect.any(Date),
  });
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: "history" }));
  await deliver();
  expect((await status())?.configSnapshotDeliveryInfo).toMatchObject({
    lastStatus: "Failure",
    lastErrorCode: expect.any(String),
    lastSuccessfulTime: expect.any(Date),
  });
  await expect(
    config.send(new DescribeDeliveryChannelStatusCommand({ DeliveryChannelNames: ["none"] })),
  ).rejects.toMatchObject({ name: "NoSuchDeliveryChannelException" });
});

const PACK = `
Parameters:
  a: { Type: String, Default: x }
Resources:
  Versioned:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: versioned
      Source: { Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED }
`;

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeOrganizationConformancePacks.html
test("an organization's packs are described by their names", async () => {
  const { cloud } = await makeOrganization();
  const config = cloud.client(ConfigServiceClient);
  const { OrganizationConformancePackArn } = await config.send(
    new PutOrganizationConformancePackCommand({
      OrganizationConformancePackName: "basics",
      TemplateBody: PACK,
      ConformancePackInputParameters: [{ ParameterName: "a", ParameterValue: "b" }],
    }),
  );
  const describe = (...OrganizationConformancePackNames: string[]) =>
    config.send(new DescribeOrganizationConformancePacksCommand({ OrganizationConformancePackNames }));
  expect((await describe("basics")).OrganizationConformancePacks).toMatchObject([
    {
      OrganizationConformancePackName: "basics",
      OrganizationConformancePackArn,
      ConformancePackInputParameters: [{ ParameterName: "a", ParameterValue: "b" }],
      ExcludedAccounts: [],
      LastUpdateTime: expect.any(Date),
    },
  ]);
  await expect(describe("none")).rejects.toMatchObject({ name: "NoSuchOrganizationConformancePackException" });
});

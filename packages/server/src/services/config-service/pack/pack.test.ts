import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DeleteConformancePackCommand,
  DescribeConfigRulesCommand,
  DescribeConformancePackComplianceCommand,
  DescribeConformancePacksCommand,
  DescribeConformancePackStatusCommand,
  GetConformancePackComplianceDetailsCommand,
  GetConformancePackComplianceSummaryCommand,
  ListConformancePackComplianceScoresCommand,
  ListTagsForResourceCommand,
  PutConformancePackCommand,
  type PutConformancePackCommandInput,
} from "@aws-sdk/client-config-service";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";
import { makeUser } from "../../../../test/identities.ts";

/** As AWS's own sample packs are written. Source: https://github.com/awslabs/aws-config-rules/tree/master/aws-config-conformance-packs */
const TEMPLATE = `
Parameters:
  MaxAge:
    Default: '90'
    Type: String
  Tag:
    Default: ''
    Type: String
Conditions:
  hasAge: !Not [!Equals ['', !Ref MaxAge]]
  hasTag:
    Fn::Not:
    - Fn::Equals:
      - ''
      - Ref: Tag
Resources:
  Keys:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: access-keys-rotated
      InputParameters:
        maxAccessKeyAge: !If [hasAge, !Ref MaxAge, !Ref AWS::NoValue]
      Source:
        Owner: AWS
        SourceIdentifier: ACCESS_KEYS_ROTATED
  Versioned:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: versioned
      Scope:
        ComplianceResourceTypes: [AWS::S3::Bucket]
      Source: { Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED }
  Tagged:
    Type: AWS::Config::ConfigRule
    Condition: hasTag
    Properties:
      ConfigRuleName: tagged
      InputParameters: { tag1Key: !Sub '\${Tag}' }
      Source: { Owner: AWS, SourceIdentifier: REQUIRED_TAGS }
`;

async function packed(more: Partial<PutConformancePackCommandInput> = {}) {
  const world = await configuredCloud();
  const { config, settle } = world;
  const put = async (again: Partial<PutConformancePackCommandInput> = {}) => {
    const input = { ConformancePackName: "baseline", TemplateBody: TEMPLATE, ...more, ...again };
    const { ConformancePackArn: arn = "" } = await config.send(new PutConformancePackCommand(input));
    await settle();
    return arn;
  };
  const rules = async () => (await config.send(new DescribeConfigRulesCommand({}))).ConfigRules ?? [];
  const status = async () => {
    const { ConformancePackStatusDetails } = await config.send(new DescribeConformancePackStatusCommand({}));
    return ConformancePackStatusDetails?.[0];
  };
  return { ...world, put, rules, status };
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/service-linked-awsconfig-rules.html */
test("a conformance pack puts its template's rules, which are its own alone", async () => {
  const { cloud, config, settle, put, rules, status } = await packed();
  const arn = await put({ Tags: [{ Key: "team", Value: "audit" }] });
  expect(arn).toMatch(/^arn:aws:config:us-east-1:000000000000:conformance-pack\/baseline\/conformance-pack-\w{9}$/);
  const id = arn.split("/")[2] ?? "";
  expect(await status()).toMatchObject({ ConformancePackState: "CREATE_COMPLETE", ConformancePackId: id });
  const made = await rules();
  expect(made).toMatchObject([
    { ConfigRuleName: `access-keys-rotated-${id}`, InputParameters: '{"maxAccessKeyAge":"90"}' },
    { ConfigRuleName: `versioned-${id}`, CreatedBy: "config-conforms.amazonaws.com" },
  ]);
  expect(made[0]?.ConfigRuleArn).toContain(":config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-");
  const role = new GetRoleCommand({ RoleName: "AWSServiceRoleForConfigConforms" });
  expect((await cloud.client(IAMClient).send(role)).Role?.Path).toBe(
    "/aws-service-role/config-conforms.amazonaws.com/",
  );

  const drop = config.send(new DeleteConfigRuleCommand({ ConfigRuleName: `versioned-${id}` }));
  await expect(drop).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: "An AWS service owns ServiceLinkedConfigRule. You do not have permissions to take action on this rule.",
  });
  const tags = await config.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
  expect(tags.Tags).toEqual([{ Key: "team", Value: "audit" }]);

  await config.send(new DeleteConformancePackCommand({ ConformancePackName: "baseline" }));
  expect(await status()).toMatchObject({ ConformancePackState: "DELETE_IN_PROGRESS" });
  await settle();
  expect(await status()).toBeUndefined();
  expect(await rules()).toEqual([]);
});

test("a pack that is put again has the rules of its new template and parameters", async () => {
  const { config, put, rules } = await packed();
  const arn = await put();
  const parameters = [{ ParameterName: "Tag", ParameterValue: "owner" }];
  expect(await put({ ConformancePackInputParameters: parameters })).toBe(arn);
  const names = (await rules()).map(({ ConfigRuleName = "" }) => ConfigRuleName.split("-conformance-pack-")[0]);
  expect(names).toEqual(["access-keys-rotated", "tagged", "versioned"]);
  const one = {
    Resources: {
      Versioned: {
        Type: "AWS::Config::ConfigRule",
        Properties: {
          ConfigRuleName: "versioned",
          Source: { Owner: "AWS", SourceIdentifier: "S3_BUCKET_VERSIONING_ENABLED" },
        },
      },
    },
  };
  await put({ TemplateBody: JSON.stringify(one) });
  expect(await rules()).toMatchObject([{ ConfigRuleName: expect.stringMatching(/^versioned-/) }]);
  const { ConformancePackDetails } = await config.send(new DescribeConformancePacksCommand({}));
  expect(ConformancePackDetails).toMatchObject([{ ConformancePackArn: arn, ConformancePackInputParameters: [] }]);
});

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/compliance-score.html */
test("a pack is as compliant as its rules, and has a score", async () => {
  const { config, s3, settle, put } = await packed();
  await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  const versioning = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: "data", VersioningConfiguration: versioning }));
  await settle();
  const id = (await put()).split("/")[2] ?? "";
  await settle();
  const ConformancePackName = "baseline";
  const compliance = await config.send(new DescribeConformancePackComplianceCommand({ ConformancePackName }));
  expect(compliance.ConformancePackRuleComplianceList).toMatchObject([
    { ConfigRuleName: `access-keys-rotated-${id}`, ComplianceType: "INSUFFICIENT_DATA" },
    { ConfigRuleName: `versioned-${id}`, ComplianceType: "NON_COMPLIANT" },
  ]);
  const summary = new GetConformancePackComplianceSummaryCommand({ ConformancePackNames: [ConformancePackName] });
  expect((await config.send(summary)).ConformancePackComplianceSummaryList).toEqual([
    { ConformancePackName, ConformancePackComplianceStatus: "NON_COMPLIANT" },
  ]);
  const details = new GetConformancePackComplianceDetailsCommand({
    ConformancePackName,
    Filters: { ComplianceType: "COMPLIANT" },
  });
  const { ConformancePackRuleEvaluationResults } = await config.send(details);
  expect(ConformancePackRuleEvaluationResults).toMatchObject([
    { EvaluationResultIdentifier: { EvaluationResultQualifier: { ResourceId: "data" } } },
  ]);
  const scores = await config.send(new ListConformancePackComplianceScoresCommand({}));
  expect(scores.ConformancePackComplianceScores).toMatchObject([{ ConformancePackName, Score: "50.00" }]);
  const unknown = new DescribeConformancePackComplianceCommand({
    ConformancePackName,
    Filters: { ConfigRuleNames: ["another"] },
  });
  await expect(config.send(unknown)).rejects.toMatchObject({ name: "NoSuchConfigRuleInConformancePackException" });
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html */
test("a template comes from one place, and has to be one", async () => {
  const { s3, put, rules } = await packed();
  await s3.send(new PutObjectCommand({ Bucket: "history", Key: "packs/one.yaml", Body: TEMPLATE }));
  await put({ TemplateBody: undefined, TemplateS3Uri: "s3://history/packs/one.yaml" });
  expect(await rules()).toHaveLength(2);
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/configservice/conformance_pack_test.go (S3TemplateAndTemplateBody, run against AWS)
  await put({ TemplateBody: "no template", TemplateS3Uri: "s3://history/packs/one.yaml" });
  await expect(put({ TemplateBody: undefined, TemplateS3Uri: "s3://history/none" })).rejects.toMatchObject({
    name: "InsufficientPermissionsException",
  });
  const document = { DocumentName: "packs" };
  await expect(put({ TemplateSSMDocumentDetails: document })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
  });
  await expect(put({ TemplateBody: undefined, TemplateSSMDocumentDetails: document })).rejects.toMatchObject({
    name: "NotImplemented",
  });
  const flawed = [
    "Resources: [",
    "Parameters: {}",
    "Resources: { A: { Type: AWS::S3::Bucket } }",
    "Resources: { A: { Type: AWS::Config::ConfigRule, Properties: { ConfigRuleName: !Ref Nothing } } }",
    "Resources: { A: &a { Type: AWS::Config::ConfigRule }, B: *a }",
    "Conditions: { a: !Condition a }\nResources: { A: { Type: AWS::Config::ConfigRule, Condition: a } }",
  ];
  for (const TemplateBody of flawed) {
    await expect(put({ TemplateBody })).rejects.toMatchObject({ name: "ConformancePackTemplateValidationException" });
  }
});

test("a pack whose rules cannot be put has failed, says why, and leaves none behind", async () => {
  const { put, rules, status } = await packed();
  await put({ TemplateBody: TEMPLATE.replace("S3_BUCKET_VERSIONING_ENABLED", "NO_SUCH_RULE") });
  expect(await status()).toMatchObject({
    ConformancePackState: "CREATE_FAILED",
    ConformancePackStatusReason: expect.stringContaining("The sourceIdentifier NO_SUCH_RULE is invalid."),
  });
  expect(await rules()).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ConfigConformsServiceRolePolicy.html */
test("a pack delivers where its role may write", async () => {
  const { s3, put, status } = await packed();
  await s3.send(new CreateBucketCommand({ Bucket: "awsconfigconforms-here" }));
  await put({ DeliveryS3Bucket: "awsconfigconforms-here", DeliveryS3KeyPrefix: "packs" });
  expect(await status()).toMatchObject({ ConformancePackState: "CREATE_COMPLETE" });
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: "awsconfigconforms-here" }));
  expect(Contents).toMatchObject([{ Key: "packs/AWSLogs/000000000000/Config/ConfigWritabilityCheckFile" }]);
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/configservice/conformance_pack_test.go (S3Delivery, run against AWS: a bucket without a policy)
  await put({ DeliveryS3Bucket: "history", DeliveryS3KeyPrefix: "packs" });
  expect(await status()).toMatchObject({ ConformancePackState: "CREATE_COMPLETE" });
  const inHistory = new ListObjectsV2Command({ Bucket: "history", Prefix: "packs/" });
  expect(await s3.send(inHistory)).toMatchObject({ KeyCount: 0 });
  await put({ DeliveryS3Bucket: "nowhere" });
  expect(await status()).toMatchObject({ ConformancePackState: "CREATE_FAILED" });
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html */
test("who puts a pack needs no right to put rules, but one to have the first pack's role made", async () => {
  const { cloud, settle, rules } = await packed();
  const put = async (name: string, allow: readonly string[]) => {
    const config = cloud.client(ConfigServiceClient, await makeUser(cloud, name, { allow }));
    return config.send(new PutConformancePackCommand({ ConformancePackName: "baseline", TemplateBody: TEMPLATE }));
  };
  await expect(put("ann", ["config:PutConfigRule"])).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(put("ben", ["config:PutConformancePack"])).rejects.toMatchObject({
    name: "InsufficientPermissionsException",
  });
  await put("cleo", ["config:PutConformancePack", "iam:CreateServiceLinkedRole"]);
  await settle();
  expect(await rules()).toHaveLength(2);
});

/** Each uses the one before it twice. */
const CONDITIONS = Object.fromEntries(
  Array.from({ length: 60 }, (_, at) => {
    const before = at === 0 ? { "Fn::Equals": ["a", "a"] } : { Condition: `C${at - 1}` };
    return [`C${at}`, { "Fn::And": [before, before] }];
  }),
);
/** Each has the text within it ten times. */
const textOfMany = (levels: number): object => ({
  "Fn::Sub": ["${A}".repeat(10), { A: levels === 0 ? "a" : textOfMany(levels - 1) }],
});

test.each([
  ["conditions", { Conditions: CONDITIONS }, { Condition: "C59" }, ""],
  ["texts", {}, {}, textOfMany(20)],
])("a template whose %s take without an end to work out is refused", async (_, top, of, Description) => {
  const { config } = await configuredCloud();
  const Source = { Owner: "AWS", SourceIdentifier: "S3_BUCKET_VERSIONING_ENABLED" };
  const Properties = { ConfigRuleName: "a", Description, Source };
  const Resources = { A: { Type: "AWS::Config::ConfigRule", ...of, Properties } };
  const TemplateBody = JSON.stringify({ ...top, Resources });
  const put = config.send(new PutConformancePackCommand({ ConformancePackName: "endless", TemplateBody }));
  await expect(put).rejects.toMatchObject({ name: "ConformancePackTemplateValidationException" });
});

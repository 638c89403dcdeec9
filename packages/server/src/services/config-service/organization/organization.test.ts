import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DeleteOrganizationConfigRuleCommand,
  DeleteOrganizationConformancePackCommand,
  DescribeConfigRulesCommand,
  DescribeConfigurationAggregatorSourcesStatusCommand,
  DescribeConformancePacksCommand,
  DescribeOrganizationConfigRulesCommand,
  DescribeOrganizationConfigRuleStatusesCommand,
  DescribeOrganizationConformancePackStatusesCommand,
  GetOrganizationConfigRuleDetailedStatusCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  ListTagsForResourceCommand,
  PutConfigurationAggregatorCommand,
  PutConfigurationRecorderCommand,
  PutOrganizationConfigRuleCommand,
  PutOrganizationConformancePackCommand,
} from "@aws-sdk/client-config-service";
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  ListAWSServiceAccessForOrganizationCommand,
  RegisterDelegatedAdministratorCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";

type Credentials = ReturnType<TestCloud["rootOf"]>;

async function makeRecorder(cloud: TestCloud, credentials?: Credentials): Promise<void> {
  const iam = cloud.client(IAMClient, credentials);
  const { Role } = await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "config.amazonaws.com" }));
  const ConfigurationRecorder = { name: "default", roleARN: Role?.Arn };
  await cloud
    .client(ConfigServiceClient, credentials)
    .send(new PutConfigurationRecorderCommand({ ConfigurationRecorder }));
}

async function organizationOfTwo() {
  const { cloud, client, makeAccount } = await makeOrganization();
  const account = await makeAccount("member");
  const member = cloud.rootOf(account);
  await makeRecorder(cloud);
  await makeRecorder(cloud, member);
  const config = cloud.client(ConfigServiceClient);
  const inMember = cloud.client(ConfigServiceClient, member);
  return { cloud, client, makeAccount, account, member, config, inMember };
}

const putRule = (more: object = {}) =>
  new PutOrganizationConfigRuleCommand({
    OrganizationConfigRuleName: "versioned",
    OrganizationManagedRuleMetadata: { RuleIdentifier: "S3_BUCKET_VERSIONING_ENABLED" },
    ...more,
  });

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html */
test("a rule of an organization is in each of its accounts, and belongs to the organization", async () => {
  const { cloud, client, config, inMember, account, member } = await organizationOfTwo();
  const { OrganizationConfigRuleArn: arn = "" } = await config.send(putRule());
  expect(arn).toMatch(/^arn:aws:config:us-east-1:000000000000:organization-config-rule\/versioned-\w{8}$/);
  await cloud.clock.advance(1);
  const { OrganizationConfigRules } = await config.send(new DescribeOrganizationConfigRulesCommand({}));
  expect(OrganizationConfigRules).toMatchObject([{ OrganizationConfigRuleArn: arn, ExcludedAccounts: [] }]);
  const name = `OrgConfigRule-${arn.split("/")[1] ?? ""}`;
  const ask = new GetOrganizationConfigRuleDetailedStatusCommand({ OrganizationConfigRuleName: "versioned" });
  expect((await config.send(ask)).OrganizationConfigRuleDetailedStatus).toMatchObject([
    { AccountId: MANAGEMENT, ConfigRuleName: name, MemberAccountRuleStatus: "CREATE_SUCCESSFUL" },
    { AccountId: account, ConfigRuleName: name, MemberAccountRuleStatus: "CREATE_SUCCESSFUL" },
  ]);
  const { ConfigRules } = await inMember.send(new DescribeConfigRulesCommand({}));
  expect(ConfigRules).toMatchObject([{ ConfigRuleName: name, CreatedBy: "config-multiaccountsetup.amazonaws.com" }]);
  const drop = inMember.send(new DeleteConfigRuleCommand({ ConfigRuleName: name }));
  await expect(drop).rejects.toMatchObject({ name: "AccessDeniedException" });
  const role = new GetRoleCommand({ RoleName: "AWSServiceRoleForConfigMultiAccountSetup" });
  expect((await cloud.client(IAMClient, member).send(role)).Role?.RoleName).toBeDefined();
  const { EnabledServicePrincipals } = await client.send(new ListAWSServiceAccessForOrganizationCommand({}));
  expect(EnabledServicePrincipals).toMatchObject([{ ServicePrincipal: "config-multiaccountsetup.amazonaws.com" }]);

  await config.send(new DeleteOrganizationConfigRuleCommand({ OrganizationConfigRuleName: "versioned" }));
  await cloud.clock.advance(1);
  expect((await inMember.send(new DescribeConfigRulesCommand({}))).ConfigRules).toEqual([]);
  await expect(config.send(ask)).rejects.toMatchObject({ name: "NoSuchOrganizationConfigRuleException" });
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html (Tags) */
test("a rule of an organization is put with its tags", async () => {
  const { config } = await organizationOfTwo();
  const Tags = [{ Key: "team", Value: "audit" }];
  const { OrganizationConfigRuleArn: ResourceArn } = await config.send(putRule({ Tags }));
  expect((await config.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual(Tags);
});

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/config-rule-multi-account-deployment.html */
test("an account without a recorder has not got the rule, and gets it once it has one; an excluded one never does", async () => {
  const { cloud, config, inMember, makeAccount, account } = await organizationOfTwo();
  const late = await makeAccount("late");
  await config.send(putRule({ ExcludedAccounts: [account] }));
  await cloud.clock.advance(1);
  const statuses = async () => {
    const ask = new GetOrganizationConfigRuleDetailedStatusCommand({ OrganizationConfigRuleName: "versioned" });
    const { OrganizationConfigRuleDetailedStatus: all = [] } = await config.send(ask);
    return all.map((one) => [one.AccountId, one.MemberAccountRuleStatus, one.ErrorCode]);
  };
  const failed = [late, "CREATE_FAILED", "NoAvailableConfigurationRecorderException"];
  expect(await statuses()).toEqual([[MANAGEMENT, "CREATE_SUCCESSFUL", undefined], failed]);
  expect((await inMember.send(new DescribeConfigRulesCommand({}))).ConfigRules).toEqual([]);
  const whole = async () => {
    const { OrganizationConfigRuleStatuses } = await config.send(new DescribeOrganizationConfigRuleStatusesCommand({}));
    return OrganizationConfigRuleStatuses?.[0]?.OrganizationRuleStatus;
  };
  expect(await whole()).toBe("CREATE_FAILED");
  await makeRecorder(cloud, cloud.rootOf(late));
  await cloud.clock.advance(7 * 3600);
  expect(await statuses()).toContainEqual([late, "CREATE_SUCCESSFUL", undefined]);
  expect(await whole()).toBe("CREATE_SUCCESSFUL");
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html (Errors) */
test("only the management account and a delegated administrator speak for an organization", async () => {
  const alone = await testCloud();
  await expect(alone.client(ConfigServiceClient).send(putRule())).rejects.toMatchObject({
    name: "NoAvailableOrganizationException",
  });
  const bills = await makeOrganization("CONSOLIDATED_BILLING");
  await expect(bills.cloud.client(ConfigServiceClient).send(putRule())).rejects.toMatchObject({
    name: "OrganizationAllFeaturesNotEnabledException",
  });
  const { cloud, client, config, inMember, account } = await organizationOfTwo();
  await expect(inMember.send(putRule())).rejects.toMatchObject({ name: "OrganizationAccessDeniedException" });
  await config.send(putRule());
  await cloud.clock.advance(1);
  const ServicePrincipal = "config-multiaccountsetup.amazonaws.com";
  await client.send(new RegisterDelegatedAdministratorCommand({ AccountId: account, ServicePrincipal }));
  await inMember.send(putRule({ OrganizationConfigRuleName: "own" }));
  await cloud.clock.advance(1);
  const { OrganizationConfigRules } = await inMember.send(new DescribeOrganizationConfigRulesCommand({}));
  expect(OrganizationConfigRules).toMatchObject([{ OrganizationConfigRuleName: "own" }]);
  expect((await config.send(new DescribeConfigRulesCommand({}))).ConfigRules).toHaveLength(2);
});

test("a rule of an organization is of one kind, and one that there is", async () => {
  const { config } = await organizationOfTwo();
  const invalid = { name: "InvalidParameterValueException" };
  const none = putRule({ OrganizationManagedRuleMetadata: undefined });
  await expect(config.send(none)).rejects.toMatchObject(invalid);
  const unknown = putRule({ OrganizationManagedRuleMetadata: { RuleIdentifier: "NO_SUCH_RULE" } });
  await expect(config.send(unknown)).rejects.toMatchObject(invalid);
});

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_OrganizationAggregationSource.html (RoleArn) */
test("an aggregator of an organization gathers from all of its accounts, which its role lists for it", async () => {
  const { cloud, makeAccount } = await makeOrganization();
  for (let made = 1; made <= 20; made++) await makeAccount(`member-${made}`);
  const RoleArn = await makeRole(cloud, "lists", {
    principal: { Service: "config.amazonaws.com" },
    allow: ["organizations:ListAccounts"],
  });
  const named = { ConfigurationAggregatorName: "all" };
  const OrganizationAggregationSource = { RoleArn, AwsRegions: ["us-east-1"] };
  await cloud
    .client(ConfigServiceClient)
    .send(new PutConfigurationAggregatorCommand({ ...named, OrganizationAggregationSource }));
  const reader = await makeUser(cloud, "reads", { allow: ["config:*"] });
  const { AggregatedSourceStatusList } = await cloud
    .client(ConfigServiceClient, reader)
    .send(new DescribeConfigurationAggregatorSourcesStatusCommand(named));
  expect(AggregatedSourceStatusList).toHaveLength(21);
});

// Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConformancePack.html, and API_OrganizationConformancePackDetailedStatus.html
test("a conformance pack of an organization is in each of its accounts with its rules", async () => {
  const { cloud, config, inMember, account } = await organizationOfTwo();
  const TemplateBody = `
Parameters: { Name: { Type: String } }
Resources:
  Versioned:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: !Ref Name
      Source: { Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED }`;
  const put = (more: object = {}) =>
    config.send(
      new PutOrganizationConformancePackCommand({
        OrganizationConformancePackName: "baseline",
        TemplateBody,
        ConformancePackInputParameters: [{ ParameterName: "Name", ParameterValue: "kept" }],
        ...more,
      }),
    );
  await put();
  await cloud.clock.advance(1);
  const ask = new GetOrganizationConformancePackDetailedStatusCommand({ OrganizationConformancePackName: "baseline" });
  expect((await config.send(ask)).OrganizationConformancePackDetailedStatuses).toMatchObject([
    { AccountId: MANAGEMENT, Status: "CREATE_SUCCESSFUL" },
    { AccountId: account, Status: "CREATE_SUCCESSFUL" },
  ]);
  const { OrganizationConformancePackStatuses } = await config.send(
    new DescribeOrganizationConformancePackStatusesCommand({ OrganizationConformancePackNames: ["baseline"] }),
  );
  expect(OrganizationConformancePackStatuses).toMatchObject([{ Status: "CREATE_SUCCESSFUL" }]);
  const { ConformancePackDetails } = await inMember.send(new DescribeConformancePacksCommand({}));
  expect(ConformancePackDetails).toMatchObject([
    {
      ConformancePackName: expect.stringMatching(/^OrgConformsPack-baseline-\w{8}$/),
      CreatedBy: "config-multiaccountsetup.amazonaws.com",
    },
  ]);
  const { ConfigRules } = await inMember.send(new DescribeConfigRulesCommand({}));
  expect(ConfigRules).toMatchObject([{ ConfigRuleName: expect.stringMatching(/^kept-conformance-pack-/) }]);
  await expect(put({ TemplateBody: "Resources: {}" })).rejects.toMatchObject({
    name: "OrganizationConformancePackTemplateValidationException",
  });
  await put();
  await cloud.clock.advance(1);
  expect((await config.send(ask)).OrganizationConformancePackDetailedStatuses).toMatchObject([
    { AccountId: MANAGEMENT, Status: "UPDATE_SUCCESSFUL" },
    { AccountId: account, Status: "UPDATE_SUCCESSFUL" },
  ]);
  const drop = () =>
    config.send(new DeleteOrganizationConformancePackCommand({ OrganizationConformancePackName: "baseline" }));
  await drop();
  await cloud.clock.advance(1);
  expect((await inMember.send(new DescribeConfigRulesCommand({}))).ConfigRules).toEqual([]);
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_config/test_config.py (test_delete_organization_conformance_pack_errors)
  await expect(drop()).rejects.toMatchObject({
    name: "NoSuchOrganizationConformancePackException",
    message: "Could not find an OrganizationConformancePack for given request with resourceName baseline",
  });
});

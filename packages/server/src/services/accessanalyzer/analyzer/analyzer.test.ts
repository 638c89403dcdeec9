import {
  AccessAnalyzerClient,
  CreateAnalyzerCommand,
  CreateServiceLinkedAnalyzerCommand,
  DeleteAnalyzerCommand,
  DeleteServiceLinkedAnalyzerCommand,
  GetAnalyzerCommand,
  ListAnalyzersCommand,
  ListFindingsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAnalyzerCommand,
} from "@aws-sdk/client-accessanalyzer";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  DeregisterDelegatedAdministratorCommand,
  EnableAWSServiceAccessCommand,
  RegisterDelegatedAdministratorCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { analyzerCloud, makeAnalyzer } from "../../../../test/analyzers.ts";
import { makeRole, makeUser } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const SERVICE = "access-analyzer.amazonaws.com";

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-using-service-linked-roles.html
test("an analyzer is made with its service-linked role, shown, and deleted", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud("ACCOUNT", { tags: { team: "a" } });
  expect(analyzerArn).toBe("arn:aws:access-analyzer:us-east-1:000000000000:analyzer/lookout");
  const analyzerName = "lookout";
  const { analyzer } = await client.send(new GetAnalyzerCommand({ analyzerName }));
  expect(analyzer).toMatchObject({
    arn: analyzerArn,
    name: analyzerName,
    type: "ACCOUNT",
    status: "ACTIVE",
    tags: { team: "a" },
    lastResourceAnalyzed: expect.stringContaining("AWSServiceRoleForAccessAnalyzer"),
  });
  const RoleName = "AWSServiceRoleForAccessAnalyzer";
  const { Role } = await cloud.client(IAMClient).send(new GetRoleCommand({ RoleName }));
  expect(Role?.Path).toBe(`/aws-service-role/${SERVICE}/`);
  expect((await client.send(new ListAnalyzersCommand({ type: "ACCOUNT" }))).analyzers).toHaveLength(1);
  expect((await client.send(new ListAnalyzersCommand({ type: "ORGANIZATION" }))).analyzers).toEqual([]);
  await client.send(new DeleteAnalyzerCommand({ analyzerName }));
  await expect(client.send(new GetAnalyzerCommand({ analyzerName }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    resourceId: analyzerName,
    resourceType: "Analyzer",
  });
  await expect(client.send(new ListFindingsCommand({ analyzerArn }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html, https://github.com/hashicorp/terraform-provider-aws/issues/21649
test("an account has one analyzer of each type in a region", async () => {
  const { cloud, client } = await analyzerCloud();
  const second = new CreateAnalyzerCommand({ analyzerName: "second", type: "ACCOUNT" });
  await expect(client.send(second)).rejects.toMatchObject({
    name: "ServiceQuotaExceededException",
    message: "Analyzer limit exceeded",
    $metadata: { httpStatusCode: 402 },
  });
  await client.send(new CreateAnalyzerCommand({ analyzerName: "unused", type: "ACCOUNT_UNUSED_ACCESS" }));
  await cloud.client(AccessAnalyzerClient, undefined, { region: "eu-west-1" }).send(second);
  const twin = new CreateAnalyzerCommand({ analyzerName: "lookout", type: "ACCOUNT_UNUSED_ACCESS" });
  await expect(client.send(twin)).rejects.toMatchObject({ name: "ConflictException" });
});

test("who may not make the service-linked role cannot make the first analyzer", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["access-analyzer:*"] });
  const command = new CreateAnalyzerCommand({ analyzerName: "a", type: "ACCOUNT" });
  await expect(cloud.client(AccessAnalyzerClient, ann).send(command)).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});

test("tags of an analyzer are added, listed, removed, and asked for by policies", async () => {
  const { cloud, client, analyzerArn: resourceArn } = await analyzerCloud();
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: "a", stage: "b" } }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["stage"] }));
  expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ team: "a" });
  const allow = {
    Statement: [
      {
        Effect: "Allow",
        Action: "access-analyzer:*",
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/team": "b" } },
      },
    ],
  };
  const ann = await makeUser(cloud, "ann", { allow });
  const theirs = cloud.client(AccessAnalyzerClient, ann);
  await expect(theirs.send(new GetAnalyzerCommand({ analyzerName: "lookout" }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: "b" } }));
  await theirs.send(new GetAnalyzerCommand({ analyzerName: "lookout" }));
  await expect(client.send(new TagResourceCommand({ resourceArn, tags: { "aws:x": "y" } }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_UpdateAnalyzer.html, https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateServiceLinkedAnalyzer.html
test("what an analyzer cannot be is refused", async () => {
  const { client } = await analyzerCloud();
  const configuration = { unusedAccess: { unusedAccessAge: 30 } };
  const refused = { name: "ValidationException" };
  await expect(
    client.send(new UpdateAnalyzerCommand({ analyzerName: "lookout", configuration })),
  ).rejects.toMatchObject(refused);
  const make = (type: "ACCOUNT_UNUSED_ACCESS" | "ACCOUNT_INTERNAL_ACCESS" | "ACCOUNT", unusedAccessAge?: number) =>
    client.send(
      new CreateAnalyzerCommand({
        analyzerName: "other",
        type,
        ...(unusedAccessAge !== undefined && { configuration: { unusedAccess: { unusedAccessAge } } }),
      }),
    );
  await expect(make("ACCOUNT_UNUSED_ACCESS", 366)).rejects.toMatchObject(refused);
  await expect(make("ACCOUNT_UNUSED_ACCESS", 0)).rejects.toMatchObject(refused);
  await expect(make("ACCOUNT", 30)).rejects.toMatchObject(refused);
  await expect(make("ACCOUNT_INTERNAL_ACCESS")).rejects.toMatchObject({ ...refused, reason: "notSupported" });
  await expect(
    client.send(new CreateServiceLinkedAnalyzerCommand({ type: "ACCOUNT_UNUSED_ACCESS" })),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(client.send(new DeleteServiceLinkedAnalyzerCommand({ analyzerName: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html
test("an organization's analyzer sees its accounts, and trusts them", async () => {
  const { cloud, client: organizations, makeAccount } = await makeOrganization();
  const member = await makeAccount("member");
  const create = new CreateAnalyzerCommand({ analyzerName: "whole", type: "ORGANIZATION" });
  const management = cloud.client(AccessAnalyzerClient);
  await expect(management.send(create)).rejects.toMatchObject({ name: "ValidationException" });
  await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: SERVICE }));
  const { arn: analyzerArn } = await management.send(create);
  await makeRole(cloud, "inside", { account: member, trusts: MANAGEMENT });
  const outside = await makeRole(cloud, "outside", { account: member, trusts: "999999999999" });
  const { findings } = await management.send(new ListFindingsCommand({ analyzerArn }));
  expect(findings).toEqual([expect.objectContaining({ resource: outside, resourceOwnerAccount: member })]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html
test("a member account may have an organization's analyzer as long as it is delegated to", async () => {
  const { cloud, client: organizations, makeAccount } = await makeOrganization();
  const AccountId = await makeAccount("security");
  const theirs = cloud.client(AccessAnalyzerClient, cloud.rootOf(AccountId));
  const create = new CreateAnalyzerCommand({ analyzerName: "lookout", type: "ORGANIZATION" });
  await expect(theirs.send(create)).rejects.toMatchObject({ name: "AccessDeniedException" });
  await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: SERVICE }));
  await organizations.send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE }));
  await makeAnalyzer(cloud, "ORGANIZATION", { account: AccountId });
  await makeRole(cloud, "outside", { trusts: "999999999999" });
  const status = async () => (await theirs.send(new GetAnalyzerCommand({ analyzerName: "lookout" }))).analyzer;
  expect((await status())?.status).toBe("ACTIVE");
  await organizations.send(new DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE }));
  expect(await status()).toMatchObject({
    status: "DISABLED",
    statusReason: { code: "DELEGATED_ADMINISTRATOR_DEREGISTERED" },
  });
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_StartPolicyGeneration.html (idempotency)
test("the same call again makes nothing twice", async () => {
  const client = (await testCloud()).client(AccessAnalyzerClient);
  const create = (clientToken: string) =>
    client.send(new CreateAnalyzerCommand({ analyzerName: "a", type: "ACCOUNT", clientToken }));
  const first = await create("one");
  expect((await create("one")).arn).toBe(first.arn);
  await expect(create("two")).rejects.toMatchObject({ name: "ConflictException" });
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ExternalAccessDetails.html
test("a resource control policy about the resource's service is told with its findings", async () => {
  const { cloud, client: organizations, makeAccount, makePolicy, attach, enable, rootId } = await makeOrganization();
  const member = await makeAccount("member");
  await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: SERVICE }));
  const { client, analyzerArn } = await makeAnalyzer(cloud, "ORGANIZATION");
  await makeRole(cloud, "outside", { account: member, trusts: "999999999999" });
  const restriction = async () =>
    (await client.send(new ListFindingsCommand({ analyzerArn }))).findings?.map(
      ({ resourceControlPolicyRestriction }) => resourceControlPolicyRestriction,
    );
  expect(await restriction()).toEqual(["NOT_APPLICABLE"]);
  await enable("RESOURCE_CONTROL_POLICY");
  const Statement = { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole", Resource: "*" };
  const content = JSON.stringify({ Version: "2012-10-17", Statement });
  await attach(await makePolicy("fence", content, "RESOURCE_CONTROL_POLICY"), rootId);
  expect(await restriction()).toEqual(["APPLICABLE"]);
});

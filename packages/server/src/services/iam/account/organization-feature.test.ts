import {
  CreateUserCommand,
  DisableOrganizationsRootCredentialsManagementCommand,
  DisableOrganizationsRootSessionsCommand,
  EnableOrganizationsRootCredentialsManagementCommand,
  EnableOrganizationsRootSessionsCommand,
  IAMClient,
  ListOrganizationsFeaturesCommand,
} from "@aws-sdk/client-iam";
import {
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from "@aws-sdk/client-organizations";
import { DeleteBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRootCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";
import { testCloud, type TestCredentials } from "../../../../test/test-cloud.ts";

const ServicePrincipal = "iam.amazonaws.com";
const arn = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy";

test("an account that is in no organization has none of its features", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
  const iam = (await testCloud()).client(IAMClient);
  const notFound = { name: "OrganizationNotFoundException" };
  await expect(iam.send(new EnableOrganizationsRootCredentialsManagementCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new DisableOrganizationsRootCredentialsManagementCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new EnableOrganizationsRootSessionsCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new DisableOrganizationsRootSessionsCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new ListOrganizationsFeaturesCommand({}))).rejects.toMatchObject(notFound);
});

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootSessions.html
test("the management account enables the features, once IAM may work across the organization", async () => {
  const { cloud, client, organizationId, makeAccount } = await makeOrganization();
  const iam = cloud.client(IAMClient);
  const enable = new EnableOrganizationsRootSessionsCommand({});
  await expect(iam.send(enable)).rejects.toMatchObject({ name: "ServiceAccessNotEnabledException" });
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
  await iam.send(enable);
  await iam.send(new EnableOrganizationsRootCredentialsManagementCommand({}));
  expect(await iam.send(new ListOrganizationsFeaturesCommand({}))).toMatchObject({
    OrganizationId: organizationId,
    EnabledFeatures: ["RootSessions", "RootCredentialsManagement"],
  });
  const { EnabledFeatures } = await iam.send(new DisableOrganizationsRootSessionsCommand({}));
  expect(EnabledFeatures).toEqual(["RootCredentialsManagement"]);
  const member = cloud.client(IAMClient, cloud.rootOf(await makeAccount("dev")));
  await expect(member.send(enable)).rejects.toMatchObject({
    name: "AccountNotManagementOrDelegatedAdministratorException",
  });
});

test("organizations that share their bills only have no such features", async () => {
  const { cloud } = await makeOrganization("CONSOLIDATED_BILLING");
  const enable = cloud.client(IAMClient).send(new EnableOrganizationsRootSessionsCommand({}));
  await expect(enable).rejects.toMatchObject({ name: "OrganizationNotInAllFeaturesModeException" });
});

test("root sessions of members are for the management account and for IAM's delegate, and for one task", async () => {
  const { cloud, client, makeAccount } = await makeOrganization();
  const member = await makeAccount("dev");
  const delegate = await makeAccount("security");
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRoot"] });
  const ben = await makeUser(cloud, "ben", { allow: ["sts:AssumeRoot"], account: delegate });
  const assume = (caller: TestCredentials, TargetPrincipal: string) =>
    cloud
      .client(STSClient, caller)
      .send(new AssumeRootCommand({ TargetPrincipal, TaskPolicyArn: { arn }, MinimumSessionTokenSize: 2048 }));
  const denied = { name: "AccessDenied" };
  await expect(assume(ann, member)).rejects.toMatchObject(denied);
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
  await cloud.client(IAMClient).send(new EnableOrganizationsRootSessionsCommand({}));
  const { Credentials } = await assume(ann, member);
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html (MinimumSessionTokenSize)
  expect(Credentials?.SessionToken).toHaveLength(2048);
  await expect(assume(ann, MANAGEMENT)).rejects.toMatchObject(denied);
  await expect(assume(ann, "999999999999")).rejects.toMatchObject(denied);
  await expect(assume(ben, member)).rejects.toMatchObject(denied);
  const organizations = cloud.client(OrganizationsClient);
  await organizations.send(new RegisterDelegatedAdministratorCommand({ AccountId: delegate, ServicePrincipal }));
  await assume(ben, member);
  const unlock = cloud.client(S3Client, Credentials).send(new DeleteBucketPolicyCommand({ Bucket: "none-such" }));
  await expect(unlock).rejects.toMatchObject({ name: "NoSuchBucket" });
  const more = cloud.client(IAMClient, Credentials).send(new CreateUserCommand({ UserName: "mine" }));
  await expect(more).rejects.toMatchObject(denied);
});

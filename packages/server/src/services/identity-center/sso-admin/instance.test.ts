import {
  ListAWSServiceAccessForOrganizationCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from "@aws-sdk/client-organizations";
import {
  CreateInstanceCommand,
  CreatePermissionSetCommand,
  DeleteInstanceCommand,
  DescribeInstanceCommand,
  DescribeRegionCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  ListRegionsCommand,
  ListTagsForResourceCommand,
  SSOAdminClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateInstanceCommand,
} from "@aws-sdk/client-sso-admin";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

test("an organization's instance is seen by its accounts, and gets trusted access", async () => {
  const { cloud, InstanceArn, IdentityStoreId, makeAccount } = await withIdentityCenter();
  expect(InstanceArn).toMatch(/^arn:aws:sso:::instance\/ssoins-[0-9a-f]{16}$/);
  expect(IdentityStoreId).toMatch(/^d-[0-9a-f]{10}$/);
  const access = await cloud.client(OrganizationsClient).send(new ListAWSServiceAccessForOrganizationCommand({}));
  expect(access.EnabledServicePrincipals?.map(({ ServicePrincipal }) => ServicePrincipal)).toContain(
    "sso.amazonaws.com",
  );
  const member = cloud.client(SSOAdminClient, cloud.rootOf(await makeAccount("dev")));
  const { Instances } = await member.send(new ListInstancesCommand({}));
  expect(Instances).toMatchObject([{ InstanceArn, IdentityStoreId, OwnerAccountId: "000000000000", Status: "ACTIVE" }]);
  expect(Instances?.[0]).not.toHaveProperty("Name");
});

test("a member account sees the organization's instance and may not administer it", async () => {
  const { cloud, client, InstanceArn, makeAccount } = await withIdentityCenter();
  const account = await makeAccount("dev");
  const member = cloud.client(SSOAdminClient, cloud.rootOf(account));
  await member.send(new DescribeInstanceCommand({ InstanceArn }));
  const list = () => member.send(new ListPermissionSetsCommand({ InstanceArn }));
  await expect(list()).rejects.toMatchObject({ name: "AccessDeniedException" });
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
  await cloud
    .client(OrganizationsClient)
    .send(new RegisterDelegatedAdministratorCommand({ AccountId: account, ServicePrincipal: "sso.amazonaws.com" }));
  await list();
  await client.send(new ListPermissionSetsCommand({ InstanceArn }));
  const outside = cloud.client(SSOAdminClient, cloud.rootOf("999999999999"));
  await expect(outside.send(new DescribeInstanceCommand({ InstanceArn }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("an instance is in one region, and an account has one instance", async () => {
  const { cloud, admin, client, InstanceArn } = await withIdentityCenter();
  const elsewhere = cloud.client(SSOAdminClient, admin, { region: "eu-west-1" });
  expect((await elsewhere.send(new ListInstancesCommand({}))).Instances).toEqual([]);
  // Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateInstance.html
  await expect(elsewhere.send(new CreateInstanceCommand({}))).rejects.toMatchObject({ name: "ConflictException" });
  await expect(client.send(new CreateInstanceCommand({}))).rejects.toMatchObject({ name: "ConflictException" });
  const { Regions } = await client.send(new ListRegionsCommand({ InstanceArn }));
  expect(Regions).toMatchObject([{ RegionName: "us-east-1", Status: "ACTIVE", IsPrimaryRegion: true }]);
  await client.send(new DescribeRegionCommand({ InstanceArn, RegionName: "us-east-1" }));
  const other = client.send(new DescribeRegionCommand({ InstanceArn, RegionName: "eu-west-1" }));
  await expect(other).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("an account's own instance gives access to the account once it is told to", async () => {
  const cloud = await testCloud();
  const admin = await makeUser(cloud, "admin", { allow: ["*"] });
  const client = cloud.client(SSOAdminClient, admin);
  const ClientToken = "once";
  const { InstanceArn } = await client.send(new CreateInstanceCommand({ Name: "mine", ClientToken }));
  expect(await client.send(new CreateInstanceCommand({ Name: "mine", ClientToken }))).toMatchObject({ InstanceArn });
  const create = () => client.send(new CreatePermissionSetCommand({ InstanceArn, Name: "Admin" }));
  // Source: https://github.com/cartography-cncf/cartography/pull/1998
  await expect(create()).rejects.toMatchObject({ name: "ValidationException" });
  const update = (more: object) => client.send(new UpdateInstanceCommand({ InstanceArn, ...more }));
  await expect(update({ PermissionSetsEnabled: false })).rejects.toMatchObject({ name: "ValidationException" });
  await update({ PermissionSetsEnabled: true });
  await update({ Name: "ours" });
  await create();
  const described = await client.send(new DescribeInstanceCommand({ InstanceArn }));
  expect(described).toMatchObject({ Name: "ours", PermissionSetsEnabled: true });
  const EncryptionConfiguration = { KeyType: "CUSTOMER_MANAGED_KEY" } as const;
  await expect(update({ EncryptionConfiguration })).rejects.toMatchObject({ name: "ValidationException" });
});

test("an instance goes with everything in it, once nothing is assigned", async () => {
  const center = await withIdentityCenter();
  const { client, InstanceArn } = center;
  const PermissionSetArn = await center.addPermissionSet("ReadOnly");
  const user = await center.addUser("ann");
  expect(await center.assign(PermissionSetArn, "000000000000", user)).toMatchObject({ Status: "SUCCEEDED" });
  const remove = () => client.send(new DeleteInstanceCommand({ InstanceArn }));
  await expect(remove()).rejects.toMatchObject({ name: "ConflictException" });
  await center.unassign(PermissionSetArn, "000000000000", user);
  await remove();
  expect((await client.send(new ListInstancesCommand({}))).Instances).toEqual([]);
  const { InstanceArn: again } = await client.send(new CreateInstanceCommand({}));
  expect(again).not.toBe(InstanceArn);
  const { PermissionSets } = await client.send(new ListPermissionSetsCommand({ InstanceArn: again }));
  expect(PermissionSets).toEqual([]);
});

test("instances and permission sets have tags, which policies can ask for", async () => {
  const { cloud, client, InstanceArn, addPermissionSet } = await withIdentityCenter();
  const ResourceArn = await addPermissionSet("ReadOnly", { Tags: [{ Key: "team", Value: "sales" }] });
  for (const arn of [InstanceArn, ResourceArn]) {
    await client.send(new TagResourceCommand({ ResourceArn: arn, InstanceArn, Tags: [{ Key: "a", Value: "1" }] }));
    await client.send(new UntagResourceCommand({ ResourceArn: arn, InstanceArn, TagKeys: ["a"] }));
  }
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn, InstanceArn }));
  expect(Tags).toEqual([{ Key: "team", Value: "sales" }]);
  const Condition = { StringEquals: { "aws:ResourceTag/team": "${aws:username}" } };
  const Statement = [{ Effect: "Allow", Action: "sso:ListTagsForResource", Resource: "*", Condition }];
  const sales = cloud.client(SSOAdminClient, await makeUser(cloud, "sales", { allow: { Statement } }));
  await sales.send(new ListTagsForResourceCommand({ ResourceArn, InstanceArn }));
  const legal = cloud.client(SSOAdminClient, await makeUser(cloud, "legal", { allow: { Statement } }));
  await expect(legal.send(new ListTagsForResourceCommand({ ResourceArn, InstanceArn }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  const reserved = { ResourceArn, InstanceArn, Tags: [{ Key: "aws:x", Value: "1" }] };
  await expect(client.send(new TagResourceCommand(reserved))).rejects.toMatchObject({ name: "ValidationException" });
});

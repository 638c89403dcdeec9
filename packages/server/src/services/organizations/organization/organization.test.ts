import { GetRoleCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  AcceptHandshakeCommand,
  CreateOrganizationCommand,
  DeleteOrganizationCommand,
  DescribeOrganizationCommand,
  EnablePolicyTypeCommand,
  InviteAccountToOrganizationCommand,
  LeaveOrganizationCommand,
  ListRootsCommand,
  OrganizationsClient,
  RemoveAccountFromOrganizationCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { testCloud } from "../../../../test/test-cloud.ts";
import { makeOrganization, MANAGEMENT, NEW_ACCOUNT_STAYS_SECONDS } from "../../../../test/organizations.ts";

const describe = new DescribeOrganizationCommand({});

test("an organization has its ids and ARNs in AWS's forms, and service control policies from the start", async () => {
  const { client, organizationId, rootId } = await makeOrganization();
  const { Organization } = await client.send(describe);
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
  expect(organizationId).toMatch(/^o-[a-z0-9]{10,32}$/);
  expect(Organization).toMatchObject({
    Arn: `arn:aws:organizations::${MANAGEMENT}:organization/${organizationId}`,
    MasterAccountArn: `arn:aws:organizations::${MANAGEMENT}:account/${organizationId}/${MANAGEMENT}`,
    FeatureSet: "ALL",
  });
  const { Roots } = await client.send(new ListRootsCommand({}));
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html
  expect(rootId).toMatch(/^r-[0-9a-z]{4,32}$/);
  expect(Roots).toEqual([
    {
      Id: rootId,
      Arn: `arn:aws:organizations::${MANAGEMENT}:root/${organizationId}/${rootId}`,
      Name: "Root",
      PolicyTypes: [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }],
    },
  ]);
});

test("a new organization has no type of policies enabled, whatever its features", async () => {
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/organizations/organization_test.go (testAccOrganization_basic, testAccOrganization_EnabledPolicyTypes)
  const client = (await testCloud()).client(OrganizationsClient);
  await client.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const { Roots } = await client.send(new ListRootsCommand({}));
  expect(Roots).toMatchObject([{ PolicyTypes: [] }]);
  const enable = new EnablePolicyTypeCommand({ RootId: Roots?.[0]?.Id, PolicyType: "SERVICE_CONTROL_POLICY" });
  expect((await client.send(enable)).Root?.PolicyTypes).toEqual([
    { Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" },
  ]);
});

test("an account is in one organization at the most", async () => {
  const { client } = await makeOrganization();
  const again = client.send(new CreateOrganizationCommand({}));
  await expect(again).rejects.toMatchObject({
    name: "AlreadyInOrganizationException",
    $metadata: { httpStatusCode: 400 },
  });
});

test("an account of no organization is told so", async () => {
  const client = (await testCloud()).client(OrganizationsClient);
  await expect(client.send(describe)).rejects.toMatchObject({
    name: "AWSOrganizationsNotInUseException",
    message: "Your account is not a member of an organization.",
    // Source: https://github.com/nozaq/terraform-aws-secure-baseline/issues/70
    $metadata: { httpStatusCode: 400 },
  });
});

// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html (Errors)
test("who makes an organization with all features needs the right to its service-linked role", async () => {
  const cloud = await testCloud();
  const action = "organizations:CreateOrganization";
  const ann = cloud.client(OrganizationsClient, await makeUser(cloud, "ann", { allow: [action] }));
  await expect(ann.send(new CreateOrganizationCommand({}))).rejects.toMatchObject({
    name: "AccessDeniedForDependencyException",
    Reason: "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE",
  });
  const right = {
    Effect: "Allow",
    Action: "iam:CreateServiceLinkedRole",
    Resource: "*",
    Condition: { StringEquals: { "iam:AWSServiceName": "organizations.amazonaws.com" } },
  };
  const rights = { Statement: [{ Effect: "Allow", Action: action, Resource: "*" }, right] };
  const bob = cloud.client(OrganizationsClient, await makeUser(cloud, "bob", { allow: rights }));
  await bob.send(new CreateOrganizationCommand({}));
});

test("organizations with all features have a service-linked role in each account", async () => {
  const { cloud, makeAccount } = await makeOrganization();
  const member = await makeAccount("dev");
  for (const account of [MANAGEMENT, member]) {
    const iam = cloud.client(IAMClient, cloud.rootOf(account));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "AWSServiceRoleForOrganizations" }));
    expect(Role?.Path).toBe("/aws-service-role/organizations.amazonaws.com/");
  }
});

test("an organization is deleted once its members and units are gone", async () => {
  const { cloud, client, makeAccount } = await makeOrganization();
  const AccountId = await makeAccount("dev");
  await cloud.clock.advance(NEW_ACCOUNT_STAYS_SECONDS);
  const remove = new DeleteOrganizationCommand({});
  await expect(client.send(remove)).rejects.toMatchObject({ name: "OrganizationNotEmptyException" });
  await client.send(new RemoveAccountFromOrganizationCommand({ AccountId }));
  await client.send(remove);
  await expect(client.send(describe)).rejects.toMatchObject({ name: "AWSOrganizationsNotInUseException" });
  await client.send(new CreateOrganizationCommand({}));
});

test("a member may leave, and is bound by nothing then; the management account may not", async () => {
  const { cloud, client, makeAccount, makePolicy, attach } = await makeOrganization();
  const member = await makeAccount("dev");
  const deny = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Action: "iam:*", Resource: "*" }],
  });
  await attach(await makePolicy("no-iam", deny), member);
  const own = cloud.client(OrganizationsClient, cloud.rootOf(member));
  const { Organization } = await own.send(describe);
  expect(Organization?.MasterAccountId).toBe(MANAGEMENT);
  const leave = new LeaveOrganizationCommand({});
  await expect(client.send(leave)).rejects.toMatchObject({ name: "MasterCannotLeaveOrganizationException" });
  const iam = cloud.client(IAMClient, cloud.rootOf(member));
  await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  await cloud.clock.advance(NEW_ACCOUNT_STAYS_SECONDS);
  await own.send(leave);
  await iam.send(new ListUsersCommand({}));
  await expect(own.send(describe)).rejects.toMatchObject({ name: "AWSOrganizationsNotInUseException" });
});

test("an account that was made here stays four days; one that was invited may leave at once", async () => {
  const { cloud, client, makeAccount } = await makeOrganization();
  const AccountId = await makeAccount("dev");
  const own = cloud.client(OrganizationsClient, cloud.rootOf(AccountId));
  const remove = () => client.send(new RemoveAccountFromOrganizationCommand({ AccountId }));
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html
  const waits = { name: "ConstraintViolationException", Reason: "WAIT_PERIOD_ACTIVE" };
  await cloud.clock.advance(NEW_ACCOUNT_STAYS_SECONDS - 3600);
  await expect(own.send(new LeaveOrganizationCommand({}))).rejects.toMatchObject(waits);
  await expect(remove()).rejects.toMatchObject(waits);
  await cloud.clock.advance(3600);
  await remove();
  const Target = { Id: AccountId, Type: "ACCOUNT" } as const;
  const { Handshake } = await client.send(new InviteAccountToOrganizationCommand({ Target }));
  await own.send(new AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
  await own.send(new LeaveOrganizationCommand({}));
});

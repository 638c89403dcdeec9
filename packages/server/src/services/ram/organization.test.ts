import {
  LeaveOrganizationCommand,
  OrganizationsClient,
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  ListAWSServiceAccessForOrganizationCommand,
} from "@aws-sdk/client-organizations";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AcceptResourceShareInvitationCommand,
  CreateResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  GetResourceShareInvitationsCommand,
  ListResourcesCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { makeOrganization, NEW_ACCOUNT_STAYS_SECONDS } from "../../../test/organizations.ts";
import { cloudToShare, sharer, sharingOrganization } from "../../../test/resource-shares.ts";
import { sharingService } from "../../../test/sharing-service.ts";

const denied = { name: "UnauthorizedOperation" };

test("enabling sharing gives RAM trusted access and its own role", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs
  const { cloud, client } = await makeOrganization();
  const ram = cloud.client(RAMClient);
  expect(await ram.send(new EnableSharingWithAwsOrganizationCommand({}))).toMatchObject({ returnValue: true });
  const { EnabledServicePrincipals } = await client.send(new ListAWSServiceAccessForOrganizationCommand({}));
  expect(EnabledServicePrincipals?.map(({ ServicePrincipal }) => ServicePrincipal)).toContain("ram.amazonaws.com");
  const { Role } = await cloud
    .client(IAMClient)
    .send(new GetRoleCommand({ RoleName: "AWSServiceRoleForResourceAccessManager" }));
  expect(Role?.Path).toBe("/aws-service-role/ram.amazonaws.com/");
  await ram.send(new EnableSharingWithAwsOrganizationCommand({}));
});

test("only the management account enables sharing, with the rights that it takes in Organizations and IAM", async () => {
  const { cloud, makeAccount } = await makeOrganization();
  const enable = new EnableSharingWithAwsOrganizationCommand({});
  const member = cloud.client(RAMClient, cloud.rootOf(await makeAccount("member")));
  await expect(member.send(enable)).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  const alone = (await cloudToShare()).client(RAMClient);
  await expect(alone.send(enable)).rejects.toMatchObject({
    // Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py
    message:
      "Unable to enable sharing with AWS Organizations. Received AccessDeniedException from AWSOrganizations " +
      "with the following error message: You don't have permissions to access this resource.",
  });
  const clerk = await makeUser(cloud, "clerk", { allow: ["ram:EnableSharingWithAwsOrganization"] });
  await expect(cloud.client(RAMClient, clerk).send(enable)).rejects.toMatchObject({
    name: "OperationNotPermittedException",
    message: expect.stringContaining("organizations:EnableAWSServiceAccess"),
  });
});

test("what is shared with an organization is at once there for all its accounts, and for nobody else", async () => {
  const { of, owner, organizationArn, makeAccount } = await sharingOrganization();
  const consumer = of(await makeAccount("consumer"));
  const subnet = await of(owner).makeSubnet();
  const other = await of(owner).makeSubnet();
  await expect(consumer.use(subnet.id)).rejects.toMatchObject(denied);
  await of(owner).share({ resourceArns: [subnet.arn], principals: [organizationArn] });
  expect(await consumer.subnets()).toEqual([subnet.arn]);
  await consumer.use(subnet.id);
  await expect(consumer.use(other.id)).rejects.toMatchObject(denied);
  await expect(of("999999999999").use(subnet.id)).rejects.toMatchObject(denied);
  expect(await of("999999999999").subnets()).toEqual([]);
  const { resourceShareInvitations } = await consumer.ram.send(new GetResourceShareInvitationsCommand({}));
  expect(resourceShareInvitations).toEqual([]);
});

test("what is shared with a unit is there for accounts below it while they are below it", async () => {
  const { of, owner, unitArn, makeUnit, makeAccount, move, rootId } = await sharingOrganization();
  const unit = await makeUnit("apps");
  const inner = await makeUnit("web", unit);
  const account = await makeAccount("consumer", inner);
  const subnet = await of(owner).makeSubnet();
  await of(owner).share({ resourceArns: [subnet.arn], principals: [unitArn(unit)] });
  await of(account).use(subnet.id);
  await move(account, rootId);
  await expect(of(account).use(subnet.id)).rejects.toMatchObject(denied);
  expect(await of(account).subnets()).toEqual([]);
  await move(account, unit);
  await of(account).use(subnet.id);
});

test("an account that leaves the organization loses what it had through it", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
  const { cloud, of, owner, makeAccount } = await sharingOrganization();
  const account = await makeAccount("consumer");
  const subnet = await of(owner).makeSubnet();
  await of(owner).share({ resourceArns: [subnet.arn], principals: [account] });
  await of(account).use(subnet.id);
  await cloud.clock.advance(NEW_ACCOUNT_STAYS_SECONDS);
  await cloud.client(OrganizationsClient, cloud.rootOf(account)).send(new LeaveOrganizationCommand({}));
  await expect(of(account).use(subnet.id)).rejects.toMatchObject(denied);
  const { resources } = await of(account).ram.send(new ListResourcesCommand({ resourceOwner: "OTHER-ACCOUNTS" }));
  expect(resources).toEqual([]);
});

test("sharing that is turned off takes the organization's accounts their access", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/security-disable-sharing-with-orgs.html
  const { client, of, owner, organizationArn, makeAccount } = await sharingOrganization();
  const consumer = of(await makeAccount("consumer"));
  const subnet = await of(owner).makeSubnet();
  await of(owner).share({ resourceArns: [subnet.arn], principals: [organizationArn] });
  await consumer.use(subnet.id);
  await client.send(new DisableAWSServiceAccessCommand({ ServicePrincipal: "ram.amazonaws.com" }));
  await expect(consumer.use(subnet.id)).rejects.toMatchObject(denied);
});

test("where sharing is not enabled, an account of the same organization is invited like any other", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
  const { cloud, makeAccount } = await makeOrganization("ALL", { services: { ec2: sharingService } });
  const [owner, consumer] = [await makeAccount("owner"), await makeAccount("consumer")];
  const { makePool, makePermission, share } = sharer(cloud, owner);
  const pool = await makePool();
  const permissionArns = [await makePermission()];
  await share({ resourceArns: [pool.arn], permissionArns, principals: [consumer] });
  const { ram, allocate, invitation } = sharer(cloud, consumer);
  await expect(allocate(pool.id)).rejects.toMatchObject(denied);
  const { resourceShareInvitationArn } = (await invitation()) ?? {};
  await ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  await allocate(pool.id);
});

test("trusted access alone does not enable sharing: the role is missing", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/tshoot-unknown-resource.html
  const { cloud, client, organizationId, makeUnit } = await makeOrganization();
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "ram.amazonaws.com" }));
  const unit = await makeUnit("apps");
  const { share } = sharer(cloud, "000000000000");
  const arn = `arn:aws:organizations::000000000000:ou/${organizationId}/${unit}`;
  await expect(share({ principals: [arn] })).rejects.toMatchObject({
    name: "UnknownResourceException",
    message: `OrganizationalUnit ${unit} could not be found.`,
  });
});

test("principals have to be of the owner's own organization, and to exist", async () => {
  const { of, owner, unitArn } = await sharingOrganization();
  const sharing = (principal: string, more: object = {}) => of(owner).share({ principals: [principal], ...more });
  const unknown = { name: "UnknownResourceException" };
  await expect(sharing("arn:aws:organizations::000000000000:organization/o-elsewhere1")).rejects.toMatchObject({
    ...unknown,
    // Source: https://github.com/hashicorp/terraform-provider-aws/issues/7769
    message: "Organization o-elsewhere1 could not be found.",
  });
  await expect(sharing(unitArn("ou-abcd-12345678"))).rejects.toMatchObject(unknown);
  await expect(sharing("o-elsewhere1")).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Principal ID o-elsewhere1 is malformed. Verify the ID and try again.",
  });
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/tshoot-sharing-outside-org.html
  await expect(sharing("222222222222", { allowExternalPrincipals: false })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message:
      "Principal 222222222222 is not in your AWS organization. " +
      "You do not have permission to add external AWS accounts to a resource share.",
  });
});

test("some resources are shared inside the organization only", async () => {
  const { of, owner } = await sharingOrganization();
  const subnet = await of(owner).makeSubnet();
  const inside = {
    name: "InvalidParameterException",
    // Source: https://github.com/hashicorp/terraform-provider-aws/issues/12169
    message: expect.stringContaining("can only be shared within your AWS Organization"),
  };
  const outside = { resourceArns: [subnet.arn], principals: ["222222222222"] };
  await expect(of(owner).share(outside)).rejects.toMatchObject(inside);
  const alone = sharer(await cloudToShare(), "111111111111");
  const own = await alone.makeSubnet();
  const create = new CreateResourceShareCommand({ name: "network", resourceArns: [own.arn] });
  await expect(alone.ram.send(create)).rejects.toMatchObject(inside);
});

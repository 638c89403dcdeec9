import {
  AcceptResourceShareInvitationCommand,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceShareInvitationsCommand,
  GetResourceSharesCommand,
  ListPendingInvitationResourcesCommand,
  RejectResourceShareInvitationCommand,
} from "@aws-sdk/client-ram";
import { LeaveOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../test/identities.ts";
import { NEW_ACCOUNT_STAYS_SECONDS } from "../../../test/organizations.ts";
import { cloudToShare, GUEST, OWNER, sharer, sharingOrganization } from "../../../test/resource-shares.ts";
import { EC2Client, AllocateIpamPoolCidrCommand } from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

const HOUR = 3600;
const denied = { name: "UnauthorizedOperation" };

/** A pool of addresses shared with an account outside, which has been asked to come in. */
async function withInvitation(principal = GUEST) {
  const cloud = await cloudToShare();
  const owner = sharer(cloud, OWNER);
  const guest = sharer(cloud, GUEST);
  const pool = await owner.makePool();
  const permissionArns = [await owner.makePermission()];
  const shareArn = await owner.share({ resourceArns: [pool.arn], permissionArns, principals: [principal] });
  const { resourceShareInvitationArn } = (await guest.invitation()) ?? {};
  const principals = async () => {
    const get = new GetResourceShareAssociationsCommand({ associationType: "PRINCIPAL" });
    return (await owner.ram.send(get)).resourceShareAssociations?.map(({ status }) => status);
  };
  return { cloud, owner, guest, pool, shareArn, resourceShareInvitationArn, principals };
}

test("an account outside has what is shared with it once it has accepted", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
  const { owner, guest, pool, shareArn, resourceShareInvitationArn, principals } = await withInvitation();
  expect(await guest.invitation()).toMatchObject({
    resourceShareArn: shareArn,
    resourceShareName: "network",
    senderAccountId: OWNER,
    receiverAccountId: GUEST,
    status: "PENDING",
  });
  expect(await principals()).toEqual(["ASSOCIATING"]);
  await expect(guest.allocate(pool.id)).rejects.toMatchObject(denied);
  const pending = new ListPendingInvitationResourcesCommand({ resourceShareInvitationArn });
  expect((await guest.ram.send(pending)).resources).toMatchObject([{ arn: pool.arn, type: "ec2:IpamPool" }]);
  const accept = new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn });
  const { resourceShareInvitation } = await guest.ram.send(accept);
  expect(resourceShareInvitation?.status).toBe("ACCEPTED");
  expect(await principals()).toEqual(["ASSOCIATED"]);
  await guest.allocate(pool.id);
  const again = guest.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  await expect(again).rejects.toMatchObject({ name: "ResourceShareInvitationAlreadyAcceptedException" });
  await owner.ram.send(new DeleteResourceShareCommand({ resourceShareArn: shareArn }));
  await expect(guest.allocate(pool.id)).rejects.toMatchObject(denied);
});

test("who rejects an invitation gets nothing, and nobody else may answer it", async () => {
  const { cloud, owner, guest, pool, resourceShareInvitationArn, principals } = await withInvitation();
  const accept = new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn });
  const unknown = { name: "ResourceShareInvitationArnNotFoundException" };
  await expect(owner.ram.send(accept)).rejects.toMatchObject(unknown);
  await expect(sharer(cloud, "333333333333").ram.send(accept)).rejects.toMatchObject(unknown);
  await guest.ram.send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn }));
  expect(await guest.invitation()).toMatchObject({ status: "REJECTED" });
  await expect(guest.ram.send(accept)).rejects.toMatchObject({
    name: "ResourceShareInvitationAlreadyRejectedException",
  });
  expect(await principals()).toEqual(["FAILED"]);
  await expect(guest.allocate(pool.id)).rejects.toMatchObject(denied);
});

test("an invitation expires after twelve hours, and the principal is out", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
  const { cloud, guest, resourceShareInvitationArn, principals } = await withInvitation();
  await cloud.clock.advance(12 * HOUR - 1);
  expect(await guest.invitation()).toMatchObject({ status: "PENDING" });
  await cloud.clock.advance(1);
  expect(await guest.invitation()).toMatchObject({ status: "EXPIRED" });
  expect(await principals()).toEqual(["DISASSOCIATED"]);
  const accept = guest.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  await expect(accept).rejects.toMatchObject({ name: "ResourceShareInvitationExpiredException" });
});

test("a share of nothing but what is kept open so long expires after seven days", async () => {
  const cloud = await cloudToShare();
  const guest = sharer(cloud, GUEST);
  await sharer(cloud, OWNER).share({ principals: [GUEST] });
  await cloud.clock.advance(7 * 24 * HOUR - 1);
  expect(await guest.invitation()).toMatchObject({ status: "PENDING" });
  await cloud.clock.advance(1);
  expect(await guest.invitation()).toMatchObject({ status: "EXPIRED" });
});

test("an invitation is withdrawn with the principal, and at most twenty wait", async () => {
  const { owner, guest, shareArn } = await withInvitation();
  const drop = new DisassociateResourceShareCommand({ resourceShareArn: shareArn, principals: [GUEST] });
  await owner.ram.send(drop);
  const { resourceShareInvitations } = await guest.ram.send(new GetResourceShareInvitationsCommand({}));
  expect(resourceShareInvitations).toEqual([]);
  const many = Array.from({ length: 20 }, (_, place) => String(300_000_000_000 + place));
  await owner.share({ principals: many });
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/service-quotas.html
  await expect(owner.share({ principals: [GUEST] })).rejects.toMatchObject({
    name: "ResourceShareLimitExceededException",
  });
});

test("an account may leave a share that it came into by itself, where its resources can be left", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-leave.html
  const { cloud, guest, shareArn, resourceShareInvitationArn } = await withInvitation();
  await guest.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  const leave = (resourceShareArn: string, principals = [GUEST]) =>
    guest.ram.send(new DisassociateResourceShareCommand({ resourceShareArn, principals }));
  await expect(leave(shareArn)).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  const empty = await sharer(cloud, OWNER).share({ principals: [GUEST] });
  const get = new GetResourceShareInvitationsCommand({ resourceShareArns: [empty] });
  const second = (await guest.ram.send(get)).resourceShareInvitations?.[0];
  const { resourceShareInvitationArn: secondArn } = second ?? {};
  await guest.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: secondArn }));
  await expect(leave(empty, [OWNER])).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  await leave(empty);
  const seen = await guest.ram.send(new GetResourceSharesCommand({ resourceOwner: "OTHER-ACCOUNTS" }));
  expect(seen.resourceShares?.map(({ resourceShareArn }) => resourceShareArn)).toEqual([shareArn]);
});

test("what is shared with a role is that role's alone", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/getting-started-terms-and-concepts.html
  const { cloud, guest, pool, resourceShareInvitationArn } = await withInvitation(`arn:aws:iam::${GUEST}:role/network`);
  await guest.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  const user = await makeUser(cloud, "ann", { account: GUEST, allow: ["sts:AssumeRole"] });
  const allow = ["ec2:AllocateIpamPoolCidr"];
  const allocate = new AllocateIpamPoolCidrCommand({ IpamPoolId: pool.id, Cidr: "10.1.0.0/16" });
  const as = async (RoleName: string) => {
    const RoleArn = await makeRole(cloud, RoleName, { account: GUEST, allow });
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "net" });
    return cloud.client(EC2Client, (await cloud.client(STSClient, user).send(assume)).Credentials);
  };
  await (await as("network")).send(allocate);
  await expect((await as("other")).send(allocate)).rejects.toMatchObject(denied);
});

test("where sharing is to outlast the organization, its accounts are invited and keep what they accepted", async () => {
  // Source: https://aws.amazon.com/about-aws/whats-new/ (RAM maintains shares when accounts change organizations)
  const { cloud, of, owner, makeAccount } = await sharingOrganization();
  const account = await makeAccount("consumer");
  const pool = await of(owner).makePool();
  await of(owner).share({
    resourceArns: [pool.arn],
    permissionArns: [await of(owner).makePermission()],
    principals: [account],
    resourceShareConfiguration: { retainSharingOnAccountLeaveOrganization: true },
  });
  await expect(of(account).allocate(pool.id)).rejects.toMatchObject(denied);
  const { resourceShareInvitationArn } = (await of(account).invitation()) ?? {};
  await of(account).ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  await of(account).allocate(pool.id);
  await cloud.clock.advance(NEW_ACCOUNT_STAYS_SECONDS);
  await cloud.client(OrganizationsClient, cloud.rootOf(account)).send(new LeaveOrganizationCommand({}));
  await of(account).allocate(pool.id);
});

import { CreateServiceLinkedRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AcceptHandshakeCommand,
  CancelHandshakeCommand,
  CreateOrganizationCommand,
  DeclineHandshakeCommand,
  DeleteOrganizationCommand,
  DescribeAccountCommand,
  DescribeHandshakeCommand,
  DescribeOrganizationCommand,
  EnableAllFeaturesCommand,
  EnablePolicyTypeCommand,
  InviteAccountToOrganizationCommand,
  ListHandshakesForAccountCommand,
  ListHandshakesForOrganizationCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

const GUEST = "444455556666";
const DAY = 24 * 60 * 60;

async function withInvitation(featureSet: "ALL" | "CONSOLIDATED_BILLING" = "ALL") {
  const organization = await makeOrganization(featureSet);
  const { client, cloud } = organization;
  const invite = new InviteAccountToOrganizationCommand({
    Target: { Id: GUEST, Type: "ACCOUNT" },
    Notes: "come",
    Tags: [{ Key: "team", Value: "guests" }],
  });
  const { Handshake } = await client.send(invite);
  const guest = cloud.client(OrganizationsClient, cloud.rootOf(GUEST));
  return { ...organization, invite, guest, HandshakeId: Handshake?.Id, handshake: Handshake };
}

// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html (Errors)
test("who accepts an invitation needs the right to the service-linked role, which is of use once", async () => {
  const { cloud, HandshakeId } = await withInvitation();
  const action = "organizations:AcceptHandshake";
  const user = await makeUser(cloud, "ann", { allow: [action], account: GUEST });
  const ann = cloud.client(OrganizationsClient, user);
  const accept = new AcceptHandshakeCommand({ HandshakeId });
  await expect(ann.send(accept)).rejects.toMatchObject({ name: "AccessDeniedForDependencyException" });
  const iam = cloud.client(IAMClient, cloud.rootOf(GUEST));
  await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "organizations.amazonaws.com" }));
  expect((await ann.send(accept)).Handshake?.State).toBe("ACCEPTED");
});

test("an invited account sees the invitation, accepts it, and is a member", async () => {
  const { client, guest, HandshakeId, handshake, organizationId } = await withInvitation();
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html
  expect(handshake).toMatchObject({
    Arn: `arn:aws:organizations::${MANAGEMENT}:handshake/${organizationId}/invite/${HandshakeId}`,
    Action: "INVITE",
    State: "OPEN",
    Parties: [
      { Id: organizationId, Type: "ORGANIZATION" },
      { Id: GUEST, Type: "ACCOUNT" },
    ],
  });
  const { Handshakes } = await guest.send(new ListHandshakesForAccountCommand({}));
  expect(Handshakes?.map(({ Id }) => Id)).toEqual([HandshakeId]);
  const accepted = await guest.send(new AcceptHandshakeCommand({ HandshakeId }));
  expect(accepted.Handshake?.State).toBe("ACCEPTED");
  const { Account } = await client.send(new DescribeAccountCommand({ AccountId: GUEST }));
  expect(Account).toMatchObject({ JoinedMethod: "INVITED", State: "ACTIVE" });
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId: GUEST }));
  expect(Tags).toEqual([{ Key: "team", Value: "guests" }]);
  const again = guest.send(new AcceptHandshakeCommand({ HandshakeId }));
  await expect(again).rejects.toMatchObject({ name: "HandshakeAlreadyInStateException" });
});

test("who was invited may decline, who invited may cancel, and nobody else anything", async () => {
  const { cloud, client, guest, HandshakeId, invite } = await withInvitation();
  const stranger = cloud.client(OrganizationsClient, cloud.rootOf("777777777777"));
  const denied = { name: "AccessDeniedException" };
  await expect(stranger.send(new DescribeHandshakeCommand({ HandshakeId }))).rejects.toMatchObject(denied);
  await expect(stranger.send(new AcceptHandshakeCommand({ HandshakeId }))).rejects.toMatchObject(denied);
  await expect(client.send(new AcceptHandshakeCommand({ HandshakeId }))).rejects.toMatchObject(denied);
  await expect(guest.send(new CancelHandshakeCommand({ HandshakeId }))).rejects.toMatchObject(denied);
  await expect(client.send(invite)).rejects.toMatchObject({ name: "DuplicateHandshakeException" });
  expect((await guest.send(new DeclineHandshakeCommand({ HandshakeId }))).Handshake?.State).toBe("DECLINED");
  const cancel = client.send(new CancelHandshakeCommand({ HandshakeId }));
  await expect(cancel).rejects.toMatchObject({ name: "InvalidHandshakeTransitionException" });
  const second = await client.send(invite);
  const cancelled = await client.send(new CancelHandshakeCommand({ HandshakeId: second.Handshake?.Id }));
  expect(cancelled.Handshake?.State).toBe("CANCELED");
});

test("a member sees the organization's invitations as far as the resource policy says", async () => {
  const { cloud, client, makeAccount, HandshakeId } = await withInvitation();
  const member = await makeAccount("audit");
  const own = cloud.client(OrganizationsClient, cloud.rootOf(member));
  const describe = () => own.send(new DescribeHandshakeCommand({ HandshakeId }));
  const allow = (Action: string) => {
    const statement = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${member}:root` }, Action, Resource: "*" };
    return client.send(new PutResourcePolicyCommand({ Content: policyText({ Statement: [statement] }) }));
  };
  await allow("organizations:ListAccounts");
  await expect(describe()).rejects.toMatchObject({ name: "AccessDeniedException" });
  await allow("organizations:DescribeHandshake");
  expect((await describe()).Handshake?.Id).toBe(HandshakeId);
});

test("an invitation expires after fifteen days, and is shown for thirty more", async () => {
  const { cloud, client, guest, HandshakeId } = await withInvitation();
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
  await cloud.clock.advance(15 * DAY);
  const { Handshake } = await client.send(new DescribeHandshakeCommand({ HandshakeId }));
  expect(Handshake?.State).toBe("EXPIRED");
  const accept = guest.send(new AcceptHandshakeCommand({ HandshakeId }));
  await expect(accept).rejects.toMatchObject({ name: "InvalidHandshakeTransitionException" });
  await cloud.clock.advance(30 * DAY);
  const describe = client.send(new DescribeHandshakeCommand({ HandshakeId }));
  await expect(describe).rejects.toMatchObject({ name: "HandshakeNotFoundException" });
});

test("a member of one organization cannot accept the invitation of another", async () => {
  const { cloud, guest, HandshakeId } = await withInvitation();
  await cloud.client(OrganizationsClient, cloud.rootOf(GUEST)).send(new CreateOrganizationCommand({}));
  await expect(guest.send(new AcceptHandshakeCommand({ HandshakeId }))).rejects.toMatchObject({
    name: "HandshakeConstraintViolationException",
    Reason: "ALREADY_IN_AN_ORGANIZATION",
  });
});

test("nobody joins an organization that is gone", async () => {
  const { client, guest, HandshakeId } = await withInvitation();
  await client.send(new DeleteOrganizationCommand({}));
  const { Handshake } = await guest.send(new DescribeHandshakeCommand({ HandshakeId }));
  expect(Handshake?.State).toBe("CANCELED");
  const accepted = guest.send(new AcceptHandshakeCommand({ HandshakeId }));
  await expect(accepted).rejects.toMatchObject({ name: "InvalidHandshakeTransitionException" });
});

test("all features come when every invited member has agreed and the management account makes it final", async () => {
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
  const { client, guest, HandshakeId, invite, rootId } = await withInvitation("CONSOLIDATED_BILLING");
  await guest.send(new AcceptHandshakeCommand({ HandshakeId }));
  const migration = await client.send(new EnableAllFeaturesCommand({}));
  expect(migration.Handshake).toMatchObject({ Action: "ENABLE_ALL_FEATURES", State: "REQUESTED" });
  const violation = { name: "HandshakeConstraintViolationException" };
  await expect(client.send(new EnableAllFeaturesCommand({}))).rejects.toMatchObject(violation);
  await expect(client.send(invite)).rejects.toMatchObject(violation);
  const finish = new AcceptHandshakeCommand({ HandshakeId: migration.Handshake?.Id });
  await expect(client.send(finish)).rejects.toMatchObject({ name: "InvalidHandshakeTransitionException" });
  const Filter = { ParentHandshakeId: migration.Handshake?.Id };
  const { Handshakes } = await client.send(new ListHandshakesForOrganizationCommand({ Filter }));
  expect(Handshakes).toMatchObject([{ Action: "APPROVE_ALL_FEATURES", State: "OPEN" }]);
  await guest.send(new AcceptHandshakeCommand({ HandshakeId: Handshakes?.[0]?.Id }));
  await client.send(finish);
  const { Organization } = await client.send(new DescribeOrganizationCommand({}));
  expect(Organization?.FeatureSet).toBe("ALL");
  await client.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: "SERVICE_CONTROL_POLICY" }));
  await expect(client.send(new EnableAllFeaturesCommand({}))).rejects.toMatchObject({
    Reason: "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
  });
});

test("handshakes are looked for by one thing at a time, and addresses have to be ones", async () => {
  const { client, HandshakeId } = await withInvitation();
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_HandshakeFilter.html
  const Filter = { ActionType: "INVITE", ParentHandshakeId: HandshakeId } as const;
  await expect(client.send(new ListHandshakesForOrganizationCommand({ Filter }))).rejects.toMatchObject({
    Reason: "MAX_LIMIT_EXCEEDED_FILTER",
  });
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html
  const Target = { Id: "someone", Type: "EMAIL" } as const;
  await expect(client.send(new InviteAccountToOrganizationCommand({ Target }))).rejects.toMatchObject({
    Reason: "INVALID_EMAIL_ADDRESS_TARGET",
  });
});

import {
  AcceptHandshakeCommand,
  CancelHandshakeCommand,
  CreateOrganizationCommand,
  DeleteOrganizationCommand,
  DescribeResponsibilityTransferCommand,
  InviteOrganizationToTransferResponsibilityCommand,
  ListInboundResponsibilityTransfersCommand,
  ListOutboundResponsibilityTransfersCommand,
  OrganizationsClient,
  TagResourceCommand,
  TerminateResponsibilityTransferCommand,
  UpdateResponsibilityTransferCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { lastingStore } from "../../../../test/lasting-store.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";
import { table } from "../../../kernel/table.ts";

const OTHER = "444455556666";

test("an organization takes on another's bills, when that agrees, until one of them ends it", async () => {
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ResponsibilityTransfer.html
  const { cloud, client } = await makeOrganization();
  const other = cloud.client(OrganizationsClient, cloud.rootOf(OTHER));
  await other.send(new CreateOrganizationCommand({}));
  const now = cloud.clock.now();
  const StartTimestamp = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
  const wish = { Type: "BILLING", Target: { Id: OTHER, Type: "ACCOUNT" }, SourceName: "daughter" } as const;
  const invite = (start: Date, target: { Id: string; Type: "ACCOUNT" } = wish.Target) =>
    client.send(
      new InviteOrganizationToTransferResponsibilityCommand({ ...wish, Target: target, StartTimestamp: start }),
    );
  const odd = new Date(StartTimestamp.getTime() + 1000);
  await expect(invite(odd)).rejects.toMatchObject({ Reason: "START_DATE_NOT_BEGINNING_OF_MONTH" });
  await expect(invite(StartTimestamp, { Id: MANAGEMENT, Type: "ACCOUNT" })).rejects.toMatchObject({
    Reason: "SOURCE_AND_TARGET_CANNOT_MATCH",
  });
  const { Handshake } = await invite(StartTimestamp);
  expect(Handshake).toMatchObject({ Action: "TRANSFER_RESPONSIBILITY", State: "OPEN" });
  const inbound = await client.send(new ListInboundResponsibilityTransfersCommand({ Type: "BILLING" }));
  const Id = inbound.ResponsibilityTransfers?.[0]?.Id;
  expect(inbound.ResponsibilityTransfers).toMatchObject([{ Status: "REQUESTED", ActiveHandshakeId: Handshake?.Id }]);
  await other.send(new AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
  const outbound = await other.send(new ListOutboundResponsibilityTransfersCommand({ Type: "BILLING" }));
  expect(outbound.ResponsibilityTransfers).toMatchObject([
    { Id, Status: "ACCEPTED", Source: { ManagementAccountId: OTHER }, Target: { ManagementAccountId: MANAGEMENT } },
  ]);
  await client.send(new UpdateResponsibilityTransferCommand({ Id, Name: "first" }));
  const end = new TerminateResponsibilityTransferCommand({ Id });
  expect((await other.send(end)).ResponsibilityTransfer).toMatchObject({ Name: "first", Status: "WITHDRAWN" });
  await expect(client.send(end)).rejects.toMatchObject({ name: "ResponsibilityTransferAlreadyInStatusException" });
  const { ResponsibilityTransfer } = await client.send(new DescribeResponsibilityTransferCommand({ Id }));
  expect(ResponsibilityTransfer?.EndTimestamp).toBeInstanceOf(Date);
});

test("a transfer is tagged by those who have part in it, each as its own", async () => {
  const { cloud, client } = await makeOrganization();
  const [other, stranger] = [OTHER, "777777777777"].map((account) =>
    cloud.client(OrganizationsClient, cloud.rootOf(account)),
  );
  const outside = await stranger?.send(new CreateOrganizationCommand({}));
  expect(outside?.Organization).toBeDefined();
  const made = await other?.send(new CreateOrganizationCommand({}));
  const now = cloud.clock.now();
  const StartTimestamp = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
  const wish = { Type: "BILLING", Target: { Id: OTHER, Type: "ACCOUNT" }, SourceName: "daughter" } as const;
  await client.send(new InviteOrganizationToTransferResponsibilityCommand({ ...wish, StartTimestamp }));
  const inbound = await client.send(new ListInboundResponsibilityTransfersCommand({ Type: "BILLING" }));
  const ResourceId = inbound.ResponsibilityTransfers?.[0]?.Id ?? "";
  const tag = new TagResourceCommand({ ResourceId, Tags: [{ Key: "team", Value: "a" }] });
  await client.send(tag);
  await expect(stranger?.send(tag)).rejects.toMatchObject({ name: "TargetNotFoundException" });
  // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html (transfer: its direction is in its ARN)
  const Resource = `arn:aws:organizations::${OTHER}:transfer/${made?.Organization?.Id}/billing/outbound/${ResourceId}`;
  const Statement = [{ Effect: "Allow", Action: "organizations:TagResource", Resource }];
  const ann = await makeUser(cloud, "ann", { account: OTHER, allow: { Statement } });
  await cloud.client(OrganizationsClient, ann).send(tag);
});

test("an invitation to a transfer expires, and no organization is deleted in the midst of one", async () => {
  const { cloud, client } = await makeOrganization();
  const other = cloud.client(OrganizationsClient, cloud.rootOf(OTHER));
  await other.send(new CreateOrganizationCommand({}));
  const remove = () => other.send(new DeleteOrganizationCommand({}));
  const invite = async () => {
    const now = cloud.clock.now();
    const StartTimestamp = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
    const wish = { Type: "BILLING", Target: { Id: OTHER, Type: "ACCOUNT" }, SourceName: "daughter" } as const;
    const command = new InviteOrganizationToTransferResponsibilityCommand({ ...wish, StartTimestamp });
    return (await client.send(command)).Handshake;
  };
  const list = async () =>
    (await other.send(new ListOutboundResponsibilityTransfersCommand({ Type: "BILLING" }))).ResponsibilityTransfers;
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteOrganization.html
  const active = { name: "ConstraintViolationException", Reason: "ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS" };
  await invite();
  await expect(remove()).rejects.toMatchObject(active);
  await cloud.clock.advance(15 * 24 * 60 * 60);
  expect(await list()).toMatchObject([{ Status: "EXPIRED" }]);
  const again = await invite();
  await other.send(new AcceptHandshakeCommand({ HandshakeId: again?.Id }));
  await expect(remove()).rejects.toMatchObject(active);
  const Id = (await list())?.find(({ Status }) => Status === "ACCEPTED")?.Id;
  const end = (EndTimestamp: Date) => client.send(new TerminateResponsibilityTransferCommand({ Id, EndTimestamp }));
  const now = cloud.clock.now();
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2);
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_TerminateResponsibilityTransfer.html
  await expect(end(new Date(month))).rejects.toMatchObject({ Reason: "END_DATE_NOT_END_OF_MONTH" });
  await expect(end(new Date(now.getTime() - 1000))).rejects.toMatchObject({ Reason: "END_DATE_TOO_EARLY" });
  await end(new Date(month - 1));
  await expect(remove()).rejects.toMatchObject(active);
  await cloud.clock.advance((month - now.getTime()) / 1000);
  await remove();
});

test("a transfer that there is not is not found", async () => {
  const { client } = await makeOrganization();
  const describe = client.send(new DescribeResponsibilityTransferCommand({ Id: "rt-12345678" }));
  await expect(describe).rejects.toMatchObject({ name: "ResponsibilityTransferNotFoundException" });
});

test("of a transfer there is nothing left once both organizations are gone", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const [one, other] = [cloud.client(OrganizationsClient), cloud.client(OrganizationsClient, cloud.rootOf(OTHER))];
  for (const client of [one, other]) await client.send(new CreateOrganizationCommand({}));
  const now = cloud.clock.now();
  const StartTimestamp = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
  const Tags = [{ Key: "team", Value: "a" }];
  const wish = { Type: "BILLING", Target: { Id: OTHER, Type: "ACCOUNT" }, SourceName: "daughter", Tags } as const;
  const { Handshake } = await one.send(
    new InviteOrganizationToTransferResponsibilityCommand({ ...wish, StartTimestamp }),
  );
  await one.send(new CancelHandshakeCommand({ HandshakeId: Handshake?.Id }));
  await one.send(new DeleteOrganizationCommand({}));
  const list = new ListOutboundResponsibilityTransfersCommand({ Type: "BILLING" });
  expect((await other.send(list)).ResponsibilityTransfers).toMatchObject([{ Status: "CANCELED" }]);
  await other.send(new DeleteOrganizationCommand({}));
  await cloud.close();
  await rewrite(async (tx) => {
    for (const name of ["organizations.transfer", "organizations.transfer-of", "organizations.tags"]) {
      expect(
        await tx.scan(
          table(name, "global", () => []),
          { limit: 10 },
        ),
      ).toEqual([]);
    }
  });
});

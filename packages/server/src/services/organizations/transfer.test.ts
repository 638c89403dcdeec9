import {
  AcceptHandshakeCommand,
  CreateOrganizationCommand,
  DescribeResponsibilityTransferCommand,
  InviteOrganizationToTransferResponsibilityCommand,
  ListInboundResponsibilityTransfersCommand,
  ListOutboundResponsibilityTransfersCommand,
  OrganizationsClient,
  TerminateResponsibilityTransferCommand,
  UpdateResponsibilityTransferCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeOrganization, MANAGEMENT } from "../../../test/organizations.ts";

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

test("a transfer that there is not is not found", async () => {
  const { client } = await makeOrganization();
  const describe = client.send(new DescribeResponsibilityTransferCommand({ Id: "rt-12345678" }));
  await expect(describe).rejects.toMatchObject({ name: "ResponsibilityTransferNotFoundException" });
});

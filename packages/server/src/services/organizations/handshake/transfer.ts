/**
 * Transfers of responsibility for another organization: so far, for its bills.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteOrganizationToTransferResponsibility.html
 * Differs: no bill is written, so a transfer changes nothing but its own status.
 */
import type { Context } from "../../../service/context.ts";
import { accountArn } from "../account/row.ts";
import { ask, askNew, requireDelegated, requireManagement } from "../caller.ts";
import {
  duplicateHandshake,
  endNotOfMonth,
  endTooEarly,
  invalidPartyTarget,
  invalidTransferTransition,
  sameOrganization,
  startNotOfMonth,
  startTooEarly,
  transferAlreadyIn,
  transferNotFound,
} from "../errors.ts";
import { formatHandshake } from "./row.ts";
import { findWaiting, putHandshake } from "./waiting.ts";
import { newTransferId } from "../id.ts";
import { findRecipient, newHandshake } from "./invitation.ts";
import { operation, type OrganizationsAction } from "../kit.ts";
import { INVITATION_MS } from "../limits.ts";
import { organizationOf, type Organization } from "../organization/row.ts";
import { list, type Paging } from "../paging.ts";
import { putTags, requestTags, withTags } from "../tag/row.ts";
import {
  atTime,
  formatTransfer,
  sideOf,
  transferArn,
  transfers,
  transfersOf,
  type Transfer,
  type TransferOf,
} from "./transfer-row.ts";

export const inviteOrganizationToTransferResponsibility = operation("InviteOrganizationToTransferResponsibility", {
  authorize: ({ Target, Type, Tags }, context) =>
    askNew("InviteOrganizationToTransferResponsibility", context, {
      on: (organization) => accountArn(organization, Target.Id),
      keys: { "organizations:TransferType": Type, "organizations:TransferDirection": "INBOUND" },
      requestTags: requestTags(Tags),
    }),

  async handle({ Type: type, Target, StartTimestamp, SourceName: name, Notes, Tags }, context) {
    const { tx } = context;
    const target = await requireManagement(context);
    const source = await requireSource(target, await findRecipient(Target, context), context);
    requireStart(StartTimestamp, context.now());
    const wish = { action: "TRANSFER_RESPONSIBILITY", state: "OPEN", lastsMs: INVITATION_MS } as const;
    const handshake = newHandshake(target, wish, context);
    const transfer: Transfer = {
      id: newTransferId(context),
      name,
      type,
      partition: target.partition,
      status: "REQUESTED",
      source: participant(source),
      target: participant(target),
      startsAtMs: StartTimestamp.getTime(),
      handshakeId: handshake.id,
      invitedUntilMs: handshake.expiresAtMs,
    };
    const invitation = {
      ...handshake,
      recipient: source.managementAccount,
      transferId: transfer.id,
      parties: [...handshake.parties, Target],
      resources: [
        { Type: "RESPONSIBILITY_TRANSFER", Value: transfer.id },
        { Type: "TRANSFER_START_TIMESTAMP", Value: StartTimestamp.toISOString() },
        { Type: "TRANSFER_TYPE", Value: type },
        { Type: "MANAGEMENT_ACCOUNT", Value: target.managementAccount },
        { Type: "MANAGEMENT_EMAIL", Value: target.email },
        ...(Notes === undefined ? [] : [{ Type: "NOTES" as const, Value: Notes }]),
      ],
    } as const;
    await putHandshake(invitation, context);
    tx.put(transfers, transfer);
    tx.put(transfersOf, { organizationId: target.id, side: "inbound", id: transfer.id });
    tx.put(transfersOf, { organizationId: source.id, side: "outbound", id: transfer.id });
    putTags(target, transfer.id, withTags({}, Tags), tx);
    return { Handshake: formatHandshake(invitation) };
  },
});

export const describeResponsibilityTransfer = operation("DescribeResponsibilityTransfer", {
  authorize: ({ Id }, context) => onTransfer("DescribeResponsibilityTransfer", Id, context),

  async handle({ Id }, context) {
    const organization = await requireDelegated("DescribeResponsibilityTransfer", context);
    const { transfer, side } = await requireTransfer(organization, Id, context);
    return { ResponsibilityTransfer: formatTransfer(transfer, side) };
  },
});

export const updateResponsibilityTransfer = operation("UpdateResponsibilityTransfer", {
  authorize: ({ Id }, context) => onTransfer("UpdateResponsibilityTransfer", Id, context),

  async handle({ Id, Name: name }, context) {
    const organization = await requireManagement(context);
    const { transfer, side } = await requireTransfer(organization, Id, context);
    const changed = { ...transfer, name };
    context.tx.put(transfers, changed);
    return { ResponsibilityTransfer: formatTransfer(changed, side) };
  },
});

export const terminateResponsibilityTransfer = operation("TerminateResponsibilityTransfer", {
  authorize: ({ Id }, context) => onTransfer("TerminateResponsibilityTransfer", Id, context),

  async handle({ Id, EndTimestamp }, context) {
    const organization = await requireManagement(context);
    const { transfer, side } = await requireTransfer(organization, Id, context);
    if (transfer.status === "WITHDRAWN") throw transferAlreadyIn(transfer.status);
    if (transfer.status !== "ACCEPTED") throw invalidTransferTransition();
    if (EndTimestamp !== undefined) requireEnd(EndTimestamp, context.now());
    const endsAtMs = (EndTimestamp ?? context.now()).getTime();
    const ended: Transfer = { ...transfer, status: "WITHDRAWN", endsAtMs };
    context.tx.put(transfers, ended);
    return { ResponsibilityTransfer: formatTransfer(ended, side) };
  },
});

export const listInboundResponsibilityTransfers = operation("ListInboundResponsibilityTransfers", {
  authorize: ({ Type }, context) =>
    ask("ListInboundResponsibilityTransfers", context, { keys: { "organizations:TransferType": Type } }),

  async handle({ Id, NextToken, MaxResults }, context) {
    const organization = await requireDelegated("ListInboundResponsibilityTransfers", context);
    if (Id !== undefined) await requireTransfer(organization, Id, context);
    return listTransfers(organization, { side: "inbound", only: Id, paging: { NextToken, MaxResults } }, context);
  },
});

export const listOutboundResponsibilityTransfers = operation("ListOutboundResponsibilityTransfers", {
  authorize: ({ Type }, context) =>
    ask("ListOutboundResponsibilityTransfers", context, { keys: { "organizations:TransferType": Type } }),

  async handle({ NextToken, MaxResults }, context) {
    const organization = await requireDelegated("ListOutboundResponsibilityTransfers", context);
    return listTransfers(organization, { side: "outbound", paging: { NextToken, MaxResults } }, context);
  },
});

const participant = ({ id, managementAccount, email }: Organization) => ({
  organizationId: id,
  managementAccount,
  email,
});

/** @throws {AwsError} where the invited account manages no other organization, or is invited already */
async function requireSource(
  target: Organization,
  account: Organization["managementAccount"] | undefined,
  context: Context,
): Promise<Organization> {
  const source = account && (await organizationOf(account, context.tx));
  if (!source || source.managementAccount !== account) throw invalidPartyTarget();
  if (source.id === target.id) throw sameOrganization();
  const wanted = { action: "TRANSFER_RESPONSIBILITY", about: account } as const;
  if (await findWaiting(target.id, wanted, context)) throw duplicateHandshake();
  return source;
}

/** @throws {AwsError} `InvalidInputException`: a transfer begins with a month that is to come. */
function requireStart(start: Date, now: Date): void {
  const ofMonth = Date.UTC(start.getUTCFullYear(), start.getUTCMonth());
  if (start.getTime() !== ofMonth) throw startNotOfMonth();
  if (start <= now) throw startTooEarly();
}

/** @throws {AwsError} `InvalidInputException`: a transfer ends with a month. */
function requireEnd(end: Date, now: Date): void {
  if (end <= now) throw endTooEarly();
  const next = Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1);
  if (end.getTime() !== next - 1 && end.getTime() !== next - 1000) throw endNotOfMonth();
}

/** @throws {AwsError} `ResponsibilityTransferNotFoundException` */
async function requireTransfer(
  { id: organizationId }: Organization,
  id: string,
  context: Context,
): Promise<{ readonly transfer: Transfer; readonly side: TransferOf["side"] }> {
  const found = await context.tx.get(transfers, id);
  const side = found && sideOf(found, organizationId);
  if (!found || !side) throw transferNotFound();
  return { transfer: atTime(found, context.now().getTime()), side };
}

async function onTransfer(action: OrganizationsAction, id: string, context: Context) {
  const transfer = await context.tx.get(transfers, id);
  return ask(action, context, {
    on: (organization) =>
      transfer ? transferArn(transfer, sideOf(transfer, organization.id) ?? "outbound") : accountArn(organization, id),
    keys: { "organizations:TransferType": transfer?.type },
  });
}

interface Wanted {
  readonly side: TransferOf["side"];
  readonly only?: string | undefined;
  readonly paging: Paging;
}

async function listTransfers({ id: organizationId }: Organization, { side, only, paging }: Wanted, context: Context) {
  const { tx } = context;
  const nowMs = context.now().getTime();
  const { rows, rest } = await list(tx, transfersOf, [organizationId, side], paging);
  const found = await Promise.all(
    rows.filter(({ id }) => only === undefined || id === only).map(({ id }) => tx.get(transfers, id)),
  );
  const shown = found
    .filter((transfer) => transfer !== undefined)
    .map((transfer) => formatTransfer(atTime(transfer, nowMs), side));
  return { ResponsibilityTransfers: shown, ...rest };
}

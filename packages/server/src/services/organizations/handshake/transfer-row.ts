/** Transfers of responsibility between two organizations' management accounts, as rows. */
import type { ResponsibilityTransfer, ResponsibilityTransferStatus } from "@aws-sdk/client-organizations";
import type { AccountId, Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Handshake } from "./row.ts";
import type { Context } from "../../../service/context.ts";
import { arnIn } from "../kit.ts";
import { organizations, type Organization } from "../organization/row.ts";
import { putTags } from "../tag/row.ts";

interface Participant {
  readonly organizationId: string;
  readonly managementAccount: AccountId;
  readonly email: string;
}

export interface Transfer {
  readonly id: string;
  readonly name: string;
  readonly type: "BILLING";
  readonly partition: string;
  readonly status: ResponsibilityTransferStatus;
  /** Who gives the responsibility away: the one invited. */
  readonly source: Participant;
  /** Who takes it on: the one that invites. */
  readonly target: Participant;
  readonly startsAtMs: number;
  readonly endsAtMs?: number | undefined;
  readonly handshakeId: string;
  /** Until when the invitation can be accepted. */
  readonly invitedUntilMs: number;
}

export const transfers = table<Transfer>("organizations.transfer", "global", ({ id }) => [id]);

/** The transfers of one organization, by side. */
export interface TransferOf {
  readonly organizationId: string;
  readonly side: "inbound" | "outbound";
  readonly id: string;
}

export const transfersOf = table<TransferOf>("organizations.transfer-of", "global", ({ organizationId, side, id }) => [
  organizationId,
  side,
  id,
]);

/** The transfer as it stands at `nowMs`: what nobody agreed to in time has expired. */
export const atTime = (transfer: Transfer, nowMs: number): Transfer =>
  transfer.status === "REQUESTED" && nowMs >= transfer.invitedUntilMs ? { ...transfer, status: "EXPIRED" } : transfer;

/** More than an organization has to do with. */
const TRANSFERS_AT_ONCE = 10_000;

/** Whether the organization waits for a transfer, or has part in one that has not ended. */
export async function hasActiveTransfer(
  { id }: Pick<Organization, "id">,
  context: Pick<Context, "tx" | "now">,
): Promise<boolean> {
  const { tx } = context;
  const nowMs = context.now().getTime();
  const rows = await tx.scan(transfersOf, { prefix: [id], limit: TRANSFERS_AT_ONCE });
  const found = await Promise.all(rows.map((row) => tx.get(transfers, row.id)));
  return found.some((transfer) => {
    if (transfer === undefined) return false;
    const { status, endsAtMs = 0 } = atTime(transfer, nowMs);
    return status === "REQUESTED" || status === "ACCEPTED" || (status === "WITHDRAWN" && endsAtMs > nowMs);
  });
}

/** With an organization that is gone its transfers go, of which the other side has no more use. */
export async function dropTransfers(organization: Organization, tx: Transaction): Promise<void> {
  for (const { id, side } of await tx.scan(transfersOf, { prefix: [organization.id], limit: TRANSFERS_AT_ONCE })) {
    const transfer = await tx.get(transfers, id);
    const other = side === "inbound" ? transfer?.source : transfer?.target;
    tx.delete(transfersOf, organization.id, side, id);
    putTags(organization, id, {}, tx);
    if (other !== undefined && (await tx.get(organizations, other.organizationId)) === undefined)
      tx.delete(transfers, id);
  }
}

/** A transfer's status follows its handshake's state. */
export async function settleTransfer({ transferId, state }: Handshake, tx: Transaction): Promise<void> {
  const transfer = transferId === undefined ? undefined : await tx.get(transfers, transferId);
  if (transfer && state !== "OPEN") tx.put(transfers, { ...transfer, status: state });
}

/** On which side of a transfer an organization is; `undefined`: it has no part in it. */
export function sideOf({ source, target }: Transfer, organizationId: string): TransferOf["side"] | undefined {
  if (target.organizationId === organizationId) return "inbound";
  return source.organizationId === organizationId ? "outbound" : undefined;
}

/** A transfer's ARN is another on each side. */
export function transferArn({ id, partition, source, target, type }: Transfer, side: TransferOf["side"]): Arn {
  const { organizationId, managementAccount } = side === "inbound" ? target : source;
  return arnIn({ partition, managementAccount }, `transfer/${organizationId}/${type.toLowerCase()}/${side}/${id}`);
}

export const formatTransfer = (transfer: Transfer, side: TransferOf["side"]): ResponsibilityTransfer => ({
  Id: transfer.id,
  Arn: transferArn(transfer, side),
  Name: transfer.name,
  Type: transfer.type,
  Status: transfer.status,
  Source: formatParticipant(transfer.source),
  Target: formatParticipant(transfer.target),
  StartTimestamp: new Date(transfer.startsAtMs),
  EndTimestamp: transfer.endsAtMs === undefined ? undefined : new Date(transfer.endsAtMs),
  ActiveHandshakeId: transfer.status === "REQUESTED" ? transfer.handshakeId : undefined,
});

const formatParticipant = ({ managementAccount, email }: Participant) => ({
  ManagementAccountId: managementAccount,
  ManagementAccountEmail: email,
});

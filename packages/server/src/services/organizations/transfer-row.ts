/** Transfers of responsibility between two organizations' management accounts, as rows. */
import type { ResponsibilityTransfer, ResponsibilityTransferStatus } from "@aws-sdk/client-organizations";
import type { AccountId, Arn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Handshake } from "./handshake-row.ts";
import { arnIn } from "./kit.ts";

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

/** A transfer's status follows its handshake's state. */
export async function settleTransfer({ transferId, state }: Handshake, tx: Transaction): Promise<void> {
  const transfer = transferId === undefined ? undefined : await tx.get(transfers, transferId);
  if (transfer && state !== "OPEN") tx.put(transfers, { ...transfer, status: state });
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

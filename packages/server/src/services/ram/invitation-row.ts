/** Invitations to shares as rows. */
import type { ResourceShareInvitation, ResourceShareInvitationStatus } from "@aws-sdk/client-ram";
import { parseArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { PrincipalAssociation } from "./association-row.ts";
import { invitationNotFound, invitationLimitExceeded, malformedInvitationArn } from "./errors.ts";
import { arn, placeOf, type RamPlace } from "./kit.ts";
import { ALL_ROWS, PENDING_INVITATIONS_MAX } from "./limits.ts";
import { parsePrincipal } from "./principal.ts";
import { shareArn, type Share } from "./share-row.ts";

/** `account` is who sent it. */
export interface Invitation extends RamPlace {
  readonly id: string;
  readonly receiver: AccountId;
  /** The role or user that is meant, where it is not all of the account. */
  readonly receiverArn: string | undefined;
  readonly shareArn: Arn;
  readonly shareName: string;
  /** The principal of the share that it is about. */
  readonly entity: string;
  readonly status: ResourceShareInvitationStatus;
  readonly sentAtMs: number;
}

const invitations = table<Invitation>("ram.invitation", "global", ({ receiver, region, id }) => [receiver, region, id]);

/** Those that nobody has answered, by who sent them. */
const waiting = table<Invitation>("ram.waiting-invitation", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

export const invitationArn = (invitation: Invitation): Arn =>
  arn(invitation, `resource-share-invitation/${invitation.id}`);

export const invitationsTo = (
  receiver: AccountId,
  { region, tx }: Pick<Context, "region" | "tx">,
): Promise<Invitation[]> => tx.scan(invitations, { prefix: [receiver, region], limit: ALL_ROWS });

/** @throws {AwsError} `MalformedArnException` */
function invitationIdOf(text: string): string {
  const parts = parseArn(text);
  const id = /^resource-share-invitation\/([^/]+)$/.exec(parts?.resource ?? "")?.[1];
  if (parts?.service !== "ram" || id === undefined) throw malformedInvitationArn(text);
  return id;
}

/**
 * An invitation that the calling account has got.
 *
 * @throws {AwsError} `MalformedArnException`, `ResourceShareInvitationArnNotFoundException`
 */
export async function requireInvitation(text: string, { tx, region, account }: Context): Promise<Invitation> {
  const invitation = await tx.get(invitations, account, region, invitationIdOf(text));
  if (invitation === undefined || invitationArn(invitation) !== text) throw invitationNotFound(text);
  return invitation;
}

export const findInvitation = (
  id: string,
  receiver: string,
  { tx, region }: Pick<Context, "tx" | "region">,
): Promise<Invitation | undefined> => tx.get(invitations, receiver, region, id);

interface Sent {
  readonly receiver: AccountId;
  readonly receiverArn: string | undefined;
  readonly entity: string;
  readonly expiresAtMs: number;
}

/** @throws {AwsError} `ResourceShareLimitExceededException` where too many wait already. */
export async function sendInvitation(
  share: Share,
  { expiresAtMs, ...to }: Sent,
  context: Context,
): Promise<Invitation> {
  const { tx } = context;
  const pending = await tx.scan(waiting, { prefix: [share.account], limit: PENDING_INVITATIONS_MAX });
  if (pending.length >= PENDING_INVITATIONS_MAX) throw invitationLimitExceeded(PENDING_INVITATIONS_MAX);
  const invitation: Invitation = {
    ...placeOf(share),
    ...to,
    id: context.newId(),
    shareArn: shareArn(share),
    shareName: share.name,
    status: "PENDING",
    sentAtMs: context.now().getTime(),
  };
  tx.put(invitations, invitation);
  tx.put(waiting, invitation);
  context.at(expiresAtMs, "expire-invitation", JSON.stringify([invitation.receiver, invitation.id]));
  return invitation;
}

/** Notes what has become of it. */
export function settleInvitation(
  invitation: Invitation,
  status: "ACCEPTED" | "REJECTED" | "EXPIRED",
  { tx }: Pick<Context, "tx">,
): Invitation {
  const settled = { ...invitation, status };
  tx.put(invitations, settled);
  tx.delete(waiting, invitation.account, invitation.region, invitation.id);
  return settled;
}

/** Takes back an invitation that nobody has answered: what it was about is over. */
export async function dropInvitation(
  about: PrincipalAssociation,
  context: Pick<Context, "tx" | "region">,
): Promise<void> {
  const principal = parsePrincipal(about.entity);
  if (about.invitationId === undefined || !("account" in principal)) return;
  const invitation = await findInvitation(about.invitationId, principal.account, context);
  if (invitation?.status !== "PENDING") return;
  const { receiver, region, account, id } = invitation;
  context.tx.delete(invitations, receiver, region, id);
  context.tx.delete(waiting, account, region, id);
}

export const formatInvitation = (invitation: Invitation): ResourceShareInvitation => ({
  resourceShareInvitationArn: invitationArn(invitation),
  resourceShareName: invitation.shareName,
  resourceShareArn: invitation.shareArn,
  senderAccountId: invitation.account,
  receiverAccountId: invitation.receiver,
  ...(invitation.receiverArn !== undefined && { receiverArn: invitation.receiverArn }),
  invitationTimestamp: new Date(invitation.sentAtMs),
  status: invitation.status,
});

/** Invitations to shares. Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html */
import type { Context } from "../../service/context.ts";
import { ask, onInvitation } from "./access.ts";
import { associations, endAssociation, formatResource, putAssociation } from "./association-row.ts";
import { echo, once } from "./client-token.ts";
import { invitationAccepted, invitationExpired, invitationNotFound, invitationRejected } from "./errors.ts";
import {
  findInvitation,
  formatInvitation,
  invitationArn,
  invitationsTo,
  requireInvitation,
  settleInvitation,
  type Invitation,
} from "./invitation-row.ts";
import { operation } from "./kit.ts";
import { listOf } from "./paging.ts";
import { resourcesOf, shareOf } from "./reach.ts";
import { inScope } from "./resource-type.ts";

export const acceptResourceShareInvitation = operation("AcceptResourceShareInvitation", {
  authorize: ({ resourceShareInvitationArn: arn }, context) =>
    onInvitation("AcceptResourceShareInvitation", arn, context),

  async handle(input, context) {
    const invitation = await once({ operation: "AcceptResourceShareInvitation", input }, context, async () => {
      const waiting = await requireWaiting(input.resourceShareInvitationArn, context);
      const row = await associationFor(waiting, context);
      const updatedAtMs = context.now().getTime();
      if (row !== undefined) putAssociation({ ...row, status: "ASSOCIATED", updatedAtMs }, context.tx);
      return settleInvitation(waiting, "ACCEPTED", context);
    });
    return { resourceShareInvitation: formatInvitation(invitation), ...echo(input) };
  },
});

export const rejectResourceShareInvitation = operation("RejectResourceShareInvitation", {
  authorize: ({ resourceShareInvitationArn: arn }, context) =>
    onInvitation("RejectResourceShareInvitation", arn, context),

  async handle(input, context) {
    const invitation = await once({ operation: "RejectResourceShareInvitation", input }, context, async () => {
      const waiting = await requireWaiting(input.resourceShareInvitationArn, context);
      const row = await associationFor(waiting, context);
      if (row !== undefined) endAssociation(row, "FAILED", context);
      return settleInvitation(waiting, "REJECTED", context);
    });
    return { resourceShareInvitation: formatInvitation(invitation), ...echo(input) };
  },
});

export const getResourceShareInvitations = operation("GetResourceShareInvitations", {
  authorize: () => ask("GetResourceShareInvitations"),

  async handle({ resourceShareInvitationArns: arns, resourceShareArns, ...paging }, context) {
    const all = await invitationsTo(context.account, context);
    const unknown = arns?.find((arn) => !all.some((invitation) => invitationArn(invitation) === arn));
    if (unknown !== undefined) throw invitationNotFound(unknown);
    const meant = all.filter(
      (invitation) =>
        (arns === undefined || arns.includes(invitationArn(invitation))) &&
        (resourceShareArns === undefined || resourceShareArns.includes(invitation.shareArn)),
    );
    const { rows, rest } = listOf(meant, paging, invitationArn);
    return { resourceShareInvitations: rows.map(formatInvitation), ...rest };
  },
});

export const listPendingInvitationResources = operation("ListPendingInvitationResources", {
  authorize: ({ resourceShareInvitationArn: arn }, context) =>
    onInvitation("ListPendingInvitationResources", arn, context),

  async handle({ resourceShareInvitationArn: arn, resourceRegionScope, ...paging }, context) {
    const invitation = await requireInvitation(arn, context);
    if (invitation.status === "REJECTED") throw invitationRejected(arn);
    if (invitation.status === "EXPIRED") throw invitationExpired(arn);
    const share = await shareOf(invitation.shareArn, context);
    const resources = share === undefined ? [] : await resourcesOf(share, context);
    const meant = resources.filter(({ resourceType }) => inScope(resourceType, resourceRegionScope));
    const { rows, rest } = listOf(meant, paging, ({ entity }) => entity);
    return { resources: rows.map(formatResource), ...rest };
  },
});

/** @throws {AwsError} where it is not the caller's to answer, or is answered */
async function requireWaiting(arn: string, context: Context): Promise<Invitation> {
  const invitation = await requireInvitation(arn, context);
  switch (invitation.status) {
    case "ACCEPTED":
      throw invitationAccepted(arn);
    case "REJECTED":
      throw invitationRejected(arn);
    case "EXPIRED":
      throw invitationExpired(arn);
    case "PENDING":
      return invitation;
  }
}

/** What the invitation is about, if it is still meant. */
async function associationFor({ shareArn, entity, id }: Invitation, { tx }: Pick<Context, "tx">) {
  const row = await tx.get(associations, shareArn, "PRINCIPAL", entity);
  return row?.kind === "PRINCIPAL" && row.invitationId === id ? row : undefined;
}

/** The job at the end of the time to answer: the principal is out. */
export async function expireInvitation(context: Context, key: string): Promise<void> {
  const [receiver = "", id = ""]: readonly string[] = JSON.parse(key);
  const invitation = await findInvitation(id, receiver, context);
  if (invitation?.status !== "PENDING") return;
  const row = await associationFor(invitation, context);
  if (row !== undefined) endAssociation(row, "DISASSOCIATED", context);
  settleInvitation(invitation, "EXPIRED", context);
}

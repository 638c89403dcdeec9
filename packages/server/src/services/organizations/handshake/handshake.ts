/** Handshakes: seen, accepted, declined, cancelled. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html */
import type { HandshakeFilter, HandshakeState } from "@aws-sdk/client-organizations";
import type { Validated } from "../../../service/sdk.ts";
import type { Context } from "../../../service/context.ts";
import { ask, requireDelegated } from "../caller.ts";
import { accessDenied, handshakeAlreadyIn, invalidTransition, twoFilters } from "../errors.ts";
import {
  findHandshake,
  formatHandshake,
  handshakeArn,
  handshakes,
  handshakesOf,
  isWaiting,
  requireHandshake,
  type Handshake,
} from "./row.ts";
import { approveMigration, finishMigration, joinOrganization } from "./invitation.ts";
import { operation, type OrganizationsAction } from "../kit.ts";
import { organizationOf } from "../organization/row.ts";
import { listMeant, type Paging } from "../paging.ts";
import { settleTransfer } from "./transfer-row.ts";
import { cancelWaiting, putHandshake } from "./waiting.ts";

export const describeHandshake = operation("DescribeHandshake", {
  authorize: ({ HandshakeId }, context) => onSeen(HandshakeId, context),

  async handle({ HandshakeId }, context) {
    const handshake = await requireHandshake(HandshakeId, at(context));
    const organization = await organizationOf(context.account, context.tx);
    if (organization?.id === handshake.organizationId && handshake.recipient !== context.account) {
      await requireDelegated("DescribeHandshake", context);
    } else if (handshake.recipient !== context.account) throw accessDenied();
    return { Handshake: formatHandshake(handshake) };
  },
});

export const acceptHandshake = operation("AcceptHandshake", {
  authorize: ({ HandshakeId }, context) => onHandshake("AcceptHandshake", HandshakeId, context),

  async handle({ HandshakeId }, context) {
    const handshake = await requireHandshake(HandshakeId, at(context));
    if (handshake.recipient !== context.account) throw accessDenied();
    const accepted = await move(handshake, "ACCEPTED", context);
    await take(accepted, context);
    return { Handshake: formatHandshake(accepted) };
  },
});

export const declineHandshake = operation("DeclineHandshake", {
  authorize: ({ HandshakeId }, context) => onHandshake("DeclineHandshake", HandshakeId, context),

  async handle({ HandshakeId }, context) {
    const handshake = await requireHandshake(HandshakeId, at(context));
    if (handshake.recipient !== context.account || sentBy(handshake, context)) throw accessDenied();
    const declined = await move(handshake, "DECLINED", context);
    await settleTransfer(declined, context.tx);
    return { Handshake: formatHandshake(declined) };
  },
});

export const cancelHandshake = operation("CancelHandshake", {
  authorize: ({ HandshakeId }, context) => onHandshake("CancelHandshake", HandshakeId, context),

  async handle({ HandshakeId }, context) {
    const handshake = await requireHandshake(HandshakeId, at(context));
    if (!sentBy(handshake, context)) throw accessDenied();
    const cancelled = await move(handshake, "CANCELED", context);
    await settleTransfer(cancelled, context.tx);
    if (cancelled.action === "ENABLE_ALL_FEATURES") await cancelApprovals(cancelled, context);
    return { Handshake: formatHandshake(cancelled) };
  },
});

export const listHandshakesForAccount = operation("ListHandshakesForAccount", {
  authorize: () => ({ action: "organizations:ListHandshakesForAccount", resource: "*" }),

  async handle({ Filter, ...paging }, context) {
    return listHandshakes(context.account, { filter: Filter, paging }, context);
  },
});

export const listHandshakesForOrganization = operation("ListHandshakesForOrganization", {
  authorize: (_, context) => ask("ListHandshakesForOrganization", context),

  async handle({ Filter, ...paging }, context) {
    const organization = await requireDelegated("ListHandshakesForOrganization", context);
    return listHandshakes(organization.id, { filter: Filter, paging }, context);
  },
});

const at = (context: Context) => ({ tx: context.tx, now: context.now().getTime() });

/** The question about a handshake: it bears the ARN that its sender gave it. */
async function onHandshake(action: OrganizationsAction, id: string, { tx }: Context) {
  const handshake = await tx.get(handshakes, id);
  return { action: `organizations:${action}`, resource: handshake ? handshakeArn(handshake) : ("*" as const) };
}

/** The same for those who look on: accounts that it was not sent to see it where they see more of the organization. */
async function onSeen(id: string, context: Context) {
  const handshake = await context.tx.get(handshakes, id);
  if (handshake === undefined || handshake.recipient === context.account)
    return onHandshake("DescribeHandshake", id, context);
  return ask("DescribeHandshake", context, { on: () => handshakeArn(handshake) });
}

const sentBy = ({ managementAccount }: Handshake, { account }: Context): boolean => managementAccount === account;

/** @throws {AwsError} `HandshakeAlreadyInStateException`, `InvalidHandshakeTransitionException` */
async function move(handshake: Handshake, state: HandshakeState, context: Context): Promise<Handshake> {
  if (handshake.state === state) throw handshakeAlreadyIn(state);
  const waits = handshake.state === "REQUESTED" && state === "ACCEPTED";
  if (!isWaiting(handshake) || waits) throw invalidTransition();
  const moved = { ...handshake, state, endedAtMs: context.now().getTime() };
  await putHandshake(moved, context);
  return moved;
}

/** What was agreed to happens. */
async function take(handshake: Handshake, context: Context): Promise<void> {
  switch (handshake.action) {
    case "INVITE":
      return joinOrganization(handshake, context);
    case "APPROVE_ALL_FEATURES":
      return approveMigration(handshake, context);
    case "ENABLE_ALL_FEATURES":
      return finishMigration(handshake, context);
    case "TRANSFER_RESPONSIBILITY":
      return settleTransfer(handshake, context.tx);
    case "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE":
      return undefined;
  }
}

const cancelApprovals = ({ id, organizationId }: Handshake, context: Context): Promise<void> =>
  cancelWaiting(organizationId, context, { action: "APPROVE_ALL_FEATURES", about: id });

interface Asked {
  readonly filter: Validated<HandshakeFilter> | undefined;
  readonly paging: Paging;
}

async function listHandshakes(party: string, { filter = {}, paging }: Asked, context: Context) {
  const { ActionType, ParentHandshakeId } = filter;
  if (ActionType !== undefined && ParentHandshakeId !== undefined) throw twoFilters();
  const meant = ({ action, parentId }: Handshake): boolean =>
    (ActionType === undefined || action === ActionType) &&
    (ParentHandshakeId === undefined || parentId === ParentHandshakeId);
  const find = async (id: string): Promise<Handshake | undefined> => {
    const handshake = await findHandshake(id, at(context));
    return handshake !== undefined && meant(handshake) ? handshake : undefined;
  };
  const { rows, rest } = await listMeant(context.tx, handshakesOf, [party], { paging, find: ({ id }) => find(id) });
  return { Handshakes: rows.map(formatHandshake), ...rest };
}

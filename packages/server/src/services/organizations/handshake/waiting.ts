/** Handshakes that wait, found by what they ask of whom, and the moments at which they are over and forgotten. */
import type { ActionType } from "@aws-sdk/client-organizations";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { countAccounts } from "../account/head-count.ts";
import { ACCOUNTS_MAX } from "../limits.ts";
import type { Organization } from "../organization/row.ts";
import {
  atTime,
  dropHandshake,
  handshakes,
  handshakesOf,
  isShown,
  isWaiting,
  shownUntilMs,
  type Handshake,
} from "./row.ts";

interface Waiting {
  readonly organizationId: string;
  readonly action: ActionType;
  readonly about: string;
  readonly id: string;
}

const waiting = table<Waiting>("organizations.waiting-handshake", "global", ({ organizationId, action, about, id }) => [
  organizationId,
  action,
  about,
  id,
]);

/**
 * How many invitations of an organization wait. Where there is such a row, all that waits stands in the table above:
 * rows of earlier versions are put into it with the first that is asked or written.
 */
interface InvitationCount {
  readonly organizationId: string;
  readonly invitations: number;
}

const invitationCounts = table<InvitationCount>("organizations.invitation-count", "global", ({ organizationId }) => [
  organizationId,
]);

export const END_HANDSHAKE = "end-handshake";

/** More than earlier versions have left. */
const HANDSHAKES_AT_ONCE = 100_000;
/** More than wait about one thing, but for approvals: others of the same are refused. */
const ALIKE_AT_ONCE = 10;

/** What a handshake is about: the one that waits for it, who is invited by which name, or the account that is asked. */
function waitingOf({ id, organizationId, action, parentId, parties, recipient }: Handshake): Waiting {
  const asked = action === "INVITE" ? parties.at(-1)?.Id : recipient;
  return { organizationId, action, about: parentId ?? asked ?? "", id };
}

export async function putHandshake(handshake: Handshake, context: Context): Promise<void> {
  const { tx } = context;
  const { id, organizationId, action } = handshake;
  const invitations = await countInvitations(organizationId, context);
  const before = await tx.get(handshakes, id);
  keep(handshake, context);
  if (action !== "INVITE") return;
  const change = Number(isWaiting(handshake)) - Number(before !== undefined && isWaiting(before));
  tx.put(invitationCounts, { organizationId, invitations: invitations + change });
}

function keep(handshake: Handshake, context: Context): void {
  const { tx } = context;
  const { id, organizationId, recipient } = handshake;
  tx.put(handshakes, handshake);
  tx.put(handshakesOf, { party: organizationId, id });
  if (recipient !== undefined) tx.put(handshakesOf, { party: recipient, id });
  const row = waitingOf(handshake);
  if (isWaiting(handshake)) tx.put(waiting, row);
  else tx.delete(waiting, row.organizationId, row.action, row.about, row.id);
  context.at(isWaiting(handshake) ? handshake.expiresAtMs : shownUntilMs(handshake), END_HANDSHAKE, id);
}

/** How many invitations wait for an answer. */
async function countInvitations(organizationId: string, context: Context): Promise<number> {
  const { tx } = context;
  const known = await tx.get(invitationCounts, organizationId);
  if (known !== undefined) return known.invitations;
  const now = context.now().getTime();
  let invitations = 0;
  for (const { id } of await tx.scan(handshakesOf, { prefix: [organizationId], limit: HANDSHAKES_AT_ONCE })) {
    const found = await tx.get(handshakes, id);
    if (found === undefined) continue;
    const handshake = atTime(found, now);
    if (!isShown(handshake, now)) {
      dropHandshake(handshake, tx);
      continue;
    }
    keep(handshake, context);
    if (handshake.action === "INVITE" && isWaiting(handshake)) invitations += 1;
  }
  tx.put(invitationCounts, { organizationId, invitations });
  return invitations;
}

/**
 * Whether one more account has room: those who are invited count as those who are there.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export async function hasRoom({ id }: Pick<Organization, "id">, context: Context): Promise<boolean> {
  const present = await countAccounts(id, context.tx);
  return present + (await countInvitations(id, context)) < ACCOUNTS_MAX;
}

/** What handshakes are looked for: of one action, about one thing. */
interface Wanted {
  readonly action: ActionType;
  readonly about?: string | undefined;
}

/** The handshake of the organization that waits. */
export async function findWaiting(
  organizationId: string,
  { action, about }: Wanted,
  context: Context,
): Promise<Handshake | undefined> {
  const { tx } = context;
  await countInvitations(organizationId, context);
  const prefix = [organizationId, action, ...(about === undefined ? [] : [about])];
  for (const { id } of await tx.scan(waiting, { prefix, limit: ALIKE_AT_ONCE })) {
    const found = await tx.get(handshakes, id);
    const handshake = found && atTime(found, context.now().getTime());
    if (handshake !== undefined && isWaiting(handshake)) return handshake;
  }
  return undefined;
}

/** Cancels all that the organization waits for, or what of it is `wanted`. */
export async function cancelWaiting(organizationId: string, context: Context, wanted?: Wanted): Promise<void> {
  const { tx } = context;
  const now = context.now().getTime();
  await countInvitations(organizationId, context);
  const prefix = [organizationId, ...(wanted ? [wanted.action, wanted.about ?? ""] : [])];
  for (const { id } of await tx.scan(waiting, { prefix, limit: HANDSHAKES_AT_ONCE })) {
    const found = await tx.get(handshakes, id);
    const handshake = found && atTime(found, now);
    if (handshake === undefined || !isWaiting(handshake)) continue;
    await putHandshake({ ...handshake, state: "CANCELED", endedAtMs: now }, context);
  }
}

export const dropInvitationCount = (organizationId: string, { tx }: Context): void =>
  tx.delete(invitationCounts, organizationId);

/** The job at the end of a handshake's time: what waits has expired, what is not shown any more is forgotten. */
export async function endHandshake(context: Context, id: string): Promise<void> {
  const { tx } = context;
  const now = context.now().getTime();
  const found = await tx.get(handshakes, id);
  if (found === undefined) return;
  const handshake = atTime(found, now);
  if (!isShown(handshake, now)) dropHandshake(handshake, tx);
  else if (isWaiting(found) && !isWaiting(handshake)) await putHandshake(handshake, context);
}

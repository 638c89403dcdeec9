/**
 * Invitations to accounts, and the way of an organization from consolidated billing to all features.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
 */
import type { HandshakeParty } from "@aws-sdk/client-organizations";
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import type { Validated } from "../../../service/sdk.ts";
import type { Context } from "../../../service/context.ts";
import { makeLinkedRole, makeOwnLinkedRole } from "../account/access-role.ts";
import { accountArn, accounts, addresses, emailOf } from "../account/row.ts";
import { ask, askNew, requireManagement } from "../caller.ts";
import {
  allFeaturesPending,
  alreadyAllFeatures,
  alreadyMember,
  duplicateHandshake,
  invalidEmail,
  invalidPartyTarget,
  invitesDisabled,
  tooManyAccounts,
} from "../errors.ts";
import { forgetAttempt, noteAttempt } from "./attempt.ts";
import {
  findHandshake,
  formatHandshake,
  handshakes,
  handshakesOf,
  organizationResource,
  type Handshake,
} from "./row.ts";
import { findWaiting, hasRoom, putHandshake } from "./waiting.ts";
import { newHandshakeId } from "../id.ts";
import { operation } from "../kit.ts";
import { ACCOUNTS_MAX, ALL_FEATURES_MS, INVITATION_MS } from "../limits.ts";
import { addMember } from "../account/member.ts";
import { countAccounts } from "../account/head-count.ts";
import { memberships, organizations, restamp, type Organization } from "../organization/row.ts";
import { putTags, requestTags, withTags } from "../tag/row.ts";

export const inviteAccountToOrganization = operation("InviteAccountToOrganization", {
  authorize: ({ Target, Tags }, context) =>
    askNew("InviteAccountToOrganization", context, {
      on: (organization) => accountArn(organization, Target.Id),
      requestTags: requestTags(Tags),
    }),

  async handle({ Target, Notes, Tags }, context) {
    const organization = await requireManagement(context);
    const recipient = await findRecipient(Target, context);
    await requireMayInvite(organization, { target: Target, recipient }, context);
    const handshake = newHandshake(organization, { action: "INVITE", state: "OPEN", lastsMs: INVITATION_MS }, context);
    const invitation: Handshake = {
      ...handshake,
      recipient,
      parties: [...handshake.parties, Target],
      resources: [
        ...handshake.resources,
        { Type: Target.Type === "EMAIL" ? "EMAIL" : "ACCOUNT", Value: Target.Id },
        ...(Notes === undefined ? [] : [{ Type: "NOTES" as const, Value: Notes }]),
      ],
      tags: withTags({}, Tags),
    };
    await noteAttempt(invitation, context);
    await putHandshake(invitation, context);
    return { Handshake: formatHandshake(invitation) };
  },
});

export const enableAllFeatures = operation("EnableAllFeatures", {
  authorize: (_, context) => ask("EnableAllFeatures", context),

  async handle(_, context) {
    const organization = await requireManagement(context);
    if (organization.featureSet === "ALL") throw alreadyAllFeatures();
    if (await findMigration(organization, context)) throw allFeaturesPending();
    const members = await context.tx.scan(accounts, { prefix: [organization.id], limit: ACCOUNTS_MAX });
    const asked = members.filter(
      ({ id, joinedMethod }) => joinedMethod === "INVITED" && id !== organization.managementAccount,
    );
    const state = asked.length === 0 ? "OPEN" : "REQUESTED";
    const wish = { action: "ENABLE_ALL_FEATURES", state, lastsMs: ALL_FEATURES_MS } as const;
    const recipient = organization.managementAccount;
    const migration = { ...newHandshake(organization, wish, context), recipient, missing: asked.length };
    await putHandshake(migration, context);
    for (const { id } of asked) await putHandshake(approvalBy(id, { organization, migration }, context), context);
    return { Handshake: formatHandshake(migration) };
  },
});

function approvalBy(
  id: AccountId,
  { organization, migration }: { readonly organization: Organization; readonly migration: Handshake },
  context: Context,
): Handshake {
  const wish = { action: "APPROVE_ALL_FEATURES", state: "OPEN", lastsMs: ALL_FEATURES_MS } as const;
  const handshake = newHandshake(organization, wish, context);
  return {
    ...handshake,
    recipient: id,
    parentId: migration.id,
    parties: [...handshake.parties, { Id: id, Type: "ACCOUNT" }],
    resources: [
      ...handshake.resources,
      { Type: "ACCOUNT", Value: id },
      { Type: "PARENT_HANDSHAKE", Value: migration.id },
    ],
  };
}

/** What accepting an invitation does. @throws {AwsError} `HandshakeConstraintViolationException` */
export async function joinOrganization(handshake: Handshake, context: Context): Promise<void> {
  const { tx, account } = context;
  if (await tx.get(memberships, account)) throw alreadyMember();
  const organization = await tx.get(organizations, handshake.organizationId);
  if (!organization) return;
  if ((await countAccounts(organization.id, tx)) >= ACCOUNTS_MAX) throw tooManyAccounts();
  await forgetAttempt(handshake, context);
  if (organization.featureSet === "ALL") await makeOwnLinkedRole(context);
  const email = await addressOf(handshake, account);
  await addMember(organization, { id: account, name: account, email, joinedMethod: "INVITED" }, context);
  putTags(organization, account, handshake.tags ?? {}, tx);
}

const addressOf = async ({ parties }: Handshake, account: AccountId): Promise<string> =>
  parties.find(({ Type }) => Type === "EMAIL")?.Id ?? emailOf(account);

/** What accepting the last of the approvals does. */
export async function approveMigration({ parentId = "" }: Handshake, context: Context): Promise<void> {
  const migration = await findHandshake(parentId, { tx: context.tx, now: context.now().getTime() });
  if (migration?.state !== "REQUESTED") return;
  const missing = migration.missing === undefined ? await countMissing(migration, context) : migration.missing - 1;
  await putHandshake({ ...migration, missing, state: missing === 0 ? "OPEN" : "REQUESTED" }, context);
}

/** More than an organization of an earlier version has. */
const HANDSHAKES_AT_ONCE = 100_000;

/** Of a migration that began in an earlier version, with which the approvals were counted. */
async function countMissing({ id, organizationId }: Handshake, { tx }: Context): Promise<number> {
  const rows = await tx.scan(handshakesOf, { prefix: [organizationId], limit: HANDSHAKES_AT_ONCE });
  const sent = await Promise.all(rows.map((row) => tx.get(handshakes, row.id)));
  return sent.filter((handshake) => handshake?.parentId === id && handshake.state !== "ACCEPTED").length;
}

/** What accepting the migration itself does: from then on policies can be used. */
export async function finishMigration({ organizationId }: Handshake, context: Context): Promise<void> {
  await restamp(organizationId, context, { featureSet: "ALL" });
  for (const { id } of await context.tx.scan(accounts, { prefix: [organizationId], limit: ACCOUNTS_MAX })) {
    await makeLinkedRole(id, context);
  }
}

interface Wish extends Pick<Handshake, "action" | "state"> {
  readonly lastsMs: number;
}

export function newHandshake(
  organization: Organization,
  { action, state, lastsMs }: Wish,
  context: Context,
): Handshake {
  const requestedAtMs = context.now().getTime();
  return {
    id: newHandshakeId(context),
    organizationId: organization.id,
    managementAccount: organization.managementAccount,
    partition: organization.partition,
    action,
    state,
    parties: [{ Id: organization.id, Type: "ORGANIZATION" }],
    resources: [organizationResource(organization)],
    requestedAtMs,
    expiresAtMs: requestedAtMs + lastsMs,
  };
}

type Target = Validated<HandshakeParty>;

/** Accounts that are in no organization have made-up addresses. */
export async function findRecipient({ Id, Type }: Target, { tx }: Context): Promise<AccountId | undefined> {
  if (Type === "ORGANIZATION") throw invalidPartyTarget();
  if (Type === "EMAIL") {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(Id)) throw invalidEmail();
    const address = await tx.get(addresses, Id.toLowerCase());
    return address?.account ?? parseAccountId(Id.replace(/@example\.com$/, ""));
  }
  const account = parseAccountId(Id);
  if (account === undefined) throw invalidPartyTarget();
  return account;
}

/** @throws {AwsError} `HandshakeConstraintViolationException`, `DuplicateHandshakeException` */
async function requireMayInvite(
  organization: Organization,
  { target, recipient }: { readonly target: Target; readonly recipient: AccountId | undefined },
  context: Context,
): Promise<void> {
  if (await findMigration(organization, context)) throw invitesDisabled();
  const membership = recipient && (await context.tx.get(memberships, recipient));
  if (membership?.organizationId === organization.id) throw alreadyMember();
  if (await findWaiting(organization.id, { action: "INVITE", about: target.Id }, context)) throw duplicateHandshake();
  if (!(await hasRoom(organization, context))) throw tooManyAccounts();
}

/** The handshake by which the organization is on its way to all features. */
const findMigration = ({ id }: Organization, context: Context): Promise<Handshake | undefined> =>
  findWaiting(id, { action: "ENABLE_ALL_FEATURES" }, context);

/** All policies that bound or grant the rights of one principal: read on every call. */
import type { NamedPolicy, PrincipalPolicies } from "../../../identity/directory.ts";
import type { AccountPrincipal, RoleSession, Session } from "../../../identity/principal.ts";
import { assert, unreachable } from "../../../kernel/assert.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { membershipsOf } from "../group/membership.ts";
import { findHolder, type Holder } from "../holder.ts";
import { findRole } from "../role/row.ts";
import { findUser, type User } from "../user/user.ts";
import { attachmentsOf } from "./attachment.ts";
import { inlinePoliciesOf } from "./inline.ts";

/** Gives a managed policy of any account, or AWS's, in its default version. */
export type PolicyLookup = (arn: string, tx: Transaction) => Promise<NamedPolicy | undefined>;

type Found = Pick<PrincipalPolicies, "identity" | "boundary" | "tags">;

const NO_POLICIES: Found = { identity: [], tags: {} };

/** `undefined`: the user or role no longer exists. */
export async function policiesOfPrincipal(
  principal: AccountPrincipal,
  tx: Transaction,
  lookup: PolicyLookup,
): Promise<PrincipalPolicies | undefined> {
  if (principal.type === "root" && principal.session === undefined) return NO_POLICIES;
  const there = tx.in({ account: principal.account });
  const found = await policiesBehind(principal, there, lookup);
  return found && { ...found, session: await sessionPolicies(principal, there, lookup) };
}

async function policiesBehind(
  principal: AccountPrincipal,
  tx: Transaction,
  lookup: PolicyLookup,
): Promise<Found | undefined> {
  switch (principal.type) {
    case "root":
      return NO_POLICIES;
    case "user":
      return policiesOfUser({ id: principal.userId, name: principal.userName }, tx, lookup);
    case "federated-user": {
      const { userId: id, userName: name } = principal.issuer;
      return name === undefined ? NO_POLICIES : policiesOfUser({ id, name }, tx, lookup);
    }
    case "role-session":
      return policiesOfRole(principal, tx, lookup);
    default:
      return unreachable(principal);
  }
}

async function policiesOfRole(
  { roleName, roleId }: RoleSession,
  tx: Transaction,
  lookup: PolicyLookup,
): Promise<Found | undefined> {
  const role = await findRole(roleName, tx);
  if (role?.id !== roleId) return undefined;
  return withBoundary(role, await policiesOn(role, tx, lookup), tx, lookup);
}

async function policiesOfUser(
  named: Pick<Holder, "id" | "name">,
  tx: Transaction,
  lookup: PolicyLookup,
): Promise<Found | undefined> {
  const user = await presentUser(named, tx);
  if (!user) return undefined;
  const groups = await membershipsOf(tx, user);
  const holders = [user, ...groups.map(({ groupId }) => ({ id: groupId }))];
  const policies = await Promise.all(holders.map((holder) => policiesOn(holder, tx, lookup)));
  return withBoundary(user, policies.flat(), tx, lookup);
}

/** The user by name, or by unique id where it was renamed since its session began. */
async function presentUser({ id, name }: Pick<Holder, "id" | "name">, tx: Transaction): Promise<User | undefined> {
  const user = await findUser(name, tx);
  if (user?.id === id) return user;
  const holder = await findHolder(tx, id);
  return holder && findUser(holder.name, tx);
}

/** What hangs on one user, group or role itself. */
async function policiesOn(holder: Pick<Holder, "id">, tx: Transaction, lookup: PolicyLookup): Promise<NamedPolicy[]> {
  const [inline, attached] = await Promise.all([inlinePoliciesOf(tx, holder), attachmentsOf(tx, holder)]);
  const managed = await lookupAll(
    attached.map(({ policyArn }) => policyArn),
    tx,
    lookup,
  );
  return [...inline.map(({ name, document }) => ({ name, document })), ...managed];
}

async function withBoundary(
  { boundary, tags }: Pick<User, "boundary" | "tags">,
  identity: readonly NamedPolicy[],
  tx: Transaction,
  lookup: PolicyLookup,
): Promise<Found> {
  if (boundary === undefined) return { identity, tags };
  const found = await lookup(boundary, tx);
  assert(found !== undefined, "a policy that bounds somebody is not deleted");
  return { identity, tags, boundary: found };
}

/**
 * A session without session policies is not bounded, but a federated user's then has no rights at all.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 */
async function sessionPolicies(
  { type, session }: { readonly type: AccountPrincipal["type"]; readonly session?: Session | undefined },
  tx: Transaction,
  lookup: PolicyLookup,
): Promise<readonly NamedPolicy[] | undefined> {
  const { policies = [], policyArns = [] } = session ?? {};
  if (policies.length + policyArns.length === 0) return type === "federated-user" ? [] : undefined;
  const inline = policies.map((document) => ({ name: "session policy", document }));
  return [...inline, ...(await lookupAll(policyArns, tx, lookup))];
}

async function lookupAll(arns: readonly string[], tx: Transaction, lookup: PolicyLookup): Promise<NamedPolicy[]> {
  const found = await Promise.all(arns.map((arn) => lookup(arn, tx)));
  return found.filter((policy) => policy !== undefined);
}

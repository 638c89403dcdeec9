/** Whose an identity at an external provider is, found without a look at all users. */
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Pool } from "../pool/pool-row.ts";
import { users, type LinkedIdentity, type User } from "../user/user-row.ts";

/** What a provider knows a user by: an attribute of its own, or what it calls the user itself (`SUBJECT`). */
export interface IdentityName {
  readonly provider: string;
  readonly attribute: string;
  readonly value: string;
}

interface FederatedIdentity extends IdentityName {
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
}

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html */
export const SUBJECT = "Cognito_Subject";

const IDENTITIES_MAX = 100;

export const identities = table<FederatedIdentity>("cognito-idp.identity", "global", (row) => [
  row.poolId,
  row.provider,
  row.attribute,
  row.value,
]);
export const identitiesOfUser = table<FederatedIdentity>("cognito-idp.identity-of-user", "global", (row) => [
  row.poolId,
  row.user,
  row.provider,
  row.attribute,
  row.value,
]);

export async function findFederated(
  { id }: Pool,
  { provider, attribute, value }: IdentityName,
  tx: Transaction,
): Promise<User | undefined> {
  const found = await tx.get(identities, id, provider, attribute, value);
  return found && tx.get(users, id, found.user);
}

export function putIdentity({ poolId, key }: User, name: IdentityName, tx: Transaction): void {
  const row = { poolId, user: key, ...name };
  tx.put(identities, row);
  tx.put(identitiesOfUser, row);
}

export function dropIdentity(
  { poolId, key }: User,
  { provider, attribute, value }: IdentityName,
  tx: Transaction,
): void {
  tx.delete(identities, poolId, provider, attribute, value);
  tx.delete(identitiesOfUser, poolId, key, provider, attribute, value);
}

/** Whether it is this identity that a user shows among theirs. */
export const isIdentity = ({ providerName, userId }: LinkedIdentity, { provider, value }: IdentityName): boolean =>
  providerName === provider && userId === value;

/** Those of a user who goes. */
export async function dropIdentitiesOf(user: User, tx: Transaction): Promise<void> {
  const rows = await tx.scan(identitiesOfUser, { prefix: [user.poolId, user.key], limit: IDENTITIES_MAX });
  for (const row of rows) dropIdentity(user, row, tx);
}

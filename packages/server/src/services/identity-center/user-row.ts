/** People and groups of an identity store as rows. */
import type { CreateUserRequest } from "@aws-sdk/client-identitystore";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Validated } from "../../service/sdk.ts";

/** What is said of a user when it is made. */
export type UserAttributes = Validated<Omit<CreateUserRequest, "IdentityStoreId" | "UserName" | "Extensions">> & {
  readonly UserName: string;
  readonly Extensions?: Readonly<Record<string, Extension>> | undefined;
};

/** Further attributes under the name of an extension: `department`, or `manager` with a `value` of its own. */
export type Extension = Record<string, string | Record<string, string>>;

/** The one extension that there is. */
export const ENTERPRISE = "aws:identitystore:enterprise";

export interface User {
  readonly storeId: string;
  readonly id: string;
  readonly attributes: UserAttributes;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

export const users = table<User>("identitystore.user", "global", ({ storeId, id }) => [storeId, id]);

/** Who has a name or an address: each is given once in a store, its case apart. */
interface UserName {
  readonly storeId: string;
  readonly kind: "UserName" | "Email";
  readonly value: string;
  readonly userId: string;
}

const userNames = table<UserName>("identitystore.user-name", "global", ({ storeId, kind, value }) => [
  storeId,
  kind,
  value.toLowerCase(),
]);

export const findUser = (storeId: string, id: string, tx: Transaction): Promise<User | undefined> =>
  tx.get(users, storeId, id);

export async function findUserBy(
  kind: UserName["kind"],
  value: string,
  { storeId, tx }: { readonly storeId: string; readonly tx: Transaction },
): Promise<User | undefined> {
  const found = await tx.get(userNames, storeId, kind, value.toLowerCase());
  return found && findUser(storeId, found.userId, tx);
}

/** The names that nobody else in the store may have. */
const namesOf = ({ storeId, id: userId, attributes }: User): readonly UserName[] => [
  { storeId, kind: "UserName", value: attributes.UserName, userId },
  ...(attributes.Emails ?? []).flatMap(({ Value: value }): UserName[] =>
    value === undefined ? [] : [{ storeId, kind: "Email", value, userId }],
  ),
];

/** The first of the user's names that another user has; `undefined` where there is none. */
export async function takenName(user: User, tx: Transaction): Promise<UserName | undefined> {
  for (const name of namesOf(user)) {
    const other = await tx.get(userNames, name.storeId, name.kind, name.value.toLowerCase());
    if (other !== undefined && other.userId !== user.id) return name;
  }
  return undefined;
}

/** @param before what the user was until now */
export function putUser(user: User, before: User | undefined, tx: Transaction): void {
  if (before) dropNames(before, tx);
  tx.put(users, user);
  for (const name of namesOf(user)) tx.put(userNames, name);
}

export function dropUser(user: User, tx: Transaction): void {
  dropNames(user, tx);
  tx.delete(users, user.storeId, user.id);
}

function dropNames(user: User, tx: Transaction): void {
  for (const { storeId, kind, value } of namesOf(user)) tx.delete(userNames, storeId, kind, value.toLowerCase());
}

/** More than a store has. */
const USERS_MAX = 200_000;

/** Empties the store of its users. */
export async function dropUsers(storeId: string, tx: Transaction): Promise<void> {
  await tx.clear(users, { prefix: [storeId], limit: USERS_MAX });
  await tx.clear(userNames, { prefix: [storeId], limit: 2 * USERS_MAX });
}

/**
 * Whose credentials an operation is about: a user's, or where no user is named, the caller's own,
 * who may be the account's root user.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
 */
import type { Arn } from "../../../kernel/arn.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { userNameMissing } from "../errors.ts";
import { findHolder } from "../holder.ts";
import { arn, type IamAction } from "../kit.ts";
import { onUser, requireUser, type User } from "../user/user.ts";

export interface RootUser {
  readonly kind: "root";
  /** The account's id. */
  readonly id: string;
  readonly name: undefined;
}

export type Owner = User | RootUser;

/** Differs: an account begins when it is first used and keeps no record of it, so its root user's age is made up. */
export const ROOT_CREATED_AT = new Date("2020-01-01T00:00:00Z");

type More = Omit<Access, "action" | "resource" | "resourceTags">;

/** @throws {AwsError} `NoSuchEntity`; `ValidationError` where the caller is no user and names none. */
export async function requireOwner(userName: string | undefined, context: Context): Promise<Owner> {
  const name = userName ?? ownName(context);
  return name === undefined ? rootOf(context) : requireUser(name, context.tx);
}

/** @throws {AwsError} as `requireOwner`, and for the root user, who has none of these things. */
export async function requireNamedOwner(userName: string | undefined, context: Context): Promise<User> {
  const owner = await requireOwner(userName, context);
  if (owner.kind === "root") throw userNameMissing();
  return owner;
}

/** The question whether the caller may do `action` to the owner. */
export async function onOwner(
  action: IamAction,
  userName: string | undefined,
  context: Context,
  more: More = {},
): Promise<Access> {
  const name = userName ?? ownName(context);
  if (name !== undefined) return onUser(action, name, context, more);
  return { action: `iam:${action}`, resource: rootArn(context), ...more };
}

export const rootArn = (context: Pick<Context, "partition" | "account">): Arn => arn(context, "root");

export const rootOf = ({ account }: Pick<Context, "account">): RootUser => ({
  kind: "root",
  id: account,
  name: undefined,
});

/** The present name of an owner by id: `undefined` for root. */
export async function nameOfOwner(id: string, tx: Transaction): Promise<string | undefined> {
  return (await findHolder(tx, id))?.name;
}

function ownName({ principal }: Context): string | undefined {
  if (principal.type === "user") return principal.userName;
  if (principal.type === "root") return undefined;
  throw userNameMissing();
}

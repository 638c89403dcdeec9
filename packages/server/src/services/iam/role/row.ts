/** Roles as rows, and how they are found; their operations are in `role.ts` and beside it. */
import type { AccountId, Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { protectedRole, roleNotFound } from "../errors.ts";
import type { Holder } from "../holder.ts";
import type { IamAction } from "../kit.ts";
import { arnOf, keyOfName, ROOT_PATH, type Place } from "../path.ts";
import { ownTagKeys } from "../tag.ts";

/** A trust policy as it is kept. */
export interface Trust {
  /** The policy's text, with unique ids in the place of the ARNs of users and roles. */
  readonly document: string;
  /** The same as its readers see it but for those ids: worked out once, since roles are read more often than written. */
  readonly shown?: string;
  /** The account of each unique id in the text. */
  readonly accounts: Readonly<Record<string, AccountId>>;
}

export interface Role extends Holder, Place {
  readonly kind: "role";
  readonly arn: Arn;
  readonly createdAtMs: number;
  readonly description?: string | undefined;
  readonly maxSessionSeconds: number;
  readonly trust: Trust;
  readonly tags: Tags;
  /** The ARN of the policy that is the role's permissions boundary. */
  readonly boundary?: string | undefined;
  /** The service that alone may change the role: `ecs.amazonaws.com`. */
  readonly linkedTo?: string | undefined;
}

export const roles = table<Role>("iam.role", "account", ({ name }) => [keyOfName(name)]);

export const findRole = (name: string, tx: Transaction): Promise<Role | undefined> => tx.get(roles, keyOfName(name));

/** @throws {AwsError} `NoSuchEntity` */
export async function requireRole(name: string, tx: Transaction): Promise<Role> {
  const role = await findRole(name, tx);
  if (!role) throw roleNotFound(name);
  return role;
}

/**
 * A role that its account may change.
 *
 * @throws {AwsError} `NoSuchEntity`, `UnmodifiableEntity`
 */
export async function requireOwnRole(name: string, context: Pick<Context, "tx" | "request">): Promise<Role> {
  const role = await requireRole(name, context.tx);
  requireUnprotected(role);
  requireUnreserved(role, context);
  return role;
}

/** @throws {AwsError} `UnmodifiableEntity` */
export function requireUnprotected({ linkedTo, name }: Role): void {
  if (linkedTo !== undefined) throw protectedRole(name);
}

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html */
const RESERVED_PATH = "/aws-reserved/";
const IDENTITY_CENTER = "sso.amazonaws.com";

/**
 * The roles of permission sets are IAM Identity Center's to make and change; in its calls its name stands for an address.
 *
 * @throws {AwsError} `UnmodifiableEntity`
 */
export function requireUnreserved(
  { path, name }: Pick<Role, "path" | "name">,
  { request }: Pick<Context, "request">,
): void {
  if (path.startsWith(RESERVED_PATH) && request.sourceIp !== IDENTITY_CENTER) throw protectedRole(name);
}

/** The question whether the caller may do `action` to the role of that name, be there one or not. */
export async function onRole(
  action: IamAction | "PassRole",
  name: string,
  context: Context,
  { keys, ...more }: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const role = await findRole(name, context.tx);
  const own = { "iam:PermissionsBoundary": role?.boundary, ...ownTagKeys(role?.tags) };
  return {
    action: `iam:${action}`,
    resource: role?.arn ?? arnOf(context, "role", { path: ROOT_PATH, name }),
    resourceTags: role?.tags,
    keys: { ...own, ...keys },
    ...more,
  };
}

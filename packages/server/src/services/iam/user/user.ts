/**
 * Users: their rows and names, and the operations that make, show, rename and tag them.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
 */
import type {
  AttachedPermissionsBoundary,
  PermissionsBoundaryAttachmentType,
  User as UserShape,
} from "@aws-sdk/client-iam";
import type { Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countUp } from "../account/count.ts";
import { userExists, userNotFound } from "../errors.ts";
import { renameMember } from "../group/membership.ts";
import { recordHolder, type Holder } from "../holder.ts";
import { arn, operation, unlisted, type IamAction } from "../kit.ts";
import { list } from "../listing.ts";
import { arnOf, keyOfName, ROOT_PATH, type Place } from "../path.ts";
import { countBoundary } from "../policy/attachment.ts";
import { requireBoundary } from "../policy/managed.ts";
import { ANY_CASE, formatTags, listTags, ownTagKeys, requestTags, withoutTags, withTagging, withTags } from "../tag.ts";

export interface User extends Holder, Place {
  readonly kind: "user";
  readonly createdAtMs: number;
  readonly tags: Tags;
  /** The ARN of the policy that is the user's permissions boundary. */
  readonly boundary?: string | undefined;
  /** When the user's password last signed somebody in. */
  readonly passwordUsedAtMs?: number | undefined;
}

export const users = table<User>("iam.user", "account", ({ name }) => [keyOfName(name)]);

export const createUser = operation("CreateUser", {
  authorize: ({ UserName, Path = ROOT_PATH, PermissionsBoundary, Tags }, context) =>
    withTagging("TagUser", {
      action: "iam:CreateUser",
      resource: userArn(context, { path: Path, name: UserName }),
      requestTags: requestTags(Tags),
      keys: { "iam:PermissionsBoundary": PermissionsBoundary },
    }),

  async handle({ UserName, Path = ROOT_PATH, PermissionsBoundary, Tags }, context) {
    const { tx } = context;
    await requireFreeName(UserName, tx);
    if (PermissionsBoundary !== undefined) await requireBoundary(PermissionsBoundary, context);
    await countUp(tx, "users");
    const user: User = {
      kind: "user",
      id: context.newId("user"),
      name: UserName,
      path: Path,
      createdAtMs: context.now().getTime(),
      tags: withTags({}, Tags, ANY_CASE),
      boundary: PermissionsBoundary,
    };
    await countBoundary(tx, { before: undefined, after: PermissionsBoundary });
    putUser(tx, user);
    return { User: formatWholeUser(user, context) };
  },
});

export const listUsers = operation("ListUsers", {
  authorize: ({ PathPrefix = ROOT_PATH }, context) => ({
    action: "iam:ListUsers",
    resource: arn(context, `user${PathPrefix}`),
  }),

  async handle({ PathPrefix = ROOT_PATH, ...paging }, context) {
    const { rows, paging: rest } = await list(context.tx, users, paging, {
      where: ({ path }) => path.startsWith(PathPrefix),
    });
    return { Users: rows.map((user) => formatUser(user, context)), ...rest };
  },
});

export const updateUser = operation("UpdateUser", {
  /** The rights to both ends are needed. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html */
  async authorize({ UserName, NewPath, NewUserName }, context) {
    const user = await findUser(UserName, context.tx);
    const source = await onUser("UpdateUser", UserName, context);
    const place = { path: NewPath ?? user?.path ?? ROOT_PATH, name: NewUserName ?? user?.name ?? UserName };
    return [source, { action: source.action, resource: userArn(context, place) }];
  },

  async handle({ UserName, NewPath, NewUserName }, { tx }) {
    const user = await requireUser(UserName, tx);
    const renamed = { ...user, path: NewPath ?? user.path, name: NewUserName ?? user.name };
    if (renamed.name !== user.name) {
      await requireFreeName(renamed.name, tx);
      await renameMember(tx, user, renamed.name);
      tx.delete(users, keyOfName(user.name));
    }
    putUser(tx, renamed);
    return {};
  },
});

export const tagUser = operation("TagUser", {
  authorize: ({ UserName, Tags }, context) => onUser("TagUser", UserName, context, { requestTags: requestTags(Tags) }),

  async handle({ UserName, Tags }, { tx }) {
    const user = await requireUser(UserName, tx);
    tx.put(users, { ...user, tags: withTags(user.tags, Tags, ANY_CASE) });
    return {};
  },
});

export const untagUser = operation("UntagUser", {
  authorize: ({ UserName, TagKeys }, context) => onUser("UntagUser", UserName, context, { tagKeys: TagKeys }),

  async handle({ UserName, TagKeys }, { tx }) {
    const user = await requireUser(UserName, tx);
    tx.put(users, { ...user, tags: withoutTags(user.tags, TagKeys, ANY_CASE) });
    return {};
  },
});

export const listUserTags = operation("ListUserTags", {
  authorize: ({ UserName }, context) => onUser("ListUserTags", UserName, context),

  async handle({ UserName, ...paging }, { tx }) {
    const { tags } = await requireUser(UserName, tx);
    return listTags(tags, paging);
  },
});

export const findUser = (name: string, tx: Transaction): Promise<User | undefined> => tx.get(users, keyOfName(name));

/** @throws {AwsError} `NoSuchEntity` */
export async function requireUser(name: string, tx: Transaction): Promise<User> {
  const user = await findUser(name, tx);
  if (!user) throw userNotFound(name);
  return user;
}

export const userArn = (context: Pick<Context, "partition" | "account">, place: Place): Arn =>
  arnOf(context, "user", place);

/** The question whether the caller may do `action` to the user of that name, be there one or not. */
export async function onUser(
  action: IamAction,
  name: string,
  context: Context,
  { keys, ...more }: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const user = await findUser(name, context.tx);
  return {
    action: `iam:${action}`,
    resource: userArn(context, user ?? { path: ROOT_PATH, name }),
    resourceTags: user?.tags,
    keys: { ...ownTagKeys(user?.tags), ...keys },
    ...more,
  };
}

/** A user as listings show it. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html */
export const formatUser = (user: User, context: Context): UserShape => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: userArn(context, user),
  CreateDate: new Date(user.createdAtMs),
  PasswordLastUsed: user.passwordUsedAtMs === undefined ? undefined : new Date(user.passwordUsedAtMs),
});

/** A user with what listings leave out. */
export const formatWholeUser = (user: User, context: Context): UserShape => ({
  ...formatUser(user, context),
  PermissionsBoundary: formatBoundary(user.boundary),
  Tags: Object.keys(user.tags).length > 0 ? formatTags(user.tags) : undefined,
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam.py (test_create_user_with_permission_boundary, validated) */
export const formatBoundary = (boundary: string | undefined): AttachedPermissionsBoundary | undefined =>
  boundary === undefined
    ? undefined
    : {
        PermissionsBoundaryType: unlisted<PermissionsBoundaryAttachmentType>("Policy"),
        PermissionsBoundaryArn: boundary,
      };

function putUser(tx: Transaction, user: User): void {
  tx.put(users, user);
  recordHolder(tx, user);
}

async function requireFreeName(name: string, tx: Transaction): Promise<void> {
  if (await findUser(name, tx)) throw userExists(name);
}

/** Users of an identity store. Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateUser.html */
import type { AlternateIdentifier, User as UserShape } from "@aws-sdk/client-identitystore";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { dropMembershipsOfUser } from "../group-row.ts";
import {
  dropUser,
  ENTERPRISE,
  findUser,
  findUserBy,
  putUser,
  takenName,
  users,
  type User,
  type UserAttributes,
} from "../user-row.ts";
import { editOf } from "./editor.ts";
import {
  attributesMissing,
  attributeValueEmpty,
  duplicate,
  invalidPath,
  invalidValue,
  notUnique,
  reservedName,
  userNameMissing,
  userNotFound,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { list } from "./paging.ts";
import { ask, requireReadable, requireWritable } from "./store.ts";
import { edited, readExtension } from "./user-attribute.ts";

export const createUser = operation("CreateUser", {
  authorize: (input, context) => ask("CreateUser", input, context),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    const { IdentityStoreId: _store, UserName, Extensions, ...given } = input;
    if (UserName === undefined) throw userNameMissing(context);
    const extensions = Object.entries(Extensions ?? {}).map(([name, value]) => {
      const extension = name === ENTERPRISE ? readExtension(value) : undefined;
      if (!extension) throw invalidValue(name, context);
      return [name, extension] as const;
    });
    const attributes = { ...given, UserName, ...(Extensions && { Extensions: Object.fromEntries(extensions) }) };
    requireComplete(attributes, context);
    const { atMs, by } = editOf(context);
    const id = context.newId();
    const user = { storeId, id, attributes, createdAtMs: atMs, createdBy: by, updatedAtMs: atMs, updatedBy: by };
    await requireUnique(user, context);
    putUser(user, undefined, context.tx);
    return { IdentityStoreId: storeId, UserId: id };
  },
});

export const describeUser = operation("DescribeUser", {
  authorize: (input, context) => ask("DescribeUser", input, context, [`user/${input.UserId}`]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    return formatUser(await requireUser(storeId, input.UserId, context), input.Extensions);
  },
});

export const updateUser = operation("UpdateUser", {
  authorize: (input, context) => ask("UpdateUser", input, context, [`user/${input.UserId}`]),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    const before = await requireUser(storeId, input.UserId, context);
    let { attributes } = before;
    for (const { AttributePath: path, AttributeValue } of input.Operations) {
      const next = edited(attributes, path, AttributeValue);
      if ("wrong" in next) throw next.wrong === "path" ? invalidPath(path, context) : invalidValue(path, context);
      attributes = next.ok;
    }
    requireComplete(attributes, context);
    const { atMs, by } = editOf(context);
    const user = { ...before, attributes, updatedAtMs: atMs, updatedBy: by };
    await requireUnique(user, context);
    putUser(user, before, context.tx);
    return {};
  },
});

export const deleteUser = operation("DeleteUser", {
  authorize: (input, context) => ask("DeleteUser", input, context, [`user/${input.UserId}`]),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    const user = await requireUser(storeId, input.UserId, context);
    await dropMembershipsOfUser(storeId, user.id, context.tx);
    dropUser(user, context.tx);
    return {};
  },
});

/** Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_ListUsers.html (`UserName` is what can be filtered by) */
export const listUsers = operation("ListUsers", {
  authorize: (input, context) => ask("ListUsers", input, context, ["user/*"]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const [filter] = input.Filters ?? [];
    if (filter) {
      if (filter.AttributePath.toLowerCase() !== "username") throw invalidPath(filter.AttributePath, context);
      const found = await findUserBy("UserName", filter.AttributeValue, { storeId, tx: context.tx });
      return { Users: found ? [formatUser(found, input.Extensions)] : [] };
    }
    const { rows, rest } = await list(users, [storeId], input, context);
    return { Users: rows.map((user) => formatUser(user, input.Extensions)), ...rest };
  },
});

export const getUserId = operation("GetUserId", {
  authorize: (input, context) => ask("GetUserId", input, context, ["user/*"]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const user = await findByIdentifier(storeId, input.AlternateIdentifier, context);
    if (!user) throw userNotFound(context);
    return { IdentityStoreId: storeId, UserId: user.id };
  },
});

/** What identity providers call users is only known where they are provisioned by SCIM, which this is not. */
async function findByIdentifier(
  storeId: string,
  { UniqueAttribute: unique }: Validated<AlternateIdentifier>,
  context: Context,
): Promise<User | undefined> {
  if (unique === undefined) return undefined;
  const { AttributePath: path, AttributeValue: value } = unique;
  const kind = findOwn(UNIQUE, path.toLowerCase());
  if (kind === undefined) throw notUnique(path, context);
  if (typeof value !== "string" || value === "") throw attributeValueEmpty(context);
  return findUserBy(kind, value, { storeId, tx: context.tx });
}

/** Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_GetUserId.html (AlternateIdentifier) */
const UNIQUE: Readonly<Record<string, "UserName" | "Email" | undefined>> = {
  username: "UserName",
  "emails.value": "Email",
};

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireUser(storeId: string, id: string, context: Context): Promise<User> {
  const user = await findUser(storeId, id, context.tx);
  if (!user) throw userNotFound(context, id);
  return user;
}

/** Source: as in `CreateUser` (UserName) */
const RESERVED = ["administrator", "awsadministrators"];

/** @throws {AwsError} `ValidationException` */
export function requireUnreserved(name: string, context: Context): void {
  if (RESERVED.includes(name.toLowerCase())) throw reservedName(name, context);
}

/** @throws {AwsError} `ValidationException` */
function requireComplete({ UserName, DisplayName, Name }: UserAttributes, context: Context): void {
  if (UserName === "") throw userNameMissing(context);
  requireUnreserved(UserName, context);
  const missing: string[] = [];
  if (DisplayName === undefined) missing.push("displayname");
  const named = Object.values(Name ?? {}).some((part) => part !== undefined);
  if (!named) missing.push("name");
  if (named && Name?.FamilyName === undefined) missing.push("familyname");
  if (named && Name?.GivenName === undefined) missing.push("givenname");
  if (missing.length > 0) throw attributesMissing(missing, context);
}

/** @throws {AwsError} `ConflictException` */
async function requireUnique(user: User, context: Context): Promise<void> {
  const taken = await takenName(user, context.tx);
  if (taken) throw duplicate(taken.kind, context);
}

const formatUser = (
  { storeId, id, attributes, ...user }: User,
  asked: readonly string[] = [],
): UserShape & { UserId: string; IdentityStoreId: string } => {
  const { Emails, Addresses, PhoneNumbers, Photos, Roles, Extensions = {}, ...texts } = attributes;
  const extensions = Object.entries(Extensions).filter(([name]) => asked.includes(name));
  return {
    ...texts,
    Emails: Emails?.slice(),
    Addresses: Addresses?.slice(),
    PhoneNumbers: PhoneNumbers?.slice(),
    Photos: Photos?.slice(),
    Roles: Roles?.slice(),
    ...(extensions.length > 0 && { Extensions: Object.fromEntries(extensions) }),
    IdentityStoreId: storeId,
    UserId: id,
    UserStatus: "ENABLED",
    CreatedAt: new Date(user.createdAtMs),
    CreatedBy: user.createdBy,
    UpdatedAt: new Date(user.updatedAtMs),
    UpdatedBy: user.updatedBy,
  };
};

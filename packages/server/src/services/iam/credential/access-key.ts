/**
 * Access keys: two for each user and for the root user, their secrets sealed and shown once.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
 */
import type { AccessKeyLastUsed } from "@aws-sdk/client-iam";
import { newAccessKeyId, newSecretAccessKey } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { callerName } from "../../../service/caller.ts";
import type { Context } from "../../../service/context.ts";
import { accessKeyNotFound, accessKeysRemain, accessKeyUseUnknown, quotaExceeded } from "../errors.ts";
import { operation } from "../kit.ts";
import { QUOTAS } from "../limits.ts";
import { list } from "../listing.ts";
import { onUser } from "../user/user.ts";
import { nameOfOwner, onOwner, requireOwner, type Owner } from "./owner.ts";
import { requireStatus, type Status } from "./status.ts";

export interface AccessKey {
  readonly accessKeyId: string;
  /** The user's unique id; the account's id for its root user. */
  readonly ownerId: string;
  readonly status: Status;
  /** Sealed for `ACCESS_KEY_PURPOSE`. */
  readonly secret: string;
  readonly createdAtMs: number;
  readonly statusAtMs: number;
}

/** What the secrets of access keys are sealed for. */
export const ACCESS_KEY_PURPOSE = "iam.access-key";

/** By key id, as authentication looks them up. */
export const accessKeys = table<AccessKey>("iam.access-key", "account", ({ accessKeyId }) => [accessKeyId]);

type OwnedKey = Pick<AccessKey, "accessKeyId" | "ownerId">;

const keysOfOwner = table<OwnedKey>("iam.access-key-of-owner", "account", ({ ownerId, accessKeyId }) => [
  ownerId,
  accessKeyId,
]);

/** The last use of one key: apart from the key, so that a call made with it does not change it. */
export interface AccessKeyUse {
  readonly accessKeyId: string;
  readonly atMs: number;
  readonly service: string;
  readonly region: string;
}

/** Put by the directory whenever a key signs a call. */
export const accessKeyUses = table<AccessKeyUse>("iam.access-key-use", "account", ({ accessKeyId }) => [accessKeyId]);

export const createAccessKey = operation("CreateAccessKey", {
  authorize: ({ UserName }, context) => onOwner("CreateAccessKey", UserName, context),

  async handle({ UserName }, context) {
    const { tx, keys, account } = context;
    const owner = await requireOwner(UserName, context);
    if ((await ownedKeys(owner, tx)).length >= QUOTAS.AccessKeysPerUser)
      throw quotaExceeded("AccessKeysPerUser", QUOTAS.AccessKeysPerUser);
    const secret = newSecretAccessKey();
    const key: AccessKey = {
      accessKeyId: newAccessKeyId("accessKey", account),
      ownerId: owner.id,
      status: "Active",
      secret: keys.seal(secret, ACCESS_KEY_PURPOSE),
      createdAtMs: context.now().getTime(),
      statusAtMs: context.now().getTime(),
    };
    tx.put(accessKeys, key);
    tx.put(keysOfOwner, { ownerId: owner.id, accessKeyId: key.accessKeyId });
    return { AccessKey: { ...formatAccessKey(key, owner), SecretAccessKey: secret } };
  },
});

export const listAccessKeys = operation("ListAccessKeys", {
  authorize: ({ UserName }, context) => onOwner("ListAccessKeys", UserName, context),

  async handle({ UserName, ...paging }, context) {
    const owner = await requireOwner(UserName, context);
    const { rows, paging: rest } = await list(context.tx, keysOfOwner, paging, { prefix: [owner.id] });
    const found = await Promise.all(rows.map(({ accessKeyId }) => requireAccessKey(accessKeyId, owner, context.tx)));
    return { AccessKeyMetadata: found.map((key) => formatAccessKey(key, owner)), ...rest };
  },
});

export const updateAccessKey = operation("UpdateAccessKey", {
  authorize: ({ UserName }, context) => onOwner("UpdateAccessKey", UserName, context),

  async handle({ UserName, AccessKeyId, Status }, context) {
    const owner = await requireOwner(UserName, context);
    const key = await requireAccessKey(AccessKeyId, owner, context.tx);
    context.tx.put(accessKeys, { ...key, status: requireStatus(Status), statusAtMs: context.now().getTime() });
    return {};
  },
});

export const deleteAccessKey = operation("DeleteAccessKey", {
  authorize: ({ UserName }, context) => onOwner("DeleteAccessKey", UserName, context),

  async handle({ UserName, AccessKeyId }, context) {
    const { tx } = context;
    const { ownerId, accessKeyId } = await requireAccessKey(AccessKeyId, await requireOwner(UserName, context), tx);
    tx.delete(accessKeys, accessKeyId);
    tx.delete(keysOfOwner, ownerId, accessKeyId);
    tx.delete(accessKeyUses, accessKeyId);
    return {};
  },
});

export const getAccessKeyLastUsed = operation("GetAccessKeyLastUsed", {
  /** Asked about the key's user, who is not named in the request. */
  async authorize({ AccessKeyId }, context) {
    const name = await ownerName(AccessKeyId, context);
    return name === undefined
      ? { action: "iam:GetAccessKeyLastUsed", resource: "*" }
      : onUser("GetAccessKeyLastUsed", name, context);
  },

  async handle({ AccessKeyId }, context) {
    const { tx } = context;
    if (!(await tx.get(accessKeys, AccessKeyId))) throw accessKeyUseUnknown(callerName(context.principal), AccessKeyId);
    return {
      UserName: await ownerName(AccessKeyId, context),
      AccessKeyLastUsed: formatUse(await tx.get(accessKeyUses, AccessKeyId)),
    };
  },
});

/** The keys of one owner, in the order of their creation. */
export async function accessKeysOf(owner: Pick<Owner, "id">, tx: Transaction): Promise<AccessKey[]> {
  const owned = await ownedKeys(owner, tx);
  const found = await Promise.all(owned.map(({ accessKeyId }) => tx.get(accessKeys, accessKeyId)));
  return found.filter((key) => key !== undefined).toSorted((one, other) => one.createdAtMs - other.createdAtMs);
}

/** @throws {AwsError} `DeleteConflict` where one is left. */
export async function requireNoAccessKeys(owner: Pick<Owner, "id">, tx: Transaction): Promise<void> {
  if ((await ownedKeys(owner, tx)).length > 0) throw accessKeysRemain();
}

const ownedKeys = ({ id }: Pick<Owner, "id">, tx: Transaction): Promise<OwnedKey[]> =>
  tx.scan(keysOfOwner, { prefix: [id], limit: QUOTAS.AccessKeysPerUser });

/** @throws {AwsError} `NoSuchEntity`, also where the key is another's. */
async function requireAccessKey(accessKeyId: string, owner: Owner, tx: Transaction): Promise<AccessKey> {
  const key = await tx.get(accessKeys, accessKeyId);
  if (key?.ownerId !== owner.id) throw accessKeyNotFound(accessKeyId);
  return key;
}

async function ownerName(accessKeyId: string, { tx }: Context): Promise<string | undefined> {
  const key = await tx.get(accessKeys, accessKeyId);
  return key && nameOfOwner(key.ownerId, tx);
}

const formatAccessKey = ({ accessKeyId, status, createdAtMs }: AccessKey, { name }: Owner) => ({
  UserName: name,
  AccessKeyId: accessKeyId,
  Status: status,
  CreateDate: new Date(createdAtMs),
});

/** `N/A` for a key that never signed anything. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html */
const formatUse = (use: AccessKeyUse | undefined): AccessKeyLastUsed =>
  use === undefined
    ? { ServiceName: "N/A", Region: "N/A", LastUsedDate: undefined }
    : { ServiceName: use.service, Region: use.region, LastUsedDate: new Date(use.atMs) };

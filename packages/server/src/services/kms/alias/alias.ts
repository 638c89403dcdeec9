/** Names for keys. Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html */
import type { AliasListEntry } from "@aws-sdk/client-kms";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount, onKeyNamed } from "../access.ts";
import { aliasArn, aliases, deleteAliasRow, findAlias, keyAliases, namesOf, putAlias, type Alias } from "./row.ts";
import {
  aliasCharacterWrong,
  aliasNameMissing,
  aliasesUsedUp,
  aliasExists,
  aliasNotFound,
  aliasOfAlias,
  aliasOfOtherKind,
  aliasPrefixWrong,
  aliasReserved,
} from "../errors.ts";
import { keys, type Key } from "../key/row.ts";
import { requireNotLeaving } from "../key/state.ts";
import { isSymmetric } from "../key/spec.ts";
import { operation, type KmsAction } from "../kit.ts";
import { ALIASES_PER_KEY_MAX } from "../limits.ts";
import { managedAliasNames } from "../key/managed.ts";
import { requireKey } from "../key/named.ts";
import { list, listOf } from "../paging.ts";

const PREFIX = "alias/";
const RESERVED = "alias/aws/";
const IS_ALIAS = /(^|:)alias\//;

/**
 * Both the alias and the key have to be the caller's to change.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html
 * @throws {AwsError} `ValidationException` where the key is named by another alias.
 */
async function askAbout(
  action: KmsAction,
  name: string,
  keyIds: readonly string[],
  context: Context,
): Promise<Access[]> {
  if (keyIds.some((keyId) => IS_ALIAS.test(keyId))) throw aliasOfAlias();
  const onKeys = await Promise.all(keyIds.map((keyId) => onKeyNamed(action, keyId, context, { alias: name })));
  return [onAccount(action, context, { resource: aliasArn(context, name) }), ...onKeys];
}

export const createAlias = operation("CreateAlias", {
  authorize: ({ AliasName, TargetKeyId }, context) => askAbout("CreateAlias", AliasName, [TargetKeyId], context),

  async handle({ AliasName: name, TargetKeyId }, context) {
    requireName(name);
    const { tx } = context;
    if ((await findAlias(name, tx)) !== undefined) throw aliasExists(aliasArn(context, name));
    const key = await requireTarget(TargetKeyId, context);
    await requireRoom(key, context);
    const nowMs = context.now().getTime();
    await putAlias({ name, keyId: key.id, createdAtMs: nowMs, updatedAtMs: nowMs }, undefined, tx);
    return {};
  },
});

export const updateAlias = operation("UpdateAlias", {
  async authorize({ AliasName, TargetKeyId }, context) {
    const present = await findAlias(AliasName, context.tx);
    return askAbout("UpdateAlias", AliasName, present ? [present.keyId, TargetKeyId] : [TargetKeyId], context);
  },

  async handle({ AliasName: name, TargetKeyId }, context) {
    requireName(name);
    const { tx } = context;
    const present = await requireAlias(name, context);
    const key = await requireTarget(TargetKeyId, context);
    if (key.id !== present.keyId) await requireRoom(key, context);
    const before = await tx.get(keys, present.keyId);
    if (before !== undefined && !isOfOneKind(before, key)) throw aliasOfOtherKind();
    await putAlias({ ...present, keyId: key.id, updatedAtMs: context.now().getTime() }, present, tx);
    return {};
  },
});

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html */
const isOfOneKind = (one: Key, other: Key): boolean =>
  one.usage === other.usage && isSymmetric(one.spec) === isSymmetric(other.spec);

export const deleteAlias = operation("DeleteAlias", {
  async authorize({ AliasName }, context) {
    const present = await findAlias(AliasName, context.tx);
    return askAbout("DeleteAlias", AliasName, present ? [present.keyId] : [], context);
  },

  async handle({ AliasName: name }, context) {
    requireName(name);
    await deleteAliasRow(await requireAlias(name, context), context.tx);
    return {};
  },
});

export const listAliases = operation("ListAliases", {
  authorize: (_, context) => onAccount("ListAliases", context),

  async handle({ KeyId, ...paging }, context) {
    if (KeyId !== undefined) {
      const key = await requireKey(KeyId, context);
      const { rows, rest } = await list(context.tx, keyAliases, { prefix: [key.id], paging });
      return { Aliases: rows.map((alias) => formatAlias(alias, context)), ...rest };
    }
    const present = await list(context.tx, aliases, { paging });
    const unused = await unusedManaged(context);
    const last = present.rest.Truncated ? present.rows.at(-1)?.name : undefined;
    const here = last === undefined ? unused : unused.filter(({ AliasName }) => AliasName < last);
    const own = present.rows.map((alias) => formatAlias(alias, context));
    const { rows, rest } = listOf([...own, ...here], paging, ({ AliasName }) => AliasName);
    return { Aliases: [...rows], ...(rest.Truncated ? rest : present.rest) };
  },
});

/** An entry, which has a name in any case. */
type NamedEntry = AliasListEntry & { readonly AliasName: string };

/** The names that AWS keeps for its services, whose keys were not asked for yet. */
async function unusedManaged(context: Context): Promise<NamedEntry[]> {
  const names = managedAliasNames();
  const present = await Promise.all(names.map((name) => findAlias(name, context.tx)));
  return names
    .filter((_, index) => present[index] === undefined)
    .map((AliasName) => ({ AliasName, AliasArn: aliasArn(context, AliasName) }));
}

const formatAlias = ({ name, keyId, createdAtMs, updatedAtMs }: Alias, context: Context): NamedEntry => ({
  AliasName: name,
  AliasArn: aliasArn(context, name),
  TargetKeyId: keyId,
  CreationDate: new Date(createdAtMs),
  LastUpdatedDate: new Date(updatedAtMs),
});

/** @throws {AwsError} `ValidationException`, `NotAuthorizedException` */
function requireName(name: string): void {
  if (!name.startsWith(PREFIX)) throw aliasPrefixWrong();
  if (name.startsWith(RESERVED)) throw aliasReserved();
  if (name.includes(":")) throw aliasCharacterWrong(name);
  if (name === PREFIX) throw aliasNameMissing();
}

/** @throws {AwsError} `NotFoundException` */
async function requireAlias(name: string, context: Context): Promise<Alias> {
  const alias = await findAlias(name, context.tx);
  if (alias === undefined) throw aliasNotFound(aliasArn(context, name));
  return alias;
}

/** @throws {AwsError} `NotFoundException`, `KMSInvalidStateException` */
async function requireTarget(keyId: string, context: Context): Promise<Key> {
  const key = await requireKey(keyId, context);
  requireNotLeaving(key);
  return key;
}

/** @throws {AwsError} `LimitExceededException` where the key has all the names that it may have. */
async function requireRoom({ id }: Key, { tx }: Context): Promise<void> {
  if ((await namesOf(id, tx)).length >= ALIASES_PER_KEY_MAX) throw aliasesUsedUp();
}

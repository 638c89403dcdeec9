/**
 * The questions that KMS's operations ask of IAM, and the condition keys they carry. A key's policy has to allow; it may
 * leave the grant to the account's own policies by naming the account.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/determining-access.html
 */
import type { Region } from "../../kernel/arn.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Access, ConditionKeys } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { namesOf } from "./alias/row.ts";
import type { EncryptionContext } from "./use/ciphertext.ts";
import type { ChildGrant } from "./grant/reach.ts";
import { grantsFor } from "./grant/row.ts";
import type { KmsAction } from "./kit.ts";
import { homeOf, keyArn, type Key } from "./key/row.ts";
import { findNamedKey, requireKey, requireNoAlias, type Missing } from "./key/named.ts";

export interface KeyQuestion {
  /** The alias that the call named the key by. */
  readonly alias?: string | undefined;
  readonly encryptionContext?: EncryptionContext | undefined;
  /** The grant that is to be made. */
  readonly childGrant?: ChildGrant | undefined;
  readonly keys?: ConditionKeys;
  readonly requestTags?: Tags | undefined;
  readonly tagKeys?: readonly string[] | undefined;
}

/** May the caller do `action` with the key? Its policy answers, the caller's own policies, and its grants. */
export async function onKey(
  action: KmsAction,
  key: Key,
  context: Context,
  question: KeyQuestion = {},
): Promise<Access> {
  const { alias, encryptionContext, childGrant, keys, requestTags, tagKeys } = question;
  const home = homeOf(key, context.tx);
  const aliases = await namesOf(key.id, home);
  return {
    action: `kms:${action}`,
    resource: keyArn(key),
    owner: key.account,
    resourcePolicy: { name: `key policy of ${key.id}`, document: key.policy.document },
    resourcePolicyRole: "required",
    resourceTags: key.tags,
    requestTags,
    tagKeys,
    grants: await grantsFor(key, { action, encryptionContext, childGrant }, context),
    keys: {
      ...callerKeys(context),
      ...keyKeys(key),
      "kms:ResourceAliases": aliases.length === 0 ? undefined : aliases,
      "kms:RequestAlias": alias,
      ...contextKeys(encryptionContext),
      ...keys,
    },
  };
}

/** The question about the key that a call names by its id or ARN. */
export const onKeyNamed = async (action: KmsAction, keyId: string, context: Context, question?: KeyQuestion) =>
  onKey(action, await requireKey(keyId, context), context, question);

/** The question about the key that a call names by its id or ARN, whosever it is. */
export async function onAnyKey(action: KmsAction, keyId: string, context: Context, question?: KeyQuestion) {
  const found = await findNamedKey(keyId, context);
  if ("owner" in found) return onMissing(action, found);
  return onKey(action, requireNoAlias(found, keyId), context, question);
}

/** The question about the key that a call names in any way. */
export async function onNamedKey(action: KmsAction, keyId: string, context: Context, question?: KeyQuestion) {
  const found = await findNamedKey(keyId, context);
  if ("owner" in found) return onMissing(action, found);
  return onKey(action, found.key, context, { ...question, alias: found.alias });
}

/** A key of another account's that is not there has nobody who would let the caller in. */
const onMissing = (action: KmsAction, { arn: resource, owner }: Missing): Access => ({
  action: `kms:${action}`,
  resource,
  owner,
  resourcePolicyRole: "required",
});

/** Where no key is meant: the keys of the account and its key stores. */
export const onAccount = (action: KmsAction, context: Context, more: Partial<Access> = {}): Access => ({
  action: `kms:${action}`,
  resource: "*",
  ...more,
  keys: { ...callerKeys(context), ...more.keys },
});

/**
 * The questions about a key to be made in `region`: with tags it needs the right to tag as well.
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (Tags)
 */
export function onNewKey(region: Region, context: Context, more: Partial<Access>): readonly Access[] {
  const { partition, account } = context;
  const creation = onAccount("CreateKey", context, more);
  if (Object.keys(more.requestTags ?? {}).length === 0) return [creation];
  return [
    creation,
    { ...creation, action: "kms:TagResource", resource: keyArn({ partition, region, account, id: "*" }) },
  ];
}

function callerKeys({ principal, region, request }: Context): ConditionKeys {
  const via = request.calling?.calledVia?.at(-1);
  return {
    "kms:CallerAccount": "account" in principal ? principal.account : undefined,
    "kms:ViaService": via?.replace(/^([^.]+)\.amazonaws\.com$/, `$1.${region}.amazonaws.com`),
  };
}

const keyKeys = ({ spec, usage, origin, multiRegion, region }: Key): ConditionKeys => ({
  "kms:KeySpec": spec,
  "kms:KeyUsage": usage,
  "kms:KeyOrigin": origin,
  "kms:MultiRegion": String(multiRegion !== undefined),
  "kms:MultiRegionKeyType": multiRegion && (multiRegion.primary === region ? "PRIMARY" : "REPLICA"),
});

function contextKeys(context: EncryptionContext | undefined): ConditionKeys {
  if (context === undefined || Object.keys(context).length === 0) return {};
  return {
    ...Object.fromEntries(Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    "kms:EncryptionContextKeys": Object.keys(context),
  };
}

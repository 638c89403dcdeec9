/** Keys themselves. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
import type { CreateKeyCommandInput, KeySpec, KeyUsageType } from "@aws-sdk/client-kms";
import type { Context } from "../../../service/context.ts";
import { onAccount, onKey, onKeyNamed, onNamedKey, onNewKey } from "../access.ts";
import { keyStoreUnsupported, specsDiffer, specUnsupported, usageIncompatible, usageMissing } from "../errors.ts";
import { putNewKey } from "./count.ts";
import { makeMaterial, putFirstMaterial } from "../material/material.ts";
import { formatKey } from "./metadata.ts";
import { requirePolicy } from "../policy/rules.ts";
import { keyArn, keys, type Key } from "./row.ts";
import { factsOf, isBuiltSpec, type BuiltSpec } from "./spec.ts";
import { requireCustomer, requireHasMaterial, requireNotLeaving } from "./state.ts";
import { operation, streaming } from "../kit.ts";
import { KEYS_PER_PAGE } from "../limits.ts";
import { requireKey, requireNamedKey } from "./named.ts";
import { list } from "../paging.ts";
import { rotateIfDue } from "../material/rotation.ts";
import { requireTags, tagsOf } from "../tag-list.ts";
import { requireGrantTokens, unusedKeys } from "../use/use.ts";

export const createKey = streaming("CreateKey", {
  authorize(input, context) {
    const { BypassPolicyLockoutSafetyCheck: bypass, MultiRegion: multiRegion, Tags, Origin: origin } = input;
    const spec = specOf(input);
    return onNewKey(context.region, context, {
      requestTags: Tags && tagsOf(Tags),
      keys: {
        "kms:BypassPolicyLockoutSafetyCheck": String(bypass ?? false),
        "kms:KeySpec": spec,
        "kms:KeyUsage": input.KeyUsage ?? "ENCRYPT_DECRYPT",
        "kms:KeyOrigin": origin ?? "AWS_KMS",
        "kms:MultiRegion": String(multiRegion ?? false),
        "kms:MultiRegionKeyType": multiRegion ? "PRIMARY" : undefined,
      },
    });
  },

  /** Making a pair takes a while. */
  async receive(input) {
    if (isForKeyStore(input)) throw keyStoreUnsupported();
    const spec = specOf(input);
    return input.Origin === "EXTERNAL" ? undefined : makeMaterial(spec);
  },

  async handle(input, context, secret) {
    const { account, region, partition, tx } = context;
    const spec = specOf(input);
    const key: Key = {
      id: newKeyId(input.MultiRegion ?? false, context),
      account,
      region,
      partition,
      createdAtMs: context.now().getTime(),
      description: input.Description ?? "",
      spec,
      usage: usageOf(input, spec),
      origin: input.Origin === "EXTERNAL" ? "EXTERNAL" : "AWS_KMS",
      manager: "CUSTOMER",
      state: { kind: secret === undefined ? "PendingImport" : "Enabled" },
      policy: { kind: "pinned", document: "", accounts: {} },
      tags: requireTags({}, input.Tags ?? []),
      ...(input.MultiRegion && { multiRegion: { primary: region, replicas: [] } }),
    };
    const policy = await requirePolicy(input.Policy, { key, bypass: input.BypassPolicyLockoutSafetyCheck }, context);
    const materialId = secret && putFirstMaterial(key, secret, context);
    const whole = { ...key, policy, ...(materialId !== undefined && { materialId }) };
    await putNewKey(whole, tx);
    return { KeyMetadata: formatKey(whole) };
  },
});

const isForKeyStore = ({ CustomKeyStoreId, XksKeyId, Origin: origin }: KeyStoreInput): boolean =>
  CustomKeyStoreId !== undefined ||
  XksKeyId !== undefined ||
  origin === "AWS_CLOUDHSM" ||
  origin === "EXTERNAL_KEY_STORE";

type KeyStoreInput = Pick<CreateKeyCommandInput, "CustomKeyStoreId" | "XksKeyId" | "Origin">;

/** @throws {AwsError} `ValidationException`, `UnsupportedOperationException` */
function specOf({ KeySpec: spec, CustomerMasterKeySpec: old }: Specified): BuiltSpec {
  if (spec !== undefined && old !== undefined) throw specsDiffer();
  const named: KeySpec = spec ?? old ?? "SYMMETRIC_DEFAULT";
  if (!isBuiltSpec(named)) throw specUnsupported(named);
  return named;
}

type Specified = Pick<CreateKeyCommandInput, "KeySpec" | "CustomerMasterKeySpec" | "KeyUsage">;

/** @throws {AwsError} `ValidationException` */
function usageOf({ KeyUsage: usage }: Specified, spec: BuiltSpec): KeyUsageType {
  if (usage === undefined && spec !== "SYMMETRIC_DEFAULT") throw usageMissing();
  const wanted = usage ?? "ENCRYPT_DECRYPT";
  if (!factsOf(spec).usages.includes(wanted)) throw usageIncompatible(wanted, spec);
  return wanted;
}

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html (`mrk-` and 32 digits) */
function newKeyId(isMultiRegion: boolean, context: Context): string {
  const uuid = context.newId();
  return isMultiRegion ? `mrk-${uuid.replaceAll("-", "")}` : uuid;
}

export const describeKey = operation("DescribeKey", {
  authorize: ({ KeyId }, context) => onNamedKey("DescribeKey", KeyId, context),

  async handle({ KeyId, ...request }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    requireGrantTokens(request, context);
    return { KeyMetadata: formatKey(key) };
  },
});

export const listKeys = operation("ListKeys", {
  authorize: (_, context) => onAccount("ListKeys", context),

  async handle(paging, context) {
    const { rows, rest } = await list(context.tx, keys, { paging, size: KEYS_PER_PAGE });
    return { Keys: rows.map((key) => ({ KeyId: key.id, KeyArn: keyArn(key) })), ...rest };
  },
});

export const updateKeyDescription = operation("UpdateKeyDescription", {
  authorize: ({ KeyId }, context) => onKeyNamed("UpdateKeyDescription", KeyId, context),

  async handle({ KeyId, Description: description }, context) {
    const key = await requireChangeable(KeyId, context);
    context.tx.put(keys, { ...key, description });
    return {};
  },
});

export const enableKey = operation("EnableKey", {
  authorize: ({ KeyId }, context) => onKeyNamed("EnableKey", KeyId, context),

  async handle({ KeyId }, context) {
    const key = await requireChangeable(KeyId, context);
    requireHasMaterial(key);
    const enabled: Key = { ...key, state: { kind: "Enabled" } };
    context.tx.put(keys, enabled);
    await rotateIfDue(enabled, context);
    return {};
  },
});

export const disableKey = operation("DisableKey", {
  async authorize({ KeyId }, context) {
    const key = await requireKey(KeyId, context);
    return onKey("DisableKey", key, context, { keys: await unusedKeys(key, context) });
  },

  async handle({ KeyId }, context) {
    const key = await requireChangeable(KeyId, context);
    requireHasMaterial(key);
    context.tx.put(keys, { ...key, state: { kind: "Disabled" } });
    return {};
  },
});

/** @throws {AwsError} where the key is AWS's, or on its way out. */
async function requireChangeable(keyId: string, context: Context): Promise<Key> {
  const key = await requireKey(keyId, context);
  requireCustomer(key);
  requireNotLeaving(key);
  return key;
}

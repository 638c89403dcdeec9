/**
 * SAML providers: whose assertions an account's roles may trust.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
 */
import type { AssertionEncryptionModeType } from "@aws-sdk/client-iam";
import type { SamlProviderRecord } from "../../../identity/directory.ts";
import { parseAccountId, parseArn, type Arn } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import { base32, newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import { requirePrivateKey } from "../credential/pem.ts";
import { quotaExceeded, samlKeyNotFound, samlProviderExists, samlProviderNotFound } from "../errors.ts";
import { arn, operation, type IamAction } from "../kit.ts";
import { ACCOUNT_QUOTAS, SAML_PRIVATE_KEYS_MAX } from "../limits.ts";
import { arnGiven } from "../path.ts";
import { formatTags, listTags, requestTags, withoutTags, withTagging, withTags } from "../tag.ts";
import { requireMetadata } from "./saml-metadata.ts";

export interface SamlProvider {
  readonly name: string;
  readonly arn: Arn;
  /** Goes into the provider's sign-in URLs. */
  readonly uuid: string;
  readonly metadata: string;
  readonly validUntilMs: number;
  readonly createdAtMs: number;
  readonly encryption: AssertionEncryptionModeType;
  readonly privateKeys: readonly PrivateKey[];
  readonly tags: Tags;
}

interface PrivateKey {
  readonly id: string;
  readonly addedAtMs: number;
  /** Sealed for `SAML_KEY_PURPOSE`. */
  readonly sealed: string;
}

/** What the keys that decrypt assertions are sealed for. */
const SAML_KEY_PURPOSE = "iam.saml-private-key";

const samlProviders = table<SamlProvider>("iam.saml-provider", "account", ({ name }) => [name]);

export const createSAMLProvider = operation("CreateSAMLProvider", {
  authorize: ({ Name, Tags }, context) =>
    withTagging("TagSAMLProvider", {
      action: "iam:CreateSAMLProvider",
      resource: arn(context, `saml-provider/${Name}`),
      requestTags: requestTags(Tags),
    }),

  async handle({ Name: name, SAMLMetadataDocument, AddPrivateKey, Tags, ...rest }, context) {
    const { tx } = context;
    const now = context.now().getTime();
    const tags = withTags({}, Tags);
    const { validUntilMs } = requireMetadata(SAMLMetadataDocument, now);
    if (await tx.get(samlProviders, name)) throw samlProviderExists(name);
    await countUp(tx, "samlProviders");
    const provider: SamlProvider = {
      name,
      arn: arn(context, `saml-provider/${name}`),
      uuid: base32(newSecretBytes(UUID_BYTES)),
      metadata: SAMLMetadataDocument,
      validUntilMs,
      createdAtMs: now,
      encryption: rest.AssertionEncryptionMode ?? "Allowed",
      privateKeys: AddPrivateKey === undefined ? [] : [sealedKey(AddPrivateKey, context)],
      tags,
    };
    tx.put(samlProviders, provider);
    return { SAMLProviderArn: provider.arn, Tags: Tags && formatTags(tags) };
  },
});

export const getSAMLProvider = operation("GetSAMLProvider", {
  authorize: ({ SAMLProviderArn }, context) => onProvider("GetSAMLProvider", SAMLProviderArn, context),

  async handle({ SAMLProviderArn }, { tx }) {
    const provider = await requireProvider(SAMLProviderArn, tx);
    return {
      SAMLProviderUUID: provider.uuid,
      SAMLMetadataDocument: provider.metadata,
      CreateDate: new Date(provider.createdAtMs),
      ValidUntil: new Date(provider.validUntilMs),
      AssertionEncryptionMode: provider.encryption,
      PrivateKeyList: provider.privateKeys.map(({ id, addedAtMs }) => ({ KeyId: id, Timestamp: new Date(addedAtMs) })),
      Tags: formatTags(provider.tags),
    };
  },
});

export const listSAMLProviders = operation("ListSAMLProviders", {
  authorize: (_input, context) => ({ action: "iam:ListSAMLProviders", resource: arn(context, "saml-provider/*") }),

  async handle(_input, { tx }) {
    const rows = await tx.scan(samlProviders, { limit: ACCOUNT_QUOTAS.samlProviders.max });
    const SAMLProviderList = rows.map((provider) => ({
      Arn: provider.arn,
      ValidUntil: new Date(provider.validUntilMs),
      CreateDate: new Date(provider.createdAtMs),
    }));
    return { SAMLProviderList };
  },
});

export const updateSAMLProvider = operation("UpdateSAMLProvider", {
  authorize: ({ SAMLProviderArn }, context) => onProvider("UpdateSAMLProvider", SAMLProviderArn, context),

  async handle({ SAMLProviderArn, SAMLMetadataDocument, ...changes }, context) {
    const provider = await requireProvider(SAMLProviderArn, context.tx);
    const metadata = SAMLMetadataDocument ?? provider.metadata;
    const { validUntilMs } = requireMetadata(metadata, provider.createdAtMs);
    const left = withoutKey(provider, changes.RemovePrivateKey);
    const added = changes.AddPrivateKey === undefined ? [] : [sealedKey(changes.AddPrivateKey, context)];
    const privateKeys = [...left, ...added];
    if (privateKeys.length > SAML_PRIVATE_KEYS_MAX)
      throw quotaExceeded("PrivateKeysPerSAMLProvider", SAML_PRIVATE_KEYS_MAX);
    const encryption = changes.AssertionEncryptionMode ?? provider.encryption;
    context.tx.put(samlProviders, { ...provider, metadata, validUntilMs, privateKeys, encryption });
    return { SAMLProviderArn: provider.arn };
  },
});

export const deleteSAMLProvider = operation("DeleteSAMLProvider", {
  authorize: ({ SAMLProviderArn }, context) => onProvider("DeleteSAMLProvider", SAMLProviderArn, context),

  async handle({ SAMLProviderArn }, { tx }) {
    const { name } = await requireProvider(SAMLProviderArn, tx);
    tx.delete(samlProviders, name);
    await countDown(tx, "samlProviders");
    return {};
  },
});

export const tagSAMLProvider = operation("TagSAMLProvider", {
  authorize: ({ SAMLProviderArn, Tags }, context) =>
    onProvider("TagSAMLProvider", SAMLProviderArn, context, { requestTags: requestTags(Tags) }),

  async handle({ SAMLProviderArn, Tags }, { tx }) {
    const provider = await requireProvider(SAMLProviderArn, tx);
    tx.put(samlProviders, { ...provider, tags: withTags(provider.tags, Tags) });
    return {};
  },
});

export const untagSAMLProvider = operation("UntagSAMLProvider", {
  authorize: ({ SAMLProviderArn, TagKeys }, context) =>
    onProvider("UntagSAMLProvider", SAMLProviderArn, context, { tagKeys: TagKeys }),

  async handle({ SAMLProviderArn, TagKeys }, { tx }) {
    const provider = await requireProvider(SAMLProviderArn, tx);
    tx.put(samlProviders, { ...provider, tags: withoutTags(provider.tags, TagKeys) });
    return {};
  },
});

export const listSAMLProviderTags = operation("ListSAMLProviderTags", {
  authorize: ({ SAMLProviderArn }, context) => onProvider("ListSAMLProviderTags", SAMLProviderArn, context),

  async handle({ SAMLProviderArn, ...paging }, { tx }) {
    const { tags } = await requireProvider(SAMLProviderArn, tx);
    return listTags(tags, paging);
  },
});

const UUID_BYTES = 20;

async function findProvider(providerArn: string, tx: Transaction): Promise<SamlProvider | undefined> {
  const provider = await tx.get(samlProviders, providerArn.slice(providerArn.lastIndexOf("/") + 1));
  return provider?.arn === providerArn ? provider : undefined;
}

/** The provider of that ARN in whichever account. */
export async function findSamlProvider(
  providerArn: string,
  { tx, keys }: Pick<Context, "tx" | "keys">,
): Promise<SamlProviderRecord | undefined> {
  const account = parseAccountId(parseArn(providerArn)?.account ?? "");
  if (account === undefined) return undefined;
  const provider = await findProvider(providerArn, tx.in({ account }));
  if (provider === undefined) return undefined;
  const { arn: name, metadata, validUntilMs, privateKeys, encryption: mode } = provider;
  const encryption = { keys: privateKeys.map((key) => openKey(key, keys)), isRequired: mode === "Required" };
  return { account, arn: name, name: provider.name, metadata, validUntilMs, encryption };
}

/** @throws {AwsError} `NoSuchEntity` */
async function requireProvider(providerArn: string, tx: Transaction): Promise<SamlProvider> {
  const provider = await findProvider(providerArn, tx);
  if (!provider) throw samlProviderNotFound(providerArn);
  return provider;
}

async function onProvider(
  action: IamAction,
  providerArn: string,
  { tx }: Context,
  more: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const provider = await findProvider(providerArn, tx);
  return { action: `iam:${action}`, resource: arnGiven(providerArn), resourceTags: provider?.tags, ...more };
}

/** @throws {AwsError} `InvalidInput` */
function sealedKey(pem: string, context: Context): PrivateKey {
  requirePrivateKey(pem);
  const id = base32(newSecretBytes(UUID_BYTES));
  return { id, addedAtMs: context.now().getTime(), sealed: context.keys.seal(pem, SAML_KEY_PURPOSE) };
}

function openKey({ sealed }: PrivateKey, keys: Context["keys"]): string {
  const pem = keys.open(sealed, SAML_KEY_PURPOSE);
  assert(pem !== undefined, "keys of SAML providers are sealed here");
  return Buffer.from(pem).toString("utf8");
}

function withoutKey({ privateKeys }: SamlProvider, id: string | undefined): readonly PrivateKey[] {
  if (id === undefined) return privateKeys;
  if (!privateKeys.some((key) => key.id === id)) throw samlKeyNotFound(id);
  return privateKeys.filter((key) => key.id !== id);
}

/**
 * OpenID Connect providers: whose tokens an account's roles may trust.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
import type { OidcProviderRecord } from "../../../identity/directory.ts";
import type { AccountId, Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import {
  invalidProviderUrl,
  oidcProviderAbsent,
  oidcProviderExists,
  oidcProviderNotFound,
  quotaExceeded,
  tooManyThumbprints,
} from "../errors.ts";
import { arn, operation, type IamAction } from "../kit.ts";
import { OIDC_CLIENT_IDS_MAX, OIDC_THUMBPRINTS_MAX, ACCOUNT_QUOTAS } from "../limits.ts";
import { arnGiven } from "../path.ts";
import { formatTags, listTags, requestTags, withoutTags, withTagging, withTags } from "../tag.ts";

export interface OidcProvider {
  readonly arn: Arn;
  /** Without its scheme, as IAM shows it. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createdAtMs: number;
  readonly tags: Tags;
}

const oidcProviders = table<OidcProvider>("iam.oidc-provider", "account", ({ arn: name }) => [name]);

/** What IAM puts in where no thumbprint is given; it then trusts well-known certificate authorities. */
const NO_THUMBPRINTS: readonly string[] = [];

export const createOpenIDConnectProvider = operation("CreateOpenIDConnectProvider", {
  authorize: ({ Url, Tags }, context) =>
    withTagging("TagOpenIDConnectProvider", {
      action: "iam:CreateOpenIDConnectProvider",
      resource: arn(context, `oidc-provider/${withoutScheme(Url)}`),
      requestTags: requestTags(Tags),
    }),

  async handle({ Url, ClientIDList = [], ThumbprintList = NO_THUMBPRINTS, Tags }, context) {
    const { tx } = context;
    requireProviderUrl(Url);
    requireFewClientIds(ClientIDList);
    requireFewThumbprints(ThumbprintList);
    const tags = withTags({}, Tags);
    const url = withoutScheme(Url);
    const name = arn(context, `oidc-provider/${url}`);
    if (await tx.get(oidcProviders, name)) throw oidcProviderExists(Url);
    await countUp(tx, "oidcProviders");
    const createdAtMs = context.now().getTime();
    tx.put(oidcProviders, {
      arn: name,
      url,
      clientIds: [...new Set(ClientIDList)],
      thumbprints: ThumbprintList,
      createdAtMs,
      tags,
    });
    return { OpenIDConnectProviderArn: name, Tags: Tags && formatTags(tags) };
  },
});

export const getOpenIDConnectProvider = operation("GetOpenIDConnectProvider", {
  authorize: ({ OpenIDConnectProviderArn }, context) =>
    onProvider("GetOpenIDConnectProvider", OpenIDConnectProviderArn, context),

  async handle({ OpenIDConnectProviderArn }, { tx }) {
    const provider = await requireProvider(OpenIDConnectProviderArn, tx);
    return {
      Url: provider.url,
      ClientIDList: [...provider.clientIds],
      ThumbprintList: [...provider.thumbprints],
      CreateDate: new Date(provider.createdAtMs),
      Tags: formatTags(provider.tags),
    };
  },
});

export const listOpenIDConnectProviders = operation("ListOpenIDConnectProviders", {
  authorize: (_input, context) => ({
    action: "iam:ListOpenIDConnectProviders",
    resource: arn(context, "oidc-provider/*"),
  }),

  async handle(_input, { tx }) {
    const rows = await tx.scan(oidcProviders, { limit: ACCOUNT_QUOTAS.oidcProviders.max });
    return { OpenIDConnectProviderList: rows.map((provider) => ({ Arn: provider.arn })) };
  },
});

export const deleteOpenIDConnectProvider = operation("DeleteOpenIDConnectProvider", {
  authorize: ({ OpenIDConnectProviderArn }, context) =>
    onProvider("DeleteOpenIDConnectProvider", OpenIDConnectProviderArn, context),

  /** The reference says that deleting what is not there is no error; AWS was seen to refuse it. */
  async handle({ OpenIDConnectProviderArn }, { tx }) {
    if (!(await tx.get(oidcProviders, OpenIDConnectProviderArn))) throw oidcProviderAbsent(OpenIDConnectProviderArn);
    tx.delete(oidcProviders, OpenIDConnectProviderArn);
    await countDown(tx, "oidcProviders");
    return {};
  },
});

export const addClientIDToOpenIDConnectProvider = operation("AddClientIDToOpenIDConnectProvider", {
  authorize: ({ OpenIDConnectProviderArn }, context) =>
    onProvider("AddClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn, context),

  /** Adding an id that is there already changes nothing. */
  async handle({ OpenIDConnectProviderArn, ClientID }, { tx }) {
    const provider = await requireProvider(OpenIDConnectProviderArn, tx);
    const clientIds = [...new Set([...provider.clientIds, ClientID])];
    requireFewClientIds(clientIds);
    tx.put(oidcProviders, { ...provider, clientIds });
    return {};
  },
});

export const removeClientIDFromOpenIDConnectProvider = operation("RemoveClientIDFromOpenIDConnectProvider", {
  authorize: ({ OpenIDConnectProviderArn }, context) =>
    onProvider("RemoveClientIDFromOpenIDConnectProvider", OpenIDConnectProviderArn, context),

  /** Removing an id that is not there changes nothing. */
  async handle({ OpenIDConnectProviderArn, ClientID }, { tx }) {
    const provider = await requireProvider(OpenIDConnectProviderArn, tx);
    tx.put(oidcProviders, { ...provider, clientIds: provider.clientIds.filter((id) => id !== ClientID) });
    return {};
  },
});

export const updateOpenIDConnectProviderThumbprint = operation("UpdateOpenIDConnectProviderThumbprint", {
  authorize: ({ OpenIDConnectProviderArn }, context) =>
    onProvider("UpdateOpenIDConnectProviderThumbprint", OpenIDConnectProviderArn, context),

  async handle({ OpenIDConnectProviderArn, ThumbprintList }, { tx }) {
    const provider = await requireProvider(OpenIDConnectProviderArn, tx);
    requireFewThumbprints(ThumbprintList);
    tx.put(oidcProviders, { ...provider, thumbprints: ThumbprintList });
    return {};
  },
});

export const tagOpenIDConnectProvider = operation("TagOpenIDConnectProvider", {
  authorize: ({ OpenIDConnectProviderArn, Tags }, context) =>
    onProvider("TagOpenIDConnectProvider", OpenIDConnectProviderArn, context, { requestTags: requestTags(Tags) }),

  async handle({ OpenIDConnectProviderArn, Tags }, { tx }) {
    const provider = await requireProvider(OpenIDConnectProviderArn, tx);
    tx.put(oidcProviders, { ...provider, tags: withTags(provider.tags, Tags) });
    return {};
  },
});

export const untagOpenIDConnectProvider = operation("UntagOpenIDConnectProvider", {
  authorize: ({ OpenIDConnectProviderArn, TagKeys }, context) =>
    onProvider("UntagOpenIDConnectProvider", OpenIDConnectProviderArn, context, { tagKeys: TagKeys }),

  async handle({ OpenIDConnectProviderArn, TagKeys }, { tx }) {
    const provider = await requireProvider(OpenIDConnectProviderArn, tx);
    tx.put(oidcProviders, { ...provider, tags: withoutTags(provider.tags, TagKeys) });
    return {};
  },
});

export const listOpenIDConnectProviderTags = operation("ListOpenIDConnectProviderTags", {
  authorize: ({ OpenIDConnectProviderArn }, context) =>
    onProvider("ListOpenIDConnectProviderTags", OpenIDConnectProviderArn, context),

  async handle({ OpenIDConnectProviderArn, ...paging }, { tx }) {
    const { tags } = await requireProvider(OpenIDConnectProviderArn, tx);
    return listTags(tags, paging);
  },
});

/** @throws {AwsError} `NoSuchEntity` */
async function requireProvider(name: string, tx: Transaction): Promise<OidcProvider> {
  const provider = await tx.get(oidcProviders, name);
  if (!provider) throw oidcProviderNotFound(name);
  return provider;
}

async function onProvider(
  action: IamAction,
  name: string,
  { tx }: Context,
  more: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const provider = await tx.get(oidcProviders, name);
  return { action: `iam:${action}`, resource: arnGiven(name), resourceTags: provider?.tags, ...more };
}

/** The account's provider of tokens whose `iss` is `issuer`. */
export async function findOidcProvider(
  issuer: string,
  account: AccountId,
  tx: Transaction,
): Promise<OidcProviderRecord | undefined> {
  if (issuer.startsWith("http:") && !isLocal(issuer)) return undefined;
  const url = withoutScheme(issuer);
  const rows = await tx.in({ account }).scan(oidcProviders, { limit: ACCOUNT_QUOTAS.oidcProviders.max });
  return rows.find((provider) => provider.url === url);
}

const withoutScheme = (url: string): string => url.replace(isLocal(url) ? /^https?:\/\// : /^https:\/\//, "");

/**
 * Source: the reference of `CreateOpenIDConnectProvider`: begins with https://, has no port and no query.
 * Differs: a provider on this machine may go without TLS, and have a port.
 */
function requireProviderUrl(url: string): void {
  if (!URL.canParse(url)) throw invalidProviderUrl();
  const { protocol, port, search, hash } = new URL(url);
  if (search !== "" || hash !== "") throw invalidProviderUrl();
  if ((protocol !== "https:" || port !== "") && !isLocal(url)) throw invalidProviderUrl();
}

/** Whether the provider is on this very machine. */
const isLocal = (url: string): boolean =>
  /^https?:\/\/(localhost|([\w-]+\.)+localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/.test(url);

function requireFewClientIds(ids: readonly string[]): void {
  const max = OIDC_CLIENT_IDS_MAX;
  if (ids.length > max) throw quotaExceeded("ClientIdsPerOpenIdConnectProvider", max);
}

function requireFewThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > OIDC_THUMBPRINTS_MAX) throw tooManyThumbprints();
}

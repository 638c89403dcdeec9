/**
 * Attributes for access control: which claims of a provider's tokens become tags of the session.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/using-afac-with-cognito-identity-pools.html
 */
import { findOwn } from "../../kernel/lookup.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Claims, VerifiedLogin } from "./login.ts";
import { operation } from "./kit.ts";
import { onPool, requireOwnPool, type Pool } from "./pool-row.ts";

interface TagMap {
  readonly poolId: string;
  readonly provider: string;
  readonly usesDefaults: boolean;
  /** Names of claims by the keys of tags. */
  readonly tags: Tags;
}

const tagMaps = table<TagMap>("cognito-identity.tag-map", "global", ({ poolId, provider }) => [poolId, provider]);

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/provider-mappings.html */
const TOKEN_DEFAULTS: Tags = { client: "aud", username: "sub" };
const CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
const ASSERTION_DEFAULTS: Tags = { client: `${CLAIM}nameidentifier`, username: `${CLAIM}name` };

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitoidentity.html (no resource) */
export const setPrincipalTagAttributeMap = operation("SetPrincipalTagAttributeMap", {
  authorize: () => ({ action: "cognito-identity:SetPrincipalTagAttributeMap", resource: "*" }),

  async handle({ IdentityPoolId, IdentityProviderName: provider, UseDefaults, PrincipalTags = {} }, { tx }) {
    const pool = await requireOwnPool(IdentityPoolId, tx);
    const usesDefaults = UseDefaults === true;
    const tags = usesDefaults ? defaultsOf(pool, provider) : PrincipalTags;
    const tagMap: TagMap = { poolId: pool.id, provider, usesDefaults, tags };
    tx.put(tagMaps, tagMap);
    return formatTagMap(tagMap);
  },
});

export const getPrincipalTagAttributeMap = operation("GetPrincipalTagAttributeMap", {
  authorize: ({ IdentityPoolId }, context) => onPool("GetPrincipalTagAttributeMap", IdentityPoolId, context),

  async handle({ IdentityPoolId, IdentityProviderName: provider }, { tx }) {
    const { id: poolId } = await requireOwnPool(IdentityPoolId, tx);
    const found = await tx.get(tagMaps, poolId, provider);
    return formatTagMap(found ?? { poolId, provider, usesDefaults: false, tags: {} });
  },
});

const formatTagMap = ({ poolId, provider, usesDefaults, tags }: TagMap) => ({
  IdentityPoolId: poolId,
  IdentityProviderName: provider,
  UseDefaults: usesDefaults,
  PrincipalTags: tags,
});

const defaultsOf = (pool: Pool, provider: string): Tags =>
  pool.samlProviderArns?.includes(provider) === true ? ASSERTION_DEFAULTS : TOKEN_DEFAULTS;

/** The tags that a session of these logins has. What a token does not claim, or claims in no one form, is left out. */
export async function tagsOf({ id }: Pool, logins: readonly VerifiedLogin[], tx: Transaction): Promise<Tags> {
  const tags: Record<string, string> = {};
  for (const { claims, mappingNames } of logins) {
    for (const [key, claim] of Object.entries(await mapOf(id, mappingNames, tx))) {
      const value = oneValue(claims, claim);
      if (value !== undefined) tags[key] = value;
    }
  }
  return tags;
}

async function mapOf(poolId: string, names: readonly string[], tx: Transaction): Promise<Tags> {
  for (const name of names) {
    const found = await tx.get(tagMaps, poolId, name);
    if (found !== undefined) return found.tags;
  }
  return {};
}

function oneValue(claims: Claims, name: string): string | undefined {
  const value = findOwn(claims, name);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const [only, ...more] = values;
  if (more.length > 0) return undefined;
  return typeof only === "string" || typeof only === "number" || typeof only === "boolean" ? String(only) : undefined;
}

const DROPPED_AT_ONCE = 500;

export async function dropTagMaps(poolId: string, tx: Transaction): Promise<void> {
  while ((await tx.clear(tagMaps, { prefix: [poolId], limit: DROPPED_AT_ONCE })) === DROPPED_AT_ONCE);
}

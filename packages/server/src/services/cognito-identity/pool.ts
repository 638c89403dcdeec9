/** Identity pools: made, shown, changed, removed. */
import type { InputOf } from "../../service/sdk.ts";
import { page } from "../../kernel/page.ts";
import { addTags } from "../../kernel/tags.ts";
import { developerProviderFixed, invalidNextToken, reservedTagKey, tooManyPools, tooManyTags } from "./errors.ts";
import { dropIdentities } from "./identity-row.ts";
import { operation, type CognitoIdentitySdk } from "./kit.ts";
import { PAGE_ROWS_MAX, POOLS_MAX } from "./limits.ts";
import { dropRoles } from "./pool-roles.ts";
import { formatPool, onPool, poolOwners, pools, requireOwnPool, type Pool } from "./pool-row.ts";
import { dropTagMaps } from "./tag-map.ts";

export const TAG_ERRORS = { tooMany: tooManyTags, reservedKey: reservedTagKey };

export const createIdentityPool = operation("CreateIdentityPool", {
  authorize: ({ IdentityPoolTags }) => ({
    action: "cognito-identity:CreateIdentityPool",
    resource: "*",
    requestTags: IdentityPoolTags,
  }),

  async handle(input, context) {
    const { tx, account, region } = context;
    if ((await tx.scan(pools, { limit: POOLS_MAX })).length === POOLS_MAX) throw tooManyPools();
    const tags = addTags({}, input.IdentityPoolTags ?? {}, TAG_ERRORS);
    const pool: Pool = { ...settingsOf(input), id: `${region}:${context.newId()}`, account, region, tags };
    tx.put(pools, pool);
    tx.put(poolOwners, { id: pool.id, account, region });
    return formatPool(pool);
  },
});

export const describeIdentityPool = operation("DescribeIdentityPool", {
  authorize: ({ IdentityPoolId }, context) => onPool("DescribeIdentityPool", IdentityPoolId, context),

  async handle({ IdentityPoolId }, { tx }) {
    return formatPool(await requireOwnPool(IdentityPoolId, tx));
  },
});

export const updateIdentityPool = operation("UpdateIdentityPool", {
  authorize: ({ IdentityPoolId, IdentityPoolTags }, context) =>
    onPool("UpdateIdentityPool", IdentityPoolId, context, { requestTags: IdentityPoolTags }),

  async handle(input, { tx }) {
    const { id, account, region, tags, developerProvider } = await requireOwnPool(input.IdentityPoolId, tx);
    const settings = settingsOf(input);
    if (developerProvider !== undefined && ![undefined, developerProvider].includes(settings.developerProvider)) {
      throw developerProviderFixed();
    }
    const pool: Pool = {
      ...settings,
      id,
      account,
      region,
      developerProvider: developerProvider ?? settings.developerProvider,
      tags: input.IdentityPoolTags === undefined ? tags : addTags({}, input.IdentityPoolTags, TAG_ERRORS),
    };
    tx.put(pools, pool);
    return formatPool(pool);
  },
});

export const deleteIdentityPool = operation("DeleteIdentityPool", {
  authorize: ({ IdentityPoolId }, context) => onPool("DeleteIdentityPool", IdentityPoolId, context),

  async handle({ IdentityPoolId }, { tx }) {
    const { id } = await requireOwnPool(IdentityPoolId, tx);
    await dropIdentities(id, tx);
    await dropTagMaps(id, tx);
    dropRoles(id, tx);
    tx.delete(pools, id);
    tx.delete(poolOwners, id);
    return {};
  },
});

export const listIdentityPools = operation("ListIdentityPools", {
  authorize: () => ({ action: "cognito-identity:ListIdentityPools", resource: "*" }),

  async handle({ MaxResults: limit, NextToken: token }, { tx }) {
    const asked = { token, limit, max: PAGE_ROWS_MAX, invalidToken: invalidNextToken };
    const { rows, next } = await page(tx, pools, asked);
    return {
      IdentityPools: rows.map(({ id, name }) => ({ IdentityPoolId: id, IdentityPoolName: name })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

/** What is left out is set back to nothing, when a pool is changed too. */
function settingsOf(
  input: InputOf<CognitoIdentitySdk, "CreateIdentityPool">,
): Omit<Pool, "id" | "account" | "region" | "tags"> {
  return {
    name: input.IdentityPoolName,
    allowsGuests: input.AllowUnauthenticatedIdentities,
    allowsClassicFlow: input.AllowClassicFlow,
    publicProviders: input.SupportedLoginProviders,
    developerProvider: input.DeveloperProviderName,
    oidcProviderArns: input.OpenIdConnectProviderARNs,
    userPools: input.CognitoIdentityProviders,
    samlProviderArns: input.SamlProviderARNs,
  };
}

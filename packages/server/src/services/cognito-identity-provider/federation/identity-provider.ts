/** External identity providers of a pool. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-provider.html */
import type { IdentityProviderType, IdentityProviderTypeType } from "@aws-sdk/client-cognito-identity-provider";
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { invalidParameter, invalidToken, notBuilt, providerExists, providerNotFound, tooMany } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_ROWS_MAX, PROVIDERS_PER_POOL_MAX } from "../limits.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { newSamlKey } from "./saml-certificate.ts";
import { openDetails, providers, sealDetails, type Provider } from "./identity-provider-row.ts";

/** What each type has to say of itself. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html */
const DETAILS: Readonly<Record<IdentityProviderTypeType, readonly (readonly string[])[]>> = {
  SAML: [["MetadataURL", "MetadataFile"]],
  OIDC: [["client_id"], ["attributes_request_method"], ["oidc_issuer"], ["authorize_scopes"]],
  Google: [["client_id"], ["client_secret"], ["authorize_scopes"]],
  Facebook: [["client_id"], ["client_secret"], ["authorize_scopes"]],
  LoginWithAmazon: [["client_id"], ["client_secret"], ["authorize_scopes"]],
  SignInWithApple: [["client_id"], ["team_id"], ["key_id"], ["authorize_scopes"]],
};

/**
 * What names a provider's users, where no attribute is mapped.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/identity_provider_test.go (TestAccCognitoIDPIdentityProvider_basic)
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
 */
const NAMING: Partial<Record<IdentityProviderTypeType, string>> = {
  OIDC: "sub",
  Google: "sub",
  Facebook: "id",
  LoginWithAmazon: "user_id",
  SignInWithApple: "sub",
};

function usualMapping(type: IdentityProviderTypeType): Provider["mapping"] {
  const claim = NAMING[type];
  return claim === undefined ? {} : { username: claim };
}

export const createIdentityProvider = operation("CreateIdentityProvider", {
  authorize: onPool("CreateIdentityProvider"),

  async handle({ UserPoolId, ProviderName: name, ProviderType: type, ...asked }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    if (await tx.get(providers, pool.id, name)) throw providerExists(name);
    const present = await tx.scan(providers, { prefix: [pool.id], limit: PROVIDERS_PER_POOL_MAX });
    if (present.length >= PROVIDERS_PER_POOL_MAX) throw tooMany("Exceeded the number of identity providers.");
    if (asked.AcrMapping !== undefined) throw notBuilt("AcrMapping");
    requireDetails(type, asked.ProviderDetails);
    requireMapping(pool, asked.AttributeMapping ?? {});
    const nowMs = context.now().getTime();
    const provider: Provider = {
      poolId: pool.id,
      name,
      type,
      sealedDetails: sealDetails(asked.ProviderDetails, context),
      mapping: asked.AttributeMapping ?? usualMapping(type),
      identifiers: asked.IdpIdentifiers ?? [],
      createdMs: nowMs,
      changedMs: nowMs,
      ...(type === "SAML" && { encryption: await newSamlKey(pool.id, context) }),
    };
    tx.put(providers, provider);
    return { IdentityProvider: format(provider, context) };
  },
});

function requireDetails(type: IdentityProviderTypeType, details: Readonly<Record<string, string>>): void {
  for (const names of DETAILS[type]) {
    if (!names.some((name) => details[name] !== undefined)) {
      throw invalidParameter(`${names.join(" or ")} is required in ProviderDetails of ${type} providers.`);
    }
  }
}

function requireMapping(pool: Pool, mapping: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(mapping).find(
    (name) => name !== "username" && !pool.schema.some(({ Name }) => Name === name),
  );
  if (unknown !== undefined) throw invalidParameter(`Invalid attribute mapping: ${unknown} is not in the schema.`);
}

export const describeIdentityProvider = operation("DescribeIdentityProvider", {
  authorize: onPool("DescribeIdentityProvider"),

  async handle({ UserPoolId, ProviderName }, context) {
    const pool = await requirePool(UserPoolId, context);
    return { IdentityProvider: format(await requireProvider(pool, ProviderName, context), context) };
  },
});

export const getIdentityProviderByIdentifier = operation("GetIdentityProviderByIdentifier", {
  authorize: onPool("GetIdentityProviderByIdentifier"),

  async handle({ UserPoolId, IdpIdentifier }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const all = await context.tx.scan(providers, { prefix: [id], limit: PROVIDERS_PER_POOL_MAX });
    const provider = all.find(({ identifiers }) => identifiers.includes(IdpIdentifier));
    if (!provider) throw providerNotFound(IdpIdentifier);
    return { IdentityProvider: format(provider, context) };
  },
});

export const updateIdentityProvider = operation("UpdateIdentityProvider", {
  authorize: onPool("UpdateIdentityProvider"),

  async handle({ UserPoolId, ProviderName, ProviderDetails, AttributeMapping, IdpIdentifiers, ...asked }, context) {
    if (asked.AcrMapping !== undefined) throw notBuilt("AcrMapping");
    const pool = await requirePool(UserPoolId, context);
    const before = await requireProvider(pool, ProviderName, context);
    if (ProviderDetails !== undefined)
      requireDetails(before.type, { ...openDetails(before, context), ...ProviderDetails });
    requireMapping(pool, AttributeMapping ?? {});
    const provider: Provider = {
      ...before,
      sealedDetails: ProviderDetails ? sealDetails(ProviderDetails, context) : before.sealedDetails,
      mapping: AttributeMapping ?? before.mapping,
      identifiers: IdpIdentifiers ?? before.identifiers,
      changedMs: context.now().getTime(),
      // earlier versions made none
      ...(before.type === "SAML" && { encryption: before.encryption ?? (await newSamlKey(pool.id, context)) }),
    };
    context.tx.put(providers, provider);
    return { IdentityProvider: format(provider, context) };
  },
});

export const deleteIdentityProvider = operation("DeleteIdentityProvider", {
  authorize: onPool("DeleteIdentityProvider"),

  async handle({ UserPoolId, ProviderName }, context) {
    const pool = await requirePool(UserPoolId, context);
    const { name } = await requireProvider(pool, ProviderName, context);
    context.tx.delete(providers, pool.id, name);
    return {};
  },
});

export const listIdentityProviders = operation("ListIdentityProviders", {
  authorize: onPool("ListIdentityProviders"),

  async handle({ UserPoolId, MaxResults, NextToken: token }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const limit = MaxResults === 0 ? undefined : MaxResults;
    const asked = { prefix: [id], token, limit, max: PAGE_ROWS_MAX, invalidToken };
    const { rows, next } = await page(context.tx, providers, asked);
    const Providers = rows.map(({ name, type, createdMs, changedMs }) => ({
      ProviderName: name,
      ProviderType: type,
      CreationDate: new Date(createdMs),
      LastModifiedDate: new Date(changedMs),
    }));
    return { Providers, ...(next !== undefined && { NextToken: next }) };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireProvider(pool: Pool, name: string, { tx }: Context): Promise<Provider> {
  const provider = await tx.get(providers, pool.id, name);
  if (!provider) throw providerNotFound(name);
  return provider;
}

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IdentityProviderType.html (ProviderDetails of SAML) */
const ACTIVE_CERTIFICATE = "ActiveEncryptionCertificate";

const format = (provider: Provider, context: Context): IdentityProviderType => ({
  UserPoolId: provider.poolId,
  ProviderName: provider.name,
  ProviderType: provider.type,
  ProviderDetails: {
    ...openDetails(provider, context),
    ...(provider.encryption && { [ACTIVE_CERTIFICATE]: provider.encryption.certificate }),
  },
  AttributeMapping: { ...provider.mapping },
  IdpIdentifiers: provider.identifiers.slice(),
  CreationDate: new Date(provider.createdMs),
  LastModifiedDate: new Date(provider.changedMs),
});

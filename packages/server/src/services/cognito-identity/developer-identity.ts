/**
 * Users whom the pool owner's own back end vouches for, with its credentials of AWS instead of a token.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html
 */
import { findOwn } from "../../kernel/lookup.ts";
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import type { Transaction } from "../../kernel/table.ts";
import {
  developerLoginMissing,
  developerMismatch,
  developerUserNotFound,
  developerUserRegistered,
  identityForbidden,
  invalidNextToken,
  lookupNeedsOne,
  unknownProvider,
} from "./errors.ts";
import { link, merge, withoutLogins } from "./identity-link.ts";
import { ownerOf, requireIdentityIn, type Identity, type Login } from "./identity-row.ts";
import { operation, streaming } from "./kit.ts";
import { DEVELOPER_TOKEN_SECONDS_USUAL, PAGE_ROWS_MAX } from "./limits.ts";
import { verifyLogins } from "./login.ts";
import { methodsOf, openIdToken } from "./open-id-token.ts";
import { onPool, requireOwnPool, type Pool } from "./pool-row.ts";
import { tagsOf } from "./tag-map.ts";

export const getOpenIdTokenForDeveloperIdentity = streaming("GetOpenIdTokenForDeveloperIdentity", {
  authorize: ({ IdentityPoolId }, context) => onPool("GetOpenIdTokenForDeveloperIdentity", IdentityPoolId, context),

  async receive({ IdentityPoolId, Logins }, context) {
    const pool = await requireOwnPool(IdentityPoolId, context.tx);
    const { [developerProviderOf(pool)]: _, ...others } = Logins;
    return verifyLogins(pool, others, context);
  },

  async handle({ IdentityPoolId, IdentityId, Logins, PrincipalTags, TokenDuration }, context, others) {
    const { tx } = context;
    const pool = await requireOwnPool(IdentityPoolId, tx);
    const developer = developerLogin(pool, Logins);
    const known = IdentityId === undefined ? undefined : await requireIdentityIn(pool.id, IdentityId, tx);
    const owner = await ownerOf(pool.id, developer, tx);
    if (known !== undefined && owner !== undefined && owner.id !== known.id) throw developerUserRegistered();
    if (known?.standing === "disabled") throw identityForbidden(known.id);
    const identity = await link(pool, [developer, ...others], context, known);
    const { provider, subject } = developer;
    const facts = {
      // that the name has the pool's id in it is assumed
      methods: [provider, `${provider}:${pool.id}:${subject}`, ...methodsOf(others)],
      tags: { ...(await tagsOf(pool, others, tx)), ...PrincipalTags },
      seconds: TokenDuration ?? DEVELOPER_TOKEN_SECONDS_USUAL,
    };
    return { IdentityId: identity.id, Token: await openIdToken(identity, facts, context) };
  },
});

export const lookupDeveloperIdentity = operation("LookupDeveloperIdentity", {
  authorize: ({ IdentityPoolId }, context) => onPool("LookupDeveloperIdentity", IdentityPoolId, context),

  async handle({ IdentityPoolId, IdentityId, DeveloperUserIdentifier: subject, MaxResults, NextToken }, { tx }) {
    const pool = await requireOwnPool(IdentityPoolId, tx);
    const provider = developerProviderOf(pool);
    if (subject !== undefined) {
      const { id } = await requireUser(pool, { provider, subject }, tx);
      if (IdentityId !== undefined && IdentityId !== id) throw developerMismatch();
      return { IdentityId: id, DeveloperUserIdentifierList: [subject] };
    }
    if (IdentityId === undefined) throw lookupNeedsOne();
    const { logins } = await requireIdentityIn(pool.id, IdentityId, tx);
    const users = logins.filter((login) => login.provider === provider).map((login) => login.subject);
    const after = NextToken === undefined ? "" : String(decodeToken(NextToken, invalidNextToken)[0]);
    const rest = users.filter((user) => user > after).toSorted();
    const given = rest.slice(0, MaxResults ?? PAGE_ROWS_MAX);
    const last = given.at(-1);
    return {
      IdentityId,
      DeveloperUserIdentifierList: given,
      ...(rest.length > given.length && last !== undefined && { NextToken: encodeToken([last]) }),
    };
  },
});

export const mergeDeveloperIdentities = operation("MergeDeveloperIdentities", {
  authorize: ({ IdentityPoolId }, context) => onPool("MergeDeveloperIdentities", IdentityPoolId, context),

  async handle(input, context) {
    const { tx } = context;
    const pool = await requireOwnPool(input.IdentityPoolId, tx);
    const provider = requireDeveloperProvider(pool, input.DeveloperProviderName);
    const source = await requireUser(pool, { provider, subject: input.SourceUserIdentifier }, tx);
    const kept = await requireUser(pool, { provider, subject: input.DestinationUserIdentifier }, tx);
    const others = source.id === kept.id ? [] : [source];
    return { IdentityId: merge(pool, kept, { others, logins: [] }, context).id };
  },
});

export const unlinkDeveloperIdentity = operation("UnlinkDeveloperIdentity", {
  authorize: ({ IdentityPoolId }, context) => onPool("UnlinkDeveloperIdentity", IdentityPoolId, context),

  async handle({ IdentityPoolId, IdentityId, DeveloperProviderName, DeveloperUserIdentifier: subject }, context) {
    const { tx } = context;
    const pool = await requireOwnPool(IdentityPoolId, tx);
    const provider = requireDeveloperProvider(pool, DeveloperProviderName);
    const identity = await requireIdentityIn(pool.id, IdentityId, tx);
    const owner = await requireUser(pool, { provider, subject }, tx);
    if (owner.id !== identity.id) throw developerMismatch();
    withoutLogins(identity, (login) => login.provider === provider && login.subject === subject, context);
    return {};
  },
});

/** @throws {AwsError} `InvalidParameterException` */
function developerProviderOf({ developerProvider }: Pool): string {
  if (developerProvider === undefined) throw developerLoginMissing();
  return developerProvider;
}

/** @throws {AwsError} `InvalidParameterException` */
function requireDeveloperProvider(pool: Pool, name: string): string {
  if (pool.developerProvider !== name) throw unknownProvider(name);
  return name;
}

/** @throws {AwsError} `InvalidParameterException` */
function developerLogin(pool: Pool, logins: Readonly<Record<string, string>>): Login {
  const provider = developerProviderOf(pool);
  const subject = findOwn(logins, provider);
  if (subject === undefined) throw developerLoginMissing();
  return { provider, subject };
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireUser({ id }: Pool, login: Login, tx: Transaction): Promise<Identity> {
  const identity = await ownerOf(id, login, tx);
  if (identity === undefined) throw developerUserNotFound(login.subject);
  return identity;
}

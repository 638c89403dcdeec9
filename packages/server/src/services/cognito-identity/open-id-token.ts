/**
 * Tokens that say which identity of which pool came, and by which logins: STS takes them for roles.
 * Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
 */
import type { Context } from "../../service/context.ts";
import { classicFlowDisabled, samlNeedsEnhancedFlow } from "./errors.ts";
import { identityAgain } from "./identity-link.ts";
import { requireIdentity, type Identity } from "./identity-row.ts";
import { streaming } from "./kit.ts";
import { TOKEN_SECONDS } from "./limits.ts";
import { IDENTITY_POOLS, verifyLogins, type VerifiedLogin } from "./login.ts";
import { requirePool } from "./pool-row.ts";
import { signToken } from "./signing-key.ts";
import { tagsOf } from "./tag-map.ts";
import type { Tags } from "../../kernel/tags.ts";

export const getOpenIdToken = streaming("GetOpenIdToken", {
  callers: "open",
  authorize: () => [],

  async receive({ IdentityId, Logins }, context) {
    const { poolId } = await requireIdentity(IdentityId, context.tx);
    return verifyLogins(await requirePool(poolId, context.tx), Logins, context);
  },

  async handle({ IdentityId }, context, logins) {
    const { tx } = context;
    const named = await requireIdentity(IdentityId, tx);
    const pool = await requirePool(named.poolId, tx);
    if (pool.allowsClassicFlow === false) throw classicFlowDisabled();
    if (logins.some(({ kind }) => kind === "assertion")) throw samlNeedsEnhancedFlow();
    const identity = await identityAgain(pool, named, logins, context);
    const tags = await tagsOf(pool, logins, tx);
    return {
      IdentityId: identity.id,
      Token: await openIdToken(identity, { methods: methodsOf(logins), tags }, context),
    };
  },
});

export interface TokenFacts {
  /** By what the identity came; none for a guest. */
  readonly methods: readonly string[];
  /** Of the session that a role is taken on for. */
  readonly tags: Tags;
  readonly seconds?: number | undefined;
}

export function openIdToken(
  { id, poolId }: Identity,
  { methods, tags, seconds = TOKEN_SECONDS }: TokenFacts,
  context: Context,
): Promise<string> {
  const issuedAt = Math.floor(context.now().getTime() / 1000);
  const principalTags = Object.entries(tags).map(([key, value]) => [key, [value]] as const);
  const claims = {
    sub: id,
    aud: poolId,
    amr: methods.length === 0 ? ["unauthenticated"] : ["authenticated", ...methods],
    ...(principalTags.length > 0 && {
      "https://aws.amazon.com/tags": { principal_tags: Object.fromEntries(principalTags) },
    }),
    iss: `https://${IDENTITY_POOLS}`,
    exp: issuedAt + seconds,
    iat: issuedAt,
  };
  return signToken(claims, context);
}

/** Each provider by its name, and by whom it knows there. */
export const methodsOf = (logins: readonly VerifiedLogin[]): readonly string[] =>
  logins.flatMap(({ provider, method }) => [provider, method]);

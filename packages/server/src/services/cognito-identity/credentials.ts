/**
 * The enhanced flow: credentials in one step, by taking on the role that the pool has for such a user.
 * Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import { assert } from "../../kernel/assert.ts";
import type { Context } from "../../service/context.ts";
import { badPoolConfiguration, identityForbidden, invalidLogin, noGuests, notOurToken } from "./errors.ts";
import { guestBounds } from "./guest-policy.ts";
import { identityAgain } from "./identity-link.ts";
import { requireIdentity, type Identity } from "./identity-row.ts";
import { streaming } from "./kit.ts";
import { IDENTITY_POOLS, verifyLogins, type VerifiedLogin } from "./login.ts";
import { methodsOf, openIdToken } from "./open-id-token.ts";
import { rolesOf } from "./pool-roles.ts";
import { requirePool, type Pool } from "./pool-row.ts";
import { chooseRole } from "./role-choice.ts";
import { tagsOf } from "./tag-map.ts";

type StsSdk = typeof import("@aws-sdk/client-sts");

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html (assumed-role/…/CognitoIdentityCredentials) */
const SESSION_NAME = "CognitoIdentityCredentials";

type Proof =
  | { readonly kind: "logins"; readonly logins: readonly VerifiedLogin[] }
  /** A token of ours, given out before. */
  | { readonly kind: "token"; readonly token: string; readonly isGuest: boolean };

export const getCredentialsForIdentity = streaming("GetCredentialsForIdentity", {
  callers: "open",
  authorize: () => [],

  async receive({ IdentityId, Logins }, context): Promise<Proof> {
    const { id, poolId } = await requireIdentity(IdentityId, context.tx);
    const pool = await requirePool(poolId, context.tx);
    const token = Logins?.[IDENTITY_POOLS];
    if (token !== undefined) return verifyOwnToken(token, { id, poolId }, context);
    return { kind: "logins", logins: await verifyLogins(pool, Logins, context) };
  },

  async handle({ IdentityId, CustomRoleArn }, context, proof) {
    const { tx } = context;
    const named = await requireIdentity(IdentityId, tx);
    const pool = await requirePool(named.poolId, tx);
    const roles = await rolesOf(pool.id, tx);
    if (proof.kind === "token") {
      if (named.standing === "disabled") throw identityForbidden(named.id);
      if (proof.isGuest && !pool.allowsGuests) throw noGuests();
      const role = proof.isGuest ? roles.unauthenticated : roles.authenticated;
      const chosen = chooseRole({ ...roles, unauthenticated: role }, [], CustomRoleArn);
      return credentials(pool, named, { ...proof, role: chosen }, context);
    }
    const { logins } = proof;
    const identity = await identityAgain(pool, named, logins, context);
    const role = chooseRole(roles, logins, CustomRoleArn);
    const facts = { methods: methodsOf(logins), tags: await tagsOf(pool, logins, tx) };
    const token = await openIdToken(identity, facts, context);
    return credentials(pool, identity, { token, role, isGuest: logins.length === 0 }, context);
  },
});

/** @throws {AwsError} `NotAuthorizedException` */
async function verifyOwnToken(
  token: string,
  { id, poolId }: Pick<Identity, "id" | "poolId">,
  { federation, tx }: Context,
): Promise<Proof> {
  const verdict = await federation.verifyToken(token, { issuer: IDENTITY_POOLS, thumbprints: [] }, tx);
  if (verdict.verdict === "refused") throw invalidLogin(verdict.refusal.words);
  const { subject, audiences, claims } = verdict.identity;
  const methods: unknown = claims["amr"];
  if (subject !== id || !audiences.includes(poolId) || !Array.isArray(methods)) throw notOurToken();
  return { kind: "token", token, isGuest: methods.includes("unauthenticated") };
}

interface Taking {
  readonly token: string;
  readonly role: string;
  readonly isGuest: boolean;
}

/** @throws {AwsError} `InvalidIdentityPoolConfigurationException` where the role does not trust the pool */
async function credentials(pool: Pool, { id }: Identity, { token, role, isGuest }: Taking, context: Context) {
  const { account, region } = pool;
  try {
    const { Credentials } = await context.call<StsSdk, "AssumeRoleWithWebIdentity">({
      service: "sts",
      operation: "AssumeRoleWithWebIdentity",
      as: { type: "anonymous" },
      account,
      region,
      input: {
        RoleArn: role,
        RoleSessionName: SESSION_NAME,
        WebIdentityToken: token,
        ...(isGuest && guestBounds(context.partition)),
      },
    });
    assert(Credentials !== undefined, "a role that was taken on has credentials");
    const { AccessKeyId, SecretAccessKey: SecretKey, SessionToken, Expiration } = Credentials;
    return { IdentityId: id, Credentials: { AccessKeyId, SecretKey, SessionToken, Expiration } };
  } catch (error) {
    throw error instanceof AwsError ? badPoolConfiguration() : error;
  }
}

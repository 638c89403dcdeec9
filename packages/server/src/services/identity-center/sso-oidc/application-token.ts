/**
 * Tokens for applications, which prove by IAM who they are.
 * Differs: there is no `idToken`; the identity context that STS takes stands by itself.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateTokenWithIAM.html
 */
import { sealContextAssertion } from "../../../kernel/context-assertion.ts";
import { parseAccountId, parseArn, formatArn } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf, OutputOf } from "../../../service/sdk.ts";
import { instanceArn, storeArn } from "../instance-row.ts";
import { findApplication, mayUse } from "../application-client.ts";
import { findSignedIn, openToken, sealToken, type SignedIn } from "../portal-session.ts";
import { applicationArn, type Application } from "../sso-admin/application-row.ts";
import {
  accessDenied,
  invalidClient,
  invalidGrant,
  invalidRequest,
  invalidScope,
  unauthorizedClient,
  unsupportedGrantType,
} from "./errors.ts";
import { signInVouched, verifyAssertion, type Vouched } from "./assertion.ts";
import { streaming, type SsoOidcSdk } from "./kit.ts";
import { SCOPED_TOKEN_MS } from "./limits.ts";
import { redeemCode, redeemRefreshToken } from "./redemption.ts";

type Input = InputOf<SsoOidcSdk, "CreateTokenWithIAM">;
type Output = OutputOf<SsoOidcSdk, "CreateTokenWithIAM">;

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

export const createTokenWithIam = streaming("CreateTokenWithIAM", {
  authorize: (input, context) => ask(input, context),

  async receive(input, context) {
    const application = await findApplication(input.clientId, context.tx);
    if (!application || input.grantType !== JWT_BEARER) return undefined;
    if (input.assertion === undefined) throw invalidRequest("Missing assertion");
    return verifyAssertion(input.assertion, application, context);
  },

  async handle(input, context, vouched) {
    const application = await requireApplication(input, context);
    const signedIn = await redeem(input, vouched, context);
    if (signedIn.instance.id !== application.instanceId) throw invalidGrant("The token is of another instance");
    if (!(await mayUse(signedIn, application, context.tx))) throw accessDenied();
    return issue(input, { application, signedIn }, context);
  },
});

/** The application's own policy says which actors may ask, beside those whom identity policies let. */
async function ask({ clientId }: Input, { tx }: Context): Promise<Access> {
  const parts = parseArn(clientId);
  if (!parts) throw invalidClient();
  const application = await findApplication(clientId, tx);
  const policy = application?.methods["IAM"]?.Iam?.ActorPolicy;
  return {
    action: "sso-oauth:CreateTokenWithIAM",
    resource: formatArn(parts),
    owner: parseAccountId(parts.account),
    resourceTags: application?.tags,
    ...(policy !== undefined && {
      resourcePolicy: { name: `actor policy of ${clientId}`, document: JSON.stringify(policy) },
    }),
  };
}

/** @throws {AwsError} */
async function requireApplication({ clientId, grantType }: Input, { tx }: Context): Promise<Application> {
  const application = await findApplication(clientId, tx);
  if (!application) throw invalidClient();
  if (!isGrantType(grantType)) throw unsupportedGrantType();
  if (!application.grants[grantType]) throw unauthorizedClient();
  return application;
}

const isGrantType = (type: string): type is keyof Application["grants"] =>
  ["authorization_code", "refresh_token", JWT_BEARER, TOKEN_EXCHANGE].includes(type);

async function redeem(input: Input, vouched: Vouched | undefined, context: Context): Promise<SignedIn> {
  const client = { id: input.clientId };
  switch (input.grantType) {
    case "authorization_code":
      return redeemCode(input, client, context);
    case "refresh_token":
      return redeemRefreshToken(input, client, context);
    case TOKEN_EXCHANGE:
      return exchange(input, context);
    default:
      if (vouched === undefined) throw invalidGrant("Invalid assertion provided");
      return signInVouched(vouched, context);
  }
}

/** A token that another client got for the user stands for the user. */
async function exchange({ subjectToken, subjectTokenType }: Input, context: Context): Promise<SignedIn> {
  if (subjectToken === undefined || subjectTokenType !== ACCESS_TOKEN) throw invalidRequest("Invalid subject token");
  const facts = openToken("access", subjectToken, context);
  const signedIn = facts && (await findSignedIn(facts.sessionId, context));
  if (!signedIn) throw invalidGrant("Invalid subject token provided");
  return signedIn;
}

interface Granted {
  readonly application: Application;
  readonly signedIn: SignedIn;
}

/**
 * What the application hands on to STS.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/condition-context-keys-sts-idc.html
 */
function identityContext({ application, signedIn }: Granted, expiresAtMs: number, { keys }: Context): string {
  const { instance, user, session } = signedIn;
  const known = {
    "identitystore:UserId": user.id,
    "identitystore:IdentityStoreArn": storeArn(instance),
    "identitycenter:InstanceArn": instanceArn(instance),
    "identitycenter:ApplicationArn": applicationArn(application),
    "identitycenter:CredentialId": session.id,
  };
  return sealContextAssertion(keys, { keys: known, expiresAtMs });
}

function issue(input: Input, { application, signedIn }: Granted, context: Context): Output {
  const { session } = signedIn;
  const known = Object.keys(application.scopes);
  const scopes = input.scope ?? known;
  if (!scopes.every((scope) => known.includes(scope))) throw invalidScope();
  const nowMs = context.now().getTime();
  const expiresAtMs = Math.min(nowMs + SCOPED_TOKEN_MS, session.expiresAtMs);
  // a token without scopes would be one of old, which may do everything
  const facts = { sessionId: session.id, clientId: input.clientId, scopes: scopes.length === 0 ? ["openid"] : scopes };
  const wantsRefresh = input.requestedTokenType === undefined || input.requestedTokenType === REFRESH_TOKEN;
  const isRenewable = application.grants.refresh_token !== undefined && wantsRefresh;
  return {
    accessToken: sealToken({ kind: "access", expiresAtMs, ...facts }, context),
    tokenType: "Bearer",
    expiresIn: Math.floor((expiresAtMs - nowMs) / 1000),
    ...(isRenewable && {
      refreshToken: sealToken({ kind: "refresh", expiresAtMs: session.expiresAtMs, ...facts }, context),
    }),
    issuedTokenType: input.requestedTokenType ?? ACCESS_TOKEN,
    scope: scopes.slice(),
    awsAdditionalDetails: { identityContext: identityContext({ application, signedIn }, expiresAtMs, context) },
  };
}

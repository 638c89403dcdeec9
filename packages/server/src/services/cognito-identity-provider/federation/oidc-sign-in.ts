/**
 * What an OpenID Connect provider says of somebody who has signed in there.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
 */
import type { AsideWork, Context } from "../../../service/context.ts";
import { federationFailed } from "../errors.ts";
import { membersIn, parseDocument, textIn, textsOf } from "../json-document.ts";
import type { FederationAttempt } from "./federation-attempt-row.ts";
import { fetched, type OidcProvider } from "./provider-address.ts";

/** What a provider vouches for: all of it is as it has said it, and verified. */
export interface Vouched {
  /** What the provider calls the user. */
  readonly subject: string;
  /** What a SAML provider calls itself. */
  readonly issuer?: string | undefined;
  readonly claims: Readonly<Record<string, string>>;
  /** The same as functions are told of it, by where it comes from. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface Answered {
  readonly provider: OidcProvider;
  readonly attempt: FederationAttempt;
  readonly code: string;
}

const SECONDS_MAX = 20;

/** @throws {AwsError} in the words that the app is told */
export function redeemAtProvider(answered: Answered, context: Context): Vouched {
  const { provider, code } = answered;
  const told = parseDocument(context.aside(`${provider.name} ${code}`, workOf(answered)));
  const tokenResponse = textsOf(membersIn(told, "tokens"));
  const idToken = textsOf(membersIn(told, "claims"));
  const userInfo = textsOf(membersIn(told, "user"));
  return {
    subject: idToken["sub"] ?? "",
    claims: { ...idToken, ...userInfo },
    sources: { tokenResponse, idToken, userInfo },
  };
}

const workOf = (answered: Answered): AsideWork => ({
  secondsMax: SECONDS_MAX,
  attemptsMax: 1,
  tooLate: () => federationFailed("Timeout occurred in calling IdP token endpoint"),
  async ask(context) {
    const tokens = await tokensOf(answered, context);
    const claims = await verifiedClaims(answered, textIn(tokens, "id_token"), context);
    const user = await userOf(answered.provider, { tokens, subject: claims["sub"] }, context);
    return JSON.stringify({ tokens, claims, user });
  },
});

/** Providers have to take the secret in the form. Source: the guide above */
async function tokensOf({ provider, attempt, code }: Answered, context: Context): Promise<unknown> {
  const { clientId, clientSecret, tokenUrl, name } = provider;
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: attempt.redirectUri,
    client_id: clientId,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const asked = { url: tokenUrl, method: "POST", headers, body: form.toString() };
  const { status, text } = await fetched(asked, context);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html (Examples of negative responses)
  if (status !== 200) throw federationFailed(`${name} Error - ${status} error getting token`);
  return parseDocument(text);
}

async function verifiedClaims(
  { provider, attempt }: Answered,
  token: string | undefined,
  context: Context,
): Promise<Readonly<Record<string, unknown>>> {
  const expected = { issuer: provider.issuer.replace(/^https?:\/\//, ""), thumbprints: [] };
  if (token === undefined) throw federationFailed(`${provider.name} gives no id_token`);
  const verdict = await context.federation.verifyToken(token, expected, context.tx);
  if (verdict.verdict === "refused") throw federationFailed(verdict.refusal.words);
  const { audiences, claims } = verdict.identity;
  if (!audiences.includes(provider.clientId)) throw federationFailed("The id_token is for another client");
  if (claims["nonce"] !== attempt.nonce) throw federationFailed("The id_token is of another sign-in");
  return claims;
}

/** What else the provider tells of the user; nothing where it has no place to ask. */
async function userOf(
  { userUrl: url, userMethod: method }: OidcProvider,
  { tokens, subject }: { readonly tokens: unknown; readonly subject: unknown },
  context: Context,
): Promise<unknown> {
  const accessToken = textIn(tokens, "access_token");
  if (url === undefined || accessToken === undefined) return {};
  const headers = { authorization: `Bearer ${accessToken}`, accept: "application/json" };
  const { status, text } = await fetched({ url, method, headers }, context);
  const user = parseDocument(text);
  // Source: https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse
  if (status !== 200 || textIn(user, "sub") !== subject) throw federationFailed("Error retrieving user information");
  return user;
}

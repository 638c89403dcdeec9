/** Credentials for programs. Source: https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html */
import { createHash } from "node:crypto";
import type { AccountPrincipal } from "../../identity/principal.ts";
import { MarkingRefusal } from "../../kernel/aws-error.ts";
import { newAccessKeyId, newSecretAccessKey, newSecretBytes } from "../../kernel/ids.ts";
import { sealSession } from "../../kernel/session-token.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf, OutputOf } from "../../service/sdk.ts";
import { isLetIn } from "./developer-client.ts";
import { digestOf } from "./digest.ts";
import { codeExpired, credentialsChanged, insufficientPermissions, invalidRequest, tokenExpired } from "./errors.ts";
import { operation } from "./kit.ts";
import { PROGRAM_CREDENTIALS_SECONDS_MAX } from "./limits.ts";
import { authorizations, FORGET_LOGIN, logins, type Login } from "./login-row.ts";
import type { SigninSdk } from "./model.ts";
import { thumbprintIn } from "./proof.ts";

type Wanted = InputOf<SigninSdk, "CreateOAuth2Token">["tokenInput"];
type Given = OutputOf<SigninSdk, "CreateOAuth2Token">["tokenOutput"];

export const createToken = operation("CreateOAuth2Token", {
  callers: "open",
  authorize: () => [],

  async handle({ tokenInput: wanted }, context) {
    const { endpoint, headers } = context.request;
    const thumbprint = thumbprintIn(headers["dpop"] ?? "", `${endpoint}/v1/token`);
    if (thumbprint === undefined) throw invalidRequest("The DPoP proof is missing or not valid");
    const redeem = wanted.grantType === "refresh_token" ? renew : begin;
    return { tokenOutput: await redeem(wanted, thumbprint, context) };
  },
});

/** A code is good for one attempt, whoever makes it. Source: https://www.rfc-editor.org/rfc/rfc7636#section-4.6 */
async function begin(wanted: Wanted, thumbprint: string, context: Context): Promise<Given> {
  const { code, codeVerifier = "", clientId, redirectUri } = wanted;
  if (code === undefined) throw invalidRequest("The code is missing");
  const authorization = await context.tx.get(authorizations, digestOf(code));
  if (!authorization || authorization.expiresAtMs <= context.now().getTime()) throw codeExpired();
  const { digest: used, challenge, principal, endsAtMs } = authorization;
  context.tx.delete(authorizations, used);
  const fits =
    authorization.clientId === clientId &&
    authorization.redirectUri === redirectUri &&
    createHash("sha256").update(codeVerifier).digest("base64url") === challenge;
  if (!fits) throw new MarkingRefusal(invalidRequest("The code is for another client, redirect URI or verifier"));
  const refreshToken = Buffer.from(newSecretBytes(32)).toString("base64url");
  const digest = digestOf(refreshToken);
  const login = { digest, principal, clientId, redirectUri: authorization.redirectUri, endsAtMs, thumbprint };
  context.identified(principal, principal.account);
  await requireRights(login, wanted, context);
  context.tx.put(logins, login);
  context.at(endsAtMs, FORGET_LOGIN, digest);
  return { ...credentialsOf(login, context), refreshToken, idToken: idTokenOf(login, context) };
}

/** The same token renews credentials as often as is wanted. */
async function renew(wanted: Wanted, thumbprint: string, context: Context): Promise<Given> {
  const { refreshToken, clientId } = wanted;
  if (refreshToken === undefined) throw invalidRequest("The refresh token is missing");
  const login = await context.tx.get(logins, digestOf(refreshToken));
  if (!login || login.endsAtMs <= context.now().getTime()) throw tokenExpired();
  if (login.clientId !== clientId || login.thumbprint !== thumbprint) {
    throw invalidRequest("The refresh token is for another client or key");
  }
  context.identified(login.principal, login.principal.account);
  await requireRights(login, wanted, context);
  return { ...credentialsOf(login, context), refreshToken };
}

/** @throws {AwsError} `AccessDeniedException` where there is nobody any more, or policies say no. */
async function requireRights(login: Login, { grantType }: Wanted, context: Context): Promise<void> {
  const isThere = await context.directory.policiesOf(login.principal, context.tx);
  if (!isThere) throw credentialsChanged();
  if (!(await isLetIn({ ...login, action: "CreateOAuth2Token", grantType }, context))) throw insufficientPermissions();
}

function credentialsOf({ principal, endsAtMs }: Login, context: Pick<Context, "now" | "keys">) {
  const nowMs = context.now().getTime();
  const expiresAtMs = Math.min(nowMs + PROGRAM_CREDENTIALS_SECONDS_MAX * 1000, endsAtMs);
  const accessKeyId = newAccessKeyId("temporaryKey", principal.account);
  const secretAccessKey = newSecretAccessKey();
  const issued = { accessKeyId, secretAccessKey, principal: until(principal, { accessKeyId, expiresAtMs }) };
  return {
    accessToken: { accessKeyId, secretAccessKey, sessionToken: sealSession(context.keys, issued) },
    tokenType: "aws_sigv4",
    expiresIn: Math.max(1, Math.floor((expiresAtMs - nowMs) / 1000)),
  };
}

/** The one who signed in, as the session that began then: what ends older sessions ends this one. */
function until(
  principal: AccountPrincipal,
  { accessKeyId, expiresAtMs }: { readonly accessKeyId: string; readonly expiresAtMs: number },
): AccountPrincipal {
  if (principal.session === undefined) return { ...principal, accessKeyId };
  return { ...principal, accessKeyId, session: { ...principal.session, expiresAtMs } };
}

/** Differs: it is not signed, for nothing here takes it back: programs read whose the session is. */
function idTokenOf({ principal, clientId, endsAtMs }: Login, context: Pick<Context, "now">): string {
  const iat = Math.floor(context.now().getTime() / 1000);
  const claims = { iss: "https://signin.amazonaws.com", aud: clientId, sub: principal.arn, iat, exp: endsAtMs / 1000 };
  return `${encodePart({ typ: "JWT", alg: "none" })}.${encodePart(claims)}.`;
}

const encodePart = (value: object): string => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

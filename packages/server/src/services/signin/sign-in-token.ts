/**
 * Tokens that a broker trades temporary credentials for, and that a browser signs in with. They carry all there is to
 * know, sealed, so that no row is needed.
 */
import type { AccountPrincipal } from "../../identity/principal.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import { openText, sealText } from "../../kernel/sealed-text.ts";
import { unsealSession } from "../../kernel/session-token.ts";
import type { Context } from "../../service/context.ts";
import { invalidCredentials, invalidSignInToken } from "./errors.ts";
import { SIGN_IN_TOKEN_SECONDS } from "./limits.ts";

const PURPOSE = "console-sign-in-token";

/** What a token stands for. */
export interface SignIn {
  readonly principal: AccountPrincipal;
  /** Of the session to be; `undefined`: as long as the credentials. */
  readonly seconds: number | undefined;
}

interface SealedSignIn extends SignIn {
  readonly expiresAtMs: number;
}

export function sealSignIn(signIn: SignIn, context: Pick<Context, "keys" | "now">): string {
  const sealed: SealedSignIn = { ...signIn, expiresAtMs: context.now().getTime() + SIGN_IN_TOKEN_SECONDS * SECOND_MS };
  return sealText(context.keys, JSON.stringify(sealed), PURPOSE);
}

/** @throws {SignInRefused} where it was not made here, or was made more than fifteen minutes ago. */
export function requireSignIn(token: string, context: Pick<Context, "keys" | "now">): SignIn {
  const text = openText(context.keys, token, PURPOSE);
  if (text === undefined) throw invalidSignInToken();
  const { expiresAtMs, ...signIn }: SealedSignIn = JSON.parse(text);
  if (expiresAtMs <= context.now().getTime()) throw invalidSignInToken();
  return signIn;
}

/**
 * Whose the temporary credentials in a `Session` parameter are. Those of `GetSessionToken` and of root users are for
 * calls alone.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 * @throws {SignInRefused} where they are none that the console takes.
 */
export function requirePrincipal(session: string, context: Pick<Context, "keys" | "now">): AccountPrincipal {
  const { sessionId, sessionKey, sessionToken } = credentialsIn(session);
  const issued = unsealSession<AccountPrincipal>(context.keys, sessionToken);
  if (issued?.accessKeyId !== sessionId || issued.secretAccessKey !== sessionKey) throw invalidCredentials();
  const { principal } = issued;
  if (principal.type !== "role-session" && principal.type !== "federated-user") throw invalidCredentials();
  if (principal.session.expiresAtMs <= context.now().getTime()) throw invalidCredentials();
  return principal;
}

interface SessionParameter {
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly sessionToken: string;
}

function credentialsIn(session: string): SessionParameter {
  const { sessionId, sessionKey, sessionToken } = objectIn(session);
  if (typeof sessionId !== "string" || typeof sessionKey !== "string" || typeof sessionToken !== "string") {
    throw invalidCredentials();
  }
  return { sessionId, sessionKey, sessionToken };
}

function objectIn(json: string): Partial<Record<keyof SessionParameter, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    throw invalidCredentials();
  }
  throw invalidCredentials();
}

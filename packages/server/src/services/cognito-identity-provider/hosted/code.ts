/**
 * Authorization codes: good once, within five minutes, for the app they were made for.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
import { createHash } from "node:crypto";
import { DAY_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { ClientInPool } from "../client/client-row.ts";
import { sessions } from "../sign-in/session-row.ts";
import { readToken } from "../token/jwt.ts";
import { askOfTokens, issueTokens, type Tokens } from "../token/token.ts";
import { users } from "../user/user-row.ts";
import { refusedInJson } from "./refusal.ts";
import type { AppRequest } from "./request.ts";
import { isStillIn, type Entered } from "./session.ts";

interface AuthorizationCode {
  /** Of the code: who reads the store redeems nothing. */
  readonly digest: string;
  readonly poolId: string;
  readonly clientId: string;
  /** The user's key. */
  readonly user: string;
  readonly generation: number;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  readonly challenge: string | undefined;
  readonly expiresMs: number;
  /** The session of the tokens that it was given for: there once it was redeemed. */
  readonly sessionId?: string | undefined;
  /** The browser's session, by its id in the list of the user's sessions. */
  readonly origin?: string | undefined;
  /** What the function has said of the tokens. */
  readonly said: unknown;
}

const codes = table<AuthorizationCode>("cognito-idp.authorization-code", "global", ({ digest }) => [digest]);

const CODE_MINUTES = 5;

/** The job that forgets a code, long after it is good for nothing: until then a second use of it is noticed. */
export const FORGET_CODE = "forget-authorization-code";

export const forgetCode = (digest: string, tx: Transaction): void => tx.delete(codes, digest);

/**
 * The function that changes tokens is asked before there is a code for them.
 * @throws {AwsError} what it refuses with
 */
export async function newCode({ user, session }: Entered, asked: AppRequest, context: Context): Promise<string> {
  const { pool, client, redirectUri, scopes, nonce, challenge } = asked;
  const said = await askOfTokens({ pool, client, user, scopes }, context);
  const code = context.newId();
  const digest = digestOf(code);
  const nowMs = context.now().getTime();
  context.tx.put(codes, {
    digest,
    poolId: pool.id,
    clientId: client.id,
    user: user.key,
    generation: user.generation,
    redirectUri,
    scopes,
    nonce,
    challenge,
    origin: session.tracked,
    said,
    expiresMs: nowMs + CODE_MINUTES * MINUTE_MS,
  });
  context.at(nowMs + DAY_MS, FORGET_CODE, digest);
  return code;
}

interface Shown extends ClientInPool {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string | undefined;
}

/**
 * The tokens that a code is good for. Who shows it a second time ends the session of those who showed it first.
 * Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
 * @throws {HostedRefusal} `invalid_grant`
 */
export async function redeem(shown: Shown, context: Context): Promise<Tokens> {
  const { pool, client } = shown;
  const { tx } = context;
  const code = await tx.get(codes, digestOf(shown.code));
  if (code === undefined || code.poolId !== pool.id || code.clientId !== client.id)
    throw refusedInJson("invalid_grant");
  if (code.sessionId !== undefined) {
    await endSession(code.sessionId, tx);
    throw refusedInJson("invalid_grant");
  }
  const isGood =
    context.now().getTime() < code.expiresMs && shown.redirectUri === code.redirectUri && isProven(code, shown);
  const user = await tx.get(users, pool.id, code.user);
  if (!isGood || user === undefined || !isStillIn(user, code)) throw refusedInJson("invalid_grant");
  const { scopes, nonce, origin, said } = code;
  const tokens = await issueTokens({ pool, client, user, scopes, nonce, origin, said }, context);
  tx.put(codes, { ...code, sessionId: String(readToken(tokens.accessToken)?.["event_id"]) });
  return tokens;
}

/** Source: https://www.rfc-editor.org/rfc/rfc7636#section-4.6; a key for a lock that was never put on is refused too */
function isProven({ challenge }: AuthorizationCode, { verifier }: Shown): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === undefined && verifier === undefined;
  return /^[\w.~-]{43,128}$/.test(verifier) && digestOf(verifier) === challenge;
}

async function endSession(id: string, tx: Transaction): Promise<void> {
  const session = await tx.get(sessions, id);
  if (session !== undefined) tx.put(sessions, { ...session, revoked: true });
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

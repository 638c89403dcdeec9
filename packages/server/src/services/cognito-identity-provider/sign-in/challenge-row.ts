/** Sign-ins that are under way: what was asked, and what is known so far. */
import { createHash } from "node:crypto";
import type { ChallengeNameType } from "@aws-sdk/client-cognito-identity-provider";
import { HOUR_MS } from "../../../kernel/duration.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { invalidSession, sessionExpired } from "../errors.ts";
import { users, type User } from "../user/user-row.ts";
import type { SrpExchange } from "./srp.ts";

export interface Challenge {
  /** What the caller's session text is known by here: not the text itself. */
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  /** The user's key; of a user that there is not, where the client does not tell. */
  readonly user: string;
  /** The user's `sub`, which nobody has again; earlier versions kept none. */
  readonly sub?: string | undefined;
  /** The name that was typed in. */
  readonly typed: string;
  readonly name: ChallengeNameType;
  readonly expiresMs: number;
  readonly failures: number;
  /** The exchange under way; its secret number is sealed with the rest. */
  readonly srp?: SrpExchange | undefined;
  /** A code that was sent, sealed. */
  readonly code?: string | undefined;
  /** What a passkey has to sign. */
  readonly webAuthn?: string | undefined;
  /** The app that MFA_SETUP asks for was verified. */
  readonly verified?: boolean | undefined;
  readonly deviceKey?: string | undefined;
  /** The second factor was shown. */
  readonly factored?: boolean | undefined;
  /** It was begun on a page. */
  readonly onPages?: boolean | undefined;
  /** Of a sign-in that functions lead. */
  readonly custom?: CustomChallenge | undefined;
}

/** A question that was put, as functions are told of it. */
export interface ChallengeResult {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata: string | null;
}

/** What functions are to be told next. */
export interface CustomChallenge {
  readonly session: readonly ChallengeResult[];
  /** What the function knows of the right answer. */
  readonly answer?: Readonly<Record<string, string>>;
  readonly metadata?: string | undefined;
}

interface SealedChallenge {
  readonly id: string;
  readonly sealed: string;
}

const challenges = table<SealedChallenge>("cognito-idp.challenge", "global", ({ id }) => [id]);

const PURPOSE = "cognito-idp challenge";
const SESSION_BYTES = 96;

/** So long one that came too late is told so. */
const KEPT_AFTER_MS = HOUR_MS;

/** The job that takes a sign-in out that was not ended. */
export const EXPIRE_CHALLENGE = "expire-challenge";

export const expireChallenge = (id: string, tx: Transaction): void => tx.delete(challenges, id);

const idOf = (session: string): string => createHash("sha256").update(session).digest("hex");

/** Keeps a challenge under a new session text, which the caller shows when answering it; the text before is good no longer. */
export function putChallenge(challenge: Omit<Challenge, "id"> & { readonly id?: string }, context: Context): string {
  const session = Buffer.from(newSecretBytes(SESSION_BYTES)).toString("base64url");
  if (challenge.id !== undefined) dropChallenge({ id: challenge.id }, context);
  putUnder(session, challenge, context);
  return session;
}

/** The same where something else than a session text names it. */
export function putUnder(session: string, challenge: Omit<Challenge, "id">, context: Context): void {
  const id = idOf(session);
  keep({ ...challenge, id }, context);
  context.at(challenge.expiresMs + KEPT_AFTER_MS, EXPIRE_CHALLENGE, id);
}

/** Puts a changed challenge again, under the session text that it has. */
export function keep(challenge: Challenge, { tx, keys }: Context): void {
  tx.put(challenges, { id: challenge.id, sealed: keys.seal(JSON.stringify(challenge), PURPOSE) });
}

export function dropChallenge({ id }: Pick<Challenge, "id">, context: Context): void {
  context.tx.delete(challenges, id);
  context.cancel(EXPIRE_CHALLENGE, id);
}

/** @throws {AwsError} `NotAuthorizedException` where there is none of this session, or no longer. */
export async function requireChallenge(session: string, context: Context): Promise<Challenge> {
  const { tx, keys } = context;
  const row = await tx.get(challenges, idOf(session));
  if (!row) throw invalidSession();
  const text = keys.open(row.sealed, PURPOSE);
  if (text === undefined) throw invalidSession();
  const challenge: Challenge = JSON.parse(Buffer.from(text).toString("utf8"));
  if (context.now().getTime() >= challenge.expiresMs) throw sessionExpired();
  return challenge;
}

/** Whose challenge it is; `undefined` where they are gone, whoever has their name now. */
export async function challengedUser(
  { poolId, user: key, sub }: Challenge,
  tx: Transaction,
): Promise<User | undefined> {
  const user = await tx.get(users, poolId, key);
  return sub === undefined || user?.sub === sub ? user : undefined;
}

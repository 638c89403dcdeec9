/** Signing in without sending the password: the question, and the proof. */
import { createHmac } from "node:crypto";
import type { Context } from "../../../service/context.ts";
import { hidesUsers, validityOf, type ClientInPool } from "../client/client-row.ts";
import { invalidParameter, missingParameter, resetRequired, wrongPassword } from "../errors.ts";
import { recordAuthEvent, WRONG_PASSWORD } from "../protection/auth-event-row.ts";
import type { Metadata } from "../trigger.ts";
import { realmOf } from "../user/password.ts";
import { findUser, type User } from "../user/user-row.ts";
import {
  challengedUser,
  dropChallenge,
  putUnder,
  requireChallenge,
  type Challenge,
  type CustomChallenge,
} from "./challenge-row.ts";
import { countFailure, forgiven, requireUnlocked } from "./lockout.ts";
import { requireStanding, unknownUser } from "./password-sign-in.ts";
import { askBefore } from "./sign-in-trigger.ts";
import type { Step } from "./sign-in.ts";
import { makeVerifier, saltFrom, startExchange, verifyProof, type PasswordVerifier } from "./srp.ts";

/** The answers of a caller, by name. */
export type Responses = Readonly<Record<string, string>>;

/** @throws {AwsError} `InvalidParameterException` */
export function requireResponse(responses: Responses, name: string): string {
  const value = responses[name];
  if (value === undefined || value === "") throw missingParameter(name);
  return value;
}

interface SrpStart extends ClientInPool {
  readonly typed: string;
  readonly srpA: string;
  readonly validation?: Metadata | undefined;
  /** Functions lead the sign-in. */
  readonly custom?: CustomChallenge | undefined;
  readonly deviceKey?: string | undefined;
}

export async function startSrp(start: SrpStart, context: Context): Promise<Step> {
  const { pool, client, typed } = start;
  const user = await findEntering(start, context);
  const named = user?.username ?? typed;
  const verifier = user?.password ?? hiddenVerifier(start, context);
  const exchange = startExchange(verifier, start.srpA, context);
  if (!exchange) throw invalidParameter("Invalid SRP_A value.");
  const expiresMs = context.now().getTime() + validityOf(client).authSessionMs;
  const challenge = {
    poolId: pool.id,
    clientId: client.id,
    user: user?.key ?? "",
    sub: user?.sub,
    typed,
    deviceKey: start.deviceKey,
    custom: start.custom,
  };
  putUnder(
    exchange.secretBlock,
    { ...challenge, name: "PASSWORD_VERIFIER", expiresMs, failures: 0, srp: exchange },
    context,
  );
  return {
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeParameters: {
      SALT: verifier.salt,
      SECRET_BLOCK: exchange.secretBlock,
      SRP_B: exchange.b,
      USERNAME: named,
      USER_ID_FOR_SRP: named,
    },
  };
}

/** `undefined`: there is none, and the client does not tell. */
async function findEntering(start: SrpStart, context: Context): Promise<User | undefined> {
  const { pool, client, typed } = start;
  const user = await findUser(pool, typed, context.tx);
  if (!user && !hidesUsers(client)) throw unknownUser({ pool, client });
  askBefore({ ...start, user }, context);
  if (user) requireUnlocked(user, context);
  if (user?.status === "RESET_REQUIRED") throw resetRequired();
  return user;
}

/** What no password fits, with the same salt for the same name. */
function hiddenVerifier({ pool, typed }: SrpStart, context: Context): PasswordVerifier {
  const made = makeVerifier({ realm: realmOf(pool), name: typed, password: context.newId() }, context);
  return { ...made, salt: saltFrom(createHmac("sha256", pool.id).update(typed).digest()) };
}

/** The challenge that a proof is for: the secret block names it. */
export const challengeOfProof = (responses: Responses, context: Context): Promise<Challenge> =>
  requireChallenge(requireResponse(responses, "PASSWORD_CLAIM_SECRET_BLOCK"), context);

/**
 * The user who has proved that they know the password.
 * @throws {AwsError} `NotAuthorizedException`; wrong proofs are counted as wrong passwords are
 */
export async function provePassword(
  { pool }: ClientInPool,
  challenge: Challenge,
  responses: Responses,
  context: Context,
): Promise<User> {
  const user = await challengedUser(challenge, context.tx);
  dropChallenge(challenge, context);
  if (user?.password === undefined || !challenge.srp) throw wrongPassword();
  requireUnlocked(user, context);
  const proof = {
    realm: realmOf(pool),
    name: user.username,
    timestamp: requireResponse(responses, "TIMESTAMP"),
    secretBlock: requireResponse(responses, "PASSWORD_CLAIM_SECRET_BLOCK"),
    signature: requireResponse(responses, "PASSWORD_CLAIM_SIGNATURE"),
  };
  if (!verifyProof(user.password, challenge.srp, proof, context)) {
    await recordAuthEvent(pool, user, { ...WRONG_PASSWORD, clientId: challenge.clientId }, context);
    throw countFailure(user, context);
  }
  requireStanding(user, context);
  return forgiven(user, context);
}

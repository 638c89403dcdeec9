/** Answers to challenges, by the challenge's name. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html */
import type { ChallengeNameType } from "@aws-sdk/client-cognito-identity-provider";
import { MarkingRefusal, type AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { requireWritable } from "../client/client-attributes.ts";
import { requireSecretHash, type ClientInPool } from "../client/client-row.ts";
import {
  invalidParameter,
  invalidSession,
  sessionMissing,
  totpUsed,
  wrongMfaCode,
  wrongPassword,
  wrongTotp,
} from "../errors.ts";
import { passkeysOf } from "../factor/passkey-row.ts";
import { isUsed, stepOf, withStep } from "../factor/totp.ts";
import { CHALLENGE_ATTEMPTS_MAX } from "../limits.ts";
import { recordAuthEvent, WRONG_FACTOR } from "../protection/auth-event-row.ts";
import type { Metadata } from "../trigger.ts";
import { attributesOf, requireComplete, requireConforming } from "../user/attribute.ts";
import { hasPassword, withPassword } from "../user/password.ts";
import { findUser, putUser, users, type User } from "../user/user-row.ts";
import { challengedUser, dropChallenge, keep, requireChallenge, type Challenge } from "./challenge-row.ts";
import { answerCustom, goOn } from "./custom-challenge.ts";
import { answerDevice, proveDevice } from "./device-sign-in.ts";
import { askPasskey, provePasskey } from "./passkey-sign-in.ts";
import { authenticatePassword, requireStanding } from "./password-sign-in.ts";
import {
  askCode,
  askFor,
  CODE_SEALED_FOR,
  finish,
  firstFactors,
  proceed,
  usableFactors,
  type Entrant,
  type Guest,
  type Step,
} from "./sign-in.ts";
import { challengeOfProof, provePassword, requireResponse, startSrp, type Responses } from "./srp-sign-in.ts";

interface Answered {
  readonly entrant: Entrant;
  readonly challenge: Challenge;
  readonly responses: Responses;
}

type Answer = (answered: Answered, context: Context) => Promise<Step>;

export interface Response extends ClientInPool {
  readonly name: ChallengeNameType;
  readonly session: string | undefined;
  readonly responses: Responses;
  /** What the app says for functions. */
  readonly metadata?: Metadata | undefined;
}

/** What comes after an answer. @throws {AwsError} `NotAuthorizedException`, `CodeMismatchException` and more */
export async function answer({ name, session, responses, metadata, ...at }: Response, context: Context): Promise<Step> {
  const username = requireResponse(responses, "USERNAME");
  requireSecretHash(at.client, { username, secretHash: responses["SECRET_HASH"] }, context);
  const challenge = await answeredChallenge({ name, session, responses }, context);
  requireFits(at, challenge, name);
  if (challenge.user === "" && name === "CUSTOM_CHALLENGE")
    return answerHidden({ entrant: { ...at, typed: username, metadata }, challenge, responses }, context);
  if (name === "PASSWORD_VERIFIER") return answerProof({ at, challenge, responses, metadata }, context);
  const user = await challengedUser(challenge, context.tx);
  if (!user || (await findUser(at.pool, username, context.tx))?.key !== user.key) throw invalidSession();
  const { typed, deviceKey, factored, onPages } = challenge;
  return answerOf(name)(
    { entrant: { ...at, user, typed, deviceKey, factored, onPages, metadata }, challenge, responses },
    context,
  );
}

/** Proofs name their challenge themselves, everything else by the session. */
async function answeredChallenge(
  { name, session, responses }: Pick<Response, "name" | "session" | "responses">,
  context: Context,
): Promise<Challenge> {
  if (name === "PASSWORD_VERIFIER" || name === "DEVICE_PASSWORD_VERIFIER") return challengeOfProof(responses, context);
  if (session === undefined) throw sessionMissing();
  return requireChallenge(session, context);
}

interface Proof extends Pick<Answered, "challenge" | "responses"> {
  readonly at: ClientInPool;
  readonly metadata?: Metadata | undefined;
}

async function answerProof({ at, challenge, responses, metadata }: Proof, context: Context): Promise<Step> {
  const user = await provePassword(at, challenge, responses, context);
  const deviceKey = responses["DEVICE_KEY"] ?? challenge.deviceKey;
  const entrant = { ...at, user, typed: challenge.typed, deviceKey, metadata };
  return challenge.custom ? goOn(entrant, challenge.custom, context) : proceed(entrant, context);
}

/** Somebody whom there is not answers as everybody does. */
function answerHidden(
  {
    entrant,
    challenge,
    responses,
  }: Pick<Answered, "challenge" | "responses"> & { readonly entrant: Omit<Guest, "user"> },
  context: Context,
): Promise<Step> {
  if (entrant.typed !== challenge.typed) throw invalidSession();
  return answerCustom({ entrant: { ...entrant, user: undefined }, challenge, responses }, context);
}

function requireFits({ pool, client }: ClientInPool, challenge: Challenge, name: ChallengeNameType): void {
  const fits = challenge.poolId === pool.id && challenge.clientId === client.id && challenge.name === name;
  if (!fits) throw invalidSession();
}

function answerOf(name: ChallengeNameType): Answer {
  const found = ANSWERS[name];
  if (!found) throw invalidParameter(`${name} is not supported.`);
  return found;
}

const ANSWERS: Readonly<Partial<Record<ChallengeNameType, Answer>>> = {
  NEW_PASSWORD_REQUIRED: answerNewPassword,
  SMS_MFA: (answered, context) => answerCode(answered, "SMS_MFA_CODE", context),
  EMAIL_OTP: (answered, context) => answerCode(answered, "EMAIL_OTP_CODE", context),
  SMS_OTP: (answered, context) => answerCode(answered, "SMS_OTP_CODE", context),
  SOFTWARE_TOKEN_MFA: answerApp,
  SELECT_MFA_TYPE: answerFactorChoice,
  MFA_SETUP: answerSetup,
  SELECT_CHALLENGE: answerFirstChoice,
  PASSWORD: answerPassword,
  CUSTOM_CHALLENGE: answerCustom,
  WEB_AUTHN: async (answered, context) => proceed(await provePasskey(answered, context), context),
  DEVICE_SRP_AUTH: ({ entrant, challenge, responses }, context) =>
    answerDevice({ entrant, challenge }, responses, context),
  DEVICE_PASSWORD_VERIFIER: async ({ entrant, challenge, responses }, context) =>
    finish(
      { ...(await proveDevice({ entrant, challenge }, responses, context)), source: "AuthenticateDevice" },
      context,
    ),
};

const PREFIX = "userAttributes.";

async function answerNewPassword({ entrant, challenge, responses }: Answered, context: Context): Promise<Step> {
  const { pool, client, user } = entrant;
  const password = requireResponse(responses, "NEW_PASSWORD");
  // the one that it comes in the place of may have been taken away since
  if (!hasPassword(user)) throw wrongPassword();
  const listed = Object.entries(responses)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, Value]) => ({ Name: name.slice(PREFIX.length), Value }));
  const attributes = attributesOf(listed);
  requireWritable(client, Object.keys(attributes));
  requireConforming(pool, attributes);
  const changed: User = {
    ...withPassword(pool, user, password, context),
    status: "CONFIRMED",
    attributes: { ...user.attributes, ...attributes },
  };
  requireComplete(pool, changed.attributes);
  dropChallenge(challenge, context);
  await putUser(pool, changed, context.tx);
  return proceed({ ...entrant, user: changed, source: "NewPasswordChallenge" }, context);
}

/** A wrong answer leaves the session good, a few times. */
async function refused(
  { entrant: { pool, client, user }, challenge }: Answered,
  refusal: AwsError,
  context: Context,
): Promise<MarkingRefusal> {
  await recordAuthEvent(pool, user, { ...WRONG_FACTOR, clientId: client.id }, context);
  const failures = challenge.failures + 1;
  if (failures >= CHALLENGE_ATTEMPTS_MAX) dropChallenge(challenge, context);
  else keep({ ...challenge, failures }, context);
  return new MarkingRefusal(refusal);
}

async function answerCode(answered: Answered, name: string, context: Context): Promise<Step> {
  const { entrant, challenge, responses } = answered;
  const code = requireResponse(responses, name);
  const right = challenge.code === undefined ? undefined : context.keys.open(challenge.code, CODE_SEALED_FOR);
  if (right === undefined || Buffer.from(right).toString("utf8") !== code)
    throw await refused(answered, wrongMfaCode(), context);
  dropChallenge(challenge, context);
  requireStanding(entrant.user, context);
  return proceed({ ...entrant, factored: true }, context);
}

async function answerApp(answered: Answered, context: Context): Promise<Step> {
  const { entrant, challenge, responses } = answered;
  const { user } = entrant;
  const code = requireResponse(responses, "SOFTWARE_TOKEN_MFA_CODE");
  const step = user.seed === undefined ? undefined : stepOf(user.seed, code, context);
  if (step === undefined) throw await refused(answered, wrongTotp(), context);
  if (isUsed(user, step)) throw await refused(answered, totpUsed(), context);
  dropChallenge(challenge, context);
  const used = withStep(user, step);
  context.tx.put(users, used);
  return proceed({ ...entrant, user: used, factored: true }, context);
}

async function answerFactorChoice({ entrant, challenge, responses }: Answered, context: Context): Promise<Step> {
  const choice = requireResponse(responses, "ANSWER");
  const factor = usableFactors(entrant).find((each) => each === choice);
  if (factor === undefined) throw invalidParameter("ANSWER must be one of the MFA types that the user can choose.");
  dropChallenge(challenge, context);
  return askFor(factor, entrant, context);
}

/** The app was set up in between: its code was the second factor. */
async function answerSetup({ entrant, challenge }: Answered, context: Context): Promise<Step> {
  if (challenge.verified !== true) throw invalidSession();
  dropChallenge(challenge, context);
  const user: User = { ...entrant.user, factors: ["SOFTWARE_TOKEN_MFA"], preferredFactor: "SOFTWARE_TOKEN_MFA" };
  context.tx.put(users, user);
  return proceed({ ...entrant, user, factored: true }, context);
}

async function answerFirstChoice({ entrant, challenge, responses }: Answered, context: Context): Promise<Step> {
  const choice = requireResponse(responses, "ANSWER");
  const known = await passkeysOf(entrant.user, context.tx);
  const name = firstFactors(entrant.pool, entrant.user, known.length > 0).find((each) => each === choice);
  if (name === undefined) throw invalidParameter("ANSWER must be one of the available challenges.");
  const { typed, deviceKey } = entrant;
  if (name === "PASSWORD") return answerPassword({ entrant, challenge, responses }, context);
  dropChallenge(challenge, context);
  if (name === "WEB_AUTHN") return askPasskey(entrant, context);
  if (name !== "PASSWORD_SRP") return askCode(entrant, name, context);
  return startSrp({ ...entrant, typed, deviceKey, srpA: requireResponse(responses, "SRP_A") }, context);
}

async function answerPassword({ entrant, challenge, responses }: Answered, context: Context): Promise<Step> {
  const password = requireResponse(responses, "PASSWORD");
  const user = await authenticatePassword({ ...entrant, username: entrant.typed, password }, context);
  dropChallenge(challenge, context);
  return proceed({ ...entrant, user }, context);
}

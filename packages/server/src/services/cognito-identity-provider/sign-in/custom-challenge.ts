/**
 * Sign-ins that functions lead: one says what comes next, one puts the question, one judges the answer.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
 */
import { MarkingRefusal } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { customAuthUnset, unrecognizableAnswer, wrongPassword } from "../errors.ts";
import { membersIn, textIn, truthIn } from "../json-document.ts";
import {
  askTrigger,
  attributesOfUser,
  hasTrigger,
  saidOfExistence,
  saidToFunctions,
  type Metadata,
} from "../trigger.ts";
import { dropChallenge, type Challenge, type ChallengeResult } from "./challenge-row.ts";
import { requireStanding } from "./password-sign-in.ts";
import { ask, finish, type Entrant, type Guest, type Step } from "./sign-in.ts";
import { requireResponse, startSrp, type Responses } from "./srp-sign-in.ts";

type ChallengeTrigger = "DefineAuthChallenge" | "CreateAuthChallenge" | "VerifyAuthChallengeResponse";

interface Question {
  readonly trigger: ChallengeTrigger;
  readonly request: object;
  readonly response: object;
}

function askOf(
  { pool, client, user, typed, metadata }: Guest,
  { trigger, request, response }: Question,
  context: Context,
): unknown {
  if (!hasTrigger(pool, trigger)) throw customAuthUnset();
  const told = {
    userAttributes: user === undefined ? {} : attributesOfUser(user),
    ...request,
    ...saidToFunctions(metadata),
    ...saidOfExistence(client, user),
  };
  const event = { trigger, source: "Authentication", pool, clientId: client.id, request: told, response };
  return askTrigger({ ...event, userName: user?.username ?? typed }, context);
}

/** What came before, and the beginning of a proof of the password, where the app has made one. */
interface Standing {
  readonly session: readonly ChallengeResult[];
  readonly srpA?: string | undefined;
}

/**
 * The next question, or the tokens.
 * @throws {AwsError} `NotAuthorizedException` where the function ends it
 */
async function decide(entrant: Guest, { session, srpA }: Standing, context: Context): Promise<Step> {
  const response = { challengeName: null, issueTokens: null, failAuthentication: null };
  const said = askOf(entrant, { trigger: "DefineAuthChallenge", request: { session }, response }, context);
  if (truthIn(said, "failAuthentication")) throw new MarkingRefusal(wrongPassword());
  if (truthIn(said, "issueTokens")) return finishFor(entrant, context);
  const challengeName = textIn(said, "challengeName");
  if (challengeName === "CUSTOM_CHALLENGE") return askCustom(entrant, session, context);
  if (challengeName === "PASSWORD_VERIFIER" && srpA !== undefined)
    return startSrp({ ...entrant, srpA, custom: { session } }, context);
  throw unrecognizableAnswer();
}

/** Nobody is let in whom there is not, whatever functions say. */
function finishFor({ user, ...entrant }: Guest, context: Context): Promise<Step> {
  if (user === undefined) throw new MarkingRefusal(wrongPassword());
  requireStanding(user, context);
  return finish({ ...entrant, user }, context);
}

function askCustom(entrant: Guest, session: readonly ChallengeResult[], context: Context): Step {
  const response = { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null };
  const request = { challengeName: "CUSTOM_CHALLENGE", session };
  const said = askOf(entrant, { trigger: "CreateAuthChallenge", request, response }, context);
  const custom = {
    session,
    answer: textsOf(said, "privateChallengeParameters"),
    metadata: textIn(said, "challengeMetadata"),
  };
  const parameters = {
    USERNAME: entrant.user?.username ?? entrant.typed,
    ...textsOf(said, "publicChallengeParameters"),
  };
  return ask(entrant, { name: "CUSTOM_CHALLENGE", custom }, parameters, context);
}

const textsOf = (said: unknown, member: string): Metadata =>
  Object.fromEntries(Object.entries(membersIn(said, member) ?? {}).map(([name, value]) => [name, String(value)]));

interface Answered {
  readonly entrant: Guest;
  readonly challenge: Challenge;
  readonly responses: Responses;
}

export async function answerCustom({ entrant, challenge, responses }: Answered, context: Context): Promise<Step> {
  const { session = [], answer = {}, metadata } = challenge.custom ?? {};
  const request = { privateChallengeParameters: answer, challengeAnswer: requireResponse(responses, "ANSWER") };
  const asked = { trigger: "VerifyAuthChallengeResponse", request, response: { answerCorrect: null } } as const;
  const challengeResult = truthIn(askOf(entrant, asked, context), "answerCorrect");
  dropChallenge(challenge, context);
  return decide(entrant, { session: [...session, judged("CUSTOM_CHALLENGE", challengeResult, metadata)] }, context);
}

/** The password was proved in the midst of it. */
export const goOn = (entrant: Entrant, { session }: Standing, context: Context): Promise<Step> =>
  decide(entrant, { session: [...session, judged("PASSWORD_VERIFIER", true)] }, context);

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html (SRP_A comes first where the app proves a password) */
export const begin = (entrant: Guest, srpA: string | undefined, context: Context): Promise<Step> =>
  decide(entrant, { session: srpA === undefined ? [] : [judged("SRP_A", true)], srpA }, context);

const judged = (challengeName: string, challengeResult: boolean, challengeMetadata?: string): ChallengeResult => ({
  challengeName,
  challengeResult,
  challengeMetadata: challengeMetadata ?? null,
});

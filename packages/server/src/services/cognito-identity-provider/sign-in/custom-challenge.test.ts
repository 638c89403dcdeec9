/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html and the pages of each trigger. */
import {
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { PASSWORD, triggeredPool } from "../../../../test/triggered-pools.ts";
import { SrpClient } from "../../../../test/user-pools.ts";

/** Two questions, of which the second is put once the first is answered rightly. */
const RIDDLES = `
  const { session } = event.request;
  if (event.triggerSource.startsWith("Define")) {
    const last = session.at(-1);
    if (last?.challengeResult === false) event.response.failAuthentication = true;
    else if (last?.challengeMetadata === "two") event.response.issueTokens = true;
    else event.response.challengeName = "CUSTOM_CHALLENGE";
  }
  if (event.triggerSource.startsWith("Create")) {
    event.response.publicChallengeParameters = { riddle: String(session.length) };
    event.response.privateChallengeParameters = { right: "answer-" + session.length };
    event.response.challengeMetadata = session.length === 0 ? "one" : "two";
  }
  if (event.triggerSource.startsWith("Verify"))
    event.response.answerCorrect = event.request.challengeAnswer === event.request.privateChallengeParameters.right;
  return event;`;

const ALL = ["DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"] as const;

async function riddlingPool(source: string) {
  const pool = await triggeredPool(ALL, source, { client: { ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"] } });
  await pool.makeUser("ada", PASSWORD);
  const { idp, clientId: ClientId } = pool;
  return {
    ...pool,
    begin: (more: Record<string, string> = {}) =>
      idp.send(
        new InitiateAuthCommand({ ClientId, AuthFlow: "CUSTOM_AUTH", AuthParameters: { USERNAME: "ada", ...more } }),
      ),
    answer: (Session: string | undefined, ANSWER: string, USERNAME = "ada") =>
      idp.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: "CUSTOM_CHALLENGE",
          Session,
          ChallengeResponses: { USERNAME, ANSWER },
        }),
      ),
  };
}

test("functions put questions, and those who answer all of them get tokens", async () => {
  const { begin, answer } = await riddlingPool(RIDDLES);
  const first = await begin();
  expect(first).toMatchObject({
    ChallengeName: "CUSTOM_CHALLENGE",
    ChallengeParameters: { USERNAME: "ada", riddle: "0" },
  });
  expect(JSON.stringify(first)).not.toContain("answer-0");
  const second = await answer(first.Session, "answer-0");
  expect(second).toMatchObject({ ChallengeName: "CUSTOM_CHALLENGE", ChallengeParameters: { riddle: "1" } });
  const { AuthenticationResult } = await answer(second.Session, "answer-1");
  expect(AuthenticationResult?.AccessToken).toBeDefined();
});

test("a wrong answer that the function does not forgive ends the sign-in, and its session", async () => {
  const { begin, answer } = await riddlingPool(RIDDLES);
  const { Session } = await begin();
  await expect(answer(Session, "a guess")).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
  await expect(answer(Session, "answer-0")).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("a question may follow the proof of the password", async () => {
  const source = `
    const [first, proof] = event.request.session;
    if (proof?.challengeName === "PASSWORD_VERIFIER" && proof.challengeResult) event.response.issueTokens = true;
    else if (first?.challengeName === "SRP_A") event.response.challengeName = "PASSWORD_VERIFIER";
    return event;`;
  const { begin, idp, clientId: ClientId, poolId } = await riddlingPool(source);
  const srp = new SrpClient();
  const { ChallengeName, ChallengeParameters } = await begin({ CHALLENGE_NAME: "SRP_A", SRP_A: srp.srpA });
  expect(ChallengeName).toBe("PASSWORD_VERIFIER");
  const secret = { realm: poolId.slice(poolId.indexOf("_") + 1), name: "ada", password: PASSWORD };
  const ChallengeResponses = srp.prove(ChallengeParameters, secret);
  const proved = await idp.send(new RespondToAuthChallengeCommand({ ClientId, ChallengeName, ChallengeResponses }));
  expect(proved.AuthenticationResult?.AccessToken).toBeDefined();
});

test("where a client does not tell, functions put their questions to users whom there are not, and let none in", async () => {
  const source = `
    const last = event.request.session?.at(-1);
    if (event.triggerSource.startsWith("Define") && last === undefined) event.response.challengeName = "CUSTOM_CHALLENGE";
    else if (event.triggerSource.startsWith("Define")) event.response.issueTokens = true;
    if (event.triggerSource.startsWith("Create"))
      event.response.publicChallengeParameters = { unknown: event.request.userNotFound, name: event.userName };
    event.response.answerCorrect = true;
    return event;`;
  const { idp, poolId: UserPoolId, answer, begin, ...pool } = await riddlingPool(source);
  const ClientId = pool.clientId;
  await idp.send(
    new UpdateUserPoolClientCommand({
      UserPoolId,
      ClientId,
      ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"],
      PreventUserExistenceErrors: "ENABLED",
    }),
  );
  expect((await begin()).ChallengeParameters).toEqual({ USERNAME: "ada", unknown: "false", name: "ada" });
  const asked = await begin({ USERNAME: "nobody" });
  expect(asked).toMatchObject({
    ChallengeName: "CUSTOM_CHALLENGE",
    ChallengeParameters: { USERNAME: "nobody", unknown: "true", name: "nobody" },
  });
  const wrong = { name: "NotAuthorizedException", message: "Incorrect username or password." };
  await expect(answer(asked.Session, "whatever", "nobody")).rejects.toMatchObject(wrong);
  // another's session is nobody's
  const again = await begin({ USERNAME: "nobody" });
  await expect(answer(again.Session, "whatever")).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("where a client tells, nobody is asked who is not there", async () => {
  const { begin } = await riddlingPool(RIDDLES);
  await expect(begin({ USERNAME: "nobody" })).rejects.toMatchObject({ name: "UserNotFoundException" });
});

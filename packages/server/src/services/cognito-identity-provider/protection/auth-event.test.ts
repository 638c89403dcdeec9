import {
  AdminListUserAuthEventsCommand,
  AdminUpdateAuthEventFeedbackCommand,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  SetRiskConfigurationCommand,
  SignUpCommand,
  UpdateAuthEventFeedbackCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { claimsOf, makePool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-Horse-7";

async function withHistory(mode: "OFF" | "AUDIT" | "ENFORCED" = "ENFORCED") {
  const pool = await makePool({
    UserPoolTier: "PLUS",
    AutoVerifiedAttributes: ["email"],
    UserPoolAddOns: { AdvancedSecurityMode: mode },
  });
  const { idp, cloud, poolId: UserPoolId, clientId: ClientId } = pool;
  await pool.makeUser("ann", PASSWORD, [
    { Name: "email", Value: "ann@example.com" },
    { Name: "email_verified", Value: "true" },
  ]);
  const signIn = async (given = PASSWORD) => {
    await cloud.clock.advance(1);
    const AuthParameters = { USERNAME: "ann", PASSWORD: given };
    const asked = { ClientId, AuthFlow: "USER_PASSWORD_AUTH" as const, AuthParameters };
    return (await idp.send(new InitiateAuthCommand(asked))).AuthenticationResult?.AccessToken;
  };
  const page = (more: { MaxResults?: number; NextToken?: string | undefined } = {}) =>
    idp.send(new AdminListUserAuthEventsCommand({ UserPoolId, Username: "ann", ...more }));
  const history = async () => (await page()).AuthEvents ?? [];
  return { ...pool, UserPoolId, ClientId, signIn, page, history };
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-adaptive-authentication.html (user event history)
test("a sign-in is in the user's history, under the id that its tokens carry", async () => {
  const { signIn, history } = await withHistory("AUDIT");
  await expect(signIn("Wrong-Horse-7")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  const token = await signIn();
  expect(await history()).toMatchObject([
    {
      EventId: claimsOf(token)["event_id"],
      EventType: "SignIn",
      EventResponse: "Pass",
      EventRisk: { RiskDecision: "NoRisk", CompromisedCredentialsDetected: false },
      ChallengeResponses: [{ ChallengeName: "Password", ChallengeResponse: "Success" }],
      EventContextData: { IpAddress: "127.0.0.1" },
    },
    {
      EventType: "SignIn",
      EventResponse: "Fail",
      ChallengeResponses: [{ ChallengeName: "Password", ChallengeResponse: "Failure" }],
    },
  ]);
});

test("what else a user does to get in is there too", async () => {
  const { idp, cloud, ClientId, UserPoolId, signIn, history } = await withHistory();
  const AccessToken = await signIn();
  const change = { AccessToken, PreviousPassword: PASSWORD, ProposedPassword: "Correct-Horse-8" };
  await cloud.clock.advance(1);
  await idp.send(new ChangePasswordCommand(change));
  await cloud.clock.advance(1);
  await expect(idp.send(new ChangePasswordCommand(change))).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await cloud.clock.advance(1);
  await idp.send(new ForgotPasswordCommand({ ClientId, Username: "ann" }));
  expect((await history()).map(({ EventType, EventResponse }) => `${EventType} ${EventResponse}`)).toEqual([
    "ForgotPassword Pass",
    "PasswordChange Fail",
    "PasswordChange Pass",
    "SignIn Pass",
  ]);
  await idp.send(new SignUpCommand({ ClientId, Username: "bob", Password: PASSWORD }));
  const bob = await idp.send(new AdminListUserAuthEventsCommand({ UserPoolId, Username: "bob" }));
  expect(bob.AuthEvents).toMatchObject([{ EventType: "SignUp", EventResponse: "Pass" }]);
});

test("a sign-in from an address that is always blocked is told as that", async () => {
  const { idp, UserPoolId, signIn, history } = await withHistory();
  const RiskExceptionConfiguration = { BlockedIPRangeList: ["127.0.0.0/8"] };
  await idp.send(new SetRiskConfigurationCommand({ UserPoolId, RiskExceptionConfiguration }));
  await expect(signIn()).rejects.toMatchObject({ name: "NotAuthorizedException" });
  expect(await history()).toMatchObject([
    { EventType: "SignIn", EventResponse: "Fail", EventRisk: { RiskDecision: "Block" } },
  ]);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateAuthEventFeedback.html
test("an administrator says what is thought of a sign-in; a user would need the token of a mail", async () => {
  const { idp, cloud, UserPoolId, signIn, history } = await withHistory();
  await signIn();
  const [event] = await history();
  const feedback = { UserPoolId, Username: "ann", EventId: event?.EventId, FeedbackValue: "Invalid" as const };
  await idp.send(new AdminUpdateAuthEventFeedbackCommand(feedback));
  expect(await history()).toMatchObject([{ EventFeedback: { FeedbackValue: "Invalid", Provider: "Admin" } }]);
  const unknown = new AdminUpdateAuthEventFeedbackCommand({ ...feedback, EventId: "unknown" });
  await expect(idp.send(unknown)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const anyone = cloud.client(CognitoIdentityProviderClient, { accessKeyId: "", secretAccessKey: "" });
  const byUser = new UpdateAuthEventFeedbackCommand({ ...feedback, FeedbackToken: "guessed" });
  await expect(anyone.send(byUser)).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("there is no history without threat protection", async () => {
  const { signIn, history } = await withHistory("OFF");
  await signIn();
  await expect(history()).rejects.toMatchObject({ name: "UserPoolAddOnNotEnabledException" });
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-adaptive-authentication.html (two years)
test("the history comes in pages, and is kept for two years", async () => {
  const { cloud, signIn, page, history } = await withHistory();
  for (let count = 0; count < 3; count++) await signIn();
  const first = await page({ MaxResults: 2 });
  const second = await page({ MaxResults: 2, NextToken: first.NextToken });
  expect([first.AuthEvents?.length, second.AuthEvents?.length, second.NextToken]).toEqual([2, 1, undefined]);
  await cloud.clock.advance(2 * 365 * 86_400);
  await signIn();
  expect((await history()).length).toBe(1);
});

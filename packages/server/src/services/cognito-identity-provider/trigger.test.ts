/** Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html and the pages of each trigger. */
import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
  type LambdaConfigType,
  type SignUpCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";
import { FUNCTION, letPoolIn, PASSWORD, triggeredPool } from "../../../test/triggered-pools.ts";
import { claimsOf, makePool, newestCode } from "../../../test/user-pools.ts";

const EMAIL = "ada@example.com";

/** A pool that asks one function, which the pool may invoke. */
async function triggered(trigger: keyof LambdaConfigType, body: string, more: Partial<LambdaConfigType> = {}) {
  const pool = await triggeredPool([trigger], body, { LambdaConfig: { [trigger]: FUNCTION, ...more } });
  const { idp, clientId: ClientId, poolId: UserPoolId } = pool;
  return {
    ...pool,
    signUp: (said: Partial<SignUpCommandInput> = {}) =>
      idp.send(
        new SignUpCommand({
          ClientId,
          Username: "ada",
          Password: PASSWORD,
          UserAttributes: [{ Name: "email", Value: EMAIL }],
          ...said,
        }),
      ),
    signIn: (ClientMetadata?: Record<string, string>) =>
      idp.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "ada", PASSWORD },
          ...(ClientMetadata && { ClientMetadata }),
        }),
      ),
    user: () => idp.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" })),
    confirm: async () =>
      idp.send(
        new ConfirmSignUpCommand({ ClientId, Username: "ada", ConfirmationCode: await newestCode(pool, EMAIL) }),
      ),
  };
}

const REFUSE_WITH_EVENT = "throw new Error(JSON.stringify(event))";

/** What the function was told, which it refused with. */
async function eventOf(asking: Promise<unknown>): Promise<unknown> {
  const message = await asking.then(
    () => "{}",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
  return JSON.parse(message.slice(message.indexOf("{"), message.lastIndexOf("}") + 1));
}

test("a function before the sign-up is told who wants to join, and refuses in its own words", async () => {
  const pool = await triggered("PreSignUp", REFUSE_WITH_EVENT);
  const asking = pool.signUp({ ValidationData: [{ Name: "from", Value: "app" }], ClientMetadata: { lang: "en" } });
  expect(await eventOf(asking)).toEqual({
    version: "1",
    region: "us-east-1",
    userPoolId: pool.poolId,
    userName: "ada",
    callerContext: { awsSdkVersion: expect.any(String), clientId: pool.clientId },
    triggerSource: "PreSignUp_SignUp",
    request: { userAttributes: { email: EMAIL }, validationData: { from: "app" }, clientMetadata: { lang: "en" } },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  });
  // Source: https://github.com/aws-amplify/amplify-flutter/pull/1051 (what AWS answered)
  await expect(pool.signUp()).rejects.toMatchObject({
    name: "UserLambdaValidationException",
    message: expect.stringMatching(/^PreSignUp failed with error .*\.$/),
  });
  await expect(pool.user()).rejects.toMatchObject({ name: "UserNotFoundException" });
});

test("a function confirms a user and their address, and no code is sent", async () => {
  const pool = await triggered(
    "PreSignUp",
    "event.response.autoConfirmUser = true; event.response.autoVerifyEmail = true; return event;",
  );
  expect(await pool.signUp()).toMatchObject({ UserConfirmed: true });
  const user = await pool.user();
  expect(user.UserStatus).toBe("CONFIRMED");
  expect(user.UserAttributes).toContainEqual({ Name: "email_verified", Value: "true" });
  expect(await pool.cloud.cloud.outbox(5)).toEqual([]);
  expect((await pool.signIn()).AuthenticationResult?.IdToken).toBeDefined();
});

test("a function hears of users that administrators make, and cannot confirm them", async () => {
  const pool = await triggered("PreSignUp", "event.response.autoConfirmUser = true; return event;");
  const { User } = await pool.idp.send(new AdminCreateUserCommand({ UserPoolId: pool.poolId, Username: "ada" }));
  expect(User?.UserStatus).toBe("FORCE_CHANGE_PASSWORD");
});

test("users who are named by their sub are told to functions under the name that they get", async () => {
  const world = await functionWorld();
  const body = "if (event.triggerSource.startsWith('Pre')) { event.response.autoConfirmUser = true; return event; }";
  const source = `let name; export const handler = async (event) => { ${body}; return event; };`;
  await world.create(
    "asked",
    source.replace(
      "return event; }",
      "name = event.userName; return event; } if (name !== event.userName || name !== event.request.userAttributes.sub) throw new Error(name)",
    ),
  );
  const LambdaConfig = { PreSignUp: FUNCTION, PostConfirmation: FUNCTION };
  const {
    idp,
    clientId: ClientId,
    poolId,
  } = await makePool({ UsernameAttributes: ["email"], LambdaConfig }, world.cloud);
  await letPoolIn(world, poolId);
  const signedUp = await idp.send(new SignUpCommand({ ClientId, Username: EMAIL, Password: PASSWORD }));
  expect(signedUp.UserConfirmed).toBe(true);
});

test("the function after a confirmation finds the user confirmed, and puts them into a group", async () => {
  const pool = await triggered(
    "PostConfirmation",
    `const { CognitoIdentityProviderClient, AdminAddUserToGroupCommand, AdminGetUserCommand } =
       await import("@aws-sdk/client-cognito-identity-provider");
     const client = new CognitoIdentityProviderClient({});
     const named = { UserPoolId: event.userPoolId, Username: event.userName };
     const { UserStatus } = await client.send(new AdminGetUserCommand(named));
     await client.send(new AdminAddUserToGroupCommand({ ...named, GroupName: UserStatus }));
     return event;`,
  );
  await pool.idp.send(new CreateGroupCommand({ UserPoolId: pool.poolId, GroupName: "CONFIRMED" }));
  await pool.signUp();
  await pool.confirm();
  const { AuthenticationResult } = await pool.signIn();
  expect(claimsOf(AuthenticationResult?.IdToken)["cognito:groups"]).toEqual(["CONFIRMED"]);
});

test("a confirmation stays where the function after it fails", async () => {
  const pool = await triggered("PostConfirmation", REFUSE_WITH_EVENT);
  await pool.signUp();
  const confirming = pool.idp.send(new AdminConfirmSignUpCommand({ UserPoolId: pool.poolId, Username: "ada" }));
  expect(await eventOf(confirming)).toMatchObject({
    triggerSource: "PostConfirmation_ConfirmSignUp",
    request: { userAttributes: { email: EMAIL, "cognito:user_status": "CONFIRMED", sub: expect.any(String) } },
    response: {},
  });
  expect((await pool.user()).UserStatus).toBe("CONFIRMED");
});

test("functions before and after a sign-in refuse it", async () => {
  const pool = await triggered("PreAuthentication", REFUSE_WITH_EVENT);
  await pool.makeUser("ada", PASSWORD);
  expect(await eventOf(pool.signIn({ device: "phone" }))).toMatchObject({
    triggerSource: "PreAuthentication_Authentication",
    userName: "ada",
    request: { userAttributes: { "cognito:user_status": "CONFIRMED" }, validationData: { device: "phone" } },
  });
  const { poolId: UserPoolId } = pool;
  const LambdaConfig = { PostAuthentication: FUNCTION };
  await pool.idp.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig }));
  expect(await eventOf(pool.signIn())).toMatchObject({
    triggerSource: "PostAuthentication_Authentication",
    request: { userAttributes: { sub: expect.any(String) }, newDeviceUsed: false },
  });
});

test("a function changes what the identity token says, but not whose it is", async () => {
  const pool = await triggered(
    "PreTokenGeneration",
    `event.response = { claimsOverrideDetails: {
       claimsToAddOrOverride: { tenant: event.triggerSource, sub: "somebody" },
       claimsToSuppress: ["email"],
       groupOverrideDetails: { groupsToOverride: [...event.request.groupConfiguration.groupsToOverride, "added"] } } };
     return event;`,
  );
  await pool.makeUser("ada", PASSWORD, [{ Name: "email", Value: EMAIL }]);
  const { poolId: UserPoolId } = pool;
  await pool.idp.send(new CreateGroupCommand({ UserPoolId, GroupName: "own" }));
  await pool.idp.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName: "own", Username: "ada" }));
  const { AuthenticationResult: tokens } = await pool.signIn();
  const claims = claimsOf(tokens?.IdToken);
  expect(claims).toMatchObject({ tenant: "TokenGeneration_Authentication", "cognito:groups": ["own", "added"] });
  expect(claims["sub"]).not.toBe("somebody");
  expect(claims).not.toHaveProperty("email");
  expect(claimsOf(tokens?.AccessToken)).not.toHaveProperty("tenant");
  const refreshed = await pool.idp.send(
    new InitiateAuthCommand({
      ClientId: pool.clientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: tokens?.RefreshToken ?? "" },
    }),
  );
  expect(claimsOf(refreshed.AuthenticationResult?.IdToken)["tenant"]).toBe("TokenGeneration_RefreshTokens");
});

test("events of version two change the access token and its scopes", async () => {
  const pool = await triggered(
    "PreTokenGeneration",
    `event.response = { claimsAndScopeOverrideDetails: {
       idTokenGeneration: { claimsToAddOrOverride: { version: event.version } },
       accessTokenGeneration: { claimsToAddOrOverride: { plan: { seats: 3 } },
         scopesToAdd: ["orders/read"], scopesToSuppress: event.request.scopes } } };
     return event;`,
    { PreTokenGenerationConfig: { LambdaArn: FUNCTION, LambdaVersion: "V2_0" } },
  );
  await pool.makeUser("ada", PASSWORD);
  const { AuthenticationResult: tokens } = await pool.signIn();
  expect(claimsOf(tokens?.AccessToken)).toMatchObject({ plan: { seats: 3 }, scope: "orders/read" });
});

test("functions are told that tokens come of a new password", async () => {
  const pool = await triggered(
    "PreTokenGeneration",
    `const claimsToAddOrOverride = { from: event.triggerSource };
     event.response = { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride } } };
     return event;`,
    { PreTokenGenerationConfig: { LambdaArn: FUNCTION, LambdaVersion: "V3_0" } },
  );
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  const named = { UserPoolId, Username: "ada" };
  await idp.send(new AdminCreateUserCommand({ ...named, TemporaryPassword: PASSWORD, MessageAction: "SUPPRESS" }));
  const { ChallengeName, Session } = await pool.signIn();
  const ChallengeResponses = { USERNAME: "ada", NEW_PASSWORD: "Another-horse-2" };
  const answer = new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses });
  const { AuthenticationResult } = await idp.send(answer);
  expect(claimsOf(AuthenticationResult?.AccessToken)["from"]).toBe("TokenGeneration_NewPasswordChallenge");
});

test("a function writes the messages in which the code is put", async () => {
  const pool = await triggered(
    "CustomMessage",
    `event.response.emailSubject = event.triggerSource;
     event.response.emailMessage = "Dear " + event.userName + ", " + event.request.codeParameter;
     return event;`,
  );
  await pool.signUp();
  const [mail] = await pool.cloud.cloud.outbox(1);
  expect(mail).toMatchObject({ subject: "CustomMessage_SignUp", text: expect.stringMatching(/^Dear ada, \d{6}$/) });
  await pool.confirm();
  await pool.idp.send(new ForgotPasswordCommand({ ClientId: pool.clientId, Username: "ada" }));
  expect((await pool.cloud.cloud.outbox(1))[0]).toMatchObject({ subject: "CustomMessage_ForgotPassword" });
});

test("a function that does not let the pool in, or answers with nothing, fails the call", async () => {
  const world = await functionWorld();
  await world.create("asked", "export const handler = async () => 'hello';");
  const { idp, clientId: ClientId, poolId } = await makePool({ LambdaConfig: { PreSignUp: FUNCTION } }, world.cloud);
  const signUp = () => idp.send(new SignUpCommand({ ClientId, Username: "ada", Password: PASSWORD }));
  // Source: https://repost.aws/knowledge-center/lambda-cognito-unexpectedlambda-error
  await expect(signUp()).rejects.toMatchObject({
    name: "UnexpectedLambdaException",
    message: "PreSignUp invocation failed due to error AccessDeniedException.",
  });
  await letPoolIn(world, poolId);
  // Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/633
  await expect(signUp()).rejects.toMatchObject({
    name: "InvalidLambdaResponseException",
    message: "Unrecognizable lambda output",
  });
});

import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminDisableUserCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { claimsOf, makePool, secretHash, SrpClient, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";

const signIn = ({ idp, clientId: ClientId }: TestPool, USERNAME: string, password = PASSWORD) =>
  idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );

const realmOf = ({ poolId }: TestPool) => poolId.slice(poolId.indexOf("_") + 1);

async function srpSignIn(pool: TestPool, USERNAME: string, password = PASSWORD) {
  const { idp, clientId: ClientId } = pool;
  const srp = new SrpClient();
  const { ChallengeName, ChallengeParameters } = await idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_SRP_AUTH",
      AuthParameters: { USERNAME, SRP_A: srp.srpA },
    }),
  );
  expect(ChallengeName).toBe("PASSWORD_VERIFIER");
  const name = ChallengeParameters?.["USER_ID_FOR_SRP"] ?? "";
  return idp.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName,
      ChallengeResponses: srp.prove(ChallengeParameters, { realm: realmOf(pool), name, password }),
    }),
  );
}

test("a user who knows the password proves it without sending it", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  const { AuthenticationResult } = await srpSignIn(pool, "ada");
  expect(AuthenticationResult).toMatchObject({ TokenType: "Bearer", ExpiresIn: 3600 });
  const { Username } = await pool.idp.send(new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }));
  expect(Username).toBe("ada");
});

test("who does not know the password proves nothing, and neither does a proof that was used", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
  const refusal = { name: "NotAuthorizedException", message: "Incorrect username or password." };
  await expect(srpSignIn(pool, "ada", "Wrong-horse-1")).rejects.toMatchObject(refusal);
});

test("users sign in with their address where the pool says so, by SRP under their sub", async () => {
  const pool = await makePool({ UsernameAttributes: ["email"] });
  await pool.makeUser("ada@example.com", PASSWORD);
  const { AuthenticationResult } = await srpSignIn(pool, "ada@example.com");
  const claims = claimsOf(AuthenticationResult?.IdToken);
  expect(claims["email"]).toBe("ada@example.com");
  expect(claims["cognito:username"]).toBe(claims["sub"]);
});

test("tokens say what AWS's say", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD, [
    { Name: "email", Value: "ada@example.com" },
    { Name: "email_verified", Value: "true" },
  ]);
  const { AuthenticationResult } = await signIn(pool, "ada");
  const identity = claimsOf(AuthenticationResult?.IdToken);
  const access = claimsOf(AuthenticationResult?.AccessToken);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
  expect(identity).toMatchObject({
    iss: `https://cognito-idp.us-east-1.amazonaws.com/${pool.poolId}`,
    aud: pool.clientId,
    token_use: "id",
    email: "ada@example.com",
    email_verified: true,
    "cognito:username": "ada",
  });
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
  expect(access).toMatchObject({
    iss: identity["iss"],
    client_id: pool.clientId,
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    username: "ada",
    sub: identity["sub"],
    origin_jti: identity["origin_jti"],
    event_id: identity["event_id"],
  });
  expect(Number(access["exp"]) - Number(access["iat"])).toBe(3600);
});

test("an invited user has to choose a password first, and the temporary one expires", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId, clientId: ClientId, cloud } = pool;
  const create = (Username: string) =>
    idp.send(new AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword: "Temporary-1" }));
  await create("ada");
  await create("bob");
  const { ChallengeName, Session, ChallengeParameters } = await signIn(pool, "ada", "Temporary-1");
  expect(ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
  expect(ChallengeParameters).toMatchObject({ USER_ID_FOR_SRP: "ada", requiredAttributes: "[]" });
  const answer = (NEW_PASSWORD: string) =>
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD },
    });
  await expect(idp.send(answer("short"))).rejects.toMatchObject({ name: "InvalidPasswordException" });
  expect((await idp.send(answer(PASSWORD))).AuthenticationResult?.AccessToken).toBeDefined();
  await expect(idp.send(answer(PASSWORD))).rejects.toMatchObject({ name: "NotAuthorizedException" });
  expect((await signIn(pool, "ada")).AuthenticationResult?.IdToken).toBeDefined();

  await cloud.clock.advance(7 * 86_400);
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html
  await expect(signIn(pool, "bob", "Temporary-1")).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("wrong passwords lock a user out, for longer each time", async () => {
  const pool = await makePool();
  await pool.cloud.cloud.clock.freeze();
  await pool.makeUser("ada", PASSWORD);
  const fail = () => signIn(pool, "ada", "Wrong-horse-1");
  const wrong = { name: "NotAuthorizedException", message: "Incorrect username or password." };
  for (let attempt = 1; attempt <= 5; attempt++) await expect(fail()).rejects.toMatchObject(wrong);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow-things-to-know.html
  const locked = { name: "NotAuthorizedException", message: "Password attempts exceeded" };
  await expect(signIn(pool, "ada")).rejects.toMatchObject(locked);
  await pool.cloud.clock.advance(1);
  await expect(fail()).rejects.toMatchObject(wrong);
  await pool.cloud.clock.advance(1);
  await expect(signIn(pool, "ada")).rejects.toMatchObject(locked);
  await pool.cloud.clock.advance(1);
  expect((await signIn(pool, "ada")).AuthenticationResult).toBeDefined();
});

test("wrong passwords that come at once are all counted", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  const attempts = Array.from({ length: 6 }, () => signIn(pool, "ada", "Wrong-horse-1"));
  const settled = await Promise.allSettled(attempts);
  expect(settled.map(({ status }) => status)).toEqual(Array.from(attempts, () => "rejected"));
  await expect(signIn(pool, "ada")).rejects.toMatchObject({ message: "Password attempts exceeded" });
});

test("a client says that there is no such user, unless it is told not to", async () => {
  const telling = await makePool();
  await expect(signIn(telling, "nobody")).rejects.toMatchObject({
    name: "UserNotFoundException",
    message: "User does not exist.",
  });
  const hiding = await makePool({ client: { PreventUserExistenceErrors: "ENABLED" } });
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
  const refusal = { name: "NotAuthorizedException", message: "Incorrect username or password." };
  await expect(signIn(hiding, "nobody")).rejects.toMatchObject(refusal);
  await expect(srpSignIn(hiding, "nobody")).rejects.toMatchObject(refusal);
});

test("a salt is a number, which clients read without the zeros that it might begin with", async () => {
  const { idp, clientId: ClientId } = await makePool({ client: { PreventUserExistenceErrors: "ENABLED" } });
  const AuthFlow = "USER_SRP_AUTH";
  const saltOf = async (_: unknown, at: number) => {
    const AuthParameters = { USERNAME: `user-${at}`, SRP_A: new SrpClient().srpA };
    const { ChallengeParameters } = await idp.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters }));
    return ChallengeParameters?.["SALT"];
  };
  // Source: https://github.com/aws-amplify/amplify-js/blob/main/packages/auth/src/providers/cognito/utils/srp/getPaddedHex.ts
  for (const salt of await Promise.all(Array.from({ length: 48 }, saltOf))) expect(salt).toMatch(/^[1-9a-f][0-9a-f]+$/);
});

test("a client with a secret wants its hash", async () => {
  const pool = await makePool({ client: { GenerateSecret: true } });
  const { idp, clientId: ClientId } = pool;
  await pool.makeUser("ada", PASSWORD);
  await expect(signIn(pool, "ada")).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
  });
  const withHash = (SECRET_HASH: string) =>
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD, SECRET_HASH },
    });
  await expect(idp.send(withHash(secretHash(pool, "bob")))).rejects.toMatchObject({
    message: `Unable to verify secret hash for client ${ClientId}`,
  });
  const { AuthenticationResult } = await idp.send(withHash(secretHash(pool, "ada")));
  const refresh = (SECRET_HASH: string) =>
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? "", SECRET_HASH },
    });
  await expect(idp.send(refresh("x"))).rejects.toMatchObject({ name: "NotAuthorizedException" });
  expect((await idp.send(refresh(secretHash(pool, "ada")))).AuthenticationResult?.AccessToken).toBeDefined();
});

test("a client takes the flows that it allows, and administrators have one of their own", async () => {
  const pool = await makePool({ client: { ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] } });
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  await pool.makeUser("ada", PASSWORD);
  await expect(signIn(pool, "ada")).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "USER_PASSWORD_AUTH flow not enabled for this client",
  });
  const { AuthenticationResult } = await idp.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD },
    }),
  );
  expect(AuthenticationResult?.RefreshToken).toBeDefined();
});

test("a disabled user, and one whose password was taken away, do not get in", async () => {
  const pool = await makePool({ AutoVerifiedAttributes: ["email"] });
  const { idp, poolId: UserPoolId } = pool;
  const attributes = [
    { Name: "email", Value: "ada@example.com" },
    { Name: "email_verified", Value: "true" },
  ];
  await pool.makeUser("ada", PASSWORD, attributes);
  await idp.send(new AdminResetUserPasswordCommand({ UserPoolId, Username: "ada" }));
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
  await expect(signIn(pool, "ada")).rejects.toMatchObject({ name: "PasswordResetRequiredException" });
  await pool.makeUser("bob", PASSWORD);
  await idp.send(new AdminDisableUserCommand({ UserPoolId, Username: "bob" }));
  await expect(signIn(pool, "bob")).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "User is disabled.",
  });
});

test("a user who is disabled in the middle of a sign-in gets no further", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  const named = { UserPoolId, Username: "ada" };
  await idp.send(new AdminCreateUserCommand({ ...named, TemporaryPassword: "Temporary-1" }));
  const { ChallengeName, Session } = await signIn(pool, "ada", "Temporary-1");
  await idp.send(new AdminDisableUserCommand(named));
  const ChallengeResponses = { USERNAME: "ada", NEW_PASSWORD: PASSWORD };
  const answer = new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses });
  await expect(idp.send(answer)).rejects.toMatchObject({ message: "User is disabled." });
});

test("a sign-in that would have to ask a function that there is not fails", async () => {
  const pool = await makePool({
    LambdaConfig: { PreTokenGeneration: "arn:aws:lambda:us-east-1:000000000000:function:claims" },
  });
  await pool.makeUser("ada", PASSWORD);
  await expect(signIn(pool, "ada")).rejects.toMatchObject({ name: "UnexpectedLambdaException" });
});

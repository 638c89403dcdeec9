import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  type CreateUserPoolRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";
import { makePool, newestCode, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";
const EMAIL = "ada@example.com";

const signUp = ({ idp, clientId: ClientId }: TestPool, Username = "ada", email = EMAIL) =>
  idp.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: PASSWORD,
      UserAttributes: [{ Name: "email", Value: email }],
    }),
  );

const confirm = ({ idp, clientId: ClientId }: TestPool, ConfirmationCode: string, Username = "ada") =>
  idp.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));

const verifyingPool = (more: Partial<CreateUserPoolRequest> = {}) =>
  makePool({ AutoVerifiedAttributes: ["email"], ...more });

test("a new user is sent a code, and is confirmed by it", async () => {
  const pool = await verifyingPool();
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  const signedUp = await signUp(pool);
  expect(signedUp).toMatchObject({
    UserConfirmed: false,
    CodeDeliveryDetails: { Destination: "a***@e***", DeliveryMedium: "EMAIL", AttributeName: "email" },
  });
  const signIn = new InitiateAuthCommand({
    ClientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: "ada", PASSWORD },
  });
  await expect(idp.send(signIn)).rejects.toMatchObject({ name: "UserNotConfirmedException" });
  await confirm(pool, await newestCode(pool, EMAIL));
  const user = await idp.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" }));
  expect(user.UserStatus).toBe("CONFIRMED");
  expect(user.UserAttributes).toContainEqual({ Name: "email_verified", Value: "true" });
  expect((await idp.send(signIn)).AuthenticationResult?.AccessToken).toBeDefined();
  await expect(confirm(pool, "123456")).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "User cannot be confirmed. Current status is CONFIRMED",
  });
});

test("mails come from where the pool is, and records lie there", async () => {
  const cloud = await testCloud();
  const pool = await makePool({ AutoVerifiedAttributes: ["email"] }, cloud, "111122223333");
  await signUp(pool);
  const [mail] = await cloud.cloud.outbox(1);
  expect(mail).toMatchObject({ account: "111122223333", region: "us-east-1", to: EMAIL });
  const records = await cloud.cloud.journal.find({ limit: 1, matches: ({ operation }) => operation === "SignUp" });
  expect(records).toMatchObject([{ account: "111122223333", userIdentity: { principalId: "Anonymous" } }]);
});

test("a code expires after a day, and the newest one is the one that counts", async () => {
  const pool = await verifyingPool();
  const { idp, clientId: ClientId, cloud } = pool;
  await signUp(pool);
  const first = await newestCode(pool, EMAIL);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
  await cloud.clock.advance(86_400);
  await expect(confirm(pool, first)).rejects.toMatchObject({
    name: "ExpiredCodeException",
    message: "Invalid code provided, please request a code again.",
  });
  await idp.send(new ResendConfirmationCodeCommand({ ClientId, Username: "ada" }));
  // of a million codes the next is sometimes the same
  const wrong = first === (await newestCode(pool, EMAIL)) ? "none" : first;
  await expect(confirm(pool, wrong)).rejects.toMatchObject({ name: "CodeMismatchException" });
  await confirm(pool, await newestCode(pool, EMAIL));
});

test("few tries at a code are taken, though each of them fails", async () => {
  const pool = await verifyingPool();
  await signUp(pool);
  const code = await newestCode(pool, EMAIL);
  const wrong = code === "000000" ? "000001" : "000000";
  for (let tried = 0; tried < 5; tried++) {
    await expect(confirm(pool, wrong)).rejects.toMatchObject({ name: "CodeMismatchException" });
  }
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
  await expect(confirm(pool, code)).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Attempt limit exceeded, please try after some time.",
  });
  await pool.cloud.clock.advance(15 * 60);
  await confirm(pool, code);
});

test("a name is taken once, in any case where the pool knows none", async () => {
  const sensitive = await verifyingPool();
  await signUp(sensitive);
  await signUp(sensitive, "ADA");
  await expect(signUp(sensitive)).rejects.toMatchObject({ name: "UsernameExistsException" });
  const insensitive = await verifyingPool({ UsernameConfiguration: { CaseSensitive: false } });
  await signUp(insensitive);
  await expect(signUp(insensitive, "ADA")).rejects.toMatchObject({ name: "UsernameExistsException" });
});

test("an address that is verified stands for one user's name", async () => {
  const pool = await verifyingPool({ AliasAttributes: ["email"] });
  const { idp, clientId: ClientId, poolId: UserPoolId } = pool;
  await expect(signUp(pool, EMAIL)).rejects.toMatchObject({
    message: "Username cannot be of email format, since user pool is configured for email alias.",
  });
  await signUp(pool, "ada");
  await confirm(pool, await newestCode(pool, EMAIL), "ada");
  await signUp(pool, "bob");
  const code = await newestCode(pool, EMAIL);
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
  await expect(confirm(pool, code, "bob")).rejects.toMatchObject({ name: "AliasExistsException" });
  await idp.send(
    new ConfirmSignUpCommand({ ClientId, Username: "bob", ConfirmationCode: code, ForceAliasCreation: true }),
  );
  const named = await idp.send(new AdminGetUserCommand({ UserPoolId, Username: EMAIL }));
  expect(named.Username).toBe("bob");
});

test("attributes are held to the schema, and an address that nobody verified is nobody's to call verified", async () => {
  const pool = await makePool({
    Schema: [
      { Name: "given_name", Required: true },
      { Name: "age", AttributeDataType: "Number" },
    ],
  });
  const { idp, clientId: ClientId } = pool;
  const attempt = (...UserAttributes: { Name: string; Value: string }[]) =>
    idp.send(new SignUpCommand({ ClientId, Username: "ada", Password: PASSWORD, UserAttributes }));
  const name = { Name: "given_name", Value: "Ada" };
  await expect(attempt()).rejects.toMatchObject({ name: "InvalidParameterException" });
  await expect(attempt(name, { Name: "updated_at", Value: "-1" })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
  await expect(attempt(name, { Name: "custom:age", Value: "17" })).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  // Source: https://github.com/aws-amplify/amplify-js/issues/2167
  await expect(attempt(name, { Name: "flavor", Value: "sour" })).rejects.toMatchObject({
    message: "Attributes did not conform to the schema: flavor: Attribute does not exist in the schema.\n",
  });
  await expect(attempt(name, { Name: "email_verified", Value: "true" })).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  await attempt(name, { Name: "updated_at", Value: "1" });
});

test("a pool that takes users from administrators only refuses sign-ups", async () => {
  const pool = await makePool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
  await expect(signUp(pool)).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "SignUp is not permitted for this user pool",
  });
});

test("who has forgotten their password chooses another one by a code", async () => {
  const pool = await verifyingPool();
  const { idp, clientId: ClientId } = pool;
  await signUp(pool);
  const forgot = new ForgotPasswordCommand({ ClientId, Username: "ada" });
  await idp.send(new AdminConfirmSignUpCommand({ UserPoolId: pool.poolId, Username: "ada" }));
  await expect(idp.send(forgot)).rejects.toMatchObject({
    message: "Cannot reset password for the user as there is no registered/verified email or phone_number",
  });
  await pool.makeUser("bob", PASSWORD, [
    { Name: "email", Value: "bob@example.com" },
    { Name: "email_verified", Value: "true" },
  ]);
  await idp.send(new ForgotPasswordCommand({ ClientId, Username: "bob" }));
  const change = (ConfirmationCode: string, Password: string) =>
    idp.send(new ConfirmForgotPasswordCommand({ ClientId, Username: "bob", ConfirmationCode, Password }));
  const code = await newestCode(pool, "bob@example.com");
  await expect(change(code, "weak")).rejects.toMatchObject({ name: "InvalidPasswordException" });
  await change(code, "Another-horse-2");
  await expect(change(code, "Another-horse-3")).rejects.toMatchObject({ name: "ExpiredCodeException" });
  const signIn = await idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "bob", PASSWORD: "Another-horse-2" },
    }),
  );
  expect(signIn.AuthenticationResult).toBeDefined();
});

test("who has no code is not told which passwords there were", async () => {
  const PasswordPolicy = { MinimumLength: 8, PasswordHistorySize: 2 };
  const pool = await verifyingPool({ Policies: { PasswordPolicy } });
  const { idp, clientId: ClientId } = pool;
  await pool.makeUser("bob", PASSWORD, [
    { Name: "email", Value: "bob@example.com" },
    { Name: "email_verified", Value: "true" },
  ]);
  await idp.send(new ForgotPasswordCommand({ ClientId, Username: "bob" }));
  const code = await newestCode(pool, "bob@example.com");
  const change = (ConfirmationCode: string, Password: string) =>
    idp.send(new ConfirmForgotPasswordCommand({ ClientId, Username: "bob", ConfirmationCode, Password }));
  const wrong = code === "000000" ? "000001" : "000000";
  await expect(change(wrong, PASSWORD)).rejects.toMatchObject({ name: "CodeMismatchException" });
  await expect(change(code, PASSWORD)).rejects.toMatchObject({ name: "PasswordHistoryPolicyViolationException" });
  await change(code, "Another-horse-2");
});

test("an address that was changed before its code came is not verified by it", async () => {
  const pool = await verifyingPool();
  const { idp, poolId: UserPoolId } = pool;
  await signUp(pool);
  const code = await newestCode(pool, EMAIL);
  const UserAttributes = [{ Name: "email", Value: "bob@example.com" }];
  await idp.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username: "ada", UserAttributes }));
  await confirm(pool, code);
  const user = await idp.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" }));
  expect(user.UserStatus).toBe("CONFIRMED");
  expect(user.UserAttributes).toContainEqual({ Name: "email_verified", Value: "false" });
});

test("a client that does not tell sends codes to nobody", async () => {
  const pool = await makePool({ client: { PreventUserExistenceErrors: "ENABLED" } });
  const { idp, clientId: ClientId } = pool;
  const Username = "nobody";
  const { CodeDeliveryDetails } = await idp.send(new ForgotPasswordCommand({ ClientId, Username }));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
  expect(CodeDeliveryDetails?.Destination).toMatch(/^.\*\*\*@.\*\*\*$/);
  expect(await pool.cloud.cloud.outbox(10)).toEqual([]);
  await expect(confirm(pool, "123456", Username)).rejects.toMatchObject({ name: "ExpiredCodeException" });
});

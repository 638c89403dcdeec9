/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html */
import {
  AdminGetUserCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { triggeredPool } from "../../../../test/triggered-pools.ts";

/** Shorter than the pool would take it. */
const BROUGHT = "old";
const EMAIL = "ada@example.com";

const KNOWS = (status: string) => `
  if (event.request.password && event.request.password !== "${BROUGHT}") throw new Error("Bad password");
  event.response.userAttributes = { email: "${EMAIL}", email_verified: "true" };
  event.response.finalUserStatus = "${status}";
  event.response.messageAction = "SUPPRESS";
  return event;`;

async function migratingPool(status: string) {
  const pool = await triggeredPool(["UserMigration"], KNOWS(status));
  const { idp, clientId: ClientId, poolId: UserPoolId } = pool;
  return {
    ...pool,
    signIn: (PASSWORD: string) =>
      idp.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "ada", PASSWORD },
        }),
      ),
    user: () => idp.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" })),
  };
}

test("a user whom a function knows gets in with the password from before, and is in the pool from then on", async () => {
  const pool = await migratingPool("CONFIRMED");
  await expect(pool.signIn("a guess")).rejects.toMatchObject({
    name: "UserLambdaValidationException",
    message: "UserMigration failed with error Bad password.",
  });
  await expect(pool.user()).rejects.toMatchObject({ name: "UserNotFoundException" });
  expect((await pool.signIn(BROUGHT)).AuthenticationResult?.AccessToken).toBeDefined();
  const user = await pool.user();
  expect(user.UserStatus).toBe("CONFIRMED");
  expect(user.UserAttributes).toContainEqual({ Name: "email", Value: EMAIL });
  expect(await pool.cloud.cloud.outbox(5)).toEqual([]);
  const calls = await pool.cloud.cloud.journal.find({ limit: 50, matches: () => true });
  expect(calls.map(({ operation }) => operation)).toContain("Invoke");
  expect(JSON.stringify(calls)).not.toContain("Payload");
  await expect(pool.signIn("a guess")).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("a function may want the password changed at once", async () => {
  const pool = await migratingPool("RESET_REQUIRED");
  await expect(pool.signIn(BROUGHT)).rejects.toMatchObject({ name: "PasswordResetRequiredException" });
  expect((await pool.user()).UserStatus).toBe("RESET_REQUIRED");
});

test("a user whom a function knows can set a new password", async () => {
  const { idp, clientId: ClientId } = await migratingPool("RESET_REQUIRED");
  const { CodeDeliveryDetails } = await idp.send(new ForgotPasswordCommand({ ClientId, Username: "ada" }));
  expect(CodeDeliveryDetails).toMatchObject({ DeliveryMedium: "EMAIL", Destination: "a***@e***" });
});

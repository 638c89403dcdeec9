import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableProviderForUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
  type ChallengeNameType,
  type SetUserPoolMfaConfigRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { appCode } from "../../../../test/authenticator.ts";
import { makePool, newestCode, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";
const ADDRESS = { Name: "email", Value: "ada@example.com" };
const noSession = { name: "NotAuthorizedException", message: "Invalid session for the user." };

const signIn = ({ idp, clientId: ClientId }: TestPool, password = PASSWORD) => {
  const AuthParameters = { USERNAME: "ada", PASSWORD: password };
  return idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }));
};

interface Asked {
  readonly ChallengeName?: ChallengeNameType | undefined;
  readonly Session?: string | undefined;
}

function respond({ idp, clientId: ClientId }: TestPool, asked: Asked, responses: Record<string, string>) {
  const { ChallengeName, Session } = asked;
  const ChallengeResponses = { USERNAME: "ada", ...responses };
  return idp.send(new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses }));
}

const setFactors = ({ idp, poolId: UserPoolId }: TestPool, factors: Omit<SetUserPoolMfaConfigRequest, "UserPoolId">) =>
  idp.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...factors }));

const remove = ({ idp, poolId: UserPoolId }: TestPool) =>
  idp.send(new AdminDeleteUserCommand({ UserPoolId, Username: "ada" }));

const invite = ({ idp, poolId: UserPoolId }: TestPool, TemporaryPassword: string) => {
  const asked = { UserPoolId, Username: "ada", TemporaryPassword, MessageAction: "SUPPRESS" } as const;
  return idp.send(new AdminCreateUserCommand(asked));
};

test("a code that was sent to a user who is gone lets nobody in as the next one of that name", async () => {
  const pool = await makePool();
  const EmailMfaConfiguration = { Message: "Payroll: {####}" };
  await setFactors(pool, { MfaConfiguration: "ON", EmailMfaConfiguration });
  const verified = { Name: "email_verified", Value: "true" };
  await pool.makeUser("ada", PASSWORD, [ADDRESS, verified]);
  const asked = await signIn(pool);
  expect(asked.ChallengeName).toBe("EMAIL_OTP");
  const EMAIL_OTP_CODE = await newestCode(pool, ADDRESS.Value);
  await remove(pool);
  await pool.makeUser("ada", "Another-horse-1", [{ Name: "email", Value: "other@example.com" }, verified]);
  await expect(respond(pool, asked, { EMAIL_OTP_CODE })).rejects.toMatchObject(noSession);
});

test("who showed a temporary password chooses none for the next user of that name", async () => {
  const pool = await makePool();
  await invite(pool, "Temporary-1");
  const asked = await signIn(pool, "Temporary-1");
  expect(asked.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
  await remove(pool);
  await invite(pool, "Temporary-2");
  await expect(respond(pool, asked, { NEW_PASSWORD: PASSWORD })).rejects.toMatchObject(noSession);
});

test("nobody sets an app up for the next user of that name", async () => {
  const pool = await makePool();
  await setFactors(pool, { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } });
  await pool.makeUser("ada", PASSWORD);
  const { ChallengeName, Session } = await signIn(pool);
  expect(ChallengeName).toBe("MFA_SETUP");
  await remove(pool);
  await pool.makeUser("ada", "Another-horse-1");
  const associate = pool.idp.send(new AssociateSoftwareTokenCommand({ Session }));
  await expect(associate).rejects.toMatchObject(noSession);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
test("a password that was taken away is not replaced by who showed it before", async () => {
  const pool = await makePool();
  await invite(pool, "Temporary-1");
  const asked = await signIn(pool, "Temporary-1");
  const User = {
    ProviderName: "Cognito",
    ProviderAttributeName: "Cognito_Subject",
    ProviderAttributeValue: "ada",
  };
  await pool.idp.send(new AdminDisableProviderForUserCommand({ UserPoolId: pool.poolId, User }));
  const chosen = respond(pool, asked, { NEW_PASSWORD: PASSWORD });
  await expect(chosen).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("a factor that the pool has turned off since is not chosen any more", async () => {
  const pool = await makePool();
  const { cloud, idp, poolId: UserPoolId } = pool;
  const EmailMfaConfiguration = { Message: "Payroll: {####}" };
  const SoftwareTokenMfaConfiguration = { Enabled: true };
  await setFactors(pool, { MfaConfiguration: "OPTIONAL", EmailMfaConfiguration, SoftwareTokenMfaConfiguration });
  await pool.makeUser("ada", PASSWORD, [ADDRESS]);
  const { AuthenticationResult: { AccessToken } = {} } = await signIn(pool);
  const { SecretCode = "" } = await idp.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  const UserCode = appCode(SecretCode, cloud.clock.now());
  await idp.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
  const SoftwareTokenMfaSettings = { Enabled: true };
  await idp.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
  const EmailMfaSettings = { Enabled: true };
  await idp.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username: "ada", EmailMfaSettings }));
  const asked = await signIn(pool);
  expect(asked.ChallengeName).toBe("SELECT_MFA_TYPE");
  await setFactors(pool, { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration });
  const choose = (ANSWER: string) => respond(pool, asked, { ANSWER });
  await expect(choose("EMAIL_OTP")).rejects.toMatchObject({ name: "InvalidParameterException" });
  expect((await choose("SOFTWARE_TOKEN_MFA")).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
});

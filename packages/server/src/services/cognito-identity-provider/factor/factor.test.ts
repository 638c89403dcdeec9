import {
  AdminCreateUserCommand,
  AdminDeleteSoftwareTokenCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  ConfirmSignUpCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
  type ChallengeNameType,
  type SmsConfigurationType,
} from "@aws-sdk/client-cognito-identity-provider";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { appCode } from "../../../../test/authenticator.ts";
import { policyText } from "../../../../test/identities.ts";
import type { TestCloud } from "../../../../test/test-cloud.ts";
import { makePool, newestCode, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";

const signIn = ({ idp, clientId: ClientId }: TestPool, USERNAME = "ada") =>
  idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );

const respond = (
  { idp, clientId: ClientId }: TestPool,
  ChallengeName: ChallengeNameType,
  Session: string | undefined,
  responses: Record<string, string>,
) =>
  idp.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: "ada", ...responses },
    }),
  );

/** A role that user pools may send messages with, if they say the external id. */
async function makeSmsRole(cloud: TestCloud): Promise<string> {
  const iam = cloud.client(IAMClient);
  const statement = {
    Effect: "Allow",
    Principal: { Service: "cognito-idp.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": "payroll" } },
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "sms",
      AssumeRolePolicyDocument: policyText({ Statement: [statement] }),
    }),
  );
  return Role?.Arn ?? "";
}

async function poolWithApps(MfaConfiguration: "ON" | "OPTIONAL"): Promise<TestPool> {
  const pool = await makePool();
  await pool.idp.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId: pool.poolId,
      MfaConfiguration,
      SoftwareTokenMfaConfiguration: { Enabled: true },
    }),
  );
  await pool.makeUser("ada", PASSWORD);
  return pool;
}

test("a user sets an authenticator app up, and is asked for its code from then on", async () => {
  const pool = await poolWithApps("OPTIONAL");
  const { idp, cloud, poolId: UserPoolId } = pool;
  const AccessToken = (await signIn(pool)).AuthenticationResult?.AccessToken;
  const prefer = new SetUserMFAPreferenceCommand({
    AccessToken,
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
  });
  await expect(idp.send(prefer)).rejects.toMatchObject({ name: "InvalidParameterException" });
  const { SecretCode } = await idp.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  const verify = (UserCode: string) => idp.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
  const setUp = appCode(SecretCode ?? "", cloud.clock.now());
  await expect(verify(setUp === "000000" ? "000001" : "000000")).rejects.toMatchObject({
    name: "EnableSoftwareTokenMFAException",
  });
  expect((await verify(setUp)).Status).toBe("SUCCESS");
  await idp.send(prefer);
  const user = await idp.send(new GetUserCommand({ AccessToken }));
  expect(user).toMatchObject({
    PreferredMfaSetting: "SOFTWARE_TOKEN_MFA",
    UserMFASettingList: ["SOFTWARE_TOKEN_MFA"],
  });

  const { ChallengeName, Session } = await signIn(pool);
  expect(ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
  const answer = (SOFTWARE_TOKEN_MFA_CODE: string) =>
    respond(pool, "SOFTWARE_TOKEN_MFA", Session, { SOFTWARE_TOKEN_MFA_CODE });
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_cognitoidp/test_cognitoidp.py (a test run against AWS)
  await expect(answer(setUp)).rejects.toMatchObject({
    name: "ExpiredCodeException",
    message: "Your software token has already been used once.",
  });
  await cloud.clock.advance(60);
  expect((await answer(appCode(SecretCode ?? "", cloud.clock.now()))).AuthenticationResult?.AccessToken).toBeDefined();

  await idp.send(new AdminDeleteSoftwareTokenCommand({ UserPoolId, Username: "ada" }));
  expect((await signIn(pool)).AuthenticationResult).toBeDefined();
});

test("a pool that insists has users set a factor up while they sign in", async () => {
  const pool = await poolWithApps("ON");
  const { idp, cloud } = pool;
  const { ChallengeName, ChallengeParameters, Session } = await signIn(pool);
  expect(ChallengeName).toBe("MFA_SETUP");
  expect(ChallengeParameters?.["MFAS_CAN_SETUP"]).toBe('["SOFTWARE_TOKEN_MFA"]');
  const associated = await idp.send(new AssociateSoftwareTokenCommand({ Session }));
  await expect(respond(pool, "MFA_SETUP", associated.Session, {})).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  const UserCode = appCode(associated.SecretCode ?? "", cloud.clock.now());
  const verified = await idp.send(new VerifySoftwareTokenCommand({ Session: associated.Session, UserCode }));
  const done = await respond(pool, "MFA_SETUP", verified.Session, {});
  expect(done.AuthenticationResult?.IdToken).toBeDefined();
  expect((await signIn(pool)).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
});

test("codes by SMS and by mail are second factors too, and the user chooses among them", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId, cloud } = pool;
  const SmsConfiguration = { SnsCallerArn: await makeSmsRole(cloud), ExternalId: "payroll" };
  await idp.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration: "OPTIONAL",
      SmsMfaConfiguration: { SmsConfiguration, SmsAuthenticationMessage: "Payroll: {####}" },
      EmailMfaConfiguration: { Message: "Payroll: {####}" },
    }),
  );
  await pool.makeUser("ada", PASSWORD, [
    { Name: "phone_number", Value: "+12065550100" },
    { Name: "email", Value: "ada@example.com" },
  ]);
  const Enabled = { Enabled: true };
  await idp.send(
    new AdminSetUserMFAPreferenceCommand({
      UserPoolId,
      Username: "ada",
      SMSMfaSettings: Enabled,
      EmailMfaSettings: Enabled,
    }),
  );
  const asked = await signIn(pool);
  expect(asked).toMatchObject({
    ChallengeName: "SELECT_MFA_TYPE",
    ChallengeParameters: { MFAS_CAN_CHOOSE: '["SMS_MFA","EMAIL_OTP"]' },
  });
  const chosen = await respond(pool, "SELECT_MFA_TYPE", asked.Session, { ANSWER: "SMS_MFA" });
  expect(chosen).toMatchObject({
    ChallengeName: "SMS_MFA",
    ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: "SMS", CODE_DELIVERY_DESTINATION: "+*******0100" },
  });
  const code = await newestCode(pool, "+12065550100");
  const wrong = code === "000000" ? "000001" : "000000";
  const answer = (SMS_MFA_CODE: string) => respond(pool, "SMS_MFA", chosen.Session, { SMS_MFA_CODE });
  await expect(answer(wrong)).rejects.toMatchObject({ name: "CodeMismatchException" });
  expect((await answer(code)).AuthenticationResult).toBeDefined();
  await expect(answer(code)).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("a role that does not trust user pools sends no messages", async () => {
  const { idp, poolId: UserPoolId, cloud } = await makePool();
  const SnsCallerArn = await makeSmsRole(cloud);
  const set = (ExternalId?: string) =>
    idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId,
        MfaConfiguration: "OPTIONAL",
        SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn, ExternalId } },
      }),
    );
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
  await expect(set()).rejects.toMatchObject({ name: "InvalidSmsRoleTrustRelationshipException" });
  await set("payroll");
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html (Errors)
test("what is no role, or no external id, is said to be that, and not an untrusting role", async () => {
  const { idp, poolId: UserPoolId, cloud } = await makePool();
  const SnsCallerArn = await makeSmsRole(cloud);
  const set = (SmsConfiguration: SmsConfigurationType) => {
    const SmsMfaConfiguration = { SmsConfiguration };
    return idp.send(new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: "OPTIONAL", SmsMfaConfiguration }));
  };
  const invalid = { name: "InvalidParameterException", $metadata: { httpStatusCode: 400 } };
  await expect(set({ SnsCallerArn, ExternalId: "p" })).rejects.toMatchObject(invalid);
  await expect(set({ SnsCallerArn: "arn:aws:s3:::a-bucket-of-ours" })).rejects.toMatchObject(invalid);
  const missing = "arn:aws:iam::000000000000:role/missing";
  await expect(set({ SnsCallerArn: missing })).rejects.toMatchObject({
    name: "InvalidSmsRoleTrustRelationshipException",
  });
});

test("a session for a challenge ends after the minutes that the client says", async () => {
  const pool = await makePool({ client: { AuthSessionValidity: 5 } });
  const { idp, poolId: UserPoolId } = pool;
  await idp.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration: "ON",
      EmailMfaConfiguration: { Message: "Payroll: {####}" },
    }),
  );
  await pool.makeUser("ada", PASSWORD, [
    { Name: "email", Value: "ada@example.com" },
    { Name: "email_verified", Value: "true" },
  ]);
  const { ChallengeName, Session } = await signIn(pool);
  expect(ChallengeName).toBe("EMAIL_OTP");
  await pool.cloud.clock.advance(5 * 60);
  const EMAIL_OTP_CODE = await newestCode(pool, "ada@example.com");
  await expect(respond(pool, "EMAIL_OTP", Session, { EMAIL_OTP_CODE })).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Invalid session for the user, session is expired.",
  });
});

test("where the pool lets them choose, users begin with a code", async () => {
  const pool = await makePool({
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] } },
  });
  const { idp, clientId: ClientId } = pool;
  await pool.makeUser("ada", PASSWORD, [{ Name: "email", Value: "ada@example.com" }]);
  const start = await idp.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: "USER_AUTH", AuthParameters: { USERNAME: "ada" } }),
  );
  expect(start).toMatchObject({
    ChallengeName: "SELECT_CHALLENGE",
    AvailableChallenges: ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"],
  });
  const asked = await respond(pool, "SELECT_CHALLENGE", start.Session, { ANSWER: "EMAIL_OTP" });
  expect(asked.ChallengeName).toBe("EMAIL_OTP");
  const EMAIL_OTP_CODE = await newestCode(pool, "ada@example.com");
  const done = await respond(pool, "EMAIL_OTP", asked.Session, { EMAIL_OTP_CODE });
  expect(done.AuthenticationResult?.AccessToken).toBeDefined();
});

test("who needs no password is let in by the code that confirmed them", async () => {
  const pool = await makePool({
    AutoVerifiedAttributes: ["email"],
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] } },
  });
  const { idp, clientId: ClientId, poolId: UserPoolId } = pool;
  const UserAttributes = [{ Name: "email", Value: "ada@example.com" }];
  await idp.send(new SignUpCommand({ ClientId, Username: "ada", UserAttributes }));
  const ConfirmationCode = await newestCode(pool, "ada@example.com");
  const { Session } = await idp.send(new ConfirmSignUpCommand({ ClientId, Username: "ada", ConfirmationCode }));
  const go = (USERNAME: string) =>
    idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "USER_AUTH", Session, AuthParameters: { USERNAME } }));
  await expect(go("bob")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  expect((await go("ada")).AuthenticationResult?.AccessToken).toBeDefined();
  await expect(go("ada")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  const made = await idp.send(new AdminCreateUserCommand({ UserPoolId, Username: "bob", UserAttributes }));
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
  expect(made.User?.UserStatus).toBe("CONFIRMED");
});

import {
  AdminListDevicesCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmDeviceCommand,
  ForgetDeviceCommand,
  GetDeviceCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makePool, newestCode, SrpClient, srpVerifier, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";
const DEVICE_PASSWORD = "device-secret";

const signIn = ({ idp, clientId: ClientId }: TestPool, more: Record<string, string> = {}) =>
  idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD, ...more },
    }),
  );

async function makeDevice(pool: TestPool) {
  const { idp } = pool;
  await pool.makeUser("ada", PASSWORD);
  const { AuthenticationResult } = await signIn(pool);
  const { DeviceKey: key = "", DeviceGroupKey: realm = "" } = AuthenticationResult?.NewDeviceMetadata ?? {};
  const AccessToken = AuthenticationResult?.AccessToken;
  const { salt, verifier } = srpVerifier({ realm, name: key, password: DEVICE_PASSWORD });
  const { UserConfirmationNecessary } = await idp.send(
    new ConfirmDeviceCommand({
      AccessToken,
      DeviceKey: key,
      DeviceName: "laptop",
      DeviceSecretVerifierConfig: {
        Salt: Buffer.from(salt, "hex").toString("base64"),
        PasswordVerifier: Buffer.from(verifier, "hex").toString("base64"),
      },
    }),
  );
  const RefreshToken = AuthenticationResult?.RefreshToken;
  return { key, realm, AccessToken, RefreshToken, UserConfirmationNecessary };
}

test("a remembered device shows its secret, and is asked for nothing else", async () => {
  const pool = await makePool({
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
  });
  const { idp, clientId: ClientId } = pool;
  const { key: DEVICE_KEY, realm, UserConfirmationNecessary } = await makeDevice(pool);
  expect(UserConfirmationNecessary).toBe(false);
  const asked = await signIn(pool, { DEVICE_KEY });
  expect(asked.ChallengeName).toBe("DEVICE_SRP_AUTH");
  const srp = new SrpClient();
  const verifier = await idp.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: "DEVICE_SRP_AUTH",
      Session: asked.Session,
      ChallengeResponses: { USERNAME: "ada", DEVICE_KEY, SRP_A: srp.srpA },
    }),
  );
  expect(verifier.ChallengeName).toBe("DEVICE_PASSWORD_VERIFIER");
  const prove = (password: string) =>
    idp.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: "DEVICE_PASSWORD_VERIFIER",
        ChallengeResponses: {
          ...srp.prove(verifier.ChallengeParameters, { realm, name: DEVICE_KEY, password }),
          USERNAME: "ada",
          DEVICE_KEY,
        },
      }),
    );
  await expect(prove("another-secret")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  const { AuthenticationResult } = await prove(DEVICE_PASSWORD);
  expect(AuthenticationResult?.AccessToken).toBeDefined();
  expect(AuthenticationResult).not.toHaveProperty("NewDeviceMetadata");
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html (DeviceKey)
test("tokens of a confirmed device are refreshed with its key alone", async () => {
  const pool = await makePool({ DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: false } });
  const { idp, clientId: ClientId } = pool;
  const { key: DeviceKey, RefreshToken } = await makeDevice(pool);
  const refresh = (more: object) => idp.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken, ...more }));
  expect((await refresh({ DeviceKey })).AuthenticationResult?.AccessToken).toBeDefined();
  for (const more of [{}, { DeviceKey: "us-east-1_00000000-0000-0000-0000-000000000000" }]) {
    await expect(refresh(more)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  }
});

test("devices are listed and forgotten", async () => {
  const pool = await makePool({ DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: true } });
  const { idp, poolId: UserPoolId } = pool;
  const { key: DeviceKey, AccessToken, UserConfirmationNecessary } = await makeDevice(pool);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
  expect(UserConfirmationNecessary).toBe(true);
  const { Devices } = await idp.send(new AdminListDevicesCommand({ UserPoolId, Username: "ada" }));
  expect(Devices?.map((device) => device.DeviceKey)).toEqual([DeviceKey]);
  await idp.send(new ForgetDeviceCommand({ AccessToken, DeviceKey }));
  await expect(idp.send(new GetDeviceCommand({ AccessToken, DeviceKey }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("a device that does not stand for the second factor is asked after it", async () => {
  const pool = await makePool({ DeviceConfiguration: { ChallengeRequiredOnNewDevice: false } });
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  const { key: DEVICE_KEY } = await makeDevice(pool);
  await idp.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration: "ON",
      EmailMfaConfiguration: { Message: "Payroll: {####}" },
    }),
  );
  await idp.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username: "ada",
      UserAttributes: [
        { Name: "email", Value: "ada@example.com" },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  const asked = await signIn(pool, { DEVICE_KEY });
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceConfigurationType.html
  expect(asked.ChallengeName).toBe("EMAIL_OTP");
  const next = await idp.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: "EMAIL_OTP",
      Session: asked.Session,
      ChallengeResponses: { USERNAME: "ada", EMAIL_OTP_CODE: await newestCode(pool, "ada@example.com") },
    }),
  );
  expect(next.ChallengeName).toBe("DEVICE_SRP_AUTH");
});

import {
  AdminDeleteUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  SetUICustomizationCommand,
  StartWebAuthnRegistrationCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { lastingStore } from "../../../../test/lasting-store.ts";
import { testCloud } from "../../../../test/test-cloud.ts";
import { makePool } from "../../../../test/user-pools.ts";
import { table } from "../../../kernel/table.ts";

test("a pool that says nothing has what AWS says", async () => {
  const cloud = await testCloud();
  const idp = cloud.client(CognitoIdentityProviderClient);
  const { UserPool } = await idp.send(new CreateUserPoolCommand({ PoolName: "payroll" }));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
  expect(UserPool?.Policies?.PasswordPolicy).toEqual({
    MinimumLength: 8,
    RequireUppercase: true,
    RequireLowercase: true,
    RequireNumbers: true,
    RequireSymbols: true,
    TemporaryPasswordValidityDays: 7,
  });
  expect(UserPool?.Id).toMatch(/^us-east-1_[0-9A-Za-z]{9}$/);
  expect(UserPool?.Arn).toBe(`arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPool?.Id}`);
  expect(UserPool?.MfaConfiguration).toBe("OFF");
  // Source: https://docs.rs/mz_rusoto_cognito_idp/latest/rusoto_cognito_idp/struct.CreateUserPoolRequest.html (AWS's words on account_recovery_setting)
  expect(UserPool?.AccountRecoverySetting?.RecoveryMechanisms).toEqual([
    { Priority: 1, Name: "verified_email" },
    { Priority: 2, Name: "verified_phone_number" },
  ]);
  const described = await idp.send(new DescribeUserPoolCommand({ UserPoolId: UserPool?.Id }));
  expect(described.UserPool).toEqual(UserPool);
});

test("an update puts what it does not say back to what AWS says, but for what is set once", async () => {
  const cloud = await testCloud();
  const idp = cloud.client(CognitoIdentityProviderClient);
  const { UserPool } = await idp.send(
    new CreateUserPoolCommand({
      PoolName: "payroll",
      AliasAttributes: ["email"],
      Policies: { PasswordPolicy: { MinimumLength: 20 } },
      DeletionProtection: "ACTIVE",
    }),
  );
  const UserPoolId = UserPool?.Id;
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html
  await expect(idp.send(new DeleteUserPoolCommand({ UserPoolId }))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await idp.send(new UpdateUserPoolCommand({ UserPoolId, AutoVerifiedAttributes: ["email"] }));
  const described = await idp.send(new DescribeUserPoolCommand({ UserPoolId }));
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
  expect(described.UserPool).toMatchObject({
    AliasAttributes: ["email"],
    AutoVerifiedAttributes: ["email"],
    DeletionProtection: "INACTIVE",
    Policies: { PasswordPolicy: { MinimumLength: 8 } },
  });
  await idp.send(new DeleteUserPoolCommand({ UserPoolId }));
  expect((await idp.send(new ListUserPoolsCommand({ MaxResults: 10 }))).UserPools).toEqual([]);
});

test("what was set for the pages of a pool, and passkeys that users began, go with it", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD" as const, "WEB_AUTHN" as const] } };
  const pool = await makePool({ Policies }, cloud);
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  const Domain = "payroll";
  await idp.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain }));
  for (const of of [{}, { ClientId }]) {
    const CSS = ".banner-customizable { background: red; }";
    await idp.send(new SetUICustomizationCommand({ UserPoolId, ...of, CSS }));
  }
  for (const USERNAME of ["ada", "bob"]) {
    const AuthParameters = { USERNAME, PASSWORD: "Correct-horse-1" };
    await pool.makeUser(USERNAME, AuthParameters.PASSWORD);
    const signIn = new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters });
    const { AuthenticationResult: { AccessToken } = {} } = await idp.send(signIn);
    await idp.send(new StartWebAuthnRegistrationCommand({ AccessToken }));
  }
  const kept = async () => {
    const counts: number[] = [];
    await rewrite(async (tx) => {
      for (const name of ["cognito-idp.ui-customization", "cognito-idp.passkey-registration"]) {
        const rows = await tx.scan(
          table(name, "global", () => []),
          { limit: 10 },
        );
        counts.push(rows.length);
      }
    });
    return counts;
  };
  await cloud.close();
  expect(await kept()).toEqual([2, 2]);
  const second = await open();
  const later = second.client(CognitoIdentityProviderClient);
  await later.send(new AdminDeleteUserCommand({ UserPoolId, Username: "bob" }));
  await later.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
  await second.close();
  expect(await kept()).toEqual([1, 1]);
  const last = await open();
  const end = last.client(CognitoIdentityProviderClient);
  await end.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }));
  await end.send(new DeleteUserPoolCommand({ UserPoolId }));
  await last.close();
  expect(await kept()).toEqual([0, 0]);
});

test("an update that sets tags is asked about them", async () => {
  const cloud = await testCloud();
  const idp = cloud.client(CognitoIdentityProviderClient);
  const { UserPool } = await idp.send(new CreateUserPoolCommand({ PoolName: "payroll" }));
  const Condition = { StringEquals: { "aws:RequestTag/team": "payroll" } };
  const Statement = [{ Effect: "Allow", Action: "cognito-idp:UpdateUserPool", Resource: "*", Condition }];
  const ann = cloud.client(CognitoIdentityProviderClient, await makeUser(cloud, "ann", { allow: { Statement } }));
  const update = (team: string) =>
    ann.send(new UpdateUserPoolCommand({ UserPoolId: UserPool?.Id, UserPoolTags: { team } }));
  // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html (UpdateUserPool)
  await update("payroll");
  await expect(update("sales")).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("a setting that is not built is refused by its name", async () => {
  const cloud = await testCloud();
  const idp = cloud.client(CognitoIdentityProviderClient);
  const AcrConfiguration = { LEVEL_1: { AcrValue: "urn:payroll:1" } };
  await expect(idp.send(new CreateUserPoolCommand({ PoolName: "payroll", AcrConfiguration }))).rejects.toMatchObject({
    name: "NotImplemented",
    message: expect.stringContaining("AcrConfiguration"),
    $metadata: { httpStatusCode: 501 },
  });
});

test("a client's secret is shown again, and its tokens last no longer than a day", async () => {
  const cloud = await testCloud();
  const idp = cloud.client(CognitoIdentityProviderClient);
  const { UserPool } = await idp.send(new CreateUserPoolCommand({ PoolName: "payroll" }));
  const named = { UserPoolId: UserPool?.Id, ClientName: "web" };
  const { UserPoolClient } = await idp.send(new CreateUserPoolClientCommand({ ...named, GenerateSecret: true }));
  const { UserPoolId, ClientId } = UserPoolClient ?? {};
  const described = await idp.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
  expect(described.UserPoolClient).toEqual(UserPoolClient);
  expect(UserPoolClient?.ClientSecret).toMatch(/^[0-9a-z]{52}$/);
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
  const tooLong = new CreateUserPoolClientCommand({ ...named, AccessTokenValidity: 25 });
  await expect(idp.send(tooLong)).rejects.toMatchObject({ message: "Invalid range for token validity." });
});

import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminForgetDeviceCommand,
  AdminGetDeviceCommand,
  AdminGetUserAuthFactorsCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateDeviceStatusCommand,
  ConfirmDeviceCommand,
  CreateGroupCommand,
  CreateIdentityProviderCommand,
  CreateResourceServerCommand,
  CreateTermsCommand,
  CreateUserPoolDomainCommand,
  DeleteIdentityProviderCommand,
  DeleteResourceServerCommand,
  DeleteTermsCommand,
  DeleteUserAttributesCommand,
  DeleteUserPoolDomainCommand,
  DescribeIdentityProviderCommand,
  DescribeResourceServerCommand,
  DescribeTermsCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  GetDeviceCommand,
  GetGroupCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  InitiateAuthCommand,
  ListDevicesCommand,
  ListResourceServersCommand,
  ListTagsForResourceCommand,
  SetUserPoolMfaConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDeviceStatusCommand,
  UpdateResourceServerCommand,
  UpdateTermsCommand,
  UpdateUserPoolDomainCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makePool, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";
const GONE = { name: "ResourceNotFoundException" };

const links = (url: string) => ({ Links: { "cognito:default": url } });

const signIn = async ({ idp, clientId: ClientId }: TestPool) => {
  const AuthParameters = { USERNAME: "ada", PASSWORD };
  const command = new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters });
  return (await idp.send(command)).AuthenticationResult;
};

async function poolWithAda(facts: Parameters<typeof makePool>[0] = {}) {
  const pool = await makePool(facts);
  await pool.makeUser("ada", PASSWORD, [{ Name: "email", Value: "ada@example.com" }]);
  return pool;
}

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
test("the second factors of a pool are read back, and a pool's tags", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const read = new GetUserPoolMfaConfigCommand({ UserPoolId });
  expect(await idp.send(read)).toMatchObject({ MfaConfiguration: "OFF" });
  const asked = { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true } } as const;
  expect(await idp.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...asked }))).toMatchObject(asked);
  expect(await idp.send(read)).toMatchObject(asked);
  const { UserPool } = await idp.send(new DescribeUserPoolCommand({ UserPoolId }));
  const ResourceArn = UserPool?.Arn;
  await idp.send(new TagResourceCommand({ ResourceArn, Tags: { a: "1", b: "2" } }));
  await idp.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a"] }));
  expect((await idp.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual({ b: "2" });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html
// "If you don't provide a value for an attribute, it is set to the default value."
test("an update of a resource server takes away the scopes that it does not name", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const named = { UserPoolId, Identifier: "https://api.example.com" };
  const Scopes = [{ ScopeName: "read", ScopeDescription: "Reads" }];
  await idp.send(new CreateResourceServerCommand({ ...named, Name: "api", Scopes }));
  const read = new DescribeResourceServerCommand(named);
  expect((await idp.send(read)).ResourceServer).toEqual({ ...named, Name: "api", Scopes });
  await idp.send(new UpdateResourceServerCommand({ ...named, Name: "new" }));
  const list = new ListResourceServersCommand({ UserPoolId, MaxResults: 10 });
  expect((await idp.send(list)).ResourceServers).toEqual([{ ...named, Name: "new" }]);
  await idp.send(new DeleteResourceServerCommand(named));
  await expect(idp.send(read)).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeIdentityProvider.html
test("an identity provider is described until it is deleted", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const named = { UserPoolId, ProviderName: "Google" };
  const ProviderDetails = { client_id: "x", client_secret: "y", authorize_scopes: "email" };
  await idp.send(new CreateIdentityProviderCommand({ ...named, ProviderType: "Google", ProviderDetails }));
  const read = new DescribeIdentityProviderCommand(named);
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/identity_provider_test.go (the mapping)
  const AttributeMapping = { username: "sub" };
  expect((await idp.send(read)).IdentityProvider).toMatchObject({
    ...named,
    ProviderType: "Google",
    ProviderDetails,
    AttributeMapping,
  });
  await idp.send(new DeleteIdentityProviderCommand(named));
  await expect(idp.send(read)).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
test("a user who is disabled cannot sign in until they are enabled", async () => {
  const pool = await poolWithAda();
  const ada = { UserPoolId: pool.poolId, Username: "ada" };
  await pool.idp.send(new AdminDisableUserCommand(ada));
  await expect(signIn(pool)).rejects.toMatchObject({ name: "NotAuthorizedException", message: "User is disabled." });
  await pool.idp.send(new AdminEnableUserCommand(ada));
  expect(await signIn(pool)).toMatchObject({ TokenType: "Bearer" });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html
test("a user leaves a group", async () => {
  const { idp, poolId: UserPoolId } = await poolWithAda();
  const group = { UserPoolId, GroupName: "readers" };
  await idp.send(new CreateGroupCommand({ ...group, Precedence: 1 }));
  expect((await idp.send(new GetGroupCommand(group))).Group).toMatchObject({ ...group, Precedence: 1 });
  await idp.send(new AdminAddUserToGroupCommand({ ...group, Username: "ada" }));
  await idp.send(new AdminRemoveUserFromGroupCommand({ ...group, Username: "ada" }));
  const groups = await idp.send(new AdminListGroupsForUserCommand({ UserPoolId, Username: "ada" }));
  expect(groups.Groups).toEqual([]);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html
test("a user deletes an attribute of theirs, and their factors are told", async () => {
  const pool = await poolWithAda();
  const AccessToken = (await signIn(pool))?.AccessToken;
  await pool.idp.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: ["email"] }));
  const { UserAttributes } = await pool.idp.send(new GetUserCommand({ AccessToken }));
  expect(UserAttributes?.map(({ Name }) => Name)).toEqual(["sub"]);
  const ada = { UserPoolId: pool.poolId, Username: "ada" };
  expect((await pool.idp.send(new AdminGetUserCommand(ada))).UserAttributes).toEqual(UserAttributes);
  const factors = await pool.idp.send(new AdminGetUserAuthFactorsCommand(ada));
  expect(factors).toMatchObject({ Username: "ada", ConfiguredUserAuthFactors: ["PASSWORD"] });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateDeviceStatus.html
test("whether a device is remembered is set by its user or an administrator, until it is forgotten", async () => {
  const pool = await poolWithAda({ DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: true } });
  const result = await signIn(pool);
  const own = { AccessToken: result?.AccessToken, DeviceKey: result?.NewDeviceMetadata?.DeviceKey };
  const DeviceSecretVerifierConfig = { Salt: "YWJj", PasswordVerifier: "YWJj" };
  const confirm = new ConfirmDeviceCommand({ ...own, DeviceName: "laptop", DeviceSecretVerifierConfig });
  expect(await pool.idp.send(confirm)).toMatchObject({ UserConfirmationNecessary: true });
  const ofAda = { UserPoolId: pool.poolId, Username: "ada", DeviceKey: own.DeviceKey };
  const status = async () => {
    const { Device } = await pool.idp.send(new AdminGetDeviceCommand(ofAda));
    return Device?.DeviceAttributes?.find(({ Name }) => Name === "dev:device_remembered_status")?.Value;
  };
  expect(await status()).toBe("not_remembered");
  await pool.idp.send(new UpdateDeviceStatusCommand({ ...own, DeviceRememberedStatus: "remembered" }));
  expect(await status()).toBe("remembered");
  await pool.idp.send(new AdminUpdateDeviceStatusCommand({ ...ofAda, DeviceRememberedStatus: "not_remembered" }));
  expect(await status()).toBe("not_remembered");
  const { Device } = await pool.idp.send(new GetDeviceCommand(own));
  const list = new ListDevicesCommand({ AccessToken: own.AccessToken });
  expect((await pool.idp.send(list)).Devices).toEqual([Device]);
  await pool.idp.send(new AdminForgetDeviceCommand(ofAda));
  expect((await pool.idp.send(list)).Devices).toEqual([]);
  await expect(pool.idp.send(new GetDeviceCommand(own))).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateTerms.html
test("the terms of a client are changed and deleted", async () => {
  const { idp, poolId: UserPoolId, clientId: ClientId } = await makePool();
  const about = { ClientId, TermsName: "terms-of-use", TermsSource: "LINK", Enforcement: "NONE" } as const;
  const { Terms } = await idp.send(new CreateTermsCommand({ UserPoolId, ...about, ...links("https://a.example") }));
  const named = { UserPoolId, TermsId: Terms?.TermsId };
  await idp.send(new UpdateTermsCommand({ ...named, ...links("https://b.example") }));
  const read = new DescribeTermsCommand(named);
  expect((await idp.send(read)).Terms).toMatchObject({ ...about, ...links("https://b.example") });
  await idp.send(new DeleteTermsCommand(named));
  await expect(idp.send(read)).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html
// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html
test("a domain moves to managed login, and one that is deleted is described as nothing", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const named = { UserPoolId, Domain: "payroll" };
  await idp.send(new CreateUserPoolDomainCommand(named));
  const describe = async () => (await idp.send(new DescribeUserPoolDomainCommand(named))).DomainDescription;
  expect(await describe()).toMatchObject({ ...named, ManagedLoginVersion: 1, Status: "ACTIVE" });
  await idp.send(new UpdateUserPoolDomainCommand({ ...named, ManagedLoginVersion: 2 }));
  expect(await describe()).toMatchObject({ ...named, ManagedLoginVersion: 2 });
  await idp.send(new DeleteUserPoolDomainCommand(named));
  expect(await describe()).toEqual({});
});

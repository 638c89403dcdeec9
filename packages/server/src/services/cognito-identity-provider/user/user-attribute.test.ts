import {
  AdminDeleteUserAttributesCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makePool, newestCode, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";

async function tokenOf({ idp, clientId: ClientId }: TestPool, USERNAME = "ada") {
  const { AuthenticationResult } = await idp.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME, PASSWORD } }),
  );
  return AuthenticationResult?.AccessToken;
}

async function attributesOf({ idp, poolId: UserPoolId }: TestPool, Username = "ada") {
  const { UserAttributes = [] } = await idp.send(new AdminGetUserCommand({ UserPoolId, Username }));
  return Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]));
}

const email = (Value: string) => [
  { Name: "email", Value },
  { Name: "email_verified", Value: "true" },
];

test("a new address is not verified until its code came back", async () => {
  const pool = await makePool({ AutoVerifiedAttributes: ["email"] });
  const { idp } = pool;
  await pool.makeUser("ada", PASSWORD, email("ada@example.com"));
  const AccessToken = await tokenOf(pool);
  const update = new UpdateUserAttributesCommand({
    AccessToken,
    UserAttributes: [{ Name: "email", Value: "ada@example.org" }],
  });
  expect((await idp.send(update)).CodeDeliveryDetailsList).toEqual([
    { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "a***@e***" },
  ]);
  expect(await attributesOf(pool)).toMatchObject({ email: "ada@example.org", email_verified: "false" });
  const Code = await newestCode(pool, "ada@example.org");
  const verify = new VerifyUserAttributeCommand({ AccessToken, AttributeName: "email", Code });
  await idp.send(verify);
  expect(await attributesOf(pool)).toMatchObject({ email_verified: "true" });
  await expect(idp.send(verify)).rejects.toMatchObject({ name: "ExpiredCodeException" });
});

test("where the pool says so, the old address stays until the new one is verified", async () => {
  const pool = await makePool({
    AutoVerifiedAttributes: ["email"],
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
  });
  const { idp } = pool;
  await pool.makeUser("ada", PASSWORD, email("ada@example.com"));
  const AccessToken = await tokenOf(pool);
  const UserAttributes = [{ Name: "email", Value: "ada@example.org" }];
  await idp.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserAttributeUpdateSettingsType.html
  expect(await attributesOf(pool)).toMatchObject({ email: "ada@example.com", email_verified: "true" });
  await idp.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: "email" }));
  const Code = await newestCode(pool, "ada@example.org");
  await idp.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: "email", Code }));
  expect(await attributesOf(pool)).toMatchObject({ email: "ada@example.org", email_verified: "true" });
});

test("a code verifies the address that it was sent to, and no other", async () => {
  const pool = await makePool({ AutoVerifiedAttributes: ["phone_number"] });
  const { idp } = pool;
  await pool.makeUser("ada", PASSWORD, [{ Name: "email", Value: "ada@example.com" }]);
  const AccessToken = await tokenOf(pool);
  await idp.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: "email" }));
  const Code = await newestCode(pool, "ada@example.com");
  const UserAttributes = [{ Name: "email", Value: "bob@example.com" }];
  await idp.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
  const verify = idp.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: "email", Code }));
  await expect(verify).rejects.toMatchObject({ name: "ExpiredCodeException" });
  expect(await attributesOf(pool)).toMatchObject({ email: "bob@example.com", email_verified: "false" });
});

test("a client reads and writes the attributes that it names, and a fixed one is written once", async () => {
  const pool = await makePool({
    Schema: [{ Name: "badge", AttributeDataType: "String", Mutable: false }],
    client: { ReadAttributes: ["nickname"], WriteAttributes: ["nickname", "custom:badge"] },
  });
  const { idp, poolId: UserPoolId } = pool;
  await pool.makeUser("ada", PASSWORD, [
    { Name: "custom:badge", Value: "7" },
    { Name: "nickname", Value: "countess" },
  ]);
  const AccessToken = await tokenOf(pool);
  const write = (Name: string) =>
    idp.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value: "8" }] }));
  await write("nickname");
  await expect(write("given_name")).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "A client attempted to write unauthorized attribute",
  });
  await expect(write("custom:badge")).rejects.toMatchObject({ name: "InvalidParameterException" });
  const { UserAttributes } = await idp.send(new GetUserCommand({ AccessToken }));
  expect(UserAttributes?.map(({ Name }) => Name)).toEqual(["nickname", "sub"]);
  await idp.send(
    new AdminDeleteUserAttributesCommand({ UserPoolId, Username: "ada", UserAttributeNames: ["nickname"] }),
  );
  expect(await attributesOf(pool)).not.toHaveProperty("nickname");
});

test("users are found by what they are called, and listed in pages", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId } = pool;
  for (const name of ["ada", "bob", "bobby"]) await pool.makeUser(name, PASSWORD, email(`${name}@example.com`));
  const find = async (Filter: string) => {
    const { Users } = await idp.send(new ListUsersCommand({ UserPoolId, Filter }));
    return Users?.map(({ Username }) => Username);
  };
  expect(await find('username ^= "bob"')).toEqual(["bob", "bobby"]);
  expect(await find('email = "ada@example.com"')).toEqual(["ada"]);
  expect(await find('cognito:user_status = "CONFIRMED"')).toHaveLength(3);
  expect(await find('status = "Disabled"')).toEqual([]);
  await expect(find("username = bob")).rejects.toMatchObject({ message: "Error while parsing filter" });
  await expect(find('custom:x = "1"')).rejects.toMatchObject({ message: "Invalid search attribute: custom:x" });
  const names: (string | undefined)[] = [];
  let PaginationToken: string | undefined;
  do {
    const listed = await idp.send(new ListUsersCommand({ UserPoolId, Limit: 1, PaginationToken }));
    names.push(...(listed.Users ?? []).map(({ Username }) => Username));
    PaginationToken = listed.PaginationToken;
  } while (PaginationToken !== undefined);
  expect(names).toEqual(["ada", "bob", "bobby"]);
});

test("an administrator's word verifies an address, and takes names from nobody", async () => {
  const pool = await makePool({ AliasAttributes: ["email"] });
  const { idp, poolId: UserPoolId } = pool;
  await pool.makeUser("ada", PASSWORD, email("ada@example.com"));
  await pool.makeUser("bob", PASSWORD);
  const claim = new AdminUpdateUserAttributesCommand({
    UserPoolId,
    Username: "bob",
    UserAttributes: email("ada@example.com"),
  });
  await expect(idp.send(claim)).rejects.toMatchObject({ name: "AliasExistsException" });
  expect(await tokenOf(pool, "ada@example.com")).toBeDefined();
});

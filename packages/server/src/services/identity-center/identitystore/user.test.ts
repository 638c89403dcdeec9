import {
  CreateUserCommand,
  DeleteUserCommand,
  DescribeUserCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  ListUsersCommand,
  UpdateUserCommand,
  type AttributeOperation,
  type CreateUserCommandInput,
} from "@aws-sdk/client-identitystore";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";

/** Source of AWS's words: https://github.com/getmoto/moto/blob/master/tests/test_identitystore/test_identitystore.py */
const invalid = (message: string) => ({ name: "ValidationException", message, $metadata: { httpStatusCode: 400 } });
const userNotFound = {
  name: "ResourceNotFoundException",
  message: "USER not found.",
  ResourceType: "USER",
  $metadata: { httpStatusCode: 400 },
};

async function withStore() {
  const center = await withIdentityCenter();
  const { store, IdentityStoreId } = center;
  return {
    ...center,
    create: (more: Partial<CreateUserCommandInput>) => store.send(new CreateUserCommand({ IdentityStoreId, ...more })),
    describe: (UserId: string, Extensions?: string[]) =>
      store.send(new DescribeUserCommand({ IdentityStoreId, UserId, Extensions })),
    update: (UserId: string, Operations: AttributeOperation[]) =>
      store.send(new UpdateUserCommand({ IdentityStoreId, UserId, Operations })),
    idOf: (AttributePath: string, AttributeValue: string) =>
      store.send(
        new GetUserIdCommand({
          IdentityStoreId,
          AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
        }),
      ),
  };
}

const WHOLE = {
  UserName: "ann",
  DisplayName: "Ann Example",
  Name: { GivenName: "Ann", FamilyName: "Example", HonorificPrefix: "Dr." },
  NickName: "annie",
  ProfileUrl: "https://example.com/ann",
  Emails: [{ Value: "ann@example.com", Type: "work", Primary: true }],
  Addresses: [{ StreetAddress: "1 Way", Locality: "Town", Country: "NL", Type: "home", Primary: true }],
  PhoneNumbers: [{ Value: "+31 20 123 4567", Type: "work", Primary: true }],
  UserType: "Employee",
  Title: "Engineer",
  PreferredLanguage: "en-us",
  Locale: "nl",
  Timezone: "Europe/Amsterdam",
  Website: "https://ann.example.com",
  Birthdate: "1990-01-02",
  Roles: [{ Value: "Researcher", Type: "work", Primary: true }],
  Photos: [{ Value: "https://example.com/ann.png", Type: "png", Primary: true }],
};

test("a user is read back as it was made", async () => {
  const { create, describe, admin, IdentityStoreId } = await withStore();
  const { UserId = "" } = await create(WHOLE);
  expect(UserId).toMatch(/^[0-9a-f-]{36}$/);
  const user = await describe(UserId);
  expect(user).toMatchObject({ ...WHOLE, UserId, IdentityStoreId, UserStatus: "ENABLED", CreatedBy: admin.userId });
  expect(user.CreatedAt).toBeInstanceOf(Date);
});

test("what a user must have is asked for, all at once", async () => {
  const { create } = await withStore();
  await expect(create({})).rejects.toMatchObject(invalid("userName is a required attribute"));
  await expect(create({ UserName: "ann", Name: {} })).rejects.toMatchObject(
    invalid("displayname: The attribute displayname is required, name: The attribute name is required"),
  );
  const named = { UserName: "ann", DisplayName: "Ann" };
  await expect(create({ ...named, Name: { GivenName: "Ann" } })).rejects.toMatchObject(
    invalid("familyname: The attribute familyname is required"),
  );
  // Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateUser.html (UserName)
  const reserved = { ...WHOLE, UserName: "Administrator" };
  await expect(create(reserved)).rejects.toMatchObject({ name: "ValidationException" });
});

test("names and addresses are given once in a store, in whichever case", async () => {
  const { create, update } = await withStore();
  await create(WHOLE);
  const { Emails, ...rest } = WHOLE;
  await expect(create({ ...rest, UserName: "ANN" })).rejects.toMatchObject({
    name: "ConflictException",
    message: "Duplicate UserName",
    Reason: "UNIQUENESS_CONSTRAINT_VIOLATION",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(create({ ...rest, UserName: "bob", Emails })).rejects.toMatchObject({ name: "ConflictException" });
  const { UserId = "" } = await create({ ...rest, UserName: "bob" });
  const rename = update(UserId, [{ AttributePath: "userName", AttributeValue: "ann" }]);
  await expect(rename).rejects.toMatchObject({ name: "ConflictException" });
});

test("a user is found by name and by address", async () => {
  const { create, idOf } = await withStore();
  const { UserId } = await create(WHOLE);
  expect(await idOf("userName", "ann")).toMatchObject({ UserId });
  expect(await idOf("emails.value", "ann@example.com")).toMatchObject({ UserId });
  await expect(idOf("userName", "bob")).rejects.toMatchObject(userNotFound);
  await expect(idOf("userName", "")).rejects.toMatchObject(
    invalid("attribute value cannot be empty or null for attribute path"),
  );
  await expect(idOf("title", "Engineer")).rejects.toMatchObject(
    invalid("The attribute title is not a unique attribute"),
  );
});

test("attributes are changed by their paths, and taken away by having no value", async () => {
  const { create, describe, update, idOf } = await withStore();
  const { UserId = "" } = await create(WHOLE);
  await update(UserId, [
    { AttributePath: "userName", AttributeValue: "anna" },
    { AttributePath: "name.familyName", AttributeValue: "Sample" },
    { AttributePath: "title" },
    { AttributePath: "emails", AttributeValue: [{ value: "anna@example.com", primary: true }] },
    { AttributePath: "addresses", AttributeValue: [{ Locality: "City" }] },
    { AttributePath: "photos" },
    { AttributePath: "aws:identitystore:enterprise.department", AttributeValue: "sales" },
  ]);
  const user = await describe(UserId, ["aws:identitystore:enterprise"]);
  expect(user).toMatchObject({
    UserName: "anna",
    Name: { GivenName: "Ann", FamilyName: "Sample" },
    Emails: [{ Value: "anna@example.com", Primary: true }],
    Addresses: [{ Locality: "City" }],
    Extensions: { "aws:identitystore:enterprise": { department: "sales" } },
  });
  expect(user.Title).toBeUndefined();
  expect(user.Photos).toBeUndefined();
  expect((await describe(UserId)).Extensions).toBeUndefined();
  await expect(idOf("userName", "ann")).rejects.toMatchObject(userNotFound);
  expect(await idOf("emails.value", "anna@example.com")).toMatchObject({ UserId });
});

test("a change that would leave a user without what it must have is refused", async () => {
  const { create, update } = await withStore();
  const { UserId = "" } = await create(WHOLE);
  const bad: AttributeOperation[] = [
    { AttributePath: "userName" },
    { AttributePath: "displayName" },
    { AttributePath: "name.givenName" },
    { AttributePath: "nothing", AttributeValue: "x" },
    { AttributePath: "title", AttributeValue: 1 },
    { AttributePath: "emails", AttributeValue: "ann@example.com" },
    { AttributePath: "emails", AttributeValue: [{ value: "a@b.c" }, { value: "d@e.f" }] },
    { AttributePath: "aws:identitystore:enterprise.department", AttributeValue: 1 },
  ];
  for (const each of bad) await expect(update(UserId, [each])).rejects.toMatchObject({ name: "ValidationException" });
});

test("users are listed in pages that make up the whole, and filtered by name", async () => {
  const { create, store, IdentityStoreId } = await withStore();
  const { Emails: _, ...rest } = WHOLE;
  for (const UserName of ["a", "b", "c"]) await create({ ...rest, UserName });
  const seen: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const listed = await store.send(new ListUsersCommand({ IdentityStoreId, MaxResults: 1, NextToken }));
    seen.push(...(listed.Users ?? []).map(({ UserName }) => UserName));
    NextToken = listed.NextToken;
  } while (NextToken !== undefined);
  expect(seen).toHaveLength(3);
  expect(new Set(seen)).toEqual(new Set(["a", "b", "c"]));
  const filter = async (AttributePath: string, AttributeValue: string) => {
    const Filters = [{ AttributePath, AttributeValue }];
    return (await store.send(new ListUsersCommand({ IdentityStoreId, Filters }))).Users;
  };
  expect(await filter("UserName", "b")).toMatchObject([{ UserName: "b" }]);
  expect(await filter("UserName", "d")).toEqual([]);
  await expect(filter("Title", "x")).rejects.toMatchObject({ name: "ValidationException" });
  const unknown = store.send(new ListUsersCommand({ IdentityStoreId, NextToken: "bm8" }));
  await expect(unknown).rejects.toMatchObject({ name: "ValidationException" });
});

test("a user that was deleted is gone, its name free again", async () => {
  const { create, describe, store, IdentityStoreId } = await withStore();
  const { UserId = "" } = await create(WHOLE);
  const remove = () => store.send(new DeleteUserCommand({ IdentityStoreId, UserId }));
  await remove();
  await expect(describe(UserId)).rejects.toMatchObject(userNotFound);
  await expect(remove()).rejects.toMatchObject(userNotFound);
  await create(WHOLE);
});

test("a store is its instance's: members of the organization read it, others do not see it", async () => {
  const { cloud, addUser, makeAccount, IdentityStoreId } = await withStore();
  const UserId = await addUser("ann");
  const member = cloud.client(IdentitystoreClient, cloud.rootOf(await makeAccount("dev")));
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/identity-store-access.html
  await member.send(new DescribeUserCommand({ IdentityStoreId, UserId }));
  const remove = member.send(new DeleteUserCommand({ IdentityStoreId, UserId }));
  await expect(remove).rejects.toMatchObject({ name: "AccessDeniedException" });
  const outside = cloud.client(IdentitystoreClient, cloud.rootOf("999999999999"));
  // Source: https://github.com/awslabs/ssosync/issues/221
  await expect(outside.send(new ListUsersCommand({ IdentityStoreId }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: `IdentityStore not present for IdentityStoreId: ${IdentityStoreId}`,
    ResourceType: "IDENTITY_STORE",
  });
});

test("policies name the store and the user", async () => {
  const { cloud, addUser, IdentityStoreId } = await withStore();
  const UserId = await addUser("ann");
  const describe = (client: IdentitystoreClient) => client.send(new DescribeUserCommand({ IdentityStoreId, UserId }));
  const clientWith = async (name: string, Resource: string[]) => {
    const Statement = [{ Effect: "Allow", Action: "identitystore:DescribeUser", Resource }];
    return cloud.client(IdentitystoreClient, await makeUser(cloud, name, { allow: { Statement } }));
  };
  const arn = `arn:aws:identitystore::000000000000:identitystore/${IdentityStoreId}`;
  // Source: https://github.com/binbashar/le-tf-infra-aws/pull/874
  await expect(describe(await clientWith("none", ["arn:aws:s3:::x"]))).rejects.toThrow(
    `is not authorized to perform: identitystore:DescribeUser on resource: ${arn}`,
  );
  const user = `arn:aws:identitystore:::user/${UserId}`;
  await expect(describe(await clientWith("half", [arn]))).rejects.toThrow(`on resource: ${user}`);
  await describe(await clientWith("whole", [arn, user]));
});

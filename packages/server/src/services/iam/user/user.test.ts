import {
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  ListUserTagsCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

test("a user is made under its path and found again, whatever the case of its name", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const { User } = await iam.send(new CreateUserCommand({ UserName: "Ann", Path: "/dev/" }));
  expect(User).toMatchObject({ UserName: "Ann", Path: "/dev/", Arn: "arn:aws:iam::000000000000:user/dev/Ann" });
  expect(User?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  expect((await iam.send(new GetUserCommand({ UserName: "ANN" }))).User).toEqual(User);
});

test("two names that differ in case are the same name", async () => {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  const exists = { name: "EntityAlreadyExistsException", message: "User with name ANN already exists." };
  await expect(iam.send(new CreateUserCommand({ UserName: "ANN" }))).rejects.toMatchObject(exists);
  await expect(iam.send(new UpdateUserCommand({ UserName: "bob", NewUserName: "ANN" }))).rejects.toMatchObject(exists);
  // Source: https://github.com/noobaa/noobaa-core/pull/9323 (recorded: a user cannot get its own name in another case)
  await expect(iam.send(new UpdateUserCommand({ UserName: "ann", NewUserName: "ANN" }))).rejects.toMatchObject(exists);
});

test("accounts do not share names", async () => {
  const cloud = await testCloud();
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  const other = cloud.client(IAMClient, cloud.rootOf("111111111111"));
  await expect(other.send(new GetUserCommand({ UserName: "ann" }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The user with name ann cannot be found.",
  });
  const { User } = await other.send(new CreateUserCommand({ UserName: "ann" }));
  expect(User?.Arn).toBe("arn:aws:iam::111111111111:user/ann");
});

test("without a name the root user is shown", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const { User } = await iam.send(new GetUserCommand({}));
  expect(User).toMatchObject({ UserId: "000000000000", Arn: "arn:aws:iam::000000000000:root" });
});

test("a renamed user keeps its id, and its old name is free", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const { User } = await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new UpdateUserCommand({ UserName: "ann", NewUserName: "eva", NewPath: "/dev/" }));
  expect((await iam.send(new GetUserCommand({ UserName: "eva" }))).User).toEqual({
    ...User,
    UserName: "eva",
    Path: "/dev/",
    Arn: "arn:aws:iam::000000000000:user/dev/eva",
  });
  const again = await iam.send(new CreateUserCommand({ UserName: "ann" }));
  expect(again.User?.UserId).not.toBe(User?.UserId);
});

test("pages of users meet, and a path narrows them", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names)
    await iam.send(new CreateUserCommand({ UserName: name, Path: name < "d" ? "/early/" : "/late/" }));
  const found: (string | undefined)[] = [];
  let marker: string | undefined;
  do {
    const { Users, IsTruncated, Marker } = await iam.send(new ListUsersCommand({ MaxItems: 2, Marker: marker }));
    found.push(...(Users ?? []).map(({ UserName }) => UserName));
    expect(IsTruncated).toBe(Marker !== undefined);
    marker = Marker;
  } while (marker !== undefined);
  expect(found).toEqual(names);
  const late = await iam.send(new ListUsersCommand({ PathPrefix: "/late/", MaxItems: 1 }));
  expect(late).toMatchObject({ IsTruncated: true, Users: [{ UserName: "d" }] });
  const rest = await iam.send(new ListUsersCommand({ PathPrefix: "/late/", MaxItems: 1, Marker: late.Marker }));
  expect(rest).toMatchObject({ IsTruncated: false, Users: [{ UserName: "e" }] });
  await expect(iam.send(new ListUsersCommand({ Marker: "never given" }))).rejects.toMatchObject({
    name: "ValidationError",
    message: "Invalid Marker.",
  });
});

test("keys of tags do not differ by case", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating
  const iam = (await testCloud()).client(IAMClient);
  const UserName = "ann";
  await iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: "Department", Value: "foo" }] }));
  await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: "department", Value: "bar" }] }));
  expect((await iam.send(new ListUserTagsCommand({ UserName }))).Tags).toEqual([{ Key: "department", Value: "bar" }]);
  await iam.send(new UntagUserCommand({ UserName, TagKeys: ["DEPARTMENT"] }));
  expect((await iam.send(new GetUserCommand({ UserName }))).User?.Tags).toBeUndefined();
  const Tags = ["a", "A"].map((Key) => ({ Key, Value: "" }));
  await expect(iam.send(new TagUserCommand({ UserName, Tags }))).rejects.toMatchObject({
    name: "InvalidInputException",
    message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
  });
});

test("making a user with tags takes the right to tag it as well", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam-new-user-tag.html
  const cloud = await testCloud();
  const maker = cloud.client(IAMClient, await makeUser(cloud, "maker", { allow: ["iam:CreateUser"] }));
  const tagger = cloud.client(IAMClient, await makeUser(cloud, "tagger", { allow: ["iam:CreateUser", "iam:TagUser"] }));
  const tagged = new CreateUserCommand({ UserName: "ann", Tags: [{ Key: "team", Value: "a" }] });
  await expect(maker.send(tagged)).rejects.toThrow("because no identity-based policy allows the iam:TagUser action");
  await maker.send(new CreateUserCommand({ UserName: "bob", Tags: [] }));
  await tagger.send(tagged);
});

test("a user has at most fifty tags, in pages sorted by key", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const iam = (await testCloud()).client(IAMClient);
  const UserName = "ann";
  const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${100 - index}`, Value: "v" }));
  await iam.send(new CreateUserCommand({ UserName, Tags }));
  await expect(
    iam.send(new TagUserCommand({ UserName, Tags: [{ Key: "one more", Value: "" }] })),
  ).rejects.toMatchObject({ name: "LimitExceededException" });
  await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: "k100", Value: "changed" }] }));
  const first = await iam.send(new ListUserTagsCommand({ UserName, MaxItems: 30 }));
  const rest = await iam.send(new ListUserTagsCommand({ UserName, Marker: first.Marker }));
  const keys = [...(first.Tags ?? []), ...(rest.Tags ?? [])].map(({ Key = "" }) => Key);
  expect(keys).toEqual(Tags.map(({ Key }) => Key).toSorted());
});

test("names and paths are refused in words of their own, lengths in the usual ones", async () => {
  // Recorded: "ValidationError: The specified value for roleName is invalid. …" in users' reports of AWS's answers
  const iam = (await testCloud()).client(IAMClient);
  const create = (UserName: string, Path?: string) => iam.send(new CreateUserCommand({ UserName, Path }));
  await expect(create("a/b")).rejects.toMatchObject({
    name: "ValidationError",
    message:
      "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
  });
  await expect(create("ann", "dev")).rejects.toMatchObject({
    name: "ValidationError",
    message:
      "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
  });
  await expect(create("a".repeat(65), "dev")).rejects.toMatchObject({
    name: "ValidationError",
    message:
      "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64",
  });
});

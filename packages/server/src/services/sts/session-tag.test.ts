import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput, type Tag } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../test/identities.ts";
import { requireTags } from "./session-tag.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../../../test/test-cloud.ts";

const ALL = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

const tags = (values: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(values).map(([Key, Value]) => ({ Key, Value }));

const assume = (
  cloud: TestCloud,
  caller: TestCredentials | IssuedCredentials | undefined,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
) => cloud.client(STSClient, caller).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1", ...more }));

/** A user, and a role that may list users where it is of the team `blue`. */
async function withRole(trustActions = ALL, more: Parameters<typeof makeRole>[2] = {}) {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:*"] });
  const blue = { Effect: "Allow", Action: "iam:ListUsers", Resource: "*" };
  const Condition = { StringEquals: { "aws:PrincipalTag/team": "blue" } };
  const anything = { Effect: "Allow", Action: "sts:*", Resource: "*" };
  const allow = { Statement: [{ ...blue, Condition }, anything] };
  const role = await makeRole(cloud, "first", { trustActions, allow, ...more });
  const second = await makeRole(cloud, "second", { trustActions, allow });
  return { cloud, ann, role, second };
}

const list = (cloud: TestCloud, caller: IssuedCredentials | undefined) =>
  cloud.client(IAMClient, caller).send(new ListUsersCommand());

const denied = { name: "AccessDenied" };

test("a session's tags are its principal's tags, over those of the role", async () => {
  const { cloud, ann, role } = await withRole(ALL, { tags: tags({ team: "red" }) });
  const blue = await assume(cloud, ann, role, { Tags: tags({ Team: "blue" }) });
  await list(cloud, blue.Credentials);
  const plain = await assume(cloud, ann, role);
  await expect(list(cloud, plain.Credentials)).rejects.toMatchObject(denied);
});

test("tags need the leave of the trust policy", async () => {
  const { cloud, ann, role } = await withRole(["sts:AssumeRole"]);
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
  await expect(assume(cloud, ann, role, { Tags: tags({ team: "blue" }) })).rejects.toMatchObject({
    ...denied,
    message: expect.stringMatching(/not authorized to perform: sts:TagSession on resource/) as string,
  });
});

test("the trust policy sees the tags that are asked for", async () => {
  const trustCondition = {
    StringEquals: { "aws:RequestTag/team": "blue" },
    "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
  };
  const { cloud, ann, role } = await withRole(ALL, { trustCondition });
  await assume(cloud, ann, role, { Tags: tags({ team: "blue" }) });
  for (const Tags of [tags({ team: "red" }), tags({ team: "blue", rank: "1" })]) {
    await expect(assume(cloud, ann, role, { Tags })).rejects.toMatchObject(denied);
  }
});

test("transitive tags go on along a chain, others do not", async () => {
  const { cloud, ann, role, second } = await withRole();
  const Tags = tags({ team: "blue" });
  const transitive = await assume(cloud, ann, role, { Tags, TransitiveTagKeys: ["team"] });
  const chained = await assume(cloud, transitive.Credentials, second);
  await list(cloud, chained.Credentials);
  const plain = await assume(cloud, ann, role, { Tags });
  const lost = await assume(cloud, plain.Credentials, second);
  await expect(list(cloud, lost.Credentials)).rejects.toMatchObject(denied);
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
  await expect(assume(cloud, transitive.Credentials, second, { Tags: tags({ team: "red" }) })).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message: expect.stringMatching(/conflicts with a transitive tag key from the calling session/) as string,
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sts/test_sts.snapshot.json (test_assume_role_tag_validation)
test.each([
  [
    { Tags: tags({ team: "a", TEAM: "b" }) },
    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
  ],
  [
    { Tags: tags({ team: "a" }), TransitiveTagKeys: ["rank"] },
    "The specified transitive tag key must be included in the requested tags.",
  ],
])("tags as in %j are refused", async (more, message) => {
  const { cloud, ann, role } = await withRole();
  await expect(assume(cloud, ann, role, more)).rejects.toMatchObject({ name: "InvalidParameterValue", message });
});

// assumed: the error; that AWS keeps the prefix is told in https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
test("tags of AWS's own prefix are refused", async () => {
  const { cloud, ann, role } = await withRole();
  await expect(assume(cloud, ann, role, { Tags: tags({ "aws:team": "a" }) })).rejects.toMatchObject({
    name: "InvalidParameterValue",
  });
});

test("tags that take more than the room there is are refused", async () => {
  const { cloud, ann, role } = await withRole();
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`T${index + 1}`, "a".repeat(250)]));
  // Source: https://github.com/aws-actions/configure-aws-credentials/issues/1898 (498 %)
  await expect(assume(cloud, ann, role, { Tags: tags(many) })).rejects.toMatchObject({
    name: "PackedPolicyTooLargeException",
    message: expect.stringMatching(/^Packed size of session tags consumes 49\d% of allotted space\.$/) as string,
  });
});

test("the source identity stays along a chain and cannot change", async () => {
  const { cloud, ann, role, second } = await withRole();
  const first = await assume(cloud, ann, role, { SourceIdentity: "ann" });
  expect(first.SourceIdentity).toBe("ann");
  expect(await assume(cloud, first.Credentials, second)).toMatchObject({ SourceIdentity: "ann" });
  expect(await assume(cloud, first.Credentials, second, { SourceIdentity: "ann" })).toMatchObject({
    SourceIdentity: "ann",
  });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
  await expect(assume(cloud, first.Credentials, second, { SourceIdentity: "ben" })).rejects.toMatchObject(denied);
});

test("a source identity needs the leave of every trust policy in the chain", async () => {
  const { cloud, ann, role } = await withRole();
  const closed = await makeRole(cloud, "closed", {});
  await expect(assume(cloud, ann, closed, { SourceIdentity: "ann" })).rejects.toMatchObject({
    ...denied,
    message: expect.stringMatching(/sts:SetSourceIdentity/) as string,
  });
  const { Credentials } = await assume(cloud, ann, role, { SourceIdentity: "ann" });
  await expect(assume(cloud, Credentials, closed)).rejects.toMatchObject(denied);
});

test("a tag may be called like a property that every object has", () => {
  const named = requireTags([
    { Key: "__proto__", Value: "x" },
    { Key: "constructor", Value: "y" },
  ]);
  expect(Object.entries(named)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

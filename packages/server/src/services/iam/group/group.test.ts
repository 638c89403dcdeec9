import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const PolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }],
});

const conflict = (message: string) => ({ name: "DeleteConflictException", message });

const exceeded = (message: string) => ({ name: "LimitExceededException", message });

const isNoSuchEntity = (message: string) => ({ name: "NoSuchEntityException", message });

test("a group is made, found, renamed and listed under its path", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const { Group } = await iam.send(new CreateGroupCommand({ GroupName: "Ops", Path: "/team/" }));
  expect(Group).toMatchObject({ GroupName: "Ops", Arn: "arn:aws:iam::000000000000:group/team/Ops" });
  expect(Group?.GroupId).toMatch(/^AGPA[A-Z2-7]{17}$/);
  await expect(iam.send(new CreateGroupCommand({ GroupName: "ops" }))).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "Group with name ops already exists.",
  });
  await iam.send(new UpdateGroupCommand({ GroupName: "ops", NewGroupName: "admins", NewPath: "/" }));
  const renamed = { ...Group, GroupName: "admins", Path: "/", Arn: "arn:aws:iam::000000000000:group/admins" };
  expect((await iam.send(new GetGroupCommand({ GroupName: "admins" }))).Group).toEqual(renamed);
  expect((await iam.send(new ListGroupsCommand({}))).Groups).toEqual([renamed]);
  expect((await iam.send(new ListGroupsCommand({ PathPrefix: "/team/" }))).Groups).toEqual([]);
  await expect(iam.send(new GetGroupCommand({ GroupName: "Ops" }))).rejects.toMatchObject(
    isNoSuchEntity("The group with name Ops cannot be found."),
  );
});

test("members come in pages, by the names that they have now", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const GroupName = "g";
  await iam.send(new CreateGroupCommand({ GroupName }));
  for (const UserName of ["c", "a", "b"]) {
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
  }
  await iam.send(new UpdateUserCommand({ UserName: "a", NewUserName: "z" }));
  const first = await iam.send(new GetGroupCommand({ GroupName, MaxItems: 2 }));
  expect(first.Users?.map(({ UserName }) => UserName)).toEqual(["b", "c"]);
  const rest = await iam.send(new GetGroupCommand({ GroupName, Marker: first.Marker }));
  expect(rest).toMatchObject({ IsTruncated: false, Users: [{ UserName: "z" }] });
  const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName: "z" }));
  expect(Groups?.map((group) => group.GroupName)).toEqual([GroupName]);
});

test("taking a user out of a group that it is not in changes nothing", async () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_users.snapshot.json
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateGroupCommand({ GroupName: "g" }));
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  await iam.send(new AddUserToGroupCommand({ GroupName: "g", UserName: "bob" }));
  await iam.send(new RemoveUserFromGroupCommand({ GroupName: "g", UserName: "ann" }));
  expect((await iam.send(new GetGroupCommand({ GroupName: "g" }))).Users).toMatchObject([{ UserName: "bob" }]);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_groups.snapshot.json (of two that are not there, the user)
  for (const Command of [AddUserToGroupCommand, RemoveUserFromGroupCommand]) {
    await expect(iam.send(new Command({ GroupName: "none", UserName: "eve" }))).rejects.toMatchObject(
      isNoSuchEntity("The user with name eve cannot be found."),
    );
  }
});

test("a group with members or policies stays", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const GroupName = "g";
  const UserName = "ann";
  const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  const remove = () => iam.send(new DeleteGroupCommand({ GroupName }));
  await iam.send(new CreateGroupCommand({ GroupName }));
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
  await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: "p", PolicyDocument }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must remove users from group first."));
  await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName }));
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must delete policies first."));
  await iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName: "p" }));
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must detach all policies first."));
  await iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }));
  await remove();
  await expect(remove()).rejects.toMatchObject(isNoSuchEntity("The group with name g cannot be found."));
});

test("a group keeps inline and attached policies", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const GroupName = "g";
  await iam.send(new CreateGroupCommand({ GroupName }));
  await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: "p", PolicyDocument }));
  const shown = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: "p" }));
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html (URL-encoded)
  expect(shown).toMatchObject({
    GroupName,
    PolicyName: "p",
    PolicyDocument: encodeURIComponent(PolicyDocument).replaceAll("*", "%2A"),
  });
  expect((await iam.send(new ListGroupPoliciesCommand({ GroupName }))).PolicyNames).toEqual(["p"]);
  await expect(iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: "q" }))).rejects.toMatchObject(
    isNoSuchEntity("The group policy with name q cannot be found."),
  );
  const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
  expect((await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }))).AttachedPolicies).toEqual([
    { PolicyArn, PolicyName: "ReadOnlyAccess" },
  ]);
});

test("a user is in at most ten groups, an account has at most three hundred", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const iam = (await testCloud()).client(IAMClient);
  const UserName = "ann";
  await iam.send(new CreateUserCommand({ UserName }));
  for (let count = 0; count < 300; count++) await iam.send(new CreateGroupCommand({ GroupName: `g${count}` }));
  await expect(iam.send(new CreateGroupCommand({ GroupName: "more" }))).rejects.toMatchObject(
    exceeded("Cannot exceed quota for GroupsPerAccount: 300"),
  );
  await iam.send(new DeleteGroupCommand({ GroupName: "g299" }));
  await iam.send(new CreateGroupCommand({ GroupName: "more" }));
  for (let count = 0; count < 10; count++)
    await iam.send(new AddUserToGroupCommand({ GroupName: `g${count}`, UserName }));
  await expect(iam.send(new AddUserToGroupCommand({ GroupName: "more", UserName }))).rejects.toMatchObject(
    exceeded("Cannot exceed quota for GroupsPerUser: 10"),
  );
});

import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  UpdateUserCommand,
  type ListEntitiesForPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const AssumeRolePolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** `ann`, `ops` and `support` have the policy; it bounds `bob` and `support`. */
async function withEntities() {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann", Path: "/dev/" }));
  await iam.send(new CreateUserCommand({ UserName: "bob", PermissionsBoundary: PolicyArn }));
  await iam.send(new CreateGroupCommand({ GroupName: "ops" }));
  const RoleName = "support";
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, PermissionsBoundary: PolicyArn }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "ann", PolicyArn }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName: "ops", PolicyArn }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const named = async (input: Omit<ListEntitiesForPolicyCommandInput, "PolicyArn"> = {}) => {
    const { PolicyUsers, PolicyGroups, PolicyRoles } = await iam.send(
      new ListEntitiesForPolicyCommand({ PolicyArn, ...input }),
    );
    return [
      ...(PolicyUsers ?? []).map(({ UserName }) => UserName),
      ...(PolicyGroups ?? []).map(({ GroupName }) => GroupName),
      ...(PolicyRoles ?? []).map((role) => role.RoleName),
    ];
  };
  return { iam, named };
}

test("those who have a policy and those whom it bounds are told, each once", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
  const { named } = await withEntities();
  expect(await named()).toEqual(["ann", "bob", "ops", "support"]);
  expect(await named({ PolicyUsageFilter: "PermissionsPolicy" })).toEqual(["ann", "ops", "support"]);
  expect(await named({ PolicyUsageFilter: "PermissionsBoundary" })).toEqual(["bob", "support"]);
  expect(await named({ EntityFilter: "Group" })).toEqual(["ops"]);
  expect(await named({ PathPrefix: "/dev/" })).toEqual(["ann"]);
});

test("a renamed user is told by its new name, with its id", async () => {
  const { iam } = await withEntities();
  await iam.send(new UpdateUserCommand({ UserName: "ann", NewUserName: "eva" }));
  const { PolicyUsers } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, EntityFilter: "User" }));
  expect(PolicyUsers).toContainEqual({ UserName: "eva", UserId: expect.stringMatching(/^AIDA/) });
});

test("of a policy that is not there nobody is told", async () => {
  // Source: https://github.com/localstack/localstack/blob/b04c14cef/tests/aws/services/iam/test_iam_policies.snapshot.json (test_list_entities_for_policy_errors)
  const iam = (await testCloud()).client(IAMClient);
  const arn = "arn:aws:iam::000000000000:policy/none";
  await expect(iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Policy ${arn} does not exist or is not attachable.`,
  });
});

test("pages of one entity each are the whole", async () => {
  const { iam, named } = await withEntities();
  const seen: number[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, MaxItems: 1, Marker }));
    seen.push((page.PolicyUsers?.length ?? 0) + (page.PolicyGroups?.length ?? 0) + (page.PolicyRoles?.length ?? 0));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  expect(seen).toEqual((await named()).map(() => 1));
});

import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  IAMClient,
  PutUserPolicyCommand,
  type EntityType,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const OWN = "arn:aws:iam::000000000000:policy/reads";
const RoleName = "support";
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const READS = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }],
});

async function withEverything() {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreatePolicyCommand({ PolicyName: "reads", PolicyDocument: READS, Description: "who reads" }));
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn: OWN, PolicyDocument: READS }));
  await iam.send(
    new CreateUserCommand({ UserName: "ann", PermissionsBoundary: OWN, Tags: [{ Key: "team", Value: "red" }] }),
  );
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "mine", PolicyDocument: READS }));
  await iam.send(new CreateGroupCommand({ GroupName: "ops" }));
  await iam.send(new AddUserToGroupCommand({ UserName: "ann", GroupName: "ops" }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName: "ops", PolicyArn: READ_ONLY }));
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: OWN }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "web" }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "web", RoleName }));
  return iam;
}

test("a user without policies of its own is told without a list of them, a group with an empty one", async () => {
  // Source: https://github.com/localstack/localstack/blob/b04c14cef/tests/aws/services/iam/test_iam_account_authorization_details.snapshot.json (no-filter-result)
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateGroupCommand({ GroupName: "ops" }));
  const { UserDetailList, GroupDetailList } = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
  expect(UserDetailList?.[0]).not.toHaveProperty("UserPolicyList");
  expect(GroupDetailList?.[0]).toMatchObject({ GroupPolicyList: [] });
});

test("every user, group, role and policy is told with what hangs on it", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
  const iam = await withEverything();
  const details = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
  expect(details).toMatchObject({
    IsTruncated: false,
    UserDetailList: [
      {
        UserName: "ann",
        UserPolicyList: [{ PolicyName: "mine" }],
        GroupList: ["ops"],
        AttachedManagedPolicies: [],
        PermissionsBoundary: { PermissionsBoundaryArn: OWN },
        Tags: [{ Key: "team", Value: "red" }],
      },
    ],
    GroupDetailList: [{ GroupName: "ops", GroupPolicyList: [], AttachedManagedPolicies: [{ PolicyArn: READ_ONLY }] }],
    RoleDetailList: [
      {
        RoleName,
        InstanceProfileList: [{ InstanceProfileName: "web", Roles: [{ RoleName }] }],
        RolePolicyList: [],
        AttachedManagedPolicies: [{ PolicyName: "reads", PolicyArn: OWN }],
        RoleLastUsed: {},
      },
    ],
    // that AWS's own policies are told only where they are used is assumed
    Policies: [
      {
        PolicyName: "reads",
        AttachmentCount: 1,
        PermissionsBoundaryUsageCount: 1,
        Description: "who reads",
        PolicyVersionList: [{ VersionId: "v2" }, { VersionId: "v1", IsDefaultVersion: true }],
      },
      { PolicyName: "ReadOnlyAccess", AttachmentCount: 1 },
    ],
  });
  const [user] = details.UserDetailList ?? [];
  expect(decodeURIComponent(user?.UserPolicyList?.[0]?.PolicyDocument ?? "")).toBe(READS);
  const own = details.Policies?.find(({ PolicyName }) => PolicyName === "reads");
  expect(decodeURIComponent(own?.PolicyVersionList?.[0]?.Document ?? "")).toBe(READS);
});

test.each<[EntityType, string]>([
  ["User", "UserDetailList"],
  ["Group", "GroupDetailList"],
  ["Role", "RoleDetailList"],
  ["LocalManagedPolicy", "Policies"],
  ["AWSManagedPolicy", "Policies"],
])("a filter on %s leaves the rest out", async (kind, member) => {
  const iam = await withEverything();
  const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: [kind] }));
  const lists = { UserDetailList: 0, GroupDetailList: 0, RoleDetailList: 0, Policies: 0, [member]: 1 };
  for (const [list, length] of Object.entries(lists)) expect(details, list).toHaveProperty(`${list}.length`, length);
});

test("pages of one are the whole", async () => {
  const iam = await withEverything();
  let count = 0;
  let Marker: string | undefined;
  do {
    const page = await iam.send(new GetAccountAuthorizationDetailsCommand({ MaxItems: 1, Marker }));
    const lists = [page.UserDetailList, page.GroupDetailList, page.RoleDetailList, page.Policies];
    expect(lists.flat().filter((item) => item !== undefined)).toHaveLength(1);
    count++;
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  expect(count).toBe(5);
});

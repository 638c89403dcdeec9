import {
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const ACCOUNT = "000000000000";
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;
const BOB = `arn:aws:iam::${ACCOUNT}:user/dev/bob`;
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/support`;
const RoleName = "support";

/** In a form that nobody else would write. */
const trusting = (...arns: readonly string[]): string => `{
  "Version": "2012-10-17",
  "Statement": { "Effect": "Allow", "Principal": {"AWS":  ${JSON.stringify(arns.length === 1 ? arns[0] : arns)} },
    "Action":   "sts:AssumeRole",
    "Condition": { "ArnNotEquals": { "aws:PrincipalArn": "${BOB}" } } }
}`;

/** Without its white space. */
const shown = (...arns: readonly string[]): string => JSON.stringify(JSON.parse(trusting(...arns)));

async function cloudOfAnn() {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const makeAnn = () => iam.send(new CreateUserCommand({ UserName: "ann" }));
  const { User } = await makeAnn();
  const trustOf = async (role = RoleName) => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
    return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
  };
  const trust = (document: string) => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document }));
  return { cloud, iam, annId: User?.UserId ?? "", makeAnn, trustOf, trust };
}

test("a user that is trusted shows by its ARN, the policy otherwise as it was written", async () => {
  const { trust, trustOf } = await cloudOfAnn();
  await trust(trusting(ANN));
  expect(await trustOf()).toBe(shown(ANN));
});

test("a renamed user shows by its new ARN", async () => {
  const { iam, trust, trustOf } = await cloudOfAnn();
  await trust(trusting(ANN));
  await iam.send(new UpdateUserCommand({ UserName: "ann", NewUserName: "eva", NewPath: "/dev/" }));
  expect(await trustOf()).toBe(shown(`arn:aws:iam::${ACCOUNT}:user/dev/eva`));
});

test("a deleted user shows by its unique id, in listings too", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-users
  const { iam, trust, trustOf, annId } = await cloudOfAnn();
  await trust(trusting(ANN));
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  expect(await trustOf()).toBe(shown(annId));
  const { Roles } = await iam.send(new ListRolesCommand({}));
  expect(decodeURIComponent(Roles?.[0]?.AssumeRolePolicyDocument ?? "")).toBe(shown(annId));
});

test("a user that is made anew under the name is not trusted, until the policy is written again", async () => {
  const { cloud, iam, trust, trustOf, makeAnn, annId } = await cloudOfAnn();
  await trust(trusting(ANN));
  const assume = async () => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
    const sts = cloud.client(STSClient, AccessKey);
    const undo = () => iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: AccessKey?.AccessKeyId }));
    return sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1" })).finally(undo);
  };
  expect((await assume()).AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/support/s1`);
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  await makeAnn();
  expect(await trustOf()).toBe(shown(annId));
  await expect(assume()).rejects.toMatchObject({ name: "AccessDenied" });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trusting(ANN) }));
  await assume();
});

test("a role of another account is trusted by its unique id as well", async () => {
  const { cloud, trust, trustOf } = await cloudOfAnn();
  const other = cloud.client(IAMClient, cloud.rootOf("111111111111"));
  const theirs = "arn:aws:iam::111111111111:role/ci/builder";
  const { Role } = await other.send(
    new CreateRoleCommand({
      RoleName: "builder",
      Path: "/ci/",
      AssumeRolePolicyDocument: trusting("arn:aws:iam::111111111111:root"),
    }),
  );
  await trust(trusting(theirs));
  expect(await trustOf()).toBe(shown(theirs));
  await other.send(new DeleteRoleCommand({ RoleName: "builder" }));
  expect(await trustOf()).toBe(shown(Role?.RoleId ?? ""));
});

test("an account that is named by its number shows by its ARN", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
  const { trust, trustOf } = await cloudOfAnn();
  await trust(trusting("111111111111", "arn:aws:iam::222222222222:root"));
  expect(await trustOf()).toBe(shown("arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"));
});

test.each([
  BOB,
  `arn:aws:iam::${ACCOUNT}:user/dev/ann`,
  `arn:aws:iam::${ACCOUNT}:role/nobody`,
  `arn:aws:sts::${ACCOUNT}:assumed-role/nobody/s1`,
  "AIDAAAAAAAAAAAAAAAAAA",
])("%s, who is not there, cannot be trusted", async (arn) => {
  const { iam, trust } = await cloudOfAnn();
  // Recorded: https://github.com/opstrace/opstrace/issues/88
  const message = `Invalid principal in policy: "AWS":"${arn}"`;
  await expect(trust(trusting(ANN, arn))).rejects.toMatchObject({ name: "MalformedPolicyDocumentException", message });
  await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

test("a group cannot be trusted", async () => {
  const { trust } = await cloudOfAnn();
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
  await expect(trust(trusting(`arn:aws:iam::${ACCOUNT}:group/ops`))).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
});

const long = (count: number) => trusting(...Array.from({ length: count }, () => "111111111111"));

test("a trust policy of more than 2,048 characters is refused, white space apart", async () => {
  const { trust } = await cloudOfAnn();
  await trust(`${long(100)}${" ".repeat(3000)}`);
  // Recorded: https://github.com/kubeflow/kubeflow/issues/6687
  await expect(trust(long(140))).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for ACLSizePerRole: 2048",
  });
});

test("a role may trust itself only once it is there", async () => {
  const { iam, trust, trustOf } = await cloudOfAnn();
  await expect(trust(trusting(RoleArn))).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
  await trust(trusting(ANN));
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trusting(RoleArn) }));
  expect(await trustOf()).toBe(shown(RoleArn));
});

test("a group is nobody's to trust, by its id neither", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html (groups cannot be named)
  const iam = (await testCloud()).client(IAMClient);
  const { Group } = await iam.send(new CreateGroupCommand({ GroupName: "devs" }));
  for (const principal of [Group?.Arn ?? "", Group?.GroupId ?? ""]) {
    const create = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(principal) });
    await expect(iam.send(create)).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
  }
});

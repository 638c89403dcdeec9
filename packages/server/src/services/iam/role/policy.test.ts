import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const RoleName = "support";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const allowing = (resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: resource }] });

async function withRole() {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  return { cloud, iam };
}

test("a policy in line is put, read, replaced, listed and deleted", async () => {
  const { iam } = await withRole();
  const named = { RoleName, PolicyName: "reads" };
  await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: allowing("*") }));
  await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: allowing("arn:aws:s3:::b") }));
  const read = await iam.send(new GetRolePolicyCommand(named));
  expect(read).toMatchObject(named);
  expect(decodeURIComponent(read.PolicyDocument ?? "")).toBe(allowing("arn:aws:s3:::b"));
  expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(["reads"]);
  await iam.send(new DeleteRolePolicyCommand(named));
  await expect(iam.send(new DeleteRolePolicyCommand(named))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The role policy with name reads cannot be found.",
  });
});

test("the policies in line of a role have 10,240 characters together", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const { iam } = await withRole();
  const put = (PolicyName: string, length: number) => {
    const resource = `arn:aws:s3:::${"x".repeat(length - allowing("arn:aws:s3:::").length)}`;
    return iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: allowing(resource) }));
  };
  await put("first", 6000);
  await put("second", 4240);
  await expect(put("second", 4241)).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Maximum policy size of 10240 bytes exceeded for role support",
  });
});

test("a policy that is attached twice is attached once, and detached once", async () => {
  const { iam } = await withRole();
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(AttachedPolicies).toEqual([{ PolicyName: "ReadOnlyAccess", PolicyArn: READ_ONLY }]);
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
  await expect(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Policy ${READ_ONLY} was not found.`,
  });
});

test("a policy that is not there cannot be attached, one of another account neither", async () => {
  const { cloud, iam } = await withRole();
  const other = cloud.client(IAMClient, cloud.rootOf("111111111111"));
  await other.send(new CreatePolicyCommand({ PolicyName: "theirs", PolicyDocument: allowing("*") }));
  for (const account of ["000000000000", "111111111111"]) {
    const PolicyArn = `arn:aws:iam::${account}:policy/theirs`;
    await expect(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: `Policy ${PolicyArn} does not exist or is not attachable.`,
    });
  }
});

test("an eleventh policy cannot be attached", async () => {
  const { iam } = await withRole();
  const attach = async (name: string) => {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: allowing("*") }));
    return iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
  };
  for (let number = 1; number <= 10; number++) await attach(`p${number}`);
  // Recorded: https://github.com/aws/eks-hybrid/pull/741
  await expect(attach("p11")).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for PoliciesPerRole: 10",
  });
});

test("a boundary is put, shown and taken away", async () => {
  const { iam } = await withRole();
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: READ_ONLY }));
  const read = async () => (await iam.send(new GetRoleCommand({ RoleName }))).Role?.PermissionsBoundary;
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachedPermissionsBoundary.html
  expect(await read()).toEqual({
    PermissionsBoundaryType: "Policy",
    PermissionsBoundaryArn: READ_ONLY,
  });
  await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
  expect(await read()).toBeUndefined();
  await expect(iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
});

test("a boundary has to be a policy that is there", async () => {
  const { iam } = await withRole();
  const PermissionsBoundary = "arn:aws:iam::000000000000:policy/nothing";
  const absent = { name: "NoSuchEntityException", message: expect.stringContaining(PermissionsBoundary) };
  await expect(
    iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })),
  ).rejects.toMatchObject(absent);
  await expect(
    iam.send(new CreateRoleCommand({ RoleName: "new", AssumeRolePolicyDocument: TRUST, PermissionsBoundary })),
  ).rejects.toMatchObject(absent);
});

test("a role's tags come and go", async () => {
  const { iam } = await withRole();
  const Tags = [
    { Key: "team", Value: "red" },
    { Key: "cost", Value: "1" },
  ];
  await iam.send(new TagRoleCommand({ RoleName, Tags }));
  await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ["team"] }));
  expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: "cost", Value: "1" }]);
});

import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import documents from "../../../../managed-policies/documents.json" with { type: "json" };
import { testCloud } from "../../../../test/test-cloud.ts";
import { readPolicy } from "../../../identity/policy/parse.ts";
import { awsDocument, awsPolicies, findAwsPolicy } from "./aws.ts";

const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";

test("every policy of AWS is found by its ARN and has a text that is a policy", async () => {
  const all = await awsPolicies({ partition: "aws" });
  expect(all.length).toBe(Object.keys(documents).length);
  for (const policy of all) {
    expect(await findAwsPolicy(policy.arn)).toEqual(policy);
    expect(readPolicy(await awsDocument(policy)).faults, policy.name).toEqual([]);
    expect(policy.id, policy.name).toMatch(/^ANPA[A-Z2-7]{17}$/);
  }
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

test.each([
  "arn:aws:iam::aws:policy/Administratoraccess",
  "arn:aws:iam::aws:policy/job-function/AdministratorAccess",
  "arn:aws:iam::aws:policy/zzz",
  "arn:aws:iam::000000000000:policy/AdministratorAccess",
])("%s is none of AWS's", async (arn) => {
  expect(await findAwsPolicy(arn)).toBeUndefined();
});

test("the policy that allows everything is as AWS published it", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: ADMIN }));
  // Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
  expect(Policy).toMatchObject({
    PolicyId: "ANPAIWMBCKSKIEE64ZLYK",
    Path: "/",
    DefaultVersionId: "v1",
    CreateDate: new Date("2015-02-06T18:39:46Z"),
  });
  const version = { PolicyArn: ADMIN, VersionId: "v1" };
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ""))).toEqual({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  });
  const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: ADMIN }));
  expect(Versions).toMatchObject([{ VersionId: "v1", IsDefaultVersion: true }]);
});

test("in another partition they have its ARNs", async () => {
  const [first] = await awsPolicies({ partition: "aws-cn" });
  expect(first?.arn).toMatch(/^arn:aws-cn:iam::aws:policy\//);
  expect(await findAwsPolicy("arn:aws-cn:iam::aws:policy/AdministratorAccess")).toBeDefined();
});

const denied = (message: string) => ({ name: "AccessDenied", message });

test("nobody changes them, not even root", async () => {
  const iam = (await testCloud()).client(IAMClient);
  // Source: https://github.com/localstack/localstack/blob/b04c14cef/tests/aws/services/iam/test_iam_managed_policies.snapshot.json (test_aws_managed_policy_errors)
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn: ADMIN }))).rejects.toMatchObject(
    denied("Cannot delete policies outside your own account."),
  );
  const v1 = { PolicyArn: ADMIN, VersionId: "v1" };
  await expect(iam.send(new SetDefaultPolicyVersionCommand(v1))).rejects.toMatchObject(
    denied("Cannot update policies outside your own account."),
  );
  await expect(iam.send(new DeletePolicyVersionCommand(v1))).rejects.toMatchObject(
    denied("Cannot delete policy versions for policies outside your own account."),
  );
  const PolicyDocument = await awsDocument({ name: "AdministratorAccess" });
  const version = new CreatePolicyVersionCommand({ PolicyArn: ADMIN, PolicyDocument });
  await expect(iam.send(version)).rejects.toMatchObject({ name: "AccessDenied" });
});

test("those for roles of services attach to no other role", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy";
  await expect(iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }))).rejects.toMatchObject({
    name: "PolicyNotAttachableException",
    message: "Cannot attach a Service Role Policy to a Customer Role.",
  });
});

import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const UserName = "ann";

const documentOf = (Action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

const ofLength = (length: number) => documentOf(`s3:${"x".repeat(length - documentOf("s3:").length)}`);

async function withUser() {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName }));
  return iam;
}

test("an inline policy is put, replaced, listed and deleted", async () => {
  const iam = await withUser();
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument: documentOf("s3:GetObject") }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument: documentOf("s3:PutObject") }));
  const { PolicyDocument = "" } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: "p" }));
  expect(decodeURIComponent(PolicyDocument)).toBe(documentOf("s3:PutObject"));
  expect((await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames).toEqual(["p"]);
  await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: "p" }));
  const gone = { name: "NoSuchEntityException", message: "The user policy with name p cannot be found." };
  await expect(iam.send(new GetUserPolicyCommand({ UserName, PolicyName: "p" }))).rejects.toMatchObject(gone);
  await expect(iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: "p" }))).rejects.toMatchObject(gone);
});

test("a document that is no policy is refused", async () => {
  const iam = await withUser();
  await expect(
    iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument: "no policy" })),
  ).rejects.toMatchObject({ name: "MalformedPolicyDocumentException", message: "Syntax errors in policy." });
});

test("the inline policies of a user have at most 2,048 characters together, white space apart", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
  const iam = await withUser();
  const put = (PolicyName: string, PolicyDocument: string) =>
    iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  await put("half", ofLength(1024));
  await put("other-half", `${ofLength(1024)}${" ".repeat(3000)}`);
  await expect(put("half", ofLength(1025))).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Maximum policy size of 2048 bytes exceeded for user ann",
  });
});

test("a managed policy counts where it is attached", async () => {
  const iam = await withUser();
  const PolicyDocument = documentOf("s3:GetObject");
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "read", Path: "/team/", PolicyDocument }));
  const PolicyArn = Policy?.Arn;
  const usage = async () => (await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy;
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  expect(await usage()).toMatchObject({ AttachmentCount: 1, PermissionsBoundaryUsageCount: 0 });
  const attached = async (PathPrefix: string) =>
    (await iam.send(new ListAttachedUserPoliciesCommand({ UserName, PathPrefix }))).AttachedPolicies;
  expect(await attached("/")).toEqual([{ PolicyArn, PolicyName: "read" }]);
  expect(await attached("/team/")).toHaveLength(1);
  expect(await attached("/other/")).toEqual([]);
  await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  expect(await usage()).toMatchObject({ AttachmentCount: 0 });
  await expect(iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Policy ${PolicyArn} was not found.`,
  });
});

test("a policy that is not there cannot be attached", async () => {
  const iam = await withUser();
  const PolicyArn = "arn:aws:iam::aws:policy/Nothing";
  await expect(iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Policy ${PolicyArn} does not exist or is not attachable.`,
  });
});

test("ten policies may be attached to a user", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const iam = await withUser();
  const attach = async (PolicyName: string) => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName, PolicyDocument: documentOf("s3:GetObject") }),
    );
    return iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
  };
  for (let count = 0; count < 10; count++) await attach(`p${count}`);
  await expect(attach("more")).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for PoliciesPerUser: 10",
  });
});

test("a boundary is set, shown, counted and taken away", async () => {
  const iam = await withUser();
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: "bound", PolicyDocument: documentOf("s3:*") }),
  );
  const PermissionsBoundary = Policy?.Arn;
  const uses = async () =>
    (await iam.send(new GetPolicyCommand({ PolicyArn: PermissionsBoundary }))).Policy?.PermissionsBoundaryUsageCount;
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }));
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }));
  expect(await uses()).toBe(1);
  expect((await iam.send(new GetUserCommand({ UserName }))).User?.PermissionsBoundary).toEqual({
    PermissionsBoundaryType: "Policy",
    PermissionsBoundaryArn: PermissionsBoundary,
  });
  await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName }));
  expect(await uses()).toBe(0);
  expect((await iam.send(new GetUserCommand({ UserName }))).User?.PermissionsBoundary).toBeUndefined();
  const missing = "arn:aws:iam::000000000000:policy/missing";
  await expect(
    iam.send(new CreateUserCommand({ UserName: "bob", PermissionsBoundary: missing })),
  ).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Scope ARN: ${missing} does not exist or is not attachable.`,
  });
});

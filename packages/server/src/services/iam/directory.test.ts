/** What IAM tells the rest of the cloud, seen by its effects on calls. */
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListRolesCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPolicyCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { testCloud, type IssuedCredentials } from "../../../test/test-cloud.ts";

const ACCOUNT = "arn:aws:iam::000000000000:";
const READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
const allowing = (Action: string | string[]) => policy({ Effect: "Allow", Action, Resource: "*" });
const denied = { name: "AccessDenied" };

async function withAnn() {
  const cloud = await testCloud();
  const root = cloud.client(IAMClient);
  await root.send(new CreateUserCommand({ UserName: "ann" }));
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const as = (credentials: IssuedCredentials | undefined) => cloud.client(IAMClient, credentials);
  const sts = cloud.client(STSClient, AccessKey);
  return { cloud, root, as, sts, ann: as(AccessKey) };
}

/** Also a role that `ann` may take, with `IAMReadOnlyAccess`. */
async function withRole() {
  const parts = await withAnn();
  const trust = policy({ Effect: "Allow", Principal: { AWS: `${ACCOUNT}user/ann` }, Action: "sts:AssumeRole" });
  const makeRole = async () => {
    await parts.root.send(new CreateRoleCommand({ RoleName: "support", AssumeRolePolicyDocument: trust }));
    await parts.root.send(new AttachRolePolicyCommand({ RoleName: "support", PolicyArn: READ_ONLY }));
  };
  await makeRole();
  const assume = async (more: object = {}) => {
    const input = { RoleArn: `${ACCOUNT}role/support`, RoleSessionName: "s1", ...more };
    const { Credentials } = await parts.sts.send(new AssumeRoleCommand(input));
    return parts.as(Credentials);
  };
  return { ...parts, makeRole, assume };
}

const listRoles = (iam: IAMClient) => iam.send(new ListRolesCommand({}));
const listUsers = (iam: IAMClient) => iam.send(new ListUsersCommand({}));

test("a user has the rights of her groups from the moment she joins", async () => {
  const { root, ann } = await withAnn();
  await root.send(new CreateGroupCommand({ GroupName: "ops" }));
  const named = { GroupName: "ops", PolicyName: "p" };
  await root.send(new PutGroupPolicyCommand({ ...named, PolicyDocument: allowing("iam:ListRoles") }));
  await expect(listRoles(ann)).rejects.toMatchObject(denied);
  await root.send(new AddUserToGroupCommand({ UserName: "ann", GroupName: "ops" }));
  await listRoles(ann);
});

test("a managed policy counts in its default version", async () => {
  const { root, ann } = await withAnn();
  const create = new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: allowing("iam:ListRoles") });
  const { Policy } = await root.send(create);
  await root.send(new AttachUserPolicyCommand({ UserName: "ann", PolicyArn: Policy?.Arn }));
  await listRoles(ann);
  await root.send(
    new CreatePolicyVersionCommand({
      PolicyArn: Policy?.Arn,
      PolicyDocument: allowing("iam:ListUsers"),
      SetAsDefault: true,
    }),
  );
  await listUsers(ann);
  await expect(listRoles(ann)).rejects.toMatchObject(denied);
});

test("a renamed user keeps her key, her policies and her session", async () => {
  const { cloud, root, ann, sts } = await withAnn();
  const own = { UserName: "ann", PolicyName: "p", PolicyDocument: allowing(["iam:*", "s3:*"]) };
  await root.send(new PutUserPolicyCommand(own));
  const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
  await root.send(new UpdateUserCommand({ UserName: "ann", NewUserName: "eva" }));
  expect((await ann.send(new GetUserCommand({}))).User?.UserName).toBe("eva");
  await cloud.client(S3Client, Credentials).send(new ListBucketsCommand({}));
});

test("a session loses a right with its role", async () => {
  const { root, assume } = await withRole();
  const session = await assume();
  await listRoles(session);
  await root.send(new DetachRolePolicyCommand({ RoleName: "support", PolicyArn: READ_ONLY }));
  await expect(listRoles(session)).rejects.toMatchObject(denied);
});

test("the session of a deleted role has no rights, whatever role gets the name", async () => {
  const { root, assume, makeRole } = await withRole();
  const session = await assume();
  await root.send(new DetachRolePolicyCommand({ RoleName: "support", PolicyArn: READ_ONLY }));
  await root.send(new DeleteRoleCommand({ RoleName: "support" }));
  await makeRole();
  await expect(listRoles(session)).rejects.toMatchObject({ $fault: "client" });
  await listRoles(await assume());
});

test("a boundary caps a role from the moment it is put", async () => {
  const { root, assume } = await withRole();
  const create = new CreatePolicyCommand({ PolicyName: "cap", PolicyDocument: allowing("iam:ListUsers") });
  const { Policy } = await root.send(create);
  const session = await assume();
  const boundary = { RoleName: "support", PermissionsBoundary: Policy?.Arn };
  await root.send(new PutRolePermissionsBoundaryCommand(boundary));
  await listUsers(session);
  await expect(listRoles(session)).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining("no permissions boundary allows the iam:ListRoles action"),
  });
});

test("session policies cap, in line and by ARN, AWS's and the account's own", async () => {
  const { root, assume } = await withRole();
  const inline = await assume({ Policy: allowing("iam:ListUsers") });
  await listUsers(inline);
  await expect(listRoles(inline)).rejects.toMatchObject(denied);
  const create = new CreatePolicyCommand({ PolicyName: "cap", PolicyDocument: allowing("iam:ListUsers") });
  const { Policy } = await root.send(create);
  const byArn = await assume({ PolicyArns: [{ arn: Policy?.Arn }] });
  await listUsers(byArn);
  await expect(listRoles(byArn)).rejects.toMatchObject(denied);
  const aws = await assume({ PolicyArns: [{ arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }] });
  await expect(listUsers(aws)).rejects.toMatchObject(denied);
});

test("a federated user without session policies has no rights", async () => {
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
  const { cloud, root, sts } = await withAnn();
  const own = { UserName: "ann", PolicyName: "p", PolicyDocument: allowing(["sts:*", "s3:*"]) };
  await root.send(new PutUserPolicyCommand(own));
  const guest = async (Policy?: string) => {
    const { Credentials } = await sts.send(new GetFederationTokenCommand({ Name: "guest", Policy }));
    return cloud.client(S3Client, Credentials).send(new ListBucketsCommand({}));
  };
  await expect(guest()).rejects.toMatchObject(denied);
  await guest(allowing("s3:ListAllMyBuckets"));
});

test("keys of the root user are keys of the root user", async () => {
  const { root, as } = await withAnn();
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({}));
  const { User } = await as(AccessKey).send(new GetUserCommand({}));
  expect(User?.Arn).toBe(`${ACCOUNT}root`);
});

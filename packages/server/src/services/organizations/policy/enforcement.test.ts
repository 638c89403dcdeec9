/** Organization policies as every call of a member account meets them. */
import {
  CreateUserCommand,
  DeleteUserCommand,
  IAMClient,
  ListRolesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import {
  DetachPolicyCommand,
  DisablePolicyTypeCommand,
  ListAccountsCommand,
  OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

const denied = { name: expect.stringMatching(/^AccessDenied/) };
const FULL_ACCESS = "p-FullAWSAccess";
const SCP = "SERVICE_CONTROL_POLICY";

const deny = (...Action: readonly string[]) => policyText({ Statement: [{ Effect: "Deny", Action, Resource: "*" }] });

const listUsers = (iam: IAMClient) => iam.send(new ListUsersCommand({}));
const listRoles = (iam: IAMClient) => iam.send(new ListRolesCommand({}));

const read = (s3: S3Client) => s3.send(new GetObjectCommand({ Bucket: "shared-data", Key: "x" }));

/** An organization with one member account. */
async function withMember() {
  const organization = await makeOrganization();
  const member = await organization.makeAccount("dev");
  const root = organization.cloud.client(IAMClient, organization.cloud.rootOf(member));
  return { ...organization, member, root };
}

test("an SCP bites the very next call, of a member's root user too, and the refusal says so", async () => {
  const { makePolicy, attach, member, root } = await withMember();
  await listUsers(root);
  await attach(await makePolicy("no-users", deny("iam:ListUsers")), member);
  await expect(listUsers(root)).rejects.toMatchObject({
    ...denied,
    // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    message: expect.stringContaining("with an explicit deny in a service control policy"),
  });
  await listRoles(root);
});

test("the level at which an SCP denies stands in the decision", async () => {
  const { cloud, makePolicy, makeUnit, attach, move, member } = await withMember();
  const unit = await makeUnit("test");
  const policy = await makePolicy("no-users", deny("iam:ListUsers"));
  await attach(policy, unit);
  await move(member, unit);
  let response: unknown;
  const iam = cloud.client(IAMClient, cloud.rootOf(member));
  iam.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      response = answer.response;
      return answer;
    },
    { step: "deserialize", priority: "low" },
  );
  await expect(listUsers(iam)).rejects.toMatchObject(denied);
  const line = expect.stringMatching(new RegExp(`${policy}.* level=${unit}|level=${unit}.*${policy}`));
  expect(response).toMatchObject({ headers: { "x-kumobako-decision": line } });
});

test("a session that was issued before an SCP came is held to it", async () => {
  const { cloud, makePolicy, attach, member } = await withMember();
  const admin = await makeUser(cloud, "admin", { allow: ["sts:AssumeRole"] });
  const RoleArn = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`;
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "admin" });
  const { Credentials } = await cloud.client(STSClient, admin).send(assume);
  const session = cloud.client(IAMClient, Credentials);
  await listUsers(session);
  await attach(await makePolicy("no-users", deny("iam:ListUsers")), member);
  await expect(listUsers(session)).rejects.toMatchObject(denied);
});

test("the SCPs of one level are a union", async () => {
  const { client, makePolicy, attach, member, root } = await withMember();
  await attach(await makePolicy("users", policyText(["iam:ListUsers"])), member);
  await attach(await makePolicy("roles", policyText(["iam:ListRoles"])), member);
  await client.send(new DetachPolicyCommand({ PolicyId: FULL_ACCESS, TargetId: member }));
  await listUsers(root);
  await listRoles(root);
  await expect(root.send(new CreateUserCommand({ UserName: "ann" }))).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining("because no service control policy allows the iam:CreateUser action"),
  });
});

test("the levels are an intersection", async () => {
  const { client, makePolicy, makeUnit, attach, move, member, root } = await withMember();
  const unit = await makeUnit("narrow");
  await move(member, unit);
  await attach(await makePolicy("users", policyText(["iam:ListUsers", "iam:CreateUser"])), unit);
  await attach(await makePolicy("roles", policyText(["iam:ListUsers", "iam:ListRoles"])), member);
  for (const TargetId of [unit, member])
    await client.send(new DetachPolicyCommand({ PolicyId: FULL_ACCESS, TargetId }));
  await listUsers(root);
  await expect(listRoles(root)).rejects.toMatchObject(denied);
  await expect(root.send(new CreateUserCommand({ UserName: "ann" }))).rejects.toMatchObject(denied);
});

test("an SCP gives nothing: a user without policies may do nothing", async () => {
  const { cloud, member } = await withMember();
  const ann = await makeUser(cloud, "ann", { account: member });
  await expect(listUsers(cloud.client(IAMClient, ann))).rejects.toMatchObject({
    message: expect.stringContaining("because no identity-based policy allows"),
  });
});

test("the management account is exempt, wherever it lies", async () => {
  const { cloud, rootId, makePolicy, makeUnit, attach, move } = await withMember();
  const unit = await makeUnit("all");
  await move(MANAGEMENT, unit);
  const policy = await makePolicy("nothing", deny("iam:*"));
  for (const target of [rootId, unit, MANAGEMENT]) await attach(policy, target);
  expect(await listUsers(cloud.client(IAMClient))).toMatchObject({ Users: [] });
});

test("moving an account changes its rights at once, there and back", async () => {
  const { rootId, makePolicy, makeUnit, attach, move, member, root } = await withMember();
  const unit = await makeUnit("test");
  await attach(await makePolicy("no-users", deny("iam:ListUsers")), unit);
  await listUsers(root);
  await move(member, unit);
  await expect(listUsers(root)).rejects.toMatchObject(denied);
  await move(member, rootId);
  await listUsers(root);
});

test("a change of a policy's text, and the end of its type, take hold at once", async () => {
  const { client, rootId, makePolicy, attach, member, root } = await withMember();
  const PolicyId = await makePolicy("guard", deny("iam:ListUsers"));
  await attach(PolicyId, member);
  await expect(listUsers(root)).rejects.toMatchObject(denied);
  await client.send(new UpdatePolicyCommand({ PolicyId, Content: deny("iam:ListRoles") }));
  await listUsers(root);
  await expect(listRoles(root)).rejects.toMatchObject(denied);
  await client.send(new DisablePolicyTypeCommand({ RootId: rootId, PolicyType: SCP }));
  await listRoles(root);
});

test("an RCP limits a bucket that its own account and others may use", async () => {
  const { cloud, makePolicy, attach, enable, member, organizationId } = await withMember();
  await enable("RESOURCE_CONTROL_POLICY");
  const own = cloud.client(S3Client, cloud.rootOf(member));
  const ann = await makeUser(cloud, "ann", { allow: ["s3:*"], account: "999999999999" });
  await own.send(new CreateBucketCommand({ Bucket: "shared-data" }));
  await own.send(new PutObjectCommand({ Bucket: "shared-data", Key: "x", Body: "x" }));
  const share = {
    Effect: "Allow",
    Principal: { AWS: ann.arn },
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::shared-data/*",
  };
  const Policy = policyText({ Statement: [share] });
  await own.send(new PutBucketPolicyCommand({ Bucket: "shared-data", Policy }));
  const stranger = cloud.client(S3Client, ann);
  await read(stranger);
  const perimeter = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: "*",
    Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": organizationId } },
  };
  await attach(
    await makePolicy("perimeter", policyText({ Statement: [perimeter] }), "RESOURCE_CONTROL_POLICY"),
    member,
  );
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html (who is of another organization is not told why)
  await expect(read(stranger)).rejects.toMatchObject({ ...denied, message: "Access Denied" });
  await read(own);
});

test("policies ask for the organization and the path of who calls", async () => {
  const { cloud, makeUnit, move, member, organizationId, rootId } = await withMember();
  const unit = await makeUnit("prod");
  const bucket = cloud.client(S3Client);
  await bucket.send(new CreateBucketCommand({ Bucket: "shared-data" }));
  await bucket.send(new PutObjectCommand({ Bucket: "shared-data", Key: "x", Body: "x" }));
  const allow = {
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::shared-data/*",
    Condition: {
      StringEquals: { "aws:PrincipalOrgID": organizationId },
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [`${organizationId}/${rootId}/${unit}/*`] },
    },
  };
  await bucket.send(new PutBucketPolicyCommand({ Bucket: "shared-data", Policy: policyText({ Statement: [allow] }) }));
  const ann = cloud.client(S3Client, await makeUser(cloud, "ann", { allow: ["s3:*"], account: member }));
  await expect(read(ann)).rejects.toMatchObject(denied);
  await move(member, unit);
  await read(ann);
});

test("member accounts may not look into the organization", async () => {
  const { cloud, member } = await withMember();
  const own = cloud.client(OrganizationsClient, cloud.rootOf(member));
  await expect(own.send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("accounts of no organization are bounded by none", async () => {
  const { cloud, rootId, makePolicy, attach } = await withMember();
  await attach(await makePolicy("nothing", deny("iam:*", "s3:*")), rootId);
  await listUsers(cloud.client(IAMClient, cloud.rootOf("888888888888")));
  await cloud.client(S3Client, cloud.rootOf("888888888888")).send(new ListBucketsCommand({}));
  await expect(
    cloud.client(IAMClient, cloud.rootOf("888888888888")).send(new DeleteUserCommand({ UserName: "none" })),
  ).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

/** Credentials that are stolen, altered, out of date, or whose owner is gone. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../identities.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../test-cloud.ts";
import { refused } from "./refused.ts";

const LIST_ALL = policyText(["s3:ListAllMyBuckets"]);

async function sessionOf(cloud: TestCloud, RoleArn: string, by: TestCredentials): Promise<IssuedCredentials> {
  const sts = cloud.client(STSClient, by);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1" }));
  return Credentials ?? {};
}

/** A user, and a role that it may take on and that may list buckets. */
async function world() {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const role = await makeRole(cloud, "reader", { allow: ["s3:ListAllMyBuckets"] });
  const listBuckets = (credentials: IssuedCredentials) =>
    cloud.client(S3Client, credentials).send(new ListBucketsCommand({}));
  return { cloud, ann, role, listBuckets, iam: cloud.client(IAMClient) };
}

test("a session's token does not go with another session's key", async () => {
  const { cloud, ann, role, listBuckets } = await world();
  const [one, other] = [await sessionOf(cloud, role, ann), await sessionOf(cloud, role, ann)];
  expect(await refused(listBuckets({ ...one, SessionToken: other.SessionToken }))).toMatchObject({
    name: "InvalidToken",
  });
  expect(await refused(listBuckets({ ...one, SecretAccessKey: other.SecretAccessKey }))).toMatchObject({
    name: "SignatureDoesNotMatch",
  });
  expect((await listBuckets(one)).Buckets).toEqual([]);
});

test("a session's key without its token is not known", async () => {
  const { cloud, ann, role, listBuckets } = await world();
  const { AccessKeyId, SecretAccessKey } = await sessionOf(cloud, role, ann);
  expect(await refused(listBuckets({ AccessKeyId, SecretAccessKey }))).toMatchObject({ name: "InvalidAccessKeyId" });
});

test("a token of which one character is another is refused, wherever it stands", async () => {
  const { cloud, ann, role, listBuckets } = await world();
  const session = await sessionOf(cloud, role, ann);
  const token = session.SessionToken ?? "";
  for (let at = 0; at < token.length; at += Math.ceil(token.length / 40)) {
    const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    expect(await refused(listBuckets({ ...session, SessionToken: changed })), `at ${at}`).toMatchObject({
      name: "InvalidToken",
    });
  }
  expect(await refused(listBuckets({ ...session, SessionToken: token.slice(0, -8) }))).toMatchObject({
    name: "InvalidToken",
  });
});

test("a user's long-term key does not take a session's token", async () => {
  const { cloud, ann, role } = await world();
  const { SessionToken: sessionToken } = await sessionOf(cloud, role, ann);
  const sts = cloud.client(STSClient, { ...ann, sessionToken });
  expect(await refused(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: "InvalidClientTokenId" });
});

test("a session ends with its time", async () => {
  const { cloud, ann, role, listBuckets } = await world();
  const session = await sessionOf(cloud, role, ann);
  await cloud.clock.advance(3570);
  expect((await listBuckets(session)).Buckets).toEqual([]);
  await cloud.clock.advance(31);
  expect(await refused(listBuckets(session))).toMatchObject({ name: "ExpiredToken" });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html (valid
// until they expire, while what they may do is looked at with each request); here and in the two that follow
test("the key of a deleted user is not known, and sessions made with it may do nothing", async () => {
  const { cloud, ann, iam } = await world();
  const sts = cloud.client(STSClient, ann);
  const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "more", PolicyDocument: LIST_ALL }));
  const listed = () => cloud.client(S3Client, Credentials).send(new ListBucketsCommand({}));
  expect((await listed()).Buckets).toEqual([]);
  await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: ann.accessKeyId }));
  for (const PolicyName of ["more", "rights"]) {
    await iam.send(new DeleteUserPolicyCommand({ UserName: "ann", PolicyName }));
  }
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  expect(await refused(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: "InvalidClientTokenId" });
  expect(await refused(listed())).toMatchObject({ name: "AccessDenied", status: 403 });
  // another ann is another person
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "more", PolicyDocument: LIST_ALL }));
  expect(await refused(listed())).toMatchObject({ status: 403 });
});

test("a federated user of a deleted user has no rights, also where another user gets the name", async () => {
  const { cloud, iam } = await world();
  const bob = await makeUser(cloud, "bob", { allow: ["*"] });
  const sts = cloud.client(STSClient, bob);
  const { Credentials } = await sts.send(new GetFederationTokenCommand({ Name: "guest", Policy: LIST_ALL }));
  const listed = () => cloud.client(S3Client, Credentials).send(new ListBucketsCommand({}));
  expect((await listed()).Buckets).toEqual([]);
  await iam.send(new DeleteAccessKeyCommand({ UserName: "bob", AccessKeyId: bob.accessKeyId }));
  await iam.send(new DeleteUserPolicyCommand({ UserName: "bob", PolicyName: "rights" }));
  await iam.send(new DeleteUserCommand({ UserName: "bob" }));
  expect(await refused(listed())).toMatchObject({ status: 403 });
  await makeUser(cloud, "bob", { allow: ["*"] });
  expect(await refused(listed())).toMatchObject({ status: 403 });
});

test("a session of a deleted role has no rights, also where another role gets the name", async () => {
  const { cloud, ann, role, listBuckets, iam } = await world();
  const session = await sessionOf(cloud, role, ann);
  await iam.send(new DeleteRolePolicyCommand({ RoleName: "reader", PolicyName: "rights" }));
  await iam.send(new DeleteRoleCommand({ RoleName: "reader" }));
  expect(await refused(listBuckets(session))).toMatchObject({ name: "AccessDenied", status: 403 });
  // who somebody is needs no right
  const sts = cloud.client(STSClient, session);
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toContain(":assumed-role/reader/");
  await makeRole(cloud, "reader", { allow: ["*"] });
  expect(await refused(listBuckets(session))).toMatchObject({ status: 403 });
});

test("what is taken from a role is taken from its sessions", async () => {
  const { cloud, ann, role, listBuckets, iam } = await world();
  const session = await sessionOf(cloud, role, ann);
  expect((await listBuckets(session)).Buckets).toEqual([]);
  await iam.send(new DeleteRolePolicyCommand({ RoleName: "reader", PolicyName: "rights" }));
  expect(await refused(listBuckets(session))).toMatchObject({ name: "AccessDenied" });
});

test("an inactive key signs nothing, and another user cannot wake it", async () => {
  const { cloud, ann, iam } = await world();
  await iam.send(new UpdateAccessKeyCommand({ UserName: "ann", AccessKeyId: ann.accessKeyId, Status: "Inactive" }));
  const sts = cloud.client(STSClient, ann);
  expect(await refused(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: "InvalidClientTokenId" });
  const bob = await makeUser(cloud, "bob", {
    allow: { Statement: [{ Effect: "Allow", Action: "iam:*", Resource: "arn:aws:iam::*:user/bob" }] },
  });
  const wake = new UpdateAccessKeyCommand({ AccessKeyId: ann.accessKeyId, Status: "Active" });
  expect(await refused(cloud.client(IAMClient, bob).send(wake))).toMatchObject({ name: "NoSuchEntityException" });
});

test("a role whose trust names a user does not trust the next user of that name", async () => {
  const { cloud, ann, iam } = await world();
  await makeRole(cloud, "pinned", { trusts: ann.arn });
  await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: ann.accessKeyId }));
  await iam.send(new DeleteUserPolicyCommand({ UserName: "ann", PolicyName: "rights" }));
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  const second = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const taken = sessionOf(cloud, "arn:aws:iam::000000000000:role/pinned", second);
  expect(await refused(taken)).toMatchObject({ name: "AccessDenied" });
});

test("sessions of users call neither IAM nor what is for long-term keys", async () => {
  const { cloud } = await world();
  const bob = await makeUser(cloud, "bob", { allow: ["*"] });
  const sts = cloud.client(STSClient, bob);
  const { Credentials: plain } = await sts.send(new GetSessionTokenCommand({}));
  const federation = new GetFederationTokenCommand({ Name: "guest", Policy: policyText(["*"]) });
  const { Credentials: guest } = await sts.send(federation);
  for (const credentials of [plain, guest]) {
    const iam = cloud.client(IAMClient, credentials);
    expect(await refused(iam.send(new ListUsersCommand({})))).toMatchObject({ name: "InvalidClientTokenId" });
    const again = cloud.client(STSClient, credentials);
    expect(await refused(again.send(new GetSessionTokenCommand({})))).toMatchObject({ name: "AccessDenied" });
    expect(await refused(again.send(federation))).toMatchObject({ name: "AccessDenied" });
  }
  const assume = cloud.client(STSClient, guest);
  const command = new AssumeRoleCommand({ RoleArn: "arn:aws:iam::000000000000:role/reader", RoleSessionName: "s1" });
  expect(await refused(assume.send(command))).toMatchObject({ name: "AccessDenied" });
});

test("a root user's secret is asked for, whatever account it is", async () => {
  const cloud = await testCloud();
  const guess = { accessKeyId: "123456789012", secretAccessKey: "guess" };
  const sts = cloud.client(STSClient, guess);
  expect(await refused(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: "SignatureDoesNotMatch" });
});

test("what one account holds is not to be had in another", async () => {
  const { cloud, ann, role } = await world();
  const elsewhere = cloud.client(IAMClient, cloud.rootOf("111111111111"));
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: "photos" }));
  const attach = new AttachRolePolicyCommand({
    RoleName: "reader",
    PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
  });
  expect(await refused(elsewhere.send(attach))).toMatchObject({ name: "NoSuchEntityException" });
  const put = new PutRolePolicyCommand({ RoleName: "reader", PolicyName: "x", PolicyDocument: LIST_ALL });
  expect(await refused(elsewhere.send(put))).toMatchObject({ name: "NoSuchEntityException" });
  await elsewhere.send(
    new CreateRoleCommand({
      RoleName: "reader",
      AssumeRolePolicyDocument: policyText({
        Statement: [{ Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  await elsewhere.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: LIST_ALL }));
  // the twin of that name in the other account has none of the first one's rights
  const twin = await sessionOf(cloud, role.replace("000000000000", "111111111111"), ann);
  expect(await refused(cloud.client(S3Client, twin).send(new ListBucketsCommand({})))).toMatchObject({
    name: "AccessDenied",
  });
});

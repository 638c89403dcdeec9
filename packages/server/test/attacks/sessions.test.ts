/** Sessions of roles that reach for more than they were given. */
import {
  IAMClient,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  CreatePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../identities.ts";
import { enableDevice } from "../mfa-device.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../test-cloud.ts";
import { refused } from "./refused.ts";

const OWN = "000000000000";
const THIRD = "333333333333";

async function assume(
  cloud: TestCloud,
  by: TestCredentials | IssuedCredentials,
  more: Partial<AssumeRoleCommandInput>,
): Promise<IssuedCredentials> {
  const command = new AssumeRoleCommand({ RoleArn: undefined, RoleSessionName: "s1", ...more });
  return (await cloud.client(STSClient, by).send(command)).Credentials ?? {};
}

const denied = { name: "AccessDenied", status: 403 };

test("a deputy is not confused: the external id has to be right, and there, and its own", async () => {
  const cloud = await testCloud();
  const RoleArn = await makeRole(cloud, "vendor", {
    trusts: THIRD,
    trustCondition: { StringEquals: { "sts:ExternalId": "customer-7" } },
  });
  const vendor = await makeUser(cloud, "vendor", { account: THIRD, allow: ["sts:AssumeRole"] });
  for (const ExternalId of [undefined, "customer-8", "CUSTOMER-7", "customer-7 ", "customer-*"]) {
    const { status } = await refused(assume(cloud, vendor, { RoleArn, ExternalId }));
    expect([400, 403], String(ExternalId)).toContain(status);
  }
  expect(await assume(cloud, vendor, { RoleArn, ExternalId: "customer-7" })).toHaveProperty("SessionToken");
  // the trust of an account is not that of each of its users
  const intern = await makeUser(cloud, "intern", { account: THIRD });
  expect(await refused(assume(cloud, intern, { RoleArn, ExternalId: "customer-7" }))).toMatchObject(denied);
});

test("a role of another account asks for both sides, and is not told from one that is not there", async () => {
  const cloud = await testCloud();
  const RoleArn = await makeRole(cloud, "support", { trusts: OWN });
  const bob = await makeUser(cloud, "bob", { account: THIRD, allow: ["*"] });
  const there = await refused(assume(cloud, bob, { RoleArn }));
  const absent = await refused(assume(cloud, bob, { RoleArn: RoleArn.replace("support", "supports") }));
  expect(there).toMatchObject(denied);
  expect(absent.message.replace("supports", "support")).toBe(there.message);
});

test("a chain does not outlast its hour by starting over from itself", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const RoleArn = await makeRole(cloud, "loop", {
    maxSessionSeconds: 43_200,
    trusts: [ann.arn, `arn:aws:iam::${OWN}:root`],
    allow: ["sts:AssumeRole"],
  });
  const first = await assume(cloud, ann, { RoleArn });
  expect(await refused(assume(cloud, first, { RoleArn, DurationSeconds: 3601 }))).toMatchObject({
    name: "ValidationError",
  });
  await cloud.clock.advance(3601);
  expect(await refused(assume(cloud, first, { RoleArn }))).toMatchObject({ name: "ExpiredToken" });
});

test("what a session policy takes away, a further role does not give to the session itself", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const RoleArn = await makeRole(cloud, "admin", { allow: ["*"] });
  const Policy = policyText(["s3:*"]);
  const narrow = await assume(cloud, ann, { RoleArn, Policy });
  expect(await refused(cloud.client(IAMClient, narrow).send(new ListUsersCommand({})))).toMatchObject(denied);
  // it may not even take the same role again, this time without the policy
  expect(await refused(assume(cloud, narrow, { RoleArn }))).toMatchObject(denied);
});

test("tags need the trust policy's leave, and transitive ones cannot be replaced", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:*"] });
  const plain = await makeRole(cloud, "plain", { allow: ["sts:*"] });
  const tagging = await makeRole(cloud, "tagging", {
    allow: ["sts:*"],
    trustActions: ["sts:AssumeRole", "sts:TagSession"],
    tags: [{ Key: "team", Value: "blue" }],
  });
  const Tags = [{ Key: "team", Value: "red" }];
  expect(await refused(assume(cloud, ann, { RoleArn: plain, Tags }))).toMatchObject(denied);
  const red = await assume(cloud, ann, { RoleArn: tagging, Tags, TransitiveTagKeys: ["team"] });
  for (const Key of ["team", "TEAM", "Team"]) {
    const replaced = assume(cloud, red, { RoleArn: tagging, Tags: [{ Key, Value: "gold" }] });
    expect((await refused(replaced)).status, Key).toBe(400);
  }
  // nor got rid of through a role that does not take tags
  expect(await refused(assume(cloud, red, { RoleArn: plain }))).toMatchObject(denied);
});

test("a source identity needs leave, stays, and is not changed along the chain", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:*"] });
  const plain = await makeRole(cloud, "plain", { allow: ["sts:*"] });
  const named = await makeRole(cloud, "named", {
    allow: ["sts:*"],
    trustActions: ["sts:AssumeRole", "sts:SetSourceIdentity"],
  });
  expect(await refused(assume(cloud, ann, { RoleArn: plain, SourceIdentity: "ann" }))).toMatchObject(denied);
  const first = await assume(cloud, ann, { RoleArn: named, SourceIdentity: "ann" });
  expect(await refused(assume(cloud, first, { RoleArn: named, SourceIdentity: "bob" }))).toMatchObject(denied);
  expect(await refused(assume(cloud, first, { RoleArn: plain }))).toMatchObject(denied);
  expect(await assume(cloud, first, { RoleArn: named })).toHaveProperty("SessionToken");
});

test("a bucket's policy goes past a boundary only where it names the session or the user itself", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, cloud.rootOf(OWN), { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "x", Body: "hello" }));
  const iam = cloud.client(IAMClient);
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const RoleArn = await makeRole(cloud, "reader", { allow: ["iam:ListUsers"] });
  const document = { PolicyName: "cap", PolicyDocument: policyText(["iam:*"]) };
  const { Policy: cap } = await iam.send(new CreatePolicyCommand(document));
  const bound = { RoleName: "reader", PermissionsBoundary: cap?.Arn };
  await iam.send(new PutRolePermissionsBoundaryCommand(bound));
  const session = await assume(cloud, ann, { RoleArn });
  const read = () =>
    cloud
      .client(S3Client, session, { forcePathStyle: true })
      .send(new GetObjectCommand({ Bucket: "photos", Key: "x" }));
  const open = (AWS: string) => {
    const Statement = [
      { Effect: "Allow", Principal: { AWS }, Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" },
    ];
    return s3.send(new PutBucketPolicyCommand({ Bucket: "photos", Policy: policyText({ Statement }) }));
  };
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
  for (const principal of [RoleArn, `arn:aws:iam::${OWN}:root`, OWN]) {
    await open(principal);
    expect(await refused(read()), principal).toMatchObject(denied);
  }
  await open(`arn:aws:sts::${OWN}:assumed-role/reader/s1`);
  expect((await read()).ContentLength).toBe(5);
  await open(`arn:aws:sts::${OWN}:assumed-role/reader/s2`);
  expect(await refused(read())).toMatchObject(denied);
});

/** A user with a device, and the codes that it shows. */
async function withDevice() {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:*"] });
  return { cloud, ann, ...(await enableDevice(cloud, "ann")) };
}

test("a second factor is shown once, by its owner, at its time", async () => {
  const { cloud, ann, code, SerialNumber } = await withDevice();
  const show = (TokenCode: string, by: TestCredentials = ann) =>
    cloud.client(STSClient, by).send(new GetSessionTokenCommand({ SerialNumber, TokenCode }));
  const old = code();
  await cloud.clock.advance(600);
  const wrong = code() === "000000" ? "000001" : "000000";
  for (const shown of [wrong, old, code(20)]) expect(await refused(show(shown))).toMatchObject(denied);
  const bob = await makeUser(cloud, "bob", { allow: ["sts:*"] });
  expect(await refused(show(code(), bob))).toMatchObject(denied);
  const good = code();
  expect((await show(good)).Credentials).toBeDefined();
  expect(await refused(show(good))).toMatchObject(denied);
});

test("a role that wants a second factor is not to be had with a session that has none", async () => {
  const { cloud, ann, code, SerialNumber } = await withDevice();
  const RoleArn = await makeRole(cloud, "vault", {
    trustCondition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
  });
  expect(await refused(assume(cloud, ann, { RoleArn }))).toMatchObject(denied);
  const plain = await cloud.client(STSClient, ann).send(new GetSessionTokenCommand({}));
  expect(await refused(assume(cloud, plain.Credentials ?? {}, { RoleArn }))).toMatchObject(denied);
  expect(await refused(assume(cloud, ann, { RoleArn, SerialNumber }))).toMatchObject({ name: "AccessDenied" });
  const session = await assume(cloud, ann, { RoleArn, SerialNumber, TokenCode: code() });
  const identity = await cloud.client(STSClient, session).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe(`arn:aws:sts::${OWN}:assumed-role/vault/s1`);
  // the factor was for the role: what is behind it asks anew
  expect(await refused(assume(cloud, session, { RoleArn }))).toMatchObject(denied);
});

test("a code that was shown for a role that was refused is used up all the same", async () => {
  const { cloud, ann, code, SerialNumber } = await withDevice();
  const [closed, vault] = await Promise.all([
    makeRole(cloud, "closed", { trustCondition: { StringEquals: { "sts:ExternalId": "never" } } }),
    makeRole(cloud, "vault", { trustCondition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
  ]);
  const shown = { SerialNumber, TokenCode: code() };
  expect(await refused(assume(cloud, ann, { RoleArn: closed, ...shown }))).toMatchObject(denied);
  expect(await refused(assume(cloud, ann, { RoleArn: vault, ...shown }))).toMatchObject(denied);
  await cloud.clock.advance(60);
  const next = { SerialNumber, TokenCode: code() };
  expect(await assume(cloud, ann, { RoleArn: vault, ...next })).toHaveProperty("SessionToken");
});

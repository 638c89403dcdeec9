import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { DetachPolicyCommand, DisablePolicyTypeCommand } from "@aws-sdk/client-organizations";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseReplayOrder } from "../../src/gateway/control/replay-order.ts";
import type { ReplayLine } from "../../src/gateway/control/replay.ts";
import { startServer } from "../../src/main.ts";
import { makeRole, makeUser } from "../identities.ts";
import { makeOrganization } from "../organizations.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../test-cloud.ts";

const ROOT = { accessKeyId: "test", secretAccessKey: "test" };
const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

async function replay({ cloud }: TestCloud, order: Readonly<Record<string, unknown>>) {
  const lines: ReplayLine[] = [];
  for await (const line of cloud.replay(parseReplayOrder({ calls: true, ...order }))) lines.push(line);
  const changes = lines.flatMap((line) => ("change" in line ? [line.change] : []));
  const groups = lines.flatMap((line) => ("group" in line ? [line.group] : []));
  const [summary] = lines.flatMap((line) => ("summary" in line ? [line.summary] : []));
  return { changes, groups, summary };
}

const s3Of = (cloud: TestCloud, credentials: TestCredentials | IssuedCredentials): S3Client =>
  cloud.client(S3Client, credentials, { forcePathStyle: true });

interface Outcome {
  readonly requestId: string | undefined;
  readonly denied: boolean;
}

type Call = () => Promise<{ readonly $metadata: { readonly requestId?: string | undefined } }>;

async function make(call: Call): Promise<Outcome> {
  try {
    return { requestId: (await call()).$metadata.requestId, denied: false };
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return { requestId: error.$metadata.requestId, denied: error.name === "AccessDenied" };
  }
}

/** Two units with an account each, with users, a role, and buckets that both may read. */
async function world() {
  const organization = await makeOrganization();
  const { cloud } = organization;
  const team = await organization.makeUnit("team");
  const inside = await organization.makeAccount("inside", team);
  const outside = await organization.makeAccount("outside", await organization.makeUnit("others"));
  const allow = ["s3:ListAllMyBuckets", "s3:GetObject", "s3:PutObject", "iam:GetUser", "sts:AssumeRole"];
  const ann = await makeUser(cloud, "ann", { account: inside, allow });
  const bob = await makeUser(cloud, "bob", { account: outside, allow });
  const ops = await makeRole(cloud, "ops", { account: inside, trusts: ann.arn, allow: ["s3:*"] });
  for (const [Bucket, account] of [
    ["inside-files", inside],
    ["outside-files", outside],
  ] as const) {
    const owner = s3Of(cloud, cloud.rootOf(account));
    await owner.send(new CreateBucketCommand({ Bucket }));
    await owner.send(new DeletePublicAccessBlockCommand({ Bucket }));
    const Resource = `arn:aws:s3:::${Bucket}/*`;
    const Policy = policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource });
    await owner.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await owner.send(new PutObjectCommand({ Bucket, Key: "k", Body: "v" }));
  }
  const { Credentials: session } = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn: ops, RoleSessionName: "s1" }));
  return { ...organization, team, inside, outside, ann, bob, ops, session };
}

type World = Awaited<ReturnType<typeof world>>;

const get = (Bucket: string) => new GetObjectCommand({ Bucket, Key: "k" });

function callsIn({ cloud, ann, bob, session, inside }: World): readonly Call[] {
  const [annS3, bobS3, opsS3] = [s3Of(cloud, ann), s3Of(cloud, bob), s3Of(cloud, session ?? {})];
  return [
    () => annS3.send(new ListBucketsCommand({})),
    () => annS3.send(get("inside-files")),
    () => annS3.send(get("outside-files")),
    () => annS3.send(new PutObjectCommand({ Bucket: "inside-files", Key: "k", Body: "v2" })),
    () => annS3.send(new DeleteBucketCommand({ Bucket: "inside-files" })),
    () => opsS3.send(get("inside-files")),
    () => opsS3.send(new PutObjectCommand({ Bucket: "inside-files", Key: "k", Body: "v3" })),
    () => bobS3.send(get("inside-files")),
    () => bobS3.send(get("outside-files")),
    () => s3Of(cloud, cloud.rootOf(inside)).send(get("inside-files")),
    () => s3Of(cloud, cloud.rootOf("000000000000")).send(new ListBucketsCommand({})),
    () => cloud.client(STSClient, ann).send(new GetCallerIdentityCommand({})),
    () => cloud.client(IAMClient, ann).send(new GetUserCommand({})),
  ];
}

const DENIES_S3 = policy({ Effect: "Deny", Action: "s3:*", Resource: "*" });
const ONLY_IAM = policy({ Effect: "Allow", Action: ["iam:*", "sts:*"], Resource: "*" });
const DENIES_BUT_OPS = policy({
  Effect: "Deny",
  Action: "s3:*",
  Resource: "*",
  Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ops" } },
});

/** The calls, by their place, that the proposal turns from allowed to denied: as replayed, and as they are then. */
async function compare(given: World, order: Readonly<Record<string, unknown>>, enact: () => Promise<void>) {
  const { cloud } = given;
  const calls = callsIn(given);
  const before: Outcome[] = [];
  for (const call of calls) before.push(await make(call));
  const { changes } = await replay(cloud, order);
  await enact();
  const after: Outcome[] = [];
  for (const call of calls) after.push(await make(call));
  const ids = new Set(changes.filter(({ to }) => to === "deny").map(({ requestId }) => requestId));
  const places = (holds: (outcome: Outcome, place: number) => boolean) =>
    before.flatMap((outcome, place) => (holds(outcome, place) ? [place] : []));
  return {
    replayed: places(({ requestId }) => requestId !== undefined && ids.has(requestId)),
    denied: places(({ denied }, place) => !denied && after[place]?.denied === true),
    changes,
  };
}

test("a replayed SCP names exactly the calls that the SCP, once attached, denies", async () => {
  const given = await world();
  const { attach, makePolicy, team } = given;
  const { replayed, denied, changes } = await compare(
    given,
    { as: "scp", target: team, policy: DENIES_S3, name: "no-s3" },
    async () => {
      await attach(await makePolicy("no-s3", DENIES_S3), team);
    },
  );
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([0, 1, 2, 3, 5, 6, 9]);
  expect(changes[0]?.because[0]).toMatchObject({
    layer: "scp",
    effect: "explicit-deny",
    policy: "no-s3",
    level: team,
  });
});

test("a replayed SCP counts although none were enabled, and spares whom its condition spares", async () => {
  const given = await world();
  const { client, rootId, attach, makePolicy, enable, inside } = given;
  await client.send(new DisablePolicyTypeCommand({ RootId: rootId, PolicyType: "SERVICE_CONTROL_POLICY" }));
  const order = { as: "scp", target: inside, policy: DENIES_BUT_OPS };
  const { replayed, denied } = await compare(given, order, async () => {
    await enable("SERVICE_CONTROL_POLICY");
    await attach(await makePolicy("but-ops", DENIES_BUT_OPS), inside);
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([0, 1, 2, 3, 9]);
});

test("an SCP that takes the place of FullAWSAccess is replayed as the list of what it allows", async () => {
  const given = await world();
  const { client, attach, makePolicy, team } = given;
  const order = { as: "scp", target: team, policy: ONLY_IAM, replaces: "p-FullAWSAccess" };
  const { replayed, denied } = await compare(given, order, async () => {
    await attach(await makePolicy("only-iam", ONLY_IAM), team);
    await client.send(new DetachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId: team }));
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([0, 1, 2, 3, 5, 6, 9]);
});

test("a replayed identity policy that denies names the calls that it denies once it is the user's", async () => {
  const given = await world();
  const { cloud, ann, inside } = given;
  const order = { as: "identity", target: ann.arn, policy: DENIES_S3 };
  const { replayed, denied } = await compare(given, order, async () => {
    const iam = cloud.client(IAMClient, cloud.rootOf(inside));
    await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "no", PolicyDocument: DENIES_S3 }));
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([0, 1, 2, 3]);
});

test("a replayed policy that takes the place of another is replayed without that one", async () => {
  const given = await world();
  const { cloud, ann, inside } = given;
  const rights = policy({ Effect: "Allow", Action: ["s3:ListAllMyBuckets", "iam:*"], Resource: "*" });
  const order = { as: "identity", target: ann.arn, policy: rights, replaces: "rights" };
  const { replayed, denied } = await compare(given, order, async () => {
    const iam = cloud.client(IAMClient, cloud.rootOf(inside));
    await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "rights", PolicyDocument: rights }));
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([2, 3]);
});

test("a replayed boundary limits what the identity policies grant, and not what a resource's policy does", async () => {
  const given = await world();
  const { cloud, ann, inside } = given;
  const limit = policy({ Effect: "Allow", Action: "iam:*", Resource: "*" });
  const { replayed, denied } = await compare(given, { as: "boundary", target: ann.arn, policy: limit }, async () => {
    const iam = cloud.client(IAMClient, cloud.rootOf(inside));
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "limit", PolicyDocument: limit }));
    const PermissionsBoundary = Policy?.Arn;
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: "ann", PermissionsBoundary }));
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([0, 2, 3]);
});

test("a replayed bucket policy stands in for the one that the bucket has", async () => {
  const given = await world();
  const { cloud, inside } = given;
  const Policy = policy({
    Effect: "Deny",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::inside-files/*",
    Condition: { StringEquals: { "aws:PrincipalAccount": inside } },
  });
  const order = { as: "resource", target: "arn:aws:s3:::inside-files", policy: Policy };
  const { replayed, denied } = await compare(given, order, async () => {
    const s3 = s3Of(cloud, cloud.rootOf(inside));
    await s3.send(new PutBucketPolicyCommand({ Bucket: "inside-files", Policy }));
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([1, 5, 7, 9]);
});

test("a replayed RCP bounds the resources of the account, whoever asks for them", async () => {
  const given = await world();
  const { attach, makePolicy, enable, inside } = given;
  const Policy = policy({ Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*" });
  const { replayed, denied } = await compare(given, { as: "rcp", target: inside, policy: Policy }, async () => {
    await enable("RESOURCE_CONTROL_POLICY");
    await attach(await makePolicy("private", Policy, "RESOURCE_CONTROL_POLICY"), inside);
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([1, 5, 7, 9]);
});

test("a policy for a group is replayed for the calls of its members", async () => {
  const given = await world();
  const { cloud, inside } = given;
  const iam = cloud.client(IAMClient, cloud.rootOf(inside));
  const { Group } = await iam.send(new CreateGroupCommand({ GroupName: "staff" }));
  await iam.send(new AddUserToGroupCommand({ GroupName: "staff", UserName: "ann" }));
  const order = { as: "identity", target: Group?.Arn, policy: DENIES_S3 };
  const { replayed, denied } = await compare(given, order, async () => {
    await iam.send(new PutGroupPolicyCommand({ GroupName: "staff", PolicyName: "no", PolicyDocument: DENIES_S3 }));
  });
  expect(replayed).toEqual(denied);
  expect(replayed).toEqual([0, 1, 2, 3]);
});

test("a replayed trust policy is asked by those who take the role on, and by nobody else", async () => {
  const given = await world();
  const { cloud, ann, ops } = given;
  await make(() => cloud.client(IAMClient, cloud.rootOf(given.inside)).send(new GetRoleCommand({ RoleName: "ops" })));
  const trust = policy({ Effect: "Allow", Principal: { AWS: given.bob.arn }, Action: "sts:AssumeRole" });
  const { changes, summary } = await replay(cloud, { as: "resource", target: ops, policy: trust });
  expect(changes.map(({ principal, action, to }) => ({ principal, action, to }))).toEqual([
    { principal: ann.arn, action: "sts:AssumeRole", to: "deny" },
  ]);
  expect(summary?.touched).toBe(1);
});

test("changes are grouped by principal, a role whatever its session, and by action", async () => {
  const given = await world();
  for (const call of callsIn(given)) await make(call);
  const { groups, summary } = await replay(given.cloud, {
    as: "boundary",
    target: given.ops,
    policy: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }),
  });
  expect(groups).toHaveLength(1);
  expect(groups[0]).toMatchObject({
    principal: given.ops,
    action: "s3:PutObject",
    from: "allow",
    to: "deny",
    decisions: 1,
    example: { resource: "arn:aws:s3:::inside-files/k" },
    because: [{ layer: "boundary", effect: "no-allow" }],
  });
  expect(summary).toMatchObject({ touched: 2, changed: 1, unlike: 0, unreadable: 0 });
});

test("a policy that allows shows which refusals it would have lifted", async () => {
  const given = await world();
  for (const call of callsIn(given)) await make(call);
  const { changes } = await replay(given.cloud, {
    as: "identity",
    target: given.ann.arn,
    policy: policy({ Effect: "Allow", Action: "s3:DeleteBucket", Resource: "*" }),
  });
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({ action: "s3:DeleteBucket", from: "deny", to: "allow" });
});

test("decisions are taken again with the policies of their time, also of those who are gone", async () => {
  const given = await world();
  const { cloud, ann, inside } = given;
  await make(() => s3Of(cloud, ann).send(new ListBucketsCommand({})));
  const { DeleteAccessKeyCommand, DeleteUserCommand, DeleteUserPolicyCommand } = await import("@aws-sdk/client-iam");
  const iam = cloud.client(IAMClient, cloud.rootOf(inside));
  await iam.send(new DeleteUserPolicyCommand({ UserName: "ann", PolicyName: "rights" }));
  await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: ann.accessKeyId }));
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  const { changes, summary } = await replay(cloud, { as: "scp", target: "root", policy: DENIES_S3 });
  expect(changes.map(({ principal }) => principal)).toContain(ann.arn);
  expect(summary?.unlike).toBe(0);
});

test.each([
  [{ as: "nothing" }, "`as`"],
  [{ as: "scp", target: "arn:aws:iam::111111111111:user/ann" }, "`target` of `scp`"],
  [{ as: "identity", target: "ou-ab12-12345678" }, "`target` of `identity`"],
  [{ as: "scp", target: "root", policy: 7 }, "`policy`"],
  [
    { as: "scp", target: "root", policy: { Version: "2012-10-17", Statement: [{ Effect: "Deny" }] } },
    "`policy`: line 1",
  ],
  [{ as: "scp", target: "root", policy: DENIES_S3, since: "yesterday" }, "`since`"],
])("an order is refused that says %j", (order, words) => {
  expect(() => parseReplayOrder(order)).toThrow(words);
});

test("what decisions rested on survives a restart", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-replay-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const server = await startServer({ dataDirectory: directory, port: 0 });
  const s3 = new S3Client({ endpoint: server.endpoint, region: "us-east-1", credentials: ROOT, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "files" }));
  const { $metadata } = await s3.send(new ListObjectsV2Command({ Bucket: "files" }));
  await server.close();
  const cloud = await testCloud({ storage: { kind: "embedded", directory } });
  const target = "arn:aws:s3:::files";
  const denies = policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: target });
  const { changes, summary } = await replay(cloud, { as: "resource", target, policy: denies });
  expect(changes.map(({ requestId, action }) => ({ requestId, action }))).toEqual([
    { requestId: $metadata.requestId, action: "s3:ListBucket" },
  ]);
  expect(summary).toMatchObject({ touched: 1, unlike: 0, unreadable: 0 });
});

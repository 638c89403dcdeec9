/** A million recorded decisions taken again with a proposed policy: real calls are made, and their records copied. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand as CreateScpCommand,
  DescribeCreateAccountStatusCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { CallRecord } from "../src/events/call-record.ts";
import { batches, batchOf, type Batch } from "../src/events/journal-batch.ts";
import { requestIdMaker } from "../src/kernel/ids.ts";
import { NOWHERE } from "../src/kernel/table.ts";
import { startServer, type RunningServer } from "../src/main.ts";
import { openEmbedded } from "../src/store/drivers/open.ts";
import { kumobako, residentBytes, type Served } from "./processes.ts";
import type { Row } from "./table.ts";

const DECISIONS = 1_000_000;
const BATCH_RECORDS = 128;
const BATCHES_AT_ONCE = 50;
const LEVELS = 4;
const USERS = 10;
const CALLS_PER_USER = 40;
const SAMPLE_MS = 200;
const REGION = "us-east-1";

const newRequestId = requestIdMaker();

const policyText = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

export async function replays(): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    const server = await startServer({ dataDirectory: directory, port: 0 });
    const { unit, records } = await makeCalls(server);
    await server.close();
    await fill(directory, records);
    await using cloud = await kumobako({ dataDirectory: directory });
    return await measure(cloud, unit);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Calls {
  /** The uppermost unit. */
  readonly unit: string;
  readonly records: readonly CallRecord[];
}

const clientConfig = ({ endpoint }: RunningServer, accessKeyId: string, secretAccessKey = "test") => ({
  endpoint,
  region: REGION,
  forcePathStyle: true,
  maxAttempts: 1,
  credentials: { accessKeyId, secretAccessKey },
});

async function makeCalls(server: RunningServer): Promise<Calls> {
  const { unit, account } = await makeOrganization(server);
  const root = new S3Client(clientConfig(server, account));
  await root.send(new CreateBucketCommand({ Bucket: "bench" }));
  await root.send(new PutObjectCommand({ Bucket: "bench", Key: "k", Body: "v" }));
  const iam = new IAMClient(clientConfig(server, account));
  for (let user = 0; user < USERS; user++) await callAs(await makeUser(iam, user), server);
  const found = await server.cloud.journal.find({
    limit: USERS * CALLS_PER_USER,
    matches: ({ userIdentity, questions }) => userIdentity.type === "IAMUser" && questions.length === 1,
  });
  return { unit, records: found };
}

async function makeOrganization(server: RunningServer): Promise<{ unit: string; account: string }> {
  const client = new OrganizationsClient(clientConfig(server, "test"));
  await client.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const { Roots } = await client.send(new ListRootsCommand({}));
  const [RootId = ""] = Roots?.map(({ Id }) => Id ?? "") ?? [];
  await client.send(new EnablePolicyTypeCommand({ RootId, PolicyType: "SERVICE_CONTROL_POLICY" }));
  const units = [RootId];
  for (let level = 1; level <= LEVELS; level++) {
    const unit = new CreateOrganizationalUnitCommand({ Name: `level-${level}`, ParentId: units.at(-1) });
    const { OrganizationalUnit } = await client.send(unit);
    units.push(OrganizationalUnit?.Id ?? "");
    await attachGuardrail(client, units.at(-1), level);
  }
  const create = new CreateAccountCommand({ AccountName: "bench", Email: "bench@example.com" });
  const { CreateAccountStatus } = await client.send(create);
  await server.cloud.clock.advance(60);
  const status = new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: CreateAccountStatus?.Id });
  const AccountId = (await client.send(status)).CreateAccountStatus?.AccountId ?? "";
  const move = { AccountId, SourceParentId: units[0], DestinationParentId: units.at(-1) };
  await client.send(new MoveAccountCommand(move));
  return { unit: units[1] ?? "", account: AccountId };
}

async function attachGuardrail(client: OrganizationsClient, TargetId: string | undefined, level: number) {
  const Content = policyText(
    {
      Effect: "Deny",
      NotAction: ["iam:*", "sts:*"],
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": [REGION, "eu-west-1"] } },
    },
    { Effect: "Deny", Action: ["kms:Schedule*", "s3:DeleteBucket"], Resource: "*" },
  );
  const policy = { Name: `level-${level}`, Description: "", Content, Type: "SERVICE_CONTROL_POLICY" } as const;
  const { Policy } = await client.send(new CreateScpCommand(policy));
  await client.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
}

interface User {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

async function makeUser(iam: IAMClient, index: number): Promise<User> {
  const UserName = `user-${index}`;
  await iam.send(new CreateUserCommand({ UserName }));
  for (const Action of ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]) {
    const PolicyDocument = policyText({ Effect: "Allow", Action, Resource: "*" });
    const policy = { PolicyName: `${UserName}-${Action.slice(3)}`, PolicyDocument };
    const { Policy } = await iam.send(new CreatePolicyCommand(policy));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  return { name: UserName, accessKeyId, secretAccessKey };
}

/** Three calls of four are allowed. */
async function callAs({ name, accessKeyId, secretAccessKey }: User, server: RunningServer): Promise<void> {
  const s3 = new S3Client(clientConfig(server, accessKeyId, secretAccessKey));
  const object = { Bucket: "bench", Key: "k" };
  for (let index = 0; index < CALLS_PER_USER / 4; index++) {
    await s3.send(new GetObjectCommand(object));
    await s3.send(new PutObjectCommand({ Bucket: "bench", Key: `${name}/${index}`, Body: "v" }));
    await s3.send(new ListObjectsV2Command({ Bucket: "bench", Prefix: `${name}/` }));
    await s3.send(new DeleteObjectCommand(object)).catch(() => undefined);
  }
  s3.destroy();
}

async function fill(directory: string, records: readonly CallRecord[]): Promise<void> {
  const { store } = await openEmbedded({ directory });
  for (let from = 0; from < DECISIONS; from += BATCH_RECORDS * BATCHES_AT_ONCE) {
    await store.transact(NOWHERE, async (tx) => {
      for (let batch = 0; batch < BATCHES_AT_ONCE; batch++) {
        tx.put(batches, copies(records, from + batch * BATCH_RECORDS));
      }
    });
  }
  await store.close();
}

function copies(records: readonly CallRecord[], first: number): Batch {
  const some = Array.from({ length: BATCH_RECORDS }, (_, index) => copyOf(records, first + index));
  return batchOf(some, some, first / BATCH_RECORDS);
}

function copyOf(records: readonly CallRecord[], place: number): CallRecord {
  const record = records[place % records.length];
  if (record === undefined) throw new Error("calls were recorded");
  // back from the call itself: what comes after the replay's begin is left out
  const atMs = record.atMs - Math.floor((DECISIONS - place) / 100);
  return { ...record, atMs, requestId: newRequestId(atMs) };
}

async function measure({ port, pid }: Served, target: string): Promise<Row[]> {
  const policy = policyText({ Effect: "Deny", Action: "s3:PutObject", Resource: "*" });
  const idleBytes = await residentBytes(pid);
  let mostBytes = idleBytes;
  const watch = setInterval(
    () => void residentBytes(pid).then((bytes) => (mostBytes = Math.max(mostBytes, bytes))),
    SAMPLE_MS,
  );
  const began = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/_kumobako/replay`, {
    method: "POST",
    body: JSON.stringify({ as: "scp", target, policy }),
  });
  const lines = (await response.text()).trimEnd().split("\n");
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  const { summary }: { summary?: { decisions: number; changed: number } } = JSON.parse(lines.at(-1) ?? "{}");
  if (summary === undefined || summary.decisions < DECISIONS || summary.changed < DECISIONS / 4) {
    throw new Error(`every fourth decision should change: ${lines.at(-1)}`);
  }
  return [
    { name: "replay of 1,000,000 recorded decisions", measured: seconds, goal: "≤ 60", unit: "s" },
    {
      name: "memory above idle while replaying",
      measured: (mostBytes - idleBytes) / 1024 ** 2,
      goal: "≤ 200",
      unit: "MiB",
    },
  ];
}

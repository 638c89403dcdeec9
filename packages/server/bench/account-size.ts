/** What the size of an account costs its calls: ten roles with a policy each, and ten thousand. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { formatArn, parseAccountId } from "../src/kernel/arn.ts";
import { NOWHERE, type Transaction } from "../src/kernel/table.ts";
import { startServer } from "../src/main.ts";
import { policies } from "../src/services/iam/policy/managed.ts";
import { roles } from "../src/services/iam/role/row.ts";
import { openEmbedded } from "../src/store/drivers/open.ts";
import { kumobako, load } from "./processes.ts";
import { signedRequest } from "./signed.ts";
import { median, type Row } from "./table.ts";

type Size = "few" | "many";

const ACCOUNTS: Readonly<Record<Size, string>> = { few: "111111111111", many: "222222222222" };
/** So many roles call, each with a policy of its own; in the large account they stand among the others. */
const CALLERS = 10;
const ROLES = 10_000;
const STEP = ROLES / CALLERS;
const SIZES: readonly Size[] = ["few", "many"];
const CONNECTIONS = 16;

interface Options {
  readonly rounds: number;
  readonly seconds: number;
}

export async function accountSize(options: Options): Promise<Row[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    const sessions = await makeAccounts(dataDirectory);
    await fill(dataDirectory);
    return await measure(dataDirectory, sessions, options);
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

type Sessions = Readonly<Record<Size, readonly Credentials[]>>;

async function makeAccounts(dataDirectory: string): Promise<Sessions> {
  const server = await startServer({ dataDirectory, port: 0 });
  try {
    const few = await makeSessions("few", server.endpoint);
    return { few, many: await makeSessions("many", server.endpoint) };
  } finally {
    await server.close();
  }
}

const bucketOf = (size: Size): string => `bench-${size}`;
const roleOf = (index: number): string => `role-${String(index).padStart(6, "0")}`;
const policyText = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

async function makeSessions(size: Size, endpoint: string): Promise<Credentials[]> {
  const id = ACCOUNTS[size];
  const of = (credentials: Credentials) => ({ endpoint, region: "us-east-1", credentials });
  const root = of({ accessKeyId: id, secretAccessKey: "test" });
  const s3 = new S3Client({ ...root, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucketOf(size) }));
  await s3.send(new PutObjectCommand({ Bucket: bucketOf(size), Key: "k", Body: Buffer.alloc(1024, "k") }));
  const iam = new IAMClient(root);
  const sts = new STSClient(of(await makeUser(iam)));
  const sessions: Credentials[] = [];
  for (let index = 0; index < ROLES; index += STEP) {
    await makeRole(iam, size, index);
    const RoleArn = `arn:aws:iam::${id}:role/${roleOf(index)}`;
    sessions.push(
      credentialsOf((await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "bench" }))).Credentials),
    );
  }
  for (const client of [s3, iam, sts]) client.destroy();
  return sessions;
}

async function makeUser(iam: IAMClient): Promise<Credentials> {
  const UserName = "caller";
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = policyText({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "assume", PolicyDocument }));
  return credentialsOf((await iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey);
}

interface Issued {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
}

const credentialsOf = ({ AccessKeyId = "", SecretAccessKey = "", SessionToken }: Issued = {}): Credentials => ({
  accessKeyId: AccessKeyId,
  secretAccessKey: SecretAccessKey,
  ...(SessionToken !== undefined && { sessionToken: SessionToken }),
});

async function makeRole(iam: IAMClient, size: Size, index: number): Promise<void> {
  const RoleName = roleOf(index);
  const trust = { Effect: "Allow", Principal: { AWS: ACCOUNTS[size] }, Action: "sts:AssumeRole" };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyText(trust) }));
  const Resource = `arn:aws:s3:::${bucketOf(size)}/*`;
  const PolicyDocument = policyText({ Sid: `S${index}`, Effect: "Allow", Action: "s3:GetObject", Resource });
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: RoleName, PolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
}

/** Copies of the roles that call and their policies, under other names: more than the quotas let anybody make. */
async function fill(directory: string): Promise<void> {
  const { store } = await openEmbedded({ directory });
  const account = parseAccountId(ACCOUNTS.many);
  if (account === undefined) throw new Error("an account id has twelve digits");
  const scope = { ...NOWHERE, account };
  for (let from = 0; from < ROLES; from += STEP) await store.transact(scope, (tx) => copy(tx, from));
  await store.close();
}

async function copy(tx: Transaction, from: number): Promise<void> {
  const role = await tx.get(roles, roleOf(from));
  const policy = await tx.get(policies, roleOf(from));
  if (role === undefined || policy === undefined) throw new Error("the roles that call were made");
  const place = { partition: "aws", region: "", account: ACCOUNTS.many, service: "iam" };
  for (let index = from + 1; index < from + STEP; index++) {
    const name = roleOf(index);
    const unique = String(index).padStart(17, "A");
    tx.put(roles, { ...role, name, id: `AROA${unique}`, arn: formatArn({ ...place, resource: `role/${name}` }) });
    tx.put(policies, {
      ...policy,
      name,
      id: `ANPA${unique}`,
      arn: formatArn({ ...place, resource: `policy/${name}` }),
    });
  }
}

async function measure(dataDirectory: string, sessions: Sessions, { rounds, seconds }: Options): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const requestsOf = async (size: Size): Promise<string[]> => {
    const get = new GetObjectCommand({ Bucket: bucketOf(size), Key: "k" });
    const signed = sessions[size].map((credentials) => signedRequest(S3Client, get, { port: cloud.port, credentials }));
    return (await Promise.all(signed)).map((request) => request.toString("base64"));
  };
  const requests = { few: await requestsOf("few"), many: await requestsOf("many") };
  const rateOf = async (size: Size): Promise<number> => {
    const order = { port: cloud.port, requests: requests[size], connections: CONNECTIONS, seconds };
    const { answers, failures, firstFailure, ...took } = await load(order);
    if (failures > 0) throw new Error(firstFailure);
    return answers / took.seconds;
  };
  for (const size of SIZES) await rateOf(size);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const few = await rateOf("few");
    ratios.push(few / (await rateOf("many")));
  }
  return [
    {
      name: "S3 GET 1 KiB by a role of 10,000 roles and policies (embedded)",
      measured: median(ratios),
      goal: "≤ 1.1",
      unit: "× its cost by a role of 10",
    },
  ];
}

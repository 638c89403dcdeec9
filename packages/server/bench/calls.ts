/** Small calls per second, each as a ratio to a bare `node:http` server that answers the same bytes. */
import { CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { bare, kumobako, load, type Served } from "./processes.ts";
import { signedRequest, type Signed } from "./signed.ts";
import { median, type Row } from "./table.ts";

const ROOT = { accessKeyId: "test", secretAccessKey: "test" };
const CONNECTIONS = 32;
const KEYS = 500;
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
});

export interface CallsOptions {
  readonly dataDirectory: string | undefined;
  readonly rounds: number;
  readonly seconds: number;
}

export async function calls({ dataDirectory, rounds, seconds }: CallsOptions): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const requests = await prepared(cloud);
  const rows: Row[] = [];
  for (const { name, goal, bytes } of requests) {
    const sample = await answerOf(cloud, bytes[0] ?? Buffer.alloc(0));
    await using floor = await bare({ answer: "bytes", body: sample.body.toString("base64"), headers: sample.headers });
    // what runs for the first time is not compiled yet
    for (const served of [floor, cloud]) await rate(served, bytes, seconds);
    const ratios: number[] = [];
    const perSecond: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const [ours, theirs] = [await rate(cloud, bytes, seconds), await rate(floor, bytes, seconds)];
      ratios.push(ours / theirs);
      perSecond.push(ours);
    }
    const store = dataDirectory === undefined ? "memory" : "embedded";
    rows.push({
      name: `${name} (${store})`,
      measured: median(ratios),
      goal,
      unit: "× bare node:http",
      note: `${Math.round(median(perSecond))}/s`,
    });
  }
  return rows;
}

interface Prepared {
  readonly name: string;
  readonly goal: string;
  readonly bytes: readonly Buffer[];
}

const one = async (request: Promise<Buffer>): Promise<Buffer[]> => [await request];

async function prepared({ port }: Served): Promise<Prepared[]> {
  const signed = { port, credentials: ROOT };
  const Bucket = "bench";
  const Body = Buffer.alloc(1024, "k");
  await once(port, await signedRequest(S3Client, new CreateBucketCommand({ Bucket }), signed));
  await once(port, await signedRequest(S3Client, new PutObjectCommand({ Bucket, Key: "k", Body }), signed));
  const role = new CreateRoleCommand({ RoleName: "bench", AssumeRolePolicyDocument: TRUST });
  await once(port, await signedRequest(IAMClient, role, signed));
  const puts = await Promise.all(
    Array.from({ length: KEYS }, (_, n) =>
      signedRequest(S3Client, new PutObjectCommand({ Bucket, Key: `p/${n}`, Body }), signed),
    ),
  );
  return [
    {
      name: "GetCallerIdentity",
      goal: "≥ 0.40",
      bytes: await one(signedRequest(STSClient, new GetCallerIdentityCommand({}), signed)),
    },
    {
      name: "GetRole",
      goal: "≥ 0.38",
      bytes: await one(signedRequest(IAMClient, new GetRoleCommand({ RoleName: "bench" }), signed)),
    },
    {
      name: "S3 GET 1 KiB",
      goal: "≥ 0.30",
      bytes: await one(signedRequest(S3Client, new GetObjectCommand({ Bucket, Key: "k" }), signed)),
    },
    { name: "S3 PUT 1 KiB", goal: "≥ 0.18", bytes: puts },
    ...(await preparedKms(signed)),
  ];
}

async function preparedKms(signed: Signed): Promise<Prepared[]> {
  const { port, credentials } = signed;
  const kms = new KMSClient({ region: "us-east-1", endpoint: `http://127.0.0.1:${port}`, credentials });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const encrypt = new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.alloc(32, "k") });
  const { CiphertextBlob } = await kms.send(encrypt);
  kms.destroy();
  const decrypt = new DecryptCommand({ CiphertextBlob });
  return [
    { name: "KMS Encrypt", goal: "≥ 0.30", bytes: await one(signedRequest(KMSClient, encrypt, signed)) },
    { name: "KMS Decrypt", goal: "≥ 0.30", bytes: await one(signedRequest(KMSClient, decrypt, signed)) },
  ];
}

async function rate({ port }: Served, bytes: readonly Buffer[], seconds: number): Promise<number> {
  const requests = bytes.map((request) => request.toString("base64"));
  const { answers, failures, firstFailure, ...took } = await load({
    port,
    requests,
    connections: CONNECTIONS,
    seconds,
  });
  if (failures > 0) throw new Error(`${failures} calls failed: ${firstFailure}`);
  return answers / took.seconds;
}

async function once(port: number, request: Buffer): Promise<void> {
  const { failures, firstFailure } = await load({
    port,
    requests: [request.toString("base64")],
    connections: 1,
    seconds: 0,
  });
  if (failures > 0) throw new Error(firstFailure);
}

/** What the cloud answers to `request`: the bytes that the bare server gives. */
async function answerOf({ port }: Served, request: Buffer): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const { connect } = await import("node:net");
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write(request);
  const pieces: Buffer[] = [];
  for await (const piece of socket as AsyncIterable<Buffer>) {
    pieces.push(piece);
    const whole = Buffer.concat(pieces);
    const head = whole.indexOf("\r\n\r\n");
    const text = whole.toString("latin1", 0, head);
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (head < 0 || whole.byteLength < head + 4 + length) continue;
    socket.destroy();
    const headers = Object.fromEntries(
      text
        .split("\r\n")
        .slice(1)
        .map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)])
        .filter(([name]) => !/^(connection|keep-alive|date|content-length)$/i.test(name)),
    );
    return { body: whole.subarray(head + 4, head + 4 + length), headers };
  }
  throw new Error("no answer");
}

/** Large objects: the speed of 64 MiB, and that memory stays flat. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { hasNginx, nginx } from "./nginx.ts";
import { bare, kumobako, load, residentBytes, type Served } from "./processes.ts";
import { signedRequest } from "./signed.ts";
import { median, type Row } from "./table.ts";
import { inTurn } from "./turns.ts";

const MEBIBYTE = 1024 * 1024;
const SIZE = 64 * MEBIBYTE;
const ROOT = { accessKeyId: "test", secretAccessKey: "test" };
const Bucket = "large";

export interface StreamsOptions {
  readonly dataDirectory: string;
  readonly rounds: number;
}

export async function streams({ dataDirectory, rounds }: StreamsOptions): Promise<Row[]> {
  const scratch = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    const path = join(scratch, "body");
    const body = Buffer.alloc(SIZE, "0123456789abcdef");
    await writeFile(path, body);
    await using cloud = await kumobako({ dataDirectory });
    const signed = { port: cloud.port, credentials: ROOT };
    await time(cloud, await signedRequest(S3Client, new CreateBucketCommand({ Bucket }), signed));
    const put = await signedRequest(S3Client, new PutObjectCommand({ Bucket, Key: "k", Body: body }), signed);
    const idle = await residentBytes(cloud.pid);
    await time(cloud, put);
    const get = await signedRequest(S3Client, new GetObjectCommand({ Bucket, Key: "k" }), signed);
    await using floor = await bare({ answer: "file", path });
    const [puts, gets]: [number[], number[]] = [[], []];
    let peak = 0;
    for (let round = 0; round < rounds; round++) {
      puts.push(hashSeconds(body) / (await time(cloud, put)));
      peak = Math.max(peak, await residentBytes(cloud.pid));
      gets.push((await time(floor, get)) / (await time(cloud, get)));
      peak = Math.max(peak, await residentBytes(cloud.pid));
    }
    return [
      { name: "S3 GET 64 MiB", measured: median(gets), goal: "≥ 0.70", unit: "× bare node:http file stream" },
      { name: "S3 PUT 64 MiB", measured: median(puts), goal: "≥ 0.60", unit: "× hashing it once, MD5 and SHA-256" },
      { name: "memory above idle", measured: (peak - idle) / MEBIBYTE, goal: "≤ 64", unit: "MiB" },
    ];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Transfer = () => Promise<number>;

/** One that comes right after another's finds less of what it needs in the processor's caches. */
const middleOfThree = async (transfer: Transfer): Promise<number> =>
  median([await transfer(), await transfer(), await transfer()]);

/** `besidePeer`: as many times as fast as the peer; `sealed`: so many times as long with a key of KMS as without. */
async function compare(
  transfers: readonly [theirs: Transfer, ours: Transfer, sealed: Transfer],
  rounds: number,
): Promise<Readonly<Record<"besidePeer" | "sealed", number>>> {
  const [besidePeer, withKey]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [theirs = Number.NaN, ours = Number.NaN, sealed = Number.NaN] = await inTurn(transfers, round, middleOfThree);
    // the first round is for warming up
    if (round === 0) continue;
    besidePeer.push(theirs / ours);
    withKey.push(sealed / ours);
  }
  return { besidePeer: median(besidePeer), sealed: median(withKey) };
}

/** The same against nginx, and what a key of KMS adds. */
export async function streamsBesideNginx({ dataDirectory, rounds }: StreamsOptions): Promise<Row[]> {
  if (!hasNginx()) return [];
  const scratch = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    const body = Buffer.alloc(SIZE, "0123456789abcdef");
    await writeFile(join(scratch, "body"), body);
    await using cloud = await kumobako({ dataDirectory });
    await using peer = await nginx(scratch);
    const signed = { port: cloud.port, credentials: ROOT };
    await time(cloud, await signedRequest(S3Client, new CreateBucketCommand({ Bucket }), signed));
    const KeyId = await makeKey(cloud);
    const sealed = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KeyId } as const;
    const sign = (command: object) => signedRequest(S3Client, command, signed);
    const put = await sign(new PutObjectCommand({ Bucket, Key: "k", Body: body }));
    const putSealed = await sign(new PutObjectCommand({ Bucket, Key: "s", Body: body, ...sealed }));
    const get = await sign(new GetObjectCommand({ Bucket, Key: "k" }));
    const getSealed = await sign(new GetObjectCommand({ Bucket, Key: "s" }));
    const theirGet = Buffer.from("GET /body HTTP/1.1\r\nhost: localhost\r\n\r\n");
    const theirPut = Buffer.concat([
      Buffer.from(`PUT /put HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${SIZE}\r\n\r\n`),
      body,
    ]);
    const puts = await compare(
      [() => time(peer, theirPut), () => time(cloud, put), () => time(cloud, putSealed)],
      rounds,
    );
    // not among the PUTs: what they leave to be written to the disk is no matter of reading
    const gets = await compare(
      [() => time(peer, theirGet), () => time(cloud, get), () => time(cloud, getSealed)],
      rounds,
    );
    return [
      { name: "S3 GET 64 MiB", measured: gets.besidePeer, goal: "≥ 0.80", unit: "× nginx" },
      { name: "S3 PUT 64 MiB", measured: puts.besidePeer, goal: "≥ 0.40", unit: "× nginx, WebDAV" },
      { name: "GET 64 MiB under a key of KMS", measured: gets.sealed, goal: "≤ 1.25", unit: "× without" },
      { name: "PUT 64 MiB under a key of KMS", measured: puts.sealed, goal: "≤ 1.25", unit: "× without" },
    ];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function makeKey({ port }: Served): Promise<string | undefined> {
  const kms = new KMSClient({ region: "us-east-1", endpoint: `http://127.0.0.1:${port}`, credentials: ROOT });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  kms.destroy();
  return KeyMetadata?.KeyId;
}

async function time({ port }: Pick<Served, "port">, request: Buffer): Promise<number> {
  const order = { port, requests: [request.toString("base64")], connections: 1, seconds: 0 };
  const { failures, firstFailure, seconds } = await load(order);
  if (failures > 0) throw new Error(firstFailure);
  return seconds;
}

function hashSeconds(body: Buffer): number {
  const start = performance.now();
  const [md5, sha256] = [createHash("md5"), createHash("sha256")];
  for (let at = 0; at < body.byteLength; at += 65_536) {
    const piece = body.subarray(at, at + 65_536);
    md5.update(piece);
    sha256.update(piece);
  }
  md5.digest();
  sha256.digest();
  return (performance.now() - start) / 1000;
}

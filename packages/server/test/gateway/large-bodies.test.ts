/** Bodies that flow, over every transport: their memory is given back as they go, and must not be wanted again. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { request as plainRequest, type IncomingMessage } from "node:http";
import { request as secureRequest, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, onTestFinished, test } from "vitest";
import { testServer } from "./raw-http.ts";

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
const RECORD_BYTES = 65_536;
const BODY = randomBytes(40 * RECORD_BYTES + 17);
const Bucket = "large";

/** A bucket on a server that keeps bodies in files. */
async function withBucket() {
  const directory = await mkdtemp(join(tmpdir(), "kumobako-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const { endpoint, port } = await testServer({ dataDirectory: join(directory, "data") });
  const config = { endpoint, region: "us-east-1", credentials: CREDENTIALS, forcePathStyle: true };
  const s3 = new S3Client(config);
  onTestFinished(() => s3.destroy());
  // a URL is presigned before there is a body to take a sum of
  const presigner = new S3Client({ ...config, requestChecksumCalculation: "WHEN_REQUIRED" });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const read = async (Key: string, Range?: string): Promise<Buffer> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const presign = (method: "GET" | "PUT", Key: string) => {
    const command = method === "GET" ? new GetObjectCommand({ Bucket, Key }) : new PutObjectCommand({ Bucket, Key });
    return getSignedUrl(presigner, command, { expiresIn: 60 });
  };
  return { s3, port, read, presign };
}

/** One request over HTTP/1.1; gives the body of the answer. */
async function exchange(make: typeof plainRequest | typeof secureRequest, options: RequestOptions, body?: Buffer) {
  const request = make(options);
  request.end(body);
  const response = await new Promise<IncomingMessage>((done, failed) => {
    request.once("response", done);
    request.once("error", failed);
  });
  expect(response.statusCode).toBe(200);
  return buffer(response);
}

test("a body that is sent as one signed piece comes back as it was, whole and in part", async () => {
  const { s3, read } = await withBucket();
  const sent = Buffer.from(BODY);
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: sent }));
  expect(sent.equals(BODY)).toBe(true);
  const [whole, again, part] = await Promise.all([read("k"), read("k"), read("k", "bytes=65530-200000")]);
  expect(whole.equals(BODY)).toBe(true);
  expect(again.equals(BODY)).toBe(true);
  expect(part.equals(BODY.subarray(65_530, 200_001))).toBe(true);
});

test("a body in chunks of whole pieces of memory, with a trailing checksum, comes back as it was", async () => {
  const { s3, read } = await withBucket();
  for (const chunkBytes of [8192, RECORD_BYTES, 3 * RECORD_BYTES]) {
    const Key = `in ${chunkBytes}`;
    const Body = Readable.from(chunksOf(BODY, chunkBytes));
    await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: BODY.length, ChecksumAlgorithm: "SHA256" }));
    const copied = `${Key}, copied`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: copied, CopySource: `${Bucket}/${encodeURIComponent(Key)}` }));
    expect((await read(Key)).equals(BODY)).toBe(true);
    expect((await read(copied)).equals(BODY)).toBe(true);
  }
});

function* chunksOf(body: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

test.each([
  ["HTTP/1.1", plainRequest],
  ["HTTP/1.1 over TLS", secureRequest],
] as const)("a body comes back as it was over %s", async (_transport, make) => {
  const { port, presign } = await withBucket();
  const target = async (method: "GET" | "PUT"): Promise<RequestOptions> => {
    const { host, pathname, search } = new URL(await presign(method, "k"));
    return { port, host: "127.0.0.1", method, path: pathname + search, headers: { host }, rejectUnauthorized: false };
  };
  await exchange(make, await target("PUT"), BODY);
  const [one, other] = await Promise.all([exchange(make, await target("GET")), exchange(make, await target("GET"))]);
  expect(one.equals(BODY)).toBe(true);
  expect(other.equals(BODY)).toBe(true);
});

test("a body comes back as it was over HTTP/2, two at a time on one connection", async () => {
  const { port, presign } = await withBucket();
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const call = async (method: "GET" | "PUT", body?: Buffer): Promise<Buffer> => {
    const { host, pathname, search } = new URL(await presign(method, "k"));
    const stream = session.request({ ":method": method, ":path": pathname + search, ":authority": host });
    stream.end(body);
    return buffer(stream);
  };
  await call("PUT", BODY);
  const [one, other] = await Promise.all([call("GET"), call("GET")]);
  expect(one.equals(BODY)).toBe(true);
  expect(other.equals(BODY)).toBe(true);
});

/** Requests that somebody signed and somebody else changed. */
import { createHash, createHmac } from "node:crypto";
import { CreateUserCommand, GetUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { captured } from "../signed-request.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";

const ROOT = { accessKeyId: "test", secretAccessKey: "test" };

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | readonly Uint8Array[];
}

async function* pieces(body: Sent["body"]): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  if (typeof body === "string") yield Buffer.from(body, "latin1");
  else if (body instanceof Uint8Array) yield body;
  else yield* body;
}

/** The answer's status, and its error's code or all of its text. */
async function send({ cloud }: TestCloud, { method, path, query = "", headers, body }: Sent): Promise<string> {
  const arrival = { method, path, query, headers, body: pieces(body), remoteAddress: "127.0.0.1", secure: false };
  const answer = await cloud.answer(arrival);
  let text = "";
  if (typeof answer.body === "string") text = answer.body;
  else if (answer.body instanceof Uint8Array) text = Buffer.from(answer.body).toString("utf8");
  else for await (const piece of answer.body ?? []) text += Buffer.from(piece).toString("utf8");
  return `${answer.status} ${/<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? text}`;
}

async function photos() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, ROOT, { forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "meow" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "secret", Body: "hush" }));
  const presigned = async (command: GetObjectCommand | PutObjectCommand): Promise<Sent> => {
    const { host, pathname, search } = new URL(await getSignedUrl(s3, command));
    const method = command instanceof PutObjectCommand ? "PUT" : "GET";
    return { method, path: pathname, query: search.slice(1), headers: { host } };
  };
  const get = (Key = "cat") => presigned(new GetObjectCommand({ Bucket: "photos", Key }));
  const put = (more: Partial<PutObjectCommandInput> = {}) =>
    presigned(new PutObjectCommand({ Bucket: "photos", Key: "new", ...more }));
  return { cloud, s3, get, put };
}

test("a presigned URL is good for its own method, path, query and host, and for nothing else", async () => {
  const { cloud, get } = await photos();
  const url = await get();
  expect(await send(cloud, url)).toBe("200 meow");
  const query = url.query ?? "";
  const changed: readonly Sent[] = [
    { ...url, method: "DELETE" },
    { ...url, method: "PUT", body: "woof" },
    { ...url, path: "/photos/secret" },
    { ...url, path: "/photos/secret/../cat" },
    { ...url, path: "//photos/cat" },
    { ...url, path: "/photos" },
    { ...url, query: `${query}&tagging` },
    { ...url, query: `tagging&${query}` },
    { ...url, query: `${query}&versionId=null` },
    { ...url, query: `${query}&X-Amz-Expires=604800` },
    { ...url, query: `X-Amz-Expires=604800&${query}` },
    { ...url, query: query.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=604800") },
    { ...url, query: `${query}&X-Amz-SignedHeaders=x` },
    { ...url, query: query.replace(/X-Amz-Credential=test/, "X-Amz-Credential=111111111111") },
    { ...url, headers: { host: "secret.s3.localhost:4566" } },
    { ...url, headers: { host: "localhost:4566,photos.s3.localhost" } },
  ];
  for (const request of changed) expect(await send(cloud, request), JSON.stringify(request)).toMatch(/^40[035] /);
});

test.each([
  ["x-amz-acl", "public-read"],
  ["x-amz-copy-source", "/photos/secret"],
  ["x-amz-tagging", "team=red"],
  ["x-amz-meta-owner", "mallory"],
  ["x-amz-security-token", "none"],
  ["x-amz-storage-class", "GLACIER"],
  ["x-amz-website-redirect-location", "http://evil.example"],
  ["x-amz-server-side-encryption", "aws:kms"],
  ["x-amz-expected-bucket-owner", "000000000000"],
])("a header %s that nobody signed is refused", async (name, value) => {
  const { cloud, put } = await photos();
  const url = await put();
  const answer = await send(cloud, { ...url, headers: { ...url.headers, [name]: value }, body: "x" });
  expect(answer).toBe("403 AccessDenied");
});

test("a parameter that stands for a header cannot be added to a presigned URL, nor overridden by the header", async () => {
  const { cloud, put, s3 } = await photos();
  const url = await put({ Metadata: { a: "b" } });
  const query = url.query ?? "";
  expect(query).toContain("x-amz-meta-a=b");
  expect(await send(cloud, { ...url, query: `${query}&x-amz-tagging=a%3Db`, body: "x" })).toBe(
    "403 SignatureDoesNotMatch",
  );
  const headers = { ...url.headers, "x-amz-meta-a": "c" };
  expect(await send(cloud, { ...url, headers, body: "x" })).toBe("403 AccessDenied");
  expect(await send(cloud, { ...url, body: "x" })).toBe("200 ");
  expect(await s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "new" }))).toMatchObject({
    Metadata: { a: "b" },
  });
});

/** Signed in version 2, as boto3 presigns. */
function signedV2({ method, path, headers = {} }: Omit<Sent, "headers"> & { headers?: Sent["headers"] }): Sent {
  const expires = String(Math.floor(Date.now() / 1000) + 60);
  const amz = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-amz-"))
    .map(([name, value]) => `${name}:${value}\n`);
  const text = `${method}\n\n${headers["content-type"] ?? ""}\n${expires}\n${amz.join("")}${path}`;
  const signature = encodeURIComponent(createHmac("sha1", "test").update(text).digest("base64"));
  const moved = Object.entries(headers).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
  return {
    method,
    path,
    query: `AWSAccessKeyId=test&Signature=${signature}&Expires=${expires}${moved.join("")}`,
    headers: { host: "localhost:4566" },
  };
}

test("a version 2 URL does not let a header replace what its query says", async () => {
  const { cloud } = await photos();
  const url = signedV2({ method: "PUT", path: "/photos/v2", headers: { "x-amz-meta-a": "b" } });
  expect(await send(cloud, { ...url, body: "x" })).toBe("200 ");
  for (const name of ["x-amz-meta-a", "x-amz-copy-source", "x-amz-acl", "content-type"]) {
    const headers = { ...url.headers, [name]: "/photos/secret" };
    expect(await send(cloud, { ...url, headers, body: "x" }), name).toBe("403 SignatureDoesNotMatch");
  }
});

test("a request signed in version 2 by its header does not take parameters for headers", async () => {
  const { cloud } = await photos();
  const date = new Date().toUTCString();
  const signature = createHmac("sha1", "test").update(`PUT\n\n\n${date}\n/photos/v2`).digest("base64");
  const headers = { host: "localhost:4566", date, authorization: `AWS test:${signature}` };
  const request: Sent = { method: "PUT", path: "/photos/v2", headers, body: "x" };
  expect(await send(cloud, request)).toBe("200 ");
  expect(await send(cloud, { ...request, query: "x-amz-copy-source=%2Fphotos%2Fsecret" })).toBe(
    "403 SignatureDoesNotMatch",
  );
});

test("a signature for one service is none for another", async () => {
  const cloud = await testCloud();
  const iam = await captured((config) => {
    const client = new IAMClient({ ...config, region: "us-east-1", credentials: ROOT });
    return { send: () => client.send(new CreateUserCommand({ UserName: "mallory" })) };
  });
  const sts = await captured((config) => {
    const client = new STSClient({ ...config, region: "us-east-1", credentials: ROOT });
    return { send: () => client.send(new GetCallerIdentityCommand({})) };
  });
  const { cloud: gateway } = cloud;
  const bodies = { iam: "UserName=mallory&Action=CreateUser&Version=2010-05-08" };
  const asIam = { ...sts.head, body: pieces(bodies.iam), remoteAddress: "127.0.0.1", secure: false };
  expect((await gateway.answer(asIam)).status).toBe(403);
  for (const changes of [
    { host: "iam.amazonaws.com" },
    { "x-amz-target": "DynamoDB_20120810.ListTables" },
    { "content-type": "application/x-amz-json-1.1" },
  ]) {
    const headers = { ...sts.head.headers, ...changes };
    const answer = await gateway.answer({ ...asIam, headers, body: pieces(bodies.iam) });
    expect(answer.status, JSON.stringify(changes)).toBeGreaterThanOrEqual(400);
  }
  const relabelled = (iam.head.headers["authorization"] ?? "").replace("/iam/", "/sts/");
  const asSts = { ...iam.head, headers: { ...iam.head.headers, authorization: relabelled } };
  const answer = await gateway.answer({ ...asSts, body: iam.body, remoteAddress: "127.0.0.1", secure: false });
  expect(answer.status).toBe(403);
  const users = await cloud.client(IAMClient).send(new ListUsersCommand({}));
  expect(users.Users).toEqual([]);
});

test("a body cannot be put under a signature for none, nor parameters into its query", async () => {
  const cloud = await testCloud();
  const url = await presignedIdentity();
  expect(await send(cloud, url)).toMatch(/^200 .*:root/);
  const body = "Action=GetSessionToken&Version=2011-06-15";
  expect(await send(cloud, { ...url, body })).toBe("403 SignatureDoesNotMatch");
  const unsigned = { ...url.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  expect(await send(cloud, { ...url, headers: unsigned, body })).toBe("403 SignatureDoesNotMatch");
  const query = `Action=GetSessionToken&${url.query}`;
  expect(await send(cloud, { ...url, query })).toBe("403 SignatureDoesNotMatch");
  expect(await send(cloud, { ...url, query: `${url.query}&Action=GetSessionToken` })).toBe("403 SignatureDoesNotMatch");
});

/** As clusters and vaults prove who they are. */
async function presignedIdentity(): Promise<Sent> {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/us-east-1/sts/aws4_request`;
  const query =
    `Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256` +
    `&X-Amz-Credential=${encodeURIComponent(`test/${scope}`)}&X-Amz-Date=${date}&X-Amz-Expires=60&X-Amz-SignedHeaders=host`;
  const canonical = `GET\n/\n${query}\nhost:localhost:4566\n\nhost\n${sha256("")}`;
  const key = [date.slice(0, 8), "us-east-1", "sts", "aws4_request"].reduce(hmac, Buffer.from("AWS4test"));
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString("hex");
  return {
    method: "GET",
    path: "/",
    query: `${query}&X-Amz-Signature=${signature}`,
    headers: { host: "localhost:4566" },
  };
}

const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: Uint8Array, text: string): Buffer => createHmac("sha256", key).update(text).digest();

test("an Action in the query does not count where the body has one", async () => {
  const cloud = await testCloud();
  const iam = await captured((config) => {
    const client = new IAMClient({ ...config, region: "us-east-1", credentials: ROOT });
    return { send: () => client.send(new GetUserCommand({})) };
  });
  const answer = await cloud.cloud.answer({
    ...iam.head,
    query: "Action=ListUsers&Version=2010-05-08",
    body: iam.body,
    remoteAddress: "127.0.0.1",
    secure: false,
  });
  expect(answer.status).toBe(403);
});

interface Chunked {
  readonly head: Sent;
  /** Each with its own line and end, as sent; the last is empty. */
  readonly chunks: readonly Buffer[];
}

/** A body of three signed chunks. */
function chunkedPut(contents: readonly Buffer[]): Chunked {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const length = contents.reduce((sum, { length: one }) => sum + one, 0);
  const headers: Record<string, string> = {
    host: "localhost:4566",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "x-amz-date": date,
    "x-amz-decoded-content-length": String(length),
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `PUT\n/photos/chunked\n\n${lines.join("")}\n${names}\n${headers["x-amz-content-sha256"]}`;
  const key = [date.slice(0, 8), "us-east-1", "s3", "aws4_request"].reduce(hmac, Buffer.from("AWS4test"));
  const seed = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString("hex");
  let previous = seed;
  const chunks = [...contents, Buffer.alloc(0)].map((content) => {
    const text = `AWS4-HMAC-SHA256-PAYLOAD\n${date}\n${scope}\n${previous}\n${sha256("")}\n${sha256(content)}`;
    previous = hmac(key, text).toString("hex");
    const line = `${content.length.toString(16)};chunk-signature=${previous}\r\n`;
    return Buffer.concat([Buffer.from(line), content, Buffer.from("\r\n")]);
  });
  headers["authorization"] = `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${names}, Signature=${seed}`;
  return { head: { method: "PUT", path: "/photos/chunked", headers }, chunks };
}

test("signed chunks are taken whole, in order, once, and from no other request", async () => {
  const { cloud, s3 } = await photos();
  const [a, b] = [Buffer.alloc(8192, "a"), Buffer.alloc(8192, "b")];
  const { head, chunks } = chunkedPut([a, b]);
  const [one = a, two = b, end = b] = chunks;
  const [foreign = a] = chunkedPut([Buffer.alloc(8192, "x"), b]).chunks;
  const bent = Buffer.from(two);
  bent[200] = 0x7a;
  const unsigned = Buffer.concat([Buffer.from("2000\r\n"), b, Buffer.from("\r\n")]);
  const longer = Buffer.concat([Buffer.from("0000"), two]);
  const attacks: Readonly<Record<string, readonly Buffer[]>> = {
    reordered: [two, one, end],
    repeated: [one, one, end],
    "cut after a chunk": [one],
    "cut before the last": [one, two],
    "ended early": [one, end],
    "cut within a chunk": [one, two.subarray(0, 4000)],
    "of another request": [foreign, two, end],
    changed: [one, bent, end],
    unsigned: [one, unsigned, end],
    "with more after the end": [one, two, end, two],
  };
  for (const [name, body] of Object.entries(attacks)) {
    expect(await send(cloud, { ...head, body }), name).toMatch(/^40[03] /);
    await expect(s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "chunked" })), name).rejects.toMatchObject({
      name: "NotFound",
    });
  }
  expect(await send(cloud, { ...head, body: [one, longer, end] }), "a size with noughts before it").toMatch(/^200 /);
  expect(await send(cloud, { ...head, body: [one, two, end] })).toMatch(/^200 /);
});

test.each(["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", sha256("evil")])(
  "a body that was signed is not taken as %s",
  async (declared) => {
    const { cloud } = await photos();
    const { head, chunks } = chunkedPut([Buffer.alloc(8192, "a")]);
    const headers = { ...head.headers, "x-amz-content-sha256": declared };
    expect(await send(cloud, { ...head, headers, body: chunks })).toBe("403 SignatureDoesNotMatch");
    expect(await send(cloud, { ...head, headers, body: "evil" })).toBe("403 SignatureDoesNotMatch");
  },
);

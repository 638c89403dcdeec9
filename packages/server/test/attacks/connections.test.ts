/** Bytes that two readers would read in two ways, and the control API from where it is not meant to be reached. */
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { exchangeBytes, testServer } from "../gateway/raw-http.ts";

/** A checksum over no body would be signed into a presigned URL. */
const UNSUMMED = { requestChecksumCalculation: "WHEN_REQUIRED" } as const;
const ROOT = { accessKeyId: "test", secretAccessKey: "test" };

test.each([
  ["two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"],
  [
    "a length and chunks",
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /photos HTTP/1.1\r\n\r\n",
  ],
  ["chunks that are not the last encoding", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
  ["chunks spelt with a blank", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"],
  ["a length that is no number", "Content-Length: 5x\r\n\r\nhello"],
  ["a negative length", "Content-Length: -1\r\n\r\n"],
  ["a header that goes on in the next line", "X-A: b\r\n c\r\nContent-Length : 3\r\n\r\nabc"],
  ["a bare line feed in a header", "X-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["a nought in a header", "X-A: b\0c\r\n\r\n"],
])("a request with %s is refused and its connection closed", async (_what, rest) => {
  const { port } = await testServer();
  const answer = await exchangeBytes(port, `POST / HTTP/1.1\r\nHost: localhost\r\n${rest}`);
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer.toLowerCase()).toContain("connection: close");
  expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
});

// Source: https://www.rfc-editor.org/rfc/rfc9112#section-3.2 (one Host, and not more)
test.each([
  ["two hosts", "Host: localhost\r\nHost: localhost\r\n\r\n"],
  ["two hosts in other cases", "HOST: localhost\r\nhost: evil.example\r\n\r\n"],
  ["no host", "\r\n"],
])("a request with %s is refused, and whatever comes behind it", async (_what, rest) => {
  const { port } = await testServer();
  const answer = await exchangeBytes(port, `GET /_kumobako/health HTTP/1.1\r\n${rest}GET /x HTTP/1.1\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 400 [^]*<Code>BadRequest<\/Code>/);
  expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
});

test("a client of HTTP/1.0 gets one answer, whatever it expects", async () => {
  const { port } = await testServer();
  const body = "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello";
  // Source: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
  const answer = await exchangeBytes(port, `POST /_kumobako/clock/freeze HTTP/1.0\r\nHost: localhost\r\n${body}`);
  expect(answer).toMatch(/^HTTP\/1.1 400 [^]*the body is not JSON/);
});

test("a body in a coding that is not understood is refused, not taken as it comes", async () => {
  const { port } = await testServer();
  const body = "Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  // Source: https://www.rfc-editor.org/rfc/rfc9112#section-6.1, https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (NotImplemented)
  const answer = await exchangeBytes(port, `PUT /photos/x HTTP/1.1\r\nHost: localhost\r\n${body}`);
  expect(answer).toMatch(/^HTTP\/1.1 501 [^]*<Code>NotImplemented<\/Code>/);
  expect(answer.toLowerCase()).toContain("connection: close");
});

test("a header whose name objects have anyway is a header", async () => {
  const { port } = await testServer();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const answer = await exchangeBytes(port, `GET / HTTP/1.1\r\nHost: localhost\r\n${name}: x\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
  }
});

test("a whole address in the request line says the host", async () => {
  const { port } = await testServer();
  const control = "GET http://evil.example/_kumobako/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
  expect(await exchangeBytes(port, control)).toMatch(/^HTTP\/1.1 403 [^]*foreign host name: `evil.example`/);
  const own = `GET http://localhost:${port}/_kumobako/health HTTP/1.1\r\nHost: evil.example\r\n\r\n`;
  expect(await exchangeBytes(port, own)).toMatch(/^HTTP\/1.1 200 /);
});

test("a bucket's own host has no control API: the path is a key", async () => {
  const { endpoint, port } = await testServer();
  const options = { endpoint, region: "us-east-1", credentials: ROOT, forcePathStyle: true };
  const s3 = new S3Client(options);
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "_kumobako/health", Body: "mine" }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "_kumobako/health" }));
  expect(await Body?.transformToString()).toBe("mine");
  s3.destroy();
  for (const host of ["photos.s3.localhost", "photos.localhost", "photos.s3.amazonaws.com"]) {
    const page = `Origin: http://${host}:${port}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n`;
    const reset = await exchangeBytes(port, `POST /_kumobako/reset HTTP/1.1\r\nHost: ${host}:${port}\r\n${page}\r\n`);
    expect(reset, host).toMatch(/^HTTP\/1.1 4/);
    expect(reset, host).toContain("<Error>");
  }
});

test.each(["1e15", "1e300", "300000000000"])("the clock cannot be moved to where no time is: %s", async (seconds) => {
  const { endpoint } = await testServer();
  const body = `{"seconds": ${seconds}}`;
  const moved = await fetch(`${endpoint}/_kumobako/clock/advance`, { method: "POST", body });
  expect(moved.status).toBe(400);
  const clock = await fetch(`${endpoint}/_kumobako/clock`);
  expect(await clock.json()).toMatchObject({ offsetSeconds: 0 });
});

test("a control call's body is bounded, also where its length is not told", async () => {
  const { endpoint } = await testServer();
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(0x20)),
  });
  const init = { method: "POST", body, duplex: "half" };
  const answered = fetch(`${endpoint}/_kumobako/clock/advance`, init).then((answer) => answer.text());
  // a client that goes on sending may see the closed connection before the answer
  expect(await answered.catch(() => "closed")).toMatch(/the body is too large|^closed$/);
  expect((await fetch(`${endpoint}/_kumobako/health`)).status).toBe(200);
});

test.each(["a\r\nSet-Cookie: x=1", "a\u0000b", "\u007f", "文件.txt"])(
  "a header that the caller would rather see cannot end the line: %j",
  async (ResponseContentDisposition) => {
    const { endpoint } = await testServer();
    const s3 = new S3Client({ endpoint, region: "us-east-1", credentials: ROOT, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
    await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "x", Body: "x" }));
    const get = new GetObjectCommand({ Bucket: "photos", Key: "x", ResponseContentDisposition });
    // Source: https://github.com/CartoDB/cartodb/issues/10701
    await expect(s3.send(get)).rejects.toMatchObject({ name: "InvalidArgument" });
    s3.destroy();
  },
);

test("what an object is said to be comes back over the wire as it was said", async () => {
  const { endpoint } = await testServer();
  const s3 = new S3Client({ endpoint, region: "us-east-1", credentials: ROOT, forcePathStyle: true, ...UNSUMMED });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const ContentDisposition = 'attachment; filename="文件 é.txt"';
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: "photos", Key: "x" }));
  const headers = { "content-disposition": Buffer.from(ContentDisposition).toString("latin1") };
  expect((await fetch(url, { method: "PUT", body: "x", headers })).status).toBe(200);
  const answer = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket: "photos", Key: "x" })));
  const given = Buffer.from(answer.headers.get("content-disposition") ?? "", "latin1").toString("utf8");
  expect(given).toBe(ContentDisposition);
  s3.destroy();
});

import { request, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../../main.ts";

const PIECE = Buffer.alloc(65_536, "0123456789abcdef");

async function serving() {
  const server = await startServer({ port: 0 });
  onTestFinished(() => server.close());
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({
    endpoint: server.endpoint,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  onTestFinished(() => s3.destroy());
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  return { s3 };
}

interface Waiting {
  readonly continued: boolean;
  readonly status: number | undefined;
}

/** Sends `pieces` times `PIECE`, but only once the server says that it wants them. */
function putWaiting(url: string, pieces: number): Promise<Waiting> {
  return new Promise((resolve, reject) => {
    let continued = false;
    const headers = { expect: "100-continue", "content-length": PIECE.length * pieces };
    const sending = request(url, { method: "PUT", headers, agent: false });
    sending.on("continue", () => {
      continued = true;
      Readable.from(Array.from({ length: pieces }, () => PIECE)).pipe(sending);
    });
    sending.on("response", (response: IncomingMessage) => {
      response.resume();
      resolve({ continued, status: response.statusCode });
      if (!continued) sending.destroy();
    });
    sending.on("error", (error) => (continued ? reject(error) : undefined));
    sending.flushHeaders();
  });
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonRequestHeaders.html (Expect: 100-continue)
test("a client that waits is told to go on only where its body is wanted", async () => {
  const { s3 } = await serving();
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: "photos", Key: "k" }));
  expect(await putWaiting(url, 4)).toEqual({ continued: true, status: 200 });
  expect(await putWaiting(url.replace(/\?.*/, ""), 4)).toEqual({ continued: false, status: 403 });
});

test("a large body flows through in both directions", async () => {
  const { s3 } = await serving();
  const pieces = 320;
  const Body = Readable.from(Array.from({ length: pieces }, () => PIECE));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "k", Body, ContentLength: pieces * PIECE.length }));
  const got = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "k" }));
  let size = 0;
  for await (const piece of got.Body as AsyncIterable<Uint8Array>) size += piece.length;
  expect(size).toBe(pieces * PIECE.length);
});

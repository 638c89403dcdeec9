/** Requests byte by byte, signed by the account's root or by nobody. */
import { createHash, createHmac } from "node:crypto";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { testCloud, type TestCloud } from "../test-cloud.ts";

export const ROOT = { accessKeyId: "test", secretAccessKey: "test" };

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | readonly Uint8Array[];
}

export async function* pieces(body: Sent["body"]): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  if (typeof body === "string") yield Buffer.from(body, "latin1");
  else if (body instanceof Uint8Array) yield body;
  else yield* body;
}

/** The answer's status, and its error's code or all of its text. */
export async function send({ cloud }: TestCloud, { method, path, query = "", headers, body }: Sent): Promise<string> {
  const arrival = { method, path, query, headers, body: pieces(body), remoteAddress: "127.0.0.1", secure: false };
  const answer = await cloud.answer(arrival);
  let text = "";
  if (typeof answer.body === "string") text = answer.body;
  else if (answer.body instanceof Uint8Array) text = Buffer.from(answer.body).toString("utf8");
  else for await (const piece of answer.body ?? []) text += Buffer.from(piece).toString("utf8");
  return `${answer.status} ${/<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? text}`;
}

/** A bucket with a picture and a secret in it. */
export async function photos() {
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

export const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");
export const hmac = (key: Uint8Array, text: string): Buffer => createHmac("sha256", key).update(text).digest();

export const signingDate = (): string => new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");

export interface SigningScope {
  readonly text: string;
  readonly key: Buffer;
}

export function scopeOf(service: string, date: string): SigningScope {
  const parts = [date.slice(0, 8), "us-east-1", service, "aws4_request"];
  return { text: parts.join("/"), key: parts.reduce(hmac, Buffer.from("AWS4test")) };
}

/** A signed `PUT` of the object `key` to the bucket, without a body. */
export function signedPut(key: string, given: Readonly<Record<string, string>>) {
  const date = signingDate();
  const scope = scopeOf("s3", date);
  const headers: Record<string, string> = { host: "localhost:4566", "x-amz-date": date, ...given };
  const names = Object.keys(headers).toSorted();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const path = `/photos/${key}`;
  const canonical = `PUT\n${path}\n\n${lines}\n${names.join(";")}\n${headers["x-amz-content-sha256"]}`;
  const signature = hmac(scope.key, `AWS4-HMAC-SHA256\n${date}\n${scope.text}\n${sha256(canonical)}`).toString("hex");
  headers["authorization"] =
    `AWS4-HMAC-SHA256 Credential=test/${scope.text}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  const request: Sent = { method: "PUT", path, headers };
  return { request, date, scope, signature };
}

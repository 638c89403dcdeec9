import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { captured, headOfUrl, type SignedRequest } from "../../../test/signed-request.ts";
import type { AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import { collect } from "../../kernel/bytes.ts";
import type { Credential } from "../credentials/credential.ts";
import { rootUser } from "../credentials/resolve.ts";
import { SignatureVerifier, type Family, type RequestHead } from "./verify.ts";

const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const account = "111111111111" as AccountId;
const right: Credential = {
  type: "known",
  secretAccessKey: keys.secretAccessKey,
  principal: rootUser(account, keys.accessKeyId),
};
const wrong: Credential = { ...right, secretAccessKey: "another" };

const realNow = () => Date.now();
const verifier = new SignatureVerifier({ clock: { now: realNow, realNow } });

/** The body, once its signature has held with the right secret and failed with another. */
async function opened({ head, body }: SignedRequest, family: Family): Promise<{ text: string; trailers: object }> {
  const claim = verifier.parse(head, family);
  assert(claim.version !== "anonymous", "the request is signed");
  const whole = claim.payload.type === "buffered" ? await collect(body) : undefined;
  expect(() => verifier.verify(claim, head, wrong, whole)).toThrow(/does not match the signature you provided/);
  verifier.verify(claim, head, right, whole);
  const stream = verifier.open(claim, head, right, whole === undefined ? body : Readable.from([whole]));
  const text = Buffer.from(await collect(stream.body)).toString("utf8");
  return { text, trailers: Object.fromEntries(stream.trailers) };
}

const common = { region: "eu-central-1", credentials: keys };
const s3 = (config: object, more: S3ClientConfig = {}) => new S3Client({ ...common, ...config, ...more });

test("STS, DynamoDB, Lambda and CloudWatch clients' signatures verify", async () => {
  const sts = await captured((config) => {
    const client = new STSClient({ ...common, ...config });
    return { send: () => client.send(new GetCallerIdentityCommand()) };
  });
  expect((await opened(sts, "query")).text).toContain("Action=GetCallerIdentity");
  const dynamodb = await captured((config) => {
    const client = new DynamoDBClient({ ...common, ...config });
    return { send: () => client.send(new ListTablesCommand({ Limit: 3 })) };
  });
  expect((await opened(dynamodb, "json")).text).toBe('{"Limit":3}');
  const lambda = await captured((config) => {
    const client = new LambdaClient({ ...common, ...config });
    const FunctionName = "arn:aws:lambda:eu-central-1:111111111111:function:a";
    return { send: () => client.send(new GetFunctionCommand({ FunctionName, Qualifier: "1" })) };
  });
  expect(lambda.head.path).toContain("arn%3Aaws");
  await opened(lambda, "rest-json");
  const cloudwatch = await captured((config) => {
    const client = new CloudWatchClient({ ...common, ...config });
    return { send: () => client.send(new ListMetricsCommand()) };
  });
  await opened(cloudwatch, "json");
});

test.each(["plain", "a b/c+d", "../x//y/.", "日本語%20'()*!~", "tail/", "=&?#;:@,$"])(
  "a GET of the object %j verifies in path and host style",
  async (Key) => {
    for (const forcePathStyle of [true, false]) {
      const request = await captured((config) => {
        const client = s3(config, { forcePathStyle });
        return { send: () => client.send(new GetObjectCommand({ Bucket: "photos", Key, VersionId: "a+b/ c=" })) };
      });
      expect((await opened(request, "s3")).text).toBe("");
    }
  },
);

test("queries with blanks, plus signs and unicode verify", async () => {
  const request = await captured((config) => {
    const client = s3(config);
    return { send: () => client.send(new ListObjectsV2Command({ Bucket: "photos", Prefix: "ä +%/", Delimiter: "/" })) };
  });
  expect((await opened(request, "s3")).text).toBe("");
});

test("metadata beyond ASCII and folded blanks verify", async () => {
  const request = await captured((config) => {
    const client = s3(config);
    const Metadata = { title: "Kühe", other: "a   b" };
    return { send: () => client.send(new PutObjectCommand({ Bucket: "photos", Key: "k", Body: "hello", Metadata })) };
  });
  expect((await opened(request, "s3")).text).toBe("hello");
});

test("a body that S3 holds whole is held to the hash that was signed", async () => {
  const request = await captured((config) => {
    const client = s3(config);
    const Delete = { Objects: [{ Key: "a" }] };
    return { send: () => client.send(new DeleteObjectsCommand({ Bucket: "photos", Delete })) };
  });
  const { head } = request;
  expect((await opened(request, "s3")).text).toContain("<Key>a</Key>");
  const claim = verifier.parse(head, "s3");
  const { body } = verifier.open(claim, head, right, Readable.from([Buffer.from("other")]));
  await expect(collect(body)).rejects.toMatchObject({
    code: "XAmzContentSHA256Mismatch",
    httpStatus: 400,
    fields: {
      ClientComputedContentSHA256: head.headers["x-amz-content-sha256"],
      S3ComputedContentSHA256: createHash("sha256").update("other").digest("hex"),
    },
  });
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
  "a streamed body with a trailing %s is unwrapped and its checksum given",
  async (ChecksumAlgorithm) => {
    const text = "0123456789".repeat(10_000);
    const request = await captured((config) => {
      const client = s3(config, { requestStreamBufferSize: 65_536 });
      const Body = Readable.from([Buffer.from(text)]);
      const input = { Bucket: "photos", Key: "k", Body, ContentLength: text.length, ChecksumAlgorithm };
      return { send: () => client.send(new PutObjectCommand(input)) };
    });
    expect(request.head.headers["x-amz-content-sha256"]).toBe("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    const { text: body, trailers } = await opened(request, "s3");
    expect(body).toBe(text);
    expect(Object.keys(trailers)).toEqual([`x-amz-checksum-${ChecksumAlgorithm.toLowerCase()}`]);
  },
);

function verify(head: RequestHead): void {
  const claim = verifier.parse(head, "s3");
  assert(claim.version === 4, "the URL is signed in version 4");
  verifier.verify(claim, head, right);
}

test("a presigned URL verifies for its method and path, and no other", async () => {
  const client = s3({ endpoint: "http://localhost:4566" });
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: "photos", Key: "a b" }), { expiresIn: 60 });
  verify(headOfUrl(url));
  expect(() => verify(headOfUrl(url, { method: "PUT" }))).toThrow(/does not match/);
  expect(() => verify(headOfUrl(url, { path: "/b" }))).toThrow(/does not match/);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (all x-amz- headers are signed)
  expect(() => verify(headOfUrl(url, { headers: { "x-amz-acl": "public-read" } }))).toThrow(/which were not signed/);
});

test("a session token is part of what is signed, in the header and in the query", async () => {
  const credentials = { ...keys, sessionToken: "abc/def==" };
  const request = await captured((config) => {
    const client = s3(config, { credentials });
    return { send: () => client.send(new GetObjectCommand({ Bucket: "photos", Key: "k" })) };
  });
  await opened(request, "s3");
  expect(verifier.parse(request.head, "s3")).toMatchObject({ sessionToken: "abc/def==" });
  const client = s3({ endpoint: "http://localhost:4566" }, { credentials });
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: "photos", Key: "k" }));
  await opened({ head: headOfUrl(url), body: Readable.from([]) }, "s3");
  expect(verifier.parse(headOfUrl(url), "s3")).toMatchObject({ sessionToken: "abc/def==", place: "query" });
});

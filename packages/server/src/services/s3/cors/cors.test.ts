import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  type CORSRule,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CreateAccessPointCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { ACCOUNT, refusal, s3World } from "../../../../test/s3-world.ts";

// Source of all refusals and headers, unless told: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_cors.snapshot.json (recorded on AWS)
const Bucket = "photos";
const ORIGIN = "https://app.example.com";

const allow = (s3: S3Client, ...CORSRules: CORSRule[]) =>
  s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));

const rule = (more: Partial<CORSRule> = {}): CORSRule => ({
  AllowedMethods: ["GET", "PUT"],
  AllowedOrigins: [ORIGIN],
  MaxAgeSeconds: 3000,
  ...more,
});

async function pages() {
  const world = await s3World(Bucket);
  const ask = async (method: string, headers: Record<string, string>, path = "/photos/cat", query = {}) => {
    const answer = await world.cloud.send({ method, path, query, headers: { host: "localhost:4566", ...headers } });
    return { ...answer, text: Buffer.from(answer.body).toString() };
  };
  const preflight = (headers: Record<string, string>, path?: string, query?: object) =>
    ask("OPTIONS", headers, path, query);
  return { ...world, ask, preflight };
}

test("a page that a rule allows is told so in advance, and again with the answer", async () => {
  const { s3, ask, preflight } = await pages();
  await allow(s3, rule());
  const headers = {
    "access-control-allow-origin": ORIGIN,
    "access-control-allow-methods": "GET, PUT",
    "access-control-allow-credentials": "true",
    "access-control-max-age": "3000",
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
  expect(await preflight({ origin: ORIGIN, "access-control-request-method": "PUT" })).toMatchObject({
    statusCode: 200,
    headers: { ...headers, "x-amz-request-id": expect.any(String) },
    text: "",
  });
  // nobody let the page in, and yet it may read why
  expect(await ask("GET", { origin: ORIGIN })).toMatchObject({ statusCode: 403, headers });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
test("a presigned URL is good in a page of an origin that a rule allows", async () => {
  const { s3, put, ask, preflight } = await pages();
  await allow(s3, rule());
  await put("cat", "meow");
  const url = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "cat" })));
  const query = Object.fromEntries(url.searchParams);
  const allowed = { statusCode: 200, headers: { "access-control-allow-origin": ORIGIN } };
  expect(await ask("GET", { origin: ORIGIN }, url.pathname, query)).toMatchObject({ ...allowed, text: "meow" });
  const asked = { origin: ORIGIN, "access-control-request-method": "GET" };
  expect(await preflight(asked, url.pathname, query)).toMatchObject({ ...allowed, text: "" });
});

test("every origin is told so by a star, and no credentials are let through", async () => {
  const { s3, preflight } = await pages();
  await allow(s3, { AllowedMethods: ["GET"], AllowedOrigins: ["*"], ExposeHeaders: ["x-amz-id-2", "ETag"] });
  const { headers } = await preflight({ origin: ORIGIN, "access-control-request-method": "GET" });
  expect(headers).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET",
    "access-control-expose-headers": "x-amz-id-2, ETag",
  });
  expect(headers).not.toHaveProperty("access-control-allow-credentials");
  expect(headers).not.toHaveProperty("access-control-max-age");
});

test("a rule's headers are compared without regard to case, and those asked for are given back", async () => {
  const { s3, preflight } = await pages();
  await allow(s3, rule({ AllowedHeaders: ["X-Amz-Expected-Bucket-Owner", "x-amz-meta-*"] }));
  const asking = (names: string) =>
    preflight({
      origin: ORIGIN,
      "access-control-request-method": "GET",
      "access-control-request-headers": names,
    });
  expect(await asking("x-amz-EXPECTED-bucket-owner,x-amz-meta-a")).toMatchObject({
    statusCode: 200,
    headers: { "access-control-allow-headers": "x-amz-expected-bucket-owner, x-amz-meta-a" },
  });
  expect(await asking("x-amz-request-payer")).toMatchObject({ statusCode: 403 });
});

test.each([
  [{}, 400, "<Code>BadRequest</Code><Message>Insufficient information. Origin request header needed.</Message>"],
  [
    { origin: "https://other.example.com", "access-control-request-method": "GET" },
    403,
    "<Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed.",
  ],
  [{ origin: ORIGIN, "access-control-request-method": "DELETE" }, 403, "<Method>DELETE</Method>"],
  // Source: https://github.com/versity/versitygw/blob/main/s3err/s3err.go
  [
    { origin: ORIGIN, "access-control-request-method": "PATCH" },
    400,
    "<Code>BadRequest</Code><Message>Invalid Access-Control-Request-Method: PATCH</Message>",
  ],
  [
    { origin: ORIGIN, "access-control-request-method": "GET", "access-control-request-headers": "a b" },
    400,
    "<Message>Access-Control-Request-Headers &quot;a b&quot; contains invalid character.</Message>",
  ],
  // Source: https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py (test_cors_origin_response)
  [{ origin: ORIGIN }, 400, "<Message>Invalid Access-Control-Request-Method: null</Message>"],
])("a preflight with %j is refused", async (headers, statusCode, text) => {
  const { s3, preflight } = await pages();
  await allow(s3, rule());
  const answer = await preflight(headers);
  expect(answer).toMatchObject({ statusCode, text: expect.stringContaining(text) });
});

test("a bucket without rules, and one that does not exist, say which they are", async () => {
  const { preflight } = await pages();
  const asked = { origin: ORIGIN, "access-control-request-method": "PUT" };
  expect((await preflight(asked)).text).toContain(
    "<Message>CORSResponse: CORS is not enabled for this bucket.</Message><Method>PUT</Method><ResourceType>BUCKET</ResourceType>",
  );
  expect((await preflight({ origin: ORIGIN }, "/nowhere")).text).toContain(
    "<Message>CORSResponse: Bucket not found</Message><Method>OPTIONS</Method><ResourceType>BUCKET</ResourceType>",
  );
});

test("a request that no rule allows is answered without a word to its page", async () => {
  const { s3, ask } = await pages();
  await allow(s3, rule());
  for (const headers of [
    { origin: "https://other.example.com" },
    { origin: ORIGIN, "access-control-request-method": "DELETE" },
  ]) {
    const answer = await ask("GET", headers);
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  }
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html (AllowedOrigin)
test.each([
  ["https://*.example.com", "https://a.b.example.com", 200],
  ["https://*.example.com", "https://example.com", 403],
  ["https://*", "http://app.example.com", 403],
])("the pattern %s of an origin and %s: %i", async (pattern, origin, statusCode) => {
  const { s3, preflight } = await pages();
  await allow(s3, rule({ AllowedOrigins: [pattern] }));
  expect(await preflight({ origin, "access-control-request-method": "GET" })).toMatchObject({ statusCode });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html (access points)
test("an access point has the rules of its bucket", async () => {
  const { cloud, s3, preflight } = await pages();
  await allow(s3, rule());
  const control = cloud.client(S3ControlClient, cloud.rootOf(ACCOUNT));
  const point = new CreateAccessPointCommand({ AccountId: ACCOUNT, Name: "finance", Bucket });
  const { Alias = "" } = await control.send(point);
  const asked = { origin: ORIGIN, "access-control-request-method": "PUT" };
  expect(await preflight(asked, `/${Alias}/cat`)).toMatchObject({ statusCode: 200 });
});

test("rules are read back as they were put, and gone when deleted", async () => {
  const { s3 } = await pages();
  expect(await refusal(s3.send(new GetBucketCorsCommand({ Bucket })))).toMatchObject({
    code: "NoSuchCORSConfiguration",
    status: 404,
  });
  const put = rule({ ID: "one", AllowedHeaders: ["*"], ExposeHeaders: ["ETag"] });
  await allow(s3, put);
  expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([put]);
  await s3.send(new DeleteBucketCorsCommand({ Bucket }));
  expect(await refusal(s3.send(new GetBucketCorsCommand({ Bucket })))).toMatchObject({ status: 404 });
});

test.each([
  [[], "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"],
  [
    [rule({ AllowedMethods: ["MYMETHOD"] })],
    "InvalidRequest",
    "Found unsupported HTTP method in CORS config. Unsupported method is MYMETHOD",
  ],
  // Source: https://github.com/hashicorp/terraform-provider-aws/issues/12156
  [
    [rule({ AllowedOrigins: ["https://*.*.com"] })],
    "InvalidRequest",
    'AllowedOrigin "https://*.*.com" can not have more than one wildcard.',
  ],
  [
    [rule({ AllowedHeaders: ["x-*-*"] })],
    "InvalidRequest",
    'AllowedHeader "x-*-*" can not have more than one wildcard.',
  ],
  // Source: https://github.com/versity/versitygw/blob/main/tests/integration/PutBucketCors.go
  [[rule({ AllowedHeaders: ["a b"] })], "InvalidRequest", 'AllowedHeader "a b" contains invalid character.'],
  [
    [rule({ ExposeHeaders: ["Bad/Header"] })],
    "InvalidRequest",
    'AllowedHeader "Bad/Header" contains invalid character.',
  ],
  // Source: https://github.com/aws/aws-cdk/issues/14484
  [
    [rule({ ExposeHeaders: ["*"] })],
    "InvalidRequest",
    'ExposeHeader "*" contains wildcard. We currently do not support wildcard for ExposeHeader.',
  ],
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html (100 rules), https://github.com/scality/cloudserver (the words, as AWS has them)
  [
    Array.from({ length: 101 }, () => rule()),
    "InvalidRequest",
    "The number of CORS rules should not exceed allowed limit of 100 rules.",
  ],
])("the rules %j are refused", async (rules, code, message) => {
  const { s3 } = await pages();
  expect(await refusal(allow(s3, ...rules))).toMatchObject({ code, message, status: 400 });
});

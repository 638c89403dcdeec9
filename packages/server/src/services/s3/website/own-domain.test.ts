import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { policyOf, refusal, s3World } from "../../../../test/s3-world.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const DOMAIN = "www.example.com";

/** A bucket that is called like a domain, and a client that knows it by the domain alone. */
async function atDomain() {
  const world = await s3World(DOMAIN);
  const { cloud } = world;
  const own = cloud.client(S3Client, undefined, { bucketEndpoint: true });
  const Bucket = `http://${DOMAIN}`;
  const visit = async (path: string, { method = "GET", host = DOMAIN, ...headers }: Record<string, string> = {}) => {
    const [bare = "", query] = path.split("?");
    const answer = await cloud.send({
      method,
      path: bare,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { host, ...headers },
    });
    return { ...answer, text: Buffer.from(answer.body).toString() };
  };
  return { ...world, own, Bucket, visit };
}

async function asWebsite() {
  const world = await atDomain();
  const at = { Bucket: DOMAIN };
  const WebsiteConfiguration = { IndexDocument: { Suffix: "index.html" }, ErrorDocument: { Key: "error.html" } };
  await world.s3.send(new PutBucketWebsiteCommand({ ...at, WebsiteConfiguration }));
  await world.s3.send(new DeletePublicAccessBlockCommand(at));
  const Policy = policyOf({
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::${DOMAIN}/*`,
  });
  await world.s3.send(new PutBucketPolicyCommand({ ...at, Policy }));
  await world.put("index.html", "welcome");
  await world.put("error.html", "nothing here");
  return world;
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/website-hosting-custom-domain-walkthrough.html
test("a website is at the domain that its bucket is called like", async () => {
  const { visit } = await asWebsite();
  expect(await visit("/")).toMatchObject({ statusCode: 200, text: "welcome" });
  expect(await visit("/?list-type=2", { host: "WWW.example.com:4566" })).toMatchObject({ text: "welcome" });
  expect(await visit("/missing")).toMatchObject({ statusCode: 403, text: "nothing here" });
  expect(await visit("/", { method: "HEAD", host: "www.example.com." })).toMatchObject({ statusCode: 200, text: "" });
});

test("who signs calls the API at a website's domain, and who names another domain finds no website", async () => {
  const { own, Bucket, cloud, visit } = await asWebsite();
  expect((await own.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(2);
  const url = new URL(await getSignedUrl(own, new GetObjectCommand({ Bucket, Key: "index.html" })));
  expect(url.host).toBe(DOMAIN);
  const query = Object.fromEntries(url.searchParams);
  const read = await cloud.send({ method: "GET", path: url.pathname, query, headers: { host: DOMAIN } });
  expect([read.statusCode, Buffer.from(read.body).toString()]).toEqual([200, "welcome"]);
  expect(read.headers).not.toHaveProperty("x-amz-error-code");
  expect(await visit("/", { host: "example.com" })).toMatchObject({ statusCode: 403 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingCustomURLs
test("a bucket without a website has its API at its domain", async () => {
  const { own, Bucket, put, visit } = await atDomain();
  await own.send(new PutObjectCommand({ Bucket, Key: "a/b c", Body: "hello" }));
  await put("k", "there");
  const { Contents = [] } = await own.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual(["a/b c", "k"]);
  expect(await visit("/k")).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("<Code>AccessDenied</Code>"),
  });
});

test("what is uploaded in parts at a domain is there", async () => {
  const { own, Bucket } = await atDomain();
  const upload = new Upload({ client: own, params: { Bucket, Key: "large", Body: Buffer.alloc(6 * 1024 * 1024) } });
  expect((await upload.done()).Location).toBe(`http://${DOMAIN}/large`);
});

test("pages of other origins may use a bucket at its domain as its rules say", async () => {
  const { s3, visit } = await atDomain();
  const CORSRules = [{ AllowedOrigins: ["http://localhost:3000"], AllowedMethods: ["PUT"] }];
  await s3.send(new PutBucketCorsCommand({ Bucket: DOMAIN, CORSConfiguration: { CORSRules } }));
  const asked = { method: "OPTIONS", origin: "http://localhost:3000", "access-control-request-method": "PUT" };
  expect(await visit("/k", asked)).toMatchObject({
    statusCode: 200,
    headers: { "access-control-allow-origin": "http://localhost:3000" },
  });
});

test("no other service is at a bucket's domain, and no other bucket", async () => {
  const { cloud, visit } = await atDomain();
  const endpoint = `http://${DOMAIN}`;
  const iam = cloud.client(IAMClient, undefined, { endpoint });
  // it is posted to the bucket, and is no form
  await expect(iam.send(new CreateUserCommand({ UserName: "ann" }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 412 },
  });
  const s3 = cloud.client(S3Client, undefined, { endpoint, forcePathStyle: true });
  // it lists the bucket
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toBeUndefined();
  const asked = { method: "POST", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" };
  expect(await visit("/", asked)).toMatchObject({ headers: { "content-type": "application/xml" } });
});

// a page of the domain's owner in a browser on this machine, once the domain leads here
test("at a domain that strangers may own, secrets that everybody knows are not taken", async () => {
  const { cloud, s3 } = await s3World();
  const endpoint = "http://evil.com:4566";
  const stranger = cloud.client(S3Client, undefined, { endpoint, forcePathStyle: true });
  expect(await refusal(stranger.send(new ListBucketsCommand({})))).toMatchObject({ code: "AccessDenied", status: 403 });
  const iam = cloud.client(IAMClient, undefined, { endpoint });
  await expect(iam.send(new CreateUserCommand({ UserName: "ann" }))).rejects.toMatchObject({ name: "AccessDenied" });
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
});

test.each(["http://kumobako:4566", "http://host.docker.internal:4566", "http://aws.test", "http://10.1.2.3:4566"])(
  "%s is no stranger's",
  async (endpoint) => {
    const { cloud } = await s3World();
    const s3 = cloud.client(S3Client, undefined, { endpoint, forcePathStyle: true });
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
  },
);

test("a secret that its owner chose is taken at any domain, made-up keys are not", async () => {
  const endpoint = "http://aws.example.com";
  const guarded = await testCloud({ rootSecret: "chosen" });
  const root = { accessKeyId: "test", secretAccessKey: "chosen" };
  expect((await guarded.client(S3Client, root, { endpoint }).send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  const permissive = await testCloud({ auth: "permissive" });
  const made = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "whatever" };
  const anybody = permissive.client(S3Client, made, { endpoint });
  expect(await refusal(anybody.send(new ListBucketsCommand({})))).toMatchObject({ code: "AccessDenied" });
});

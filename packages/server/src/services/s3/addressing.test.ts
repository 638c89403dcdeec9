import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { pathStyle, policyOf, refusal, s3World, type S3World } from "../../../test/s3-world.ts";

/** Sends what a browser or curl would for a presigned URL. */
function follow({ cloud }: S3World, url: string, { method = "GET", body = "", headers = {} } = {}) {
  const { host, pathname, search } = new URL(url);
  const query: Record<string, string> = {};
  for (const pair of search.slice(1).split("&")) {
    const [name = "", value = ""] = pair.split("=");
    query[decodeURIComponent(name)] = decodeURIComponent(value);
  }
  return cloud.send({ method, path: pathname, query, headers: { host, ...headers }, body });
}

const text = ({ body }: { readonly body: Uint8Array }) => Buffer.from(body).toString();

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html
test("a presigned URL lets its holder do what its signer may, while it lasts", async () => {
  const world = await s3World();
  await world.put("a/b c+d%.txt", "hello");
  const get = new GetObjectCommand({ Bucket: world.bucket, Key: "a/b c+d%.txt" });
  const url = await getSignedUrl(world.s3, get, { expiresIn: 60 });
  const read = await follow(world, url);
  expect([read.statusCode, text(read)]).toEqual([200, "hello"]);
  const other = await follow(world, url.replace("a/b", "a/x"));
  expect([other.statusCode, text(other)]).toEqual([403, expect.stringContaining("<Code>SignatureDoesNotMatch</Code>")]);
  await world.cloud.clock.advance(61);
  const late = await follow(world, url);
  expect([late.statusCode, text(late)]).toEqual([403, expect.stringContaining("Request has expired")]);
});

test("a presigned URL of someone who may not is worth nothing", async () => {
  const world = await s3World();
  await world.put("k", "hello");
  const nobody = await world.user([]);
  const url = await getSignedUrl(nobody, new GetObjectCommand({ Bucket: world.bucket, Key: "k" }));
  const read = await follow(world, url);
  expect([read.statusCode, text(read)]).toEqual([403, expect.stringContaining("<Code>AccessDenied</Code>")]);
});

test("a presigned URL chooses headers and takes bodies with their metadata", async () => {
  const world = await s3World();
  const { s3, bucket, cloud } = world;
  const plain = pathStyle(cloud, undefined, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const put = new PutObjectCommand({ Bucket: bucket, Key: "up", Metadata: { colour: "blue" } });
  const upload = await follow(world, await getSignedUrl(plain, put), { method: "PUT", body: "sent" });
  expect(upload.statusCode).toBe(200);
  const get = new GetObjectCommand({ Bucket: bucket, Key: "up", ResponseContentType: "text/html" });
  const read = await follow(world, await getSignedUrl(s3, get));
  expect([text(read), read.headers["content-type"], read.headers["x-amz-meta-colour"]]).toEqual([
    "sent",
    "text/html",
    "blue",
  ]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_put_unicode_metadata_with_sig_s3, recorded)
test("metadata in a presigned URL may be of any letters", async () => {
  const world = await s3World();
  const plain = pathStyle(world.cloud, undefined, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const put = new PutObjectCommand({ Bucket: world.bucket, Key: "up", Metadata: { foo: "non-ascii-%E2%80%94_—_é_" } });
  await follow(world, await getSignedUrl(plain, put), { method: "PUT" });
  const read = await follow(
    world,
    await getSignedUrl(world.s3, new GetObjectCommand({ Bucket: world.bucket, Key: "up" })),
  );
  expect(read.headers["x-amz-meta-foo"]).toBe("=?UTF-8?Q?non-ascii-%E2%80%94=5F=E2=80=94=5F=C3=A9=5F?=");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_presigned_url_v4_x_amz_in_qs, recorded)
test("the checksum of nothing that an SDK signs into a URL counts for nothing but the signature", async () => {
  const world = await s3World();
  const { s3, bucket } = world;
  const put = new PutObjectCommand({ Bucket: bucket, Key: "up", Metadata: { colour: "blue" } });
  const url = await getSignedUrl(s3, put);
  expect(url).toContain("x-amz-checksum-crc32=AAAAAA%3D%3D");
  const sent = await follow(world, url, { method: "PUT", body: "123456" });
  expect([sent.statusCode, sent.headers["x-amz-checksum-crc64nvme"]]).toEqual([200, "CVmbZh4IWzA="]);
  const named = await getSignedUrl(
    s3,
    new PutObjectCommand({ Bucket: bucket, Key: "up", ChecksumAlgorithm: "SHA256" }),
  );
  expect(await follow(world, named, { method: "PUT", body: "123456" })).toMatchObject({ statusCode: 200 });
  const other = url.replace("crc32=AAAAAA", "crc32=BBBBBB");
  expect(await follow(world, other, { method: "PUT", body: "123456" })).toMatchObject({ statusCode: 403 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
test("a policy may tell presigned requests by their kind and age", async () => {
  const world = await s3World();
  await world.put("k", "hello");
  const ann = await world.user([
    {
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "*",
      Condition: {
        StringEquals: { "s3:authType": "REST-QUERY-STRING" },
        NumericLessThan: { "s3:signatureAge": "600000" },
      },
    },
  ]);
  const get = new GetObjectCommand({ Bucket: world.bucket, Key: "k" });
  expect(await refusal(ann.send(get))).toMatchObject({ code: "AccessDenied" });
  const url = await getSignedUrl(ann, get, { expiresIn: 3600 });
  expect((await follow(world, url)).statusCode).toBe(200);
  await world.cloud.clock.advance(601);
  expect((await follow(world, url)).statusCode).toBe(403);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
test.each(["http://localhost:4566", "http://s3.localhost:4566", "https://s3.us-east-1.amazonaws.com"])(
  "a bucket may be named in the host: %s",
  async (endpoint) => {
    const { cloud, put, bucket } = await s3World("with-hyphen");
    await put("dir/key", "hello");
    const s3 = cloud.client(S3Client, undefined, { endpoint, forcePathStyle: false });
    const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "dir/key" }));
    expect(await got.Body?.transformToString()).toBe("hello");
    expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(1);
  },
);

test("an anonymous request is answered as its bucket's policy says, in both styles", async () => {
  const world = await s3World();
  const { cloud, bucket } = world;
  await world.put("k", "hello");
  for (const [host, path] of [
    ["localhost:4566", `/${bucket}/k`],
    [`${bucket}.s3.localhost:4566`, "/k"],
  ] as const) {
    const denied = await cloud.send({ method: "GET", path, headers: { host } });
    expect([denied.statusCode, text(denied)]).toEqual([403, expect.stringContaining("<Code>AccessDenied</Code>")]);
  }
  expect(policyOf()).toContain("2012-10-17");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
test("an error says its code, its message, what it is about and which request it was", async () => {
  const world = await s3World();
  const answer = await world.anonymous("GET", "/no-such-bucket/k");
  expect(answer.statusCode).toBe(404);
  const id = answer.headers["x-amz-request-id"] ?? "";
  expect(text(answer)).toContain(
    `<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><BucketName>no-such-bucket</BucketName><RequestId>${id}</RequestId><HostId>`,
  );
});

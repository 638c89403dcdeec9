import {
  DeletePublicAccessBlockCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyOf, refusal, s3World } from "../../../../test/s3-world.ts";

async function listing(keys: readonly string[]) {
  const world = await s3World();
  for (const key of keys) await world.put(key, key);
  const list = (more: object = {}) => world.s3.send(new ListObjectsV2Command({ Bucket: world.bucket, ...more }));
  const listV1 = (more: object = {}) => world.s3.send(new ListObjectsCommand({ Bucket: world.bucket, ...more }));
  return { ...world, list, listV1 };
}

const TREE = ["a", "docs/1", "docs/2", "docs/deep/3", "e", "pics/cat"];

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
test("a listing says what it lists", async () => {
  const { list } = await listing(TREE);
  const page = await list({ Prefix: "docs/", Delimiter: "/" });
  expect(page).toMatchObject({
    Name: "photos",
    Prefix: "docs/",
    Delimiter: "/",
    MaxKeys: 1000,
    KeyCount: 3,
    IsTruncated: false,
    CommonPrefixes: [{ Prefix: "docs/deep/" }],
  });
  const [first] = page.Contents ?? [];
  expect(first).toMatchObject({
    Key: "docs/1",
    Size: 6,
    StorageClass: "STANDARD",
    ETag: expect.stringMatching(/^".*"$/),
  });
  expect(first?.ChecksumAlgorithm).toEqual(["CRC32"]);
  expect(first?.Owner).toBeUndefined();
  const owned = await list({ FetchOwner: true, MaxKeys: 1 });
  expect(owned.Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
});

test("pages of every size on end are the whole", async () => {
  const { s3, bucket } = await listing(TREE);
  for (const pageSize of [1, 2, 3, 4]) {
    const names: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket: bucket, Delimiter: "/" })) {
      expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
      names.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
    }
    expect(new Set(names)).toEqual(new Set(["a", "docs/", "e", "pics/"]));
    expect(names).toHaveLength(4);
  }
});

test("a page begins where the last one ended although keys came and went", async () => {
  const { list, put } = await listing(["b", "d", "f"]);
  const first = await list({ MaxKeys: 2 });
  await put("a");
  await put("c");
  await put("e");
  const rest = await list({ ContinuationToken: first.NextContinuationToken });
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(["e", "f"]);
  expect(rest.ContinuationToken).toBe(first.NextContinuationToken);
});

test("a token that was never given is refused", async () => {
  const { list } = await listing([]);
  expect(await refusal(list({ ContinuationToken: "made up" }))).toMatchObject({ code: "InvalidArgument", status: 400 });
});

test("a listing starts after a key", async () => {
  const { list, listV1 } = await listing(TREE);
  expect((await list({ StartAfter: "docs/2" })).Contents?.map(({ Key }) => Key)).toEqual([
    "docs/deep/3",
    "e",
    "pics/cat",
  ]);
  expect((await listV1({ Marker: "e" })).Contents?.map(({ Key }) => Key)).toEqual(["pics/cat"]);
});

test("a token makes the key to start after be forgotten", async () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.snapshot.json
  const { list } = await listing(TREE);
  const first = await list({ StartAfter: "docs/2", MaxKeys: 1 });
  expect(first.StartAfter).toBe("docs/2");
  const rest = await list({ StartAfter: "pics/cat", ContinuationToken: first.NextContinuationToken });
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(["e", "pics/cat"]);
  expect(rest).not.toHaveProperty("StartAfter");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html (NextMarker)
test("the first version gives a marker with a delimiter, and owners always", async () => {
  const { listV1 } = await listing(TREE);
  const page = await listV1({ Delimiter: "/", MaxKeys: 2 });
  expect(page).toMatchObject({ IsTruncated: true, NextMarker: "docs/", CommonPrefixes: [{ Prefix: "docs/" }] });
  expect(page.Contents?.[0]?.Owner?.ID).toBeTruthy();
  const rest = await listV1({ Delimiter: "/", Marker: page.NextMarker });
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(["e"]);
  expect(rest.CommonPrefixes).toEqual([{ Prefix: "pics/" }]);
  expect((await listV1({ MaxKeys: 2 })).NextMarker).toBeUndefined();
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_bucket_name_with_dots, recorded)
test("nobody in particular is told whose an object is, but where its bucket is", async () => {
  const { s3, bucket: Bucket, anonymous } = await listing(["a"]);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const open = { Effect: "Allow", Principal: "*", Action: "s3:ListBucket", Resource: "arn:aws:s3:::photos" };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(open) }));
  const { body } = await anonymous("GET", "/photos");
  expect(Buffer.from(body).toString()).toContain("<Key>a</Key>");
  expect(Buffer.from(body).toString()).not.toContain("<Owner>");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_region_header_exists_outside_us_east_1, run against AWS)
  for (const query of [{}, { "list-type": "2" }]) {
    expect((await anonymous("GET", "/photos", query)).headers["x-amz-bucket-region"]).toBe("us-east-1");
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_get_obj_attrs_multi_headers_behavior, run against AWS)
test("the attributes of an object have a name of their own on the wire", async () => {
  const { s3, bucket: Bucket, cloud } = await listing(["a"]);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const Action = ["s3:GetObject", "s3:GetObjectAttributes"];
  const open = { Effect: "Allow", Principal: "*", Action, Resource: "arn:aws:s3:::photos/*" };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(open) }));
  const headers = { host: "localhost:4566", "x-amz-object-attributes": "ETag" };
  const { body } = await cloud.send({ method: "GET", path: "/photos/a", query: { attributes: "" }, headers });
  expect(Buffer.from(body).toString()).toContain("<GetObjectAttributesResponse ");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (encoding-type)
test("keys are written for URLs on request", async () => {
  const { list } = await listing(["test_file(3).png", "a b/雲"]);
  const page = await list({ EncodingType: "url", Prefix: "", StartAfter: " " });
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(["a+b/%E9%9B%B2", "test_file%283%29.png"]);
  expect(page.EncodingType).toBe("url");
  const folders = await list({ EncodingType: "url", Delimiter: "/" });
  expect(folders.CommonPrefixes).toEqual([{ Prefix: "a+b/" }]);
});

test("no more than a thousand keys come at once, none where none are asked for", async () => {
  const { list } = await listing(["a"]);
  expect(await list({ MaxKeys: 5000 })).toMatchObject({ MaxKeys: 1000 });
  expect(await list({ MaxKeys: 0 })).toMatchObject({ MaxKeys: 0, KeyCount: 0, IsTruncated: false });
  expect(await refusal(list({ MaxKeys: -1 }))).toMatchObject({ code: "InvalidArgument", status: 400 });
});

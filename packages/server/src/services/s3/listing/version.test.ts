import { DeleteObjectsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";
import { versionedWorld } from "../../../../test/versioned-bucket.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html (the version id null)
test("every object has one version, the latest, whose id is null", async () => {
  const { s3, bucket: Bucket, put } = await s3World();
  await put("a", "12");
  await put("b");
  const { Versions, DeleteMarkers, ...listing } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions).toMatchObject([
    {
      Key: "a",
      VersionId: "null",
      IsLatest: true,
      Size: 2,
      StorageClass: "STANDARD",
      Owner: { ID: expect.any(String) },
    },
    { Key: "b", VersionId: "null", IsLatest: true },
  ]);
  expect(DeleteMarkers).toBeUndefined();
  expect(listing).toMatchObject({
    Name: Bucket,
    IsTruncated: false,
    MaxKeys: 1000,
    KeyMarker: "",
    VersionIdMarker: "",
  });
});

test("a bucket is emptied by deleting the versions that are listed, page by page", async () => {
  const { s3, bucket: Bucket, put } = await s3World();
  for (const key of ["a", "b", "c"]) await put(key);
  const first = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: "b", NextVersionIdMarker: "null" });
  const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
  const second = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
  expect(second).toMatchObject({ IsTruncated: false, Versions: [{ Key: "c" }] });
  const Objects = [...(first.Versions ?? []), ...(second.Versions ?? [])].map(({ Key, VersionId }) => ({
    Key,
    VersionId,
  }));
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toBeUndefined();
});

test("folders are folded, and a page may end at one", async () => {
  const { s3, bucket: Bucket, put } = await s3World();
  for (const key of ["x/1", "x/2", "y"]) await put(key);
  const first = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: "/", MaxKeys: 1 }));
  expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: "x/" }], NextKeyMarker: "x/", IsTruncated: true });
  const KeyMarker = first.NextKeyMarker;
  const second = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: "/", KeyMarker }));
  expect(second).toMatchObject({ Versions: [{ Key: "y" }], IsTruncated: false });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html; code recorded by clients
test("a version's marker without its key means nothing", async () => {
  const { s3, bucket: Bucket } = await s3World();
  // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_versioning.py (run against S3)
  const bogus = await refusal(s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: "bogus" })));
  expect(bogus.message).toBe("Invalid version id specified");
  const refused = await refusal(s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: "null" })));
  expect(refused).toMatchObject({ code: "InvalidArgument", status: 400 });
});

// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (ListBucketVersions)
test("versions are listed by those who may list versions", async () => {
  const { bucket: Bucket, user } = await s3World();
  const lister = await user([{ Effect: "Allow", Action: "s3:ListBucket", Resource: "*" }]);
  expect(await refusal(lister.send(new ListObjectVersionsCommand({ Bucket })))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("s3:ListBucketVersions"),
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html (the sample responses)
test("versions and delete markers stand in one order, as clients read them that see one list", async () => {
  const { cloud, s3, bucket: Bucket, write, remove } = await versionedWorld();
  const made = [
    await write("a"),
    (await remove("a")).VersionId,
    await write("a"),
    (await remove("a")).VersionId,
    await write("b"),
  ];
  const url = new URL(await getSignedUrl(s3, new ListObjectVersionsCommand({ Bucket })));
  const query = Object.fromEntries(url.searchParams);
  const { body } = await cloud.send({ method: "GET", path: url.pathname, query, headers: { host: url.host } });
  const listed = [
    ...Buffer.from(body)
      .toString()
      .matchAll(/<(Version|DeleteMarker)>.*?<VersionId>(.*?)<.*?<\/\1>/g),
  ];
  const [first, second, third, fourth, other] = made;
  expect(listed.map(([, kind, id]) => [kind, id])).toEqual([
    ["DeleteMarker", fourth],
    ["Version", third],
    ["DeleteMarker", second],
    ["Version", first],
    ["Version", other],
  ]);
});

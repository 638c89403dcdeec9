import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  UploadPartCopyCommand,
  type StorageClass,
  type Tier,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World, type S3World } from "../../../../test/s3-world.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

async function archivedWorld(StorageClass: StorageClass = "GLACIER") {
  const world = await s3World();
  await world.s3.send(new PutObjectCommand({ Bucket: world.bucket, Key: "a", Body: "cold", StorageClass }));
  return { ...world, ...verbsOf(world) };
}

const verbsOf = ({ s3, bucket }: S3World) => {
  const place = { Bucket: bucket, Key: "a" };
  return {
    restore: (Days: number | undefined, Tier?: Tier) =>
      s3.send(
        new RestoreObjectCommand({
          ...place,
          RestoreRequest: { ...(Days !== undefined && { Days }), ...(Tier && { GlacierJobParameters: { Tier } }) },
        }),
      ),
    head: () => s3.send(new HeadObjectCommand(place)),
    get: () => s3.send(new GetObjectCommand(place)),
  };
};

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_put_object_storage_class)
test.each(["GLACIER", "DEEP_ARCHIVE"] as const)("an object in %s is told of, not given", async (StorageClass) => {
  const { get, head } = await archivedWorld(StorageClass);
  expect(await refusal(get())).toMatchObject({
    code: "InvalidObjectState",
    status: 403,
    message: "The operation is not valid for the object's storage class",
    error: { StorageClass },
  });
  expect(await head()).toMatchObject({ StorageClass, ContentLength: 4 });
});

test("what is archived is no source of copies", async () => {
  const { s3, bucket } = await archivedWorld();
  const place = { Bucket: bucket, Key: "b" };
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (Errors)
  const refused = { code: "ObjectNotInActiveTierError", status: 403 };
  expect(await refusal(s3.send(new CopyObjectCommand({ ...place, CopySource: `${bucket}/a` })))).toMatchObject(refused);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const part = { ...place, UploadId, PartNumber: 1, CopySource: `${bucket}/a` };
  expect(await refusal(s3.send(new UploadPartCopyCommand(part)))).toMatchObject({ status: 403 });
});

test("a restored copy is there until the midnight that ends its last day", async () => {
  const { cloud, restore, head, get, s3, bucket } = await archivedWorld();
  const accepted = await restore(2);
  expect(accepted.$metadata.httpStatusCode).toBe(202);
  expect((await head()).Restore).toBe('ongoing-request="true"');
  expect(await refusal(get())).toMatchObject({ code: "InvalidObjectState" });
  expect(await refusal(restore(2))).toMatchObject({ code: "RestoreAlreadyInProgress", status: 409 });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html (Standard: 3–5 hours)
  await cloud.clock.advance(5 * HOUR);
  const restoredAt = cloud.clock.now().getTime();
  const expiry = new Date(Math.ceil((restoredAt + 2 * DAY * 1000) / (DAY * 1000)) * DAY * 1000);
  expect((await head()).Restore).toBe(`ongoing-request="false", expiry-date="${expiry.toUTCString()}"`);
  expect(await (await get()).Body?.transformToString()).toBe("cold");
  await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "b", CopySource: `${bucket}/a` }));
  const copy = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "b" }));
  expect([copy.StorageClass, copy.Restore]).toEqual([undefined, undefined]);
  await cloud.clock.advance((expiry.getTime() - restoredAt) / 1000);
  expect((await head()).Restore).toBeUndefined();
  expect(await refusal(get())).toMatchObject({ code: "InvalidObjectState" });
});

test("asking again for what is restored gives it another term and answers 200", async () => {
  const { cloud, restore, head } = await archivedWorld();
  await restore(1, "Expedited");
  await cloud.clock.advance(300);
  const before = (await head()).Restore;
  const again = await restore(10);
  expect(again.$metadata.httpStatusCode).toBe(200);
  expect((await head()).Restore).not.toBe(before);
  await cloud.clock.advance(5 * DAY);
  expect((await head()).Restore).toContain('ongoing-request="false"');
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
test.each([
  ["GLACIER", "Expedited", 300],
  ["GLACIER", "Standard", 5 * HOUR],
  ["GLACIER", "Bulk", 12 * HOUR],
  ["DEEP_ARCHIVE", "Standard", 12 * HOUR],
  ["DEEP_ARCHIVE", "Bulk", 48 * HOUR],
] as const)("from %s, %s takes %i seconds", async (StorageClass, tier, seconds) => {
  const { cloud, restore, get } = await archivedWorld(StorageClass);
  await restore(1, tier);
  await cloud.clock.advance(seconds - 5);
  expect(await refusal(get())).toMatchObject({ code: "InvalidObjectState" });
  await cloud.clock.advance(6);
  expect(await (await get()).Body?.transformToString()).toBe("cold");
});

test("a restoration under way can be made faster", async () => {
  const { cloud, restore, get } = await archivedWorld();
  await restore(1, "Bulk");
  expect((await restore(1, "Expedited")).$metadata.httpStatusCode).toBe(202);
  await cloud.clock.advance(301);
  expect((await get()).ContentLength).toBe(4);
});

test("only what is archived can be restored, from a tier that it has, for a day or more", async () => {
  const { s3, bucket, put, restore } = await archivedWorld("DEEP_ARCHIVE");
  await put("warm", "x");
  const RestoreRequest = { Days: 1 };
  const warm = s3.send(new RestoreObjectCommand({ Bucket: bucket, Key: "warm", RestoreRequest }));
  // Source: https://github.com/getmoto/moto/pull/4670
  expect(await refusal(warm)).toMatchObject({
    code: "InvalidObjectState",
    status: 403,
    message: "Restore is not allowed for the object's current storage class",
  });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html (Expedited; Days)
  expect(await refusal(restore(1, "Expedited"))).toMatchObject({ code: "InvalidArgument", status: 400 });
  expect(await refusal(restore(undefined))).toMatchObject({ code: "MalformedXML", status: 400 });
  const unknown = s3.send(new RestoreObjectCommand({ Bucket: bucket, Key: "none", RestoreRequest }));
  expect(await refusal(unknown)).toMatchObject({ code: "NoSuchKey", status: 404 });
});

test("an object put over one that is being restored is none of the restoration's", async () => {
  const { cloud, restore, head, put } = await archivedWorld();
  await restore(1);
  await put("a", "new");
  await cloud.clock.advance(3 * DAY);
  expect(await head()).toMatchObject({ ContentLength: 3 });
  expect((await head()).Restore).toBeUndefined();
});

test("a version is restored by its id, whatever becomes current in the meantime", async () => {
  const { cloud, s3, bucket } = await s3World();
  const VersioningConfiguration = { Status: "Enabled" as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  const place = { Bucket: bucket, Key: "a" };
  const write = (Body: string) => s3.send(new PutObjectCommand({ ...place, Body, StorageClass: "GLACIER" }));
  const restore = (VersionId?: string) =>
    s3.send(new RestoreObjectCommand({ ...place, VersionId, RestoreRequest: { Days: 1 } }));
  const { VersionId: first } = await write("1");
  const { VersionId: second } = await write("2");
  await restore(first);
  await restore();
  await write("3");
  await cloud.clock.advance(5 * HOUR);
  const read = async (VersionId?: string) =>
    (await s3.send(new GetObjectCommand({ ...place, VersionId }))).Body?.transformToString();
  expect([await read(first), await read(second)]).toEqual(["1", "2"]);
  expect(await refusal(read())).toMatchObject({ code: "InvalidObjectState" });
  const { VersionId: marker } = await s3.send(new DeleteObjectCommand(place));
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
  expect(await refusal(restore(marker))).toMatchObject({ code: "MethodNotAllowed", status: 405 });
  await cloud.clock.advance(3 * DAY);
  expect(await refusal(read(first))).toMatchObject({ code: "InvalidObjectState" });
});

test("listings tell how a restoration stands, where they are asked to", async () => {
  const { cloud, s3, bucket, restore, put } = await archivedWorld();
  await put("b");
  await restore(1);
  const input = { Bucket: bucket, OptionalObjectAttributes: ["RestoreStatus" as const] };
  const listings = async () => [
    (await s3.send(new ListObjectsV2Command(input))).Contents,
    (await s3.send(new ListObjectsCommand(input))).Contents,
    (await s3.send(new ListObjectVersionsCommand(input))).Versions,
  ];
  for (const rows of await listings()) {
    expect(rows?.map(({ RestoreStatus }) => RestoreStatus)).toEqual([{ IsRestoreInProgress: true }, undefined]);
  }
  await cloud.clock.advance(6 * HOUR);
  for (const rows of await listings()) {
    expect(rows?.[0]?.RestoreStatus).toMatchObject({ IsRestoreInProgress: false });
    expect(rows?.[0]?.RestoreStatus?.RestoreExpiryDate?.getUTCHours()).toBe(0);
  }
  const plain = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(plain.Contents?.[0]?.RestoreStatus).toBeUndefined();
});

test("restoring needs a permission of its own", async () => {
  const { user, bucket } = await archivedWorld();
  const Resource = `arn:aws:s3:::${bucket}/*`;
  const reader = await user([{ Effect: "Allow", Action: "s3:GetObject", Resource }], { name: "reader" });
  const restorer = await user([{ Effect: "Allow", Action: "s3:RestoreObject", Resource }], { name: "restorer" });
  const command = () => new RestoreObjectCommand({ Bucket: bucket, Key: "a", RestoreRequest: { Days: 1 } });
  expect(await refusal(reader.send(command()))).toMatchObject({ code: "AccessDenied" });
  expect((await restorer.send(command())).$metadata.httpStatusCode).toBe(202);
});

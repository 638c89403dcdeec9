import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type StorageClass,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World, type S3World } from "../../../../test/s3-world.ts";

const putAs = ({ s3, bucket }: S3World, Key: string, StorageClass: StorageClass) =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x", StorageClass }));

test.each([
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
  "REDUCED_REDUNDANCY",
] as const)("an object of the class %s is told as one everywhere", async (StorageClass) => {
  const world = await s3World();
  const { s3, bucket } = world;
  await putAs(world, "a", StorageClass);
  const place = { Bucket: bucket, Key: "a" };
  expect(await s3.send(new HeadObjectCommand(place))).toMatchObject({ StorageClass });
  const attributes = { ...place, ObjectAttributes: ["StorageClass" as const] };
  expect(await s3.send(new GetObjectAttributesCommand(attributes))).toMatchObject({ StorageClass });
  const listed = { Contents: [{ Key: "a", StorageClass }] };
  expect(await s3.send(new ListObjectsCommand({ Bucket: bucket }))).toMatchObject(listed);
  expect(await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).toMatchObject(listed);
  const versions = { Versions: [{ Key: "a", StorageClass }] };
  expect(await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }))).toMatchObject(versions);
});

test("the usual class is told by listings and attributes, not by headers", async () => {
  const world = await s3World();
  const { s3, bucket } = world;
  await putAs(world, "a", "STANDARD");
  const place = { Bucket: bucket, Key: "a" };
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (x-amz-storage-class)
  expect((await s3.send(new HeadObjectCommand(place))).StorageClass).toBeUndefined();
  expect((await s3.send(new GetObjectCommand(place))).StorageClass).toBeUndefined();
  const attributes = await s3.send(
    new GetObjectAttributesCommand({ ...place, ObjectAttributes: ["StorageClass" as const] }),
  );
  expect(attributes.StorageClass).toBe("STANDARD");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_put_object_storage_class_outposts)
test.each(["OUTPOSTS", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS", "FSX_ONTAP"] as const)(
  "%s is no class of a bucket of general use",
  async (asked) => {
    const { s3, bucket } = await s3World();
    const place = { Bucket: bucket, Key: "a" };
    const refused = {
      code: "InvalidStorageClass",
      status: 400,
      message: "The storage class you specified is not valid",
      error: { StorageClassRequested: asked },
    };
    const input = { ...place, StorageClass: asked };
    expect(await refusal(s3.send(new PutObjectCommand(input)))).toMatchObject(refused);
    expect(await refusal(s3.send(new CreateMultipartUploadCommand(input)))).toMatchObject(refused);
  },
);

test("an upload in parts is of its class from the beginning", async () => {
  const { s3, bucket } = await s3World();
  const place = { Bucket: bucket, Key: "a" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...place, StorageClass: "STANDARD_IA" }));
  const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  expect(uploads.Uploads).toMatchObject([{ StorageClass: "STANDARD_IA" }]);
  const parts = await s3.send(new ListPartsCommand({ ...place, UploadId }));
  expect(parts.StorageClass).toBe("STANDARD_IA");
  const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: "x" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload }));
  expect((await s3.send(new HeadObjectCommand(place))).StorageClass).toBe("STANDARD_IA");
});

test("a copy is of the usual class unless it asks for another, and a copy onto itself may change the class", async () => {
  const world = await s3World();
  const { s3, bucket } = world;
  await putAs(world, "a", "STANDARD_IA");
  const CopySource = `${bucket}/a`;
  const headOf = (Key: string) => s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-storage-class)
  await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "b", CopySource }));
  expect((await headOf("b")).StorageClass).toBeUndefined();
  await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "a", CopySource, StorageClass: "ONEZONE_IA" }));
  expect((await headOf("a")).StorageClass).toBe("ONEZONE_IA");
});

test("a policy may ask for a class", async () => {
  const { user, bucket } = await s3World();
  const ann = await user([
    {
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { StringEquals: { "s3:x-amz-storage-class": "STANDARD_IA" } },
    },
  ]);
  const input = { Bucket: bucket, Key: "a", Body: "x" };
  expect(await refusal(ann.send(new PutObjectCommand(input)))).toMatchObject({ code: "AccessDenied" });
  const put = await ann.send(new PutObjectCommand({ ...input, StorageClass: "STANDARD_IA" }));
  expect(put.ETag).toBeDefined();
});

import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketRequestPaymentCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../../test/identities.ts";
import { pathStyle, s3World } from "../../../../test/s3-world.ts";
import { issued } from "../../../../test/test-cloud.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
const Bucket = "photos";
const REQUESTER = "222222222222";
const denied = { $metadata: { httpStatusCode: 403 }, name: "AccessDenied" };
/** A HEAD answer has no body to name the error in. */
const forbidden = { $metadata: { httpStatusCode: 403 } };

async function withPayingBucket() {
  const world = await s3World(Bucket);
  const { s3, cloud, put } = world;
  await put("cat", "meow");
  const Statement = [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${REQUESTER}:root` },
      Action: "s3:*",
      Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  const pay = (Payer: "Requester" | "BucketOwner") =>
    s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer } }));
  await pay("Requester");
  const ann = await makeUser(cloud, "ann", { account: REQUESTER, allow: ["s3:*", "sts:AssumeRole"] });
  return { ...world, pay, ann, requester: pathStyle(cloud, ann) };
}

type Call = (
  s3: S3Client,
  RequestPayer?: "requester",
) => Promise<{ readonly RequestCharged?: "requester" | undefined }>;

const upload = { Bucket, Key: "upload" };

const CALLS: readonly (readonly [string, Call])[] = [
  ["GetObject", (s3, RequestPayer) => s3.send(new GetObjectCommand({ Bucket, Key: "cat", RequestPayer }))],
  ["HeadObject", (s3, RequestPayer) => s3.send(new HeadObjectCommand({ Bucket, Key: "cat", RequestPayer }))],
  ["PutObject", (s3, RequestPayer) => s3.send(new PutObjectCommand({ Bucket, Key: "dog", Body: "wau", RequestPayer }))],
  ["DeleteObject", (s3, RequestPayer) => s3.send(new DeleteObjectCommand({ Bucket, Key: "dog", RequestPayer }))],
  [
    "DeleteObjects",
    (s3, RequestPayer) =>
      s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "dog" }] }, RequestPayer })),
  ],
  ["ListObjects", (s3, RequestPayer) => s3.send(new ListObjectsCommand({ Bucket, RequestPayer }))],
  ["ListObjectsV2", (s3, RequestPayer) => s3.send(new ListObjectsV2Command({ Bucket, RequestPayer }))],
  ["ListObjectVersions", (s3, RequestPayer) => s3.send(new ListObjectVersionsCommand({ Bucket, RequestPayer }))],
  ["ListMultipartUploads", (s3, RequestPayer) => s3.send(new ListMultipartUploadsCommand({ Bucket, RequestPayer }))],
  ["GetObjectAcl", (s3, RequestPayer) => s3.send(new GetObjectAclCommand({ Bucket, Key: "cat", RequestPayer }))],
  [
    "GetObjectAttributes",
    (s3, RequestPayer) =>
      s3.send(new GetObjectAttributesCommand({ Bucket, Key: "cat", ObjectAttributes: ["ETag"], RequestPayer })),
  ],
  [
    "GetBucketAccelerateConfiguration",
    (s3, RequestPayer) => s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket, RequestPayer })),
  ],
  [
    "CreateMultipartUpload",
    (s3, RequestPayer) => s3.send(new CreateMultipartUploadCommand({ ...upload, RequestPayer })),
  ],
];

test("the owner pays, unless the requester does", async () => {
  const { s3, pay } = await withPayingBucket();
  const payer = async () => (await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer;
  expect(await payer()).toBe("Requester");
  await pay("BucketOwner");
  expect(await payer()).toBe("BucketOwner");
});

test.each(CALLS)("another account says that it pays for %s, and is told so", async (operation, call) => {
  const { s3, requester } = await withPayingBucket();
  await expect(call(requester)).rejects.toMatchObject(operation === "HeadObject" ? forbidden : denied);
  expect(await call(requester, "requester")).toMatchObject({ RequestCharged: "requester" });
  const own = await call(s3);
  expect(own.RequestCharged).toBeUndefined();
});

test("the parts of an upload are paid for too", async () => {
  const { requester } = await withPayingBucket();
  const RequestPayer = "requester";
  const { UploadId } = await requester.send(new CreateMultipartUploadCommand({ ...upload, RequestPayer }));
  const part = { ...upload, UploadId, PartNumber: 1, Body: "x" };
  await expect(requester.send(new UploadPartCommand(part))).rejects.toMatchObject(denied);
  expect(await requester.send(new UploadPartCommand({ ...part, RequestPayer }))).toMatchObject({
    RequestCharged: "requester",
  });
  await expect(requester.send(new ListPartsCommand({ ...upload, UploadId }))).rejects.toMatchObject(denied);
  expect(await requester.send(new AbortMultipartUploadCommand({ ...upload, UploadId, RequestPayer }))).toMatchObject({
    RequestCharged: "requester",
  });
});

test("a source is paid for as well as what it is copied to", async () => {
  const { requester } = await withPayingBucket();
  await requester.send(new CreateBucketCommand({ Bucket: "own" }));
  const copy = { Bucket: "own", Key: "cat", CopySource: `${Bucket}/cat` };
  await expect(requester.send(new CopyObjectCommand(copy))).rejects.toMatchObject(denied);
  await requester.send(new CopyObjectCommand({ ...copy, RequestPayer: "requester" }));
});

test("nobody signs for an anonymous request, so there are none", async () => {
  const { cloud, s3 } = await withPayingBucket();
  const { statusCode } = await cloud.send({
    method: "GET",
    path: `/${Bucket}/cat`,
    headers: { host: "localhost:4566", "x-amz-request-payer": "requester" },
  });
  expect(statusCode).toBe(403);
  expect((await s3.send(new GetObjectCommand({ Bucket, Key: "cat" }))).ContentLength).toBe(4);
});

test("a presigned URL says in its query who pays", async () => {
  const { cloud, requester } = await withPayingBucket();
  const command = new GetObjectCommand({ Bucket, Key: "cat", RequestPayer: "requester" });
  const url = new URL(await getSignedUrl(requester, command));
  const { statusCode, headers } = await cloud.send({
    method: "GET",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host },
  });
  expect([statusCode, headers["x-amz-request-charged"]]).toEqual([200, "requester"]);
});

test("who takes on a role of the owner's does not pay: the account of the role does", async () => {
  const { cloud, ann } = await withPayingBucket();
  const RoleArn = await makeRole(cloud, "reader", { trusts: ann.arn, allow: ["s3:GetObject"] });
  const { Credentials = {} } = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "ann" }));
  const role = pathStyle(cloud, issued(Credentials));
  const { RequestCharged, ContentLength } = await role.send(new GetObjectCommand({ Bucket, Key: "cat" }));
  expect([RequestCharged, ContentLength]).toEqual([undefined, 4]);
  const [call] = await cloud.cloud.journal.find({ limit: 1, matches: ({ operation }) => operation === "GetObject" });
  expect(call?.account).toBe("000000000000");
});

test("only who may says who pays, and only one of two", async () => {
  const { s3, user } = await withPayingBucket();
  const ben = await user([{ Effect: "Allow", Action: "s3:GetBucketRequestPayment", Resource: "*" }], { name: "ben" });
  const RequestPaymentConfiguration = { Payer: "BucketOwner" } as const;
  await expect(
    ben.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration })),
  ).rejects.toMatchObject(denied);
  const nobody: typeof RequestPaymentConfiguration = JSON.parse('{ "Payer": "Nobody" }');
  const none = new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: nobody });
  await expect(s3.send(none)).rejects.toMatchObject({ name: "MalformedXML" });
});

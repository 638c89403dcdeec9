import {
  CreateBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../test/s3-world.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
test("lists name the bucket's owner and cannot be changed", async () => {
  const { s3, bucket, put } = await s3World();
  await put("k");
  const { Owner: me } = await s3.send(new ListBucketsCommand({}));
  const list = { Owner: me, Grants: [{ Grantee: { Type: "CanonicalUser", ID: me?.ID }, Permission: "FULL_CONTROL" }] };
  expect(await s3.send(new GetBucketAclCommand({ Bucket: bucket }))).toMatchObject(list);
  expect(await s3.send(new GetObjectAclCommand({ Bucket: bucket, Key: "k" }))).toMatchObject(list);
  const refused = { code: "AccessControlListNotSupported", status: 400 };
  const ACL = "private";
  expect(await refusal(s3.send(new PutBucketAclCommand({ Bucket: bucket, ACL })))).toMatchObject(refused);
  expect(await refusal(s3.send(new PutObjectAclCommand({ Bucket: bucket, Key: "k", ACL })))).toMatchObject(refused);
  const open = new CreateBucketCommand({ Bucket: "open", ACL: "public-read" });
  expect(await refusal(s3.send(open))).toMatchObject({ code: "InvalidBucketAclWithObjectOwnership", status: 400 });
});

test("a bucket's owner owns what is in it; other settings are not built", async () => {
  const { s3, bucket } = await s3World();
  const at = { Bucket: bucket };
  const enforced = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" as const }] };
  expect((await s3.send(new GetBucketOwnershipControlsCommand(at))).OwnershipControls).toEqual(enforced);
  const other = { Rules: [{ ObjectOwnership: "ObjectWriter" as const }] };
  const put = (OwnershipControls: typeof other | typeof enforced) =>
    s3.send(new PutBucketOwnershipControlsCommand({ ...at, OwnershipControls }));
  expect(await refusal(put(other))).toMatchObject({ code: "NotImplemented", status: 501 });
  await s3.send(new DeleteBucketOwnershipControlsCommand(at));
  expect(await refusal(s3.send(new GetBucketOwnershipControlsCommand(at)))).toMatchObject({
    code: "OwnershipControlsNotFoundError",
    status: 404,
  });
  const listed = new PutObjectCommand({ ...at, Key: "k", ACL: "private" });
  expect(await refusal(s3.send(listed))).toMatchObject({ code: "NotImplemented", status: 501 });
  await put(enforced);
});

test("versioning was never on", async () => {
  const { s3, bucket } = await s3World();
  const versioning = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  expect([versioning.Status, versioning.MFADelete]).toEqual([undefined, undefined]);
  const put = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } });
  expect(await refusal(s3.send(put))).toMatchObject({ code: "NotImplemented", status: 501 });
});

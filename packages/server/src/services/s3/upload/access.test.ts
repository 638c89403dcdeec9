import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { ACCOUNT, pathStyle, policyOf, refusal, s3World } from "../../../../test/s3-world.ts";

/** A bucket into which all may put objects. */
async function openWorld() {
  const world = await s3World();
  const Bucket = world.bucket;
  const allow = { Effect: "Allow", Action: "s3:PutObject", Resource: `arn:aws:s3:::${Bucket}/*` };
  const Principal = { AWS: ["111111111111", "222222222222"] };
  await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf({ ...allow, Principal }) }));
  const begin = async (by: S3Client) => {
    const { UploadId } = await by.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    return { Bucket, Key: "k", UploadId };
  };
  return { ...world, begin };
}

const putOnly = [{ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }];

// Source of all: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
test("who began an upload may list its parts and give it up, and so may the bucket's owner, but no other", async () => {
  const { s3, stranger, begin } = await openWorld();
  const upload = await begin(stranger());
  for (const command of [new ListPartsCommand(upload), new AbortMultipartUploadCommand(upload)]) {
    expect(await refusal(stranger("222222222222").send(command))).toMatchObject({ code: "AccessDenied" });
  }
  expect(await stranger().send(new ListPartsCommand(upload))).toMatchObject({ UploadId: upload.UploadId });
  expect(await s3.send(new ListPartsCommand(upload))).toMatchObject({ UploadId: upload.UploadId });
  await stranger().send(new AbortMultipartUploadCommand(upload));
  expect(await refusal(s3.send(new ListPartsCommand(upload)))).toMatchObject({ code: "NoSuchUpload" });
});

test("what a user began is the user's and the account's to give up, and not that of another user", async () => {
  const { cloud, user, begin } = await openWorld();
  const [ann, ben] = [await user(putOnly, { name: "ann" }), await user(putOnly, { name: "ben" })];
  const [first, second] = [await begin(ann), await begin(ann)];
  expect(await refusal(ben.send(new AbortMultipartUploadCommand(first)))).toMatchObject({ code: "AccessDenied" });
  expect((await ann.send(new AbortMultipartUploadCommand(first))).$metadata.httpStatusCode).toBe(204);
  const root = pathStyle(cloud, cloud.rootOf(ACCOUNT));
  expect((await root.send(new AbortMultipartUploadCommand(second))).$metadata.httpStatusCode).toBe(204);
});

test("a denial holds for who began an upload as well", async () => {
  const { user, begin } = await openWorld();
  const denied = { Effect: "Deny", Action: "s3:AbortMultipartUpload", Resource: "*" };
  const ann = await user([...putOnly, denied]);
  const upload = await begin(ann);
  expect(await refusal(ann.send(new AbortMultipartUploadCommand(upload)))).toMatchObject({ code: "AccessDenied" });
});

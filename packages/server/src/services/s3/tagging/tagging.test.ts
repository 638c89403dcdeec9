import {
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  PutBucketTaggingCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const set = (...TagSet: { Key: string; Value: string }[]) => ({ TagSet });
const team = { Key: "team", Value: "a b+c" };

test("tags of an object are put, read and deleted; its bytes and date stay", async () => {
  const { s3, bucket, put } = await s3World();
  await put("k", "x");
  const at = { Bucket: bucket, Key: "k" };
  await s3.send(new PutObjectTaggingCommand({ ...at, Tagging: set(team) }));
  expect((await s3.send(new GetObjectTaggingCommand(at))).TagSet).toEqual([team]);
  const removed = await s3.send(new DeleteObjectTaggingCommand(at));
  expect(removed.$metadata.httpStatusCode).toBe(204);
  expect((await s3.send(new GetObjectTaggingCommand(at))).TagSet).toEqual([]);
  const none = new GetObjectTaggingCommand({ ...at, Key: "none" });
  expect(await refusal(s3.send(none))).toMatchObject({ code: "NoSuchKey", status: 404 });
});

test("tags of a bucket are put, read and deleted", async () => {
  const { s3, bucket } = await s3World();
  const at = { Bucket: bucket };
  const none = { code: "NoSuchTagSet", status: 404, error: { BucketName: bucket } };
  expect(await refusal(s3.send(new GetBucketTaggingCommand(at)))).toMatchObject(none);
  await s3.send(new PutBucketTaggingCommand({ ...at, Tagging: set(team, { Key: "x", Value: "" }) }));
  expect((await s3.send(new GetBucketTaggingCommand(at))).TagSet).toEqual([team, { Key: "x", Value: "" }]);
  await s3.send(new DeleteBucketTaggingCommand(at));
  expect(await refusal(s3.send(new GetBucketTaggingCommand(at)))).toMatchObject(none);
  const reserved = new PutBucketTaggingCommand({ ...at, Tagging: set({ Key: "aws:x", Value: "" }) });
  expect(await refusal(s3.send(reserved))).toMatchObject({ code: "InvalidTag", status: 400 });
});

test("tags are asked for by their own actions", async () => {
  const { s3, bucket, put, user } = await s3World();
  await put("k");
  const at = { Bucket: bucket, Key: "k" };
  const ann = await user([{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }]);
  expect(await refusal(ann.send(new GetObjectTaggingCommand(at)))).toMatchObject({
    message: expect.stringContaining("s3:GetObjectTagging on resource"),
  });
  await s3.send(new GetObjectTaggingCommand(at));
});

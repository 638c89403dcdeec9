import {
  DeleteBucketTaggingCommand,
  GetBucketAbacCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  PutBucketAbacCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { CreateAccessPointCommand, S3ControlClient, TagResourceCommand } from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { ACCOUNT, refusal, s3World } from "../../../../test/s3-world.ts";

const AccountId = ACCOUNT;

/** A world whose bucket is tagged `team=red`, with a user who may read what `Condition` says. */
async function taggedWorld(Condition: object) {
  const world = await s3World();
  const { s3, bucket, cloud, user } = world;
  await s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: [{ Key: "team", Value: "red" }] } }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
  const ann = await user([{ Effect: "Allow", Action: ["s3:GetObject", "s3:TagResource"], Resource: "*", Condition }]);
  return {
    ...world,
    control: cloud.client(S3ControlClient),
    read: (Bucket = bucket) => ann.send(new GetObjectCommand({ Bucket, Key: "k" })),
    enable: (Status: "Enabled" | "Disabled" = "Enabled") =>
      s3.send(new PutBucketAbacCommand({ Bucket: bucket, AbacStatus: { Status } })),
  };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html#abac-for-buckets
test.each(["aws:ResourceTag/team", "s3:BucketTag/team"])("%s is a bucket's tag once its tags count", async (key) => {
  const { s3, bucket, read, enable, control } = await taggedWorld({ StringEquals: { [key]: "red" } });
  const status = async () => (await s3.send(new GetBucketAbacCommand({ Bucket: bucket }))).AbacStatus?.Status;
  expect(await status()).toBe("Disabled");
  expect(await refusal(read())).toMatchObject({ code: "AccessDenied" });
  await enable();
  expect(await status()).toBe("Enabled");
  await read();
  const Tags = [{ Key: "team", Value: "blue" }];
  await control.send(new TagResourceCommand({ AccountId, ResourceArn: `arn:aws:s3:::${bucket}`, Tags }));
  expect(await refusal(read())).toMatchObject({ code: "AccessDenied" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
test("where tags count they are changed by TagResource alone", async () => {
  const { s3, bucket, enable } = await taggedWorld({});
  await enable();
  const Tagging = { TagSet: [] };
  for (const call of [
    s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging })),
    s3.send(new DeleteBucketTaggingCommand({ Bucket: bucket })),
  ]) {
    expect(await refusal(call)).toMatchObject({ status: 400 });
  }
  expect((await s3.send(new GetBucketTaggingCommand({ Bucket: bucket }))).TagSet).toHaveLength(1);
  await enable("Disabled");
  await s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging }));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-tagging.html
test("the tags of an access point count without more ado", async () => {
  const { bucket, control, read } = await taggedWorld({
    "ForAnyValue:StringEquals": { "s3:AccessPointTag/stage": "test" },
  });
  const create = new CreateAccessPointCommand({
    AccountId,
    Name: "point",
    Bucket: bucket,
    Tags: [{ Key: "stage", Value: "test" }],
  });
  const { Alias = "" } = await control.send(create);
  await read(Alias);
  expect(await refusal(read())).toMatchObject({ code: "AccessDenied" });
});

import {
  DeleteObjectsCommand,
  GetObjectCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { listedWorld, policyOf, refusal } from "../../../../test/s3-world.ts";

/** A world whose bucket has an object of another account's. */
async function foreign() {
  const world = await listedWorld();
  const { s3, bucket, stranger } = world;
  const from = { Principal: { AWS: "111111111111" }, Resource: `arn:aws:s3:::${bucket}/*` };
  const put = (...more: readonly object[]) =>
    s3.send(
      new PutBucketPolicyCommand({
        Bucket: bucket,
        Policy: policyOf({ Effect: "Allow", ...from, Action: "s3:PutObject" }, ...more),
      }),
    );
  await put();
  const her = stranger();
  await her.send(new PutObjectCommand({ Bucket: bucket, Key: "hers", Body: "x" }));
  const get = (client: S3Client) => client.send(new GetObjectCommand({ Bucket: bucket, Key: "hers" }));
  return { ...world, her, get, deny: (Action: string) => put({ Effect: "Deny", ...from, Action }) };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-auth-workflow-object-operation.html
test("what a bucket's policy denies counts for the objects of others, what it allows does not", async () => {
  const { s3, her, get, deny, bucket, stranger } = await foreign();
  await get(her);
  await deny("s3:GetObject");
  expect(await refusal(get(her))).toMatchObject({ code: "AccessDenied" });
  const allow = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` };
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policyOf(allow) }));
  expect(await refusal(get(stranger("222222222222")))).toMatchObject({ code: "AccessDenied" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
test("the bucket's owner may delete what is another's, and own it by turning lists off", async () => {
  const { s3, her, get, bucket } = await foreign();
  expect(await refusal(get(s3))).toMatchObject({ code: "AccessDenied" });
  const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" as const }] };
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket: bucket, OwnershipControls }));
  await get(s3);
  expect(await refusal(get(her))).toMatchObject({ code: "AccessDenied" });
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
    }),
  );
  expect(await refusal(get(s3))).toMatchObject({ code: "AccessDenied" });
  const Delete = { Objects: [{ Key: "hers" }] };
  expect((await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }))).Errors).toBeUndefined();
});

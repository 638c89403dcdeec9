import { PutBucketTaggingCommand, PutObjectTaggingCommand } from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { s3World } from "../../../../test/s3-world.ts";

const Bucket = "photos";
const Tagging = { TagSet: [{ Key: "team", Value: "blue" }] };
const ChecksumAlgorithm = "SHA256";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html (x-amz-sdk-checksum-algorithm)
test("who names the algorithm of a checksum sends one", async () => {
  const { s3, put } = await s3World(Bucket);
  await put("cat", "meow");
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging, ChecksumAlgorithm }));
  s3.middlewareStack.add(
    (next) => (args) => {
      if (HttpRequest.isInstance(args.request)) delete args.request.headers["x-amz-checksum-sha256"];
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  const refused = { name: "InvalidRequest", $metadata: { httpStatusCode: 400 } };
  await expect(s3.send(new PutBucketTaggingCommand({ Bucket, Tagging, ChecksumAlgorithm }))).rejects.toMatchObject(
    refused,
  );
  await expect(
    s3.send(new PutObjectTaggingCommand({ Bucket, Key: "cat", Tagging, ChecksumAlgorithm })),
  ).rejects.toMatchObject(refused);
});

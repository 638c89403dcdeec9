import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";
import type { Region } from "../../../kernel/arn.ts";
import { regionToCreateIn } from "./location.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_RequestBody
test("outside of us-east-1 a bucket's location has to be said", () => {
  expect(() => regionToCreateIn(undefined, "eu-west-1" as Region)).toThrow(
    expect.objectContaining({
      code: "IllegalLocationConstraintException",
      message:
        "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
    }),
  );
  expect(() => regionToCreateIn("us-east-2", "eu-west-1" as Region)).toThrow("The us-east-2 location constraint");
  expect(regionToCreateIn("eu-west-1", "eu-west-1" as Region)).toBe("eu-west-1");
  expect(regionToCreateIn("EU", "eu-west-1" as Region)).toBe("eu-west-1");
  expect(regionToCreateIn(undefined, "us-east-1" as Region)).toBe("us-east-1");
});

// Source: https://github.com/versity/versitygw/issues/1644, https://github.com/versity/versitygw/issues/1645 (AWS's answers)
test.each(["", "abc"])("the location `%s` is none", async (location) => {
  const { s3 } = await s3World();
  // also for words that the model does not have
  const place = Object.assign({ LocationConstraint: "us-west-2" as const }, { LocationConstraint: location });
  const command = new CreateBucketCommand({ Bucket: "elsewhere", CreateBucketConfiguration: place });
  expect(await refusal(s3.send(command))).toMatchObject({
    code: "InvalidLocationConstraint",
    message: "The specified location-constraint is not valid",
  });
});

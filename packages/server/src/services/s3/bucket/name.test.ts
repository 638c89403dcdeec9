import { expect, test } from "vitest";
import { isAccountBucketName, isGlobalBucketName } from "./name.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
test.each(["abc", "my.bucket-1", "a".repeat(63), "192.168.5", "1abc", "log-delivery-march-2020"])(
  "%s may be the name of a bucket",
  (name) => expect(isGlobalBucketName(name)).toBe(true),
);

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
test.each([
  "ab",
  "a".repeat(64),
  "Upper",
  "under_score",
  "-begins",
  "ends-",
  "ends.",
  "two..dots",
  "192.168.5.4",
  "xn--idn",
  "sthree-x",
  "amzn-s3-demo-bucket",
  "x-s3alias",
  "x--ol-s3",
  "x.mrap",
  "x--x-s3",
  "x--table-s3",
  "logs-111122223333-us-west-2-an",
])("%s may not", (name) => expect(isGlobalBucketName(name)).toBe(false));

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html#account-regional-naming-rules
test("a name in an account's own namespace ends in its account and region", () => {
  const place = { account: "111122223333", region: "us-west-2" };
  expect(isAccountBucketName("logs-111122223333-us-west-2-an", place)).toBe(true);
  expect(isAccountBucketName("logs-111122223333-eu-west-1-an", place)).toBe(false);
  expect(isAccountBucketName("logs", place)).toBe(false);
});

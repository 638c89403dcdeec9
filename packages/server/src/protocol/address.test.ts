import { expect, test } from "vitest";
import { parseHost } from "./address.ts";

test.each([
  ["sts.amazonaws.com", "sts", undefined],
  ["sts.us-east-1.amazonaws.com", "sts", undefined],
  ["monitoring.eu-west-1.amazonaws.com", "monitoring", undefined],
  ["api.ecr.us-east-1.amazonaws.com", "api.ecr", undefined],
  ["sts.localhost:4566", "sts", undefined],
  ["s3.localhost", "s3", undefined],
  ["s3.us-east-1.amazonaws.com", "s3", undefined],
  ["s3-eu-west-1.amazonaws.com", "s3", undefined],
  ["s3.dualstack.us-east-1.amazonaws.com", "s3", undefined],
  ["bucket.s3.localhost:4566", "s3", "bucket"],
  ["bucket.s3.amazonaws.com", "s3", "bucket"],
  ["my.dotted.bucket.s3.us-east-1.amazonaws.com", "s3", "my.dotted.bucket"],
  ["bucket.localhost:4566", "s3", "bucket"],
  ["sqs.s3.us-east-1.amazonaws.com", "s3", "sqs"],
  ["s3.s3.us-east-1.amazonaws.com", "s3", "s3"],
  ["Bucket.S3.localhost", "s3", "bucket"],
  ["bucket.s3.localhost.localstack.cloud:4566", "s3", "bucket"],
  ["123456789012.s3-control.us-east-1.amazonaws.com", "s3-control", "123456789012"],
])("%s is %s, and before it stands %s", (host, service, before) => {
  expect(parseHost(host)).toEqual({ host: service, before });
});

test.each(["localhost:4566", "127.0.0.1:4566", "[::1]:4566", "example.com", "", "amazonaws.com"])(
  "%s names no service",
  (host) => {
    expect(parseHost(host)).toBeUndefined();
  },
);

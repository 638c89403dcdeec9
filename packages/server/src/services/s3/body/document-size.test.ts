import { PutBucketCorsCommand, PutBucketWebsiteCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const tooLarge = (bytes: number) => ({
  code: "MaxMessageLengthExceeded",
  status: 400,
  message: "Your request was too big.",
  error: { MaxMessageLengthBytes: String(bytes) },
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html, https://github.com/versity/versitygw/blob/main/tests/integration/PutBucketWebsite.go (the words, seen on S3)
test("rules for pages of other origins have 64 KB", async () => {
  const { s3, bucket: Bucket } = await s3World();
  const put = (bytes: number) => {
    const AllowedOrigins = [`https://${"a".repeat(bytes)}.example.com`];
    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins }];
    return s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  };
  await put(65_000);
  expect(await refusal(put(65_536))).toMatchObject(tooLarge(65_536));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
test("a website is described in 128 KB", async () => {
  const { s3, bucket: Bucket } = await s3World();
  const put = (bytes: number) => {
    const RoutingRules = [{ Redirect: { ReplaceKeyWith: "a".repeat(bytes) } }];
    const WebsiteConfiguration = { IndexDocument: { Suffix: "index.html" }, RoutingRules };
    return s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
  };
  await put(130_000);
  expect(await refusal(put(131_072))).toMatchObject(tooLarge(131_072));
});

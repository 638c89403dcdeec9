import { CreateBucketCommand, PutObjectCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, onTestFinished, test } from "vitest";
import { exchangeBytes, testServer } from "./raw-http.ts";

const at = { Bucket: "photos", Key: "k" };

async function withBucket() {
  const { endpoint, port } = await testServer();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint, region: "us-east-1", credentials, forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  await s3.send(new CreateBucketCommand({ Bucket: at.Bucket }));
  const send = async (url: Promise<string>, headers: readonly string[]) => {
    const { host, pathname, search } = new URL(await url);
    const lines = [`PUT ${pathname}${search} HTTP/1.1`, `Host: ${host}`, ...headers, "", ""];
    return exchangeBytes(port, lines.join("\r\n"));
  };
  const put = () => getSignedUrl(s3, new PutObjectCommand(at));
  const part = () => getSignedUrl(s3, new UploadPartCommand({ ...at, PartNumber: 1, UploadId: "x" }));
  return { send, put, part };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList (MissingContentLength)
test.each([[[]], [["Connection: close"]], [["Expect: 100-continue"]]])(
  "an upload that says nothing of a length is refused, whatever else it says: %s",
  async (headers) => {
    const { send, put, part } = await withBucket();
    const refused =
      /^HTTP\/1.1 411 [^]*<Code>MissingContentLength<\/Code><Message>You must provide the Content-Length HTTP header/;
    expect(await send(put(), headers)).toMatch(refused);
    expect(await send(part(), headers)).toMatch(refused);
    expect(await send(put(), [...headers, "Content-Length: 0"])).toMatch(/^HTTP\/1.1 (100|200) /);
  },
);

import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeletePublicAccessBlockCommand,
  GetObjectAttributesCommand,
  PutBucketPolicyCommand,
  UploadPartCommand,
  type ObjectAttributes,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyOf, refusal, s3World, withHeaders } from "../../../../test/s3-world.ts";

async function asking(headers: Readonly<Record<string, string>>) {
  const { cloud, bucket: Bucket, put } = await s3World();
  await put("k", "a text");
  const command = { Bucket, Key: "k", ObjectAttributes: ["ObjectSize"] satisfies ObjectAttributes[] };
  return withHeaders(cloud, headers).send(new GetObjectAttributesCommand(command));
}

// Source: https://github.com/versity/versitygw/issues/915 (AWS's answer)
test("who asks for no attributes is told so, and is not given the object", async () => {
  expect(await refusal(asking({ "x-amz-object-attributes": "" }))).toMatchObject({
    code: "InvalidRequest",
    status: 400,
    message: "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
  });
  const { s3, anonymous, bucket: Bucket, put } = await s3World();
  await put("k", "a text");
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const Action = ["s3:GetObject", "s3:GetObjectAttributes"];
  const open = { Effect: "Allow", Principal: "*", Action, Resource: `arn:aws:s3:::${Bucket}/*` };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(open) }));
  const { statusCode, body } = await anonymous("GET", `/${Bucket}/k`, { attributes: "" });
  expect(statusCode).toBe(400);
  expect(Buffer.from(body).toString()).toContain("<Code>InvalidRequest</Code>");
});

// Source: https://github.com/versity/versitygw/issues/1000 (AWS's answer)
test("an attribute that there is not is named", async () => {
  expect(await refusal(asking({ "x-amz-object-attributes": "ETags" }))).toMatchObject({
    code: "InvalidArgument",
    message: "Invalid attribute name specified.",
    error: { ArgumentName: "x-amz-object-attributes", ArgumentValue: "ETags" },
  });
});

// Source: https://github.com/versity/versitygw/issues/1806 (what AWS does)
test("a number of parts that is none does not count", async () => {
  expect(await asking({ "x-amz-max-parts": "some" })).toMatchObject({ ObjectSize: 6 });
});

// Source: https://github.com/versity/versitygw/issues/1398 (AWS's answer)
test("a size of a whole that is no number is told as it came", async () => {
  const { s3, cloud, bucket: Bucket } = await s3World();
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
  const upload = { Bucket, Key: "k", UploadId };
  const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: "x" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const client = withHeaders(cloud, { "x-amz-mp-object-size": "size" });
  const completion = client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }));
  expect(await refusal(completion)).toMatchObject({
    code: "InvalidRequest",
    status: 400,
    message: "Value for x-amz-mp-object-size header is invalid: 'size'",
  });
});

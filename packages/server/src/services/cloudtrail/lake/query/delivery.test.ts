import { createPublicKey, hash, verify } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { DescribeQueryCommand, ListPublicKeysCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { lakeCloud, USERS } from "../../../../../test/lake.ts";

const ACCOUNT = "000000000000";
const RESULTS = "lake-results";

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/s3-bucket-policy-lake-query-results.html */
const bucketPolicy = (Resource: readonly string[]) => {
  const condition = {
    StringLike: {
      "aws:sourceAccount": ACCOUNT,
      "aws:sourceArn": `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/*`,
    },
  };
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const bucket = `arn:aws:s3:::${RESULTS}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal, Action: ["s3:PutObject*", "s3:Abort*"], Resource, Condition: condition },
      { Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: bucket, Condition: condition },
    ],
  });
};

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-results-file-custom-validation.html */
test("results are put into a bucket, and the file of their sums is signed", async () => {
  const lake = await lakeCloud();
  const s3 = lake.client(S3Client);
  await lake.makeUsers("ann");
  const DeliveryS3Uri = `s3://${RESULTS}/found`;
  await expect(lake.start(USERS, { DeliveryS3Uri })).rejects.toMatchObject({ name: "S3BucketDoesNotExistException" });
  await s3.send(new CreateBucketCommand({ Bucket: RESULTS }));
  await expect(lake.start(USERS, { DeliveryS3Uri })).rejects.toMatchObject({
    name: "InsufficientS3BucketPolicyException",
  });
  const put = (...resources: readonly string[]) =>
    s3.send(new PutBucketPolicyCommand({ Bucket: RESULTS, Policy: bucketPolicy(resources) }));
  await put(`arn:aws:s3:::${RESULTS}/*`);
  const QueryId = await lake.start(`${USERS}, errorCode`.replace(" AS name", " AS name, errorCode"), { DeliveryS3Uri });
  await lake.settle();
  expect(await lake.trails.send(new DescribeQueryCommand({ QueryId }))).toMatchObject({
    DeliveryS3Uri,
    DeliveryStatus: "SUCCESS",
  });
  const day = lake.clock.now().toISOString().slice(0, 10).replaceAll("-", "/");
  const folder = `found/AWSLogs/${ACCOUNT}/CloudTrail-Lake/Query/${day}/${QueryId}`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: RESULTS }));
  expect(Contents.map(({ Key }) => Key)).toEqual([`${folder}/result_1.csv.gz`, `${folder}/result_sign.json`]);
  const read = async (name: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: RESULTS, Key: `${folder}/${name}` }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
  const csv = await read("result_1.csv.gz");
  expect(gunzipSync(csv).toString()).toBe('"name","errorCode"\n"ann",\n');
  const sign: Readonly<Record<string, string>> & { readonly files: readonly unknown[] } = JSON.parse(
    Buffer.from(await read("result_sign.json")).toString(),
  );
  const fileHashValue = hash("sha256", csv, "hex");
  expect(sign.files).toEqual([{ fileHashValue, fileName: "result_1.csv.gz" }]);
  const { PublicKeyList = [] } = await lake.trails.send(new ListPublicKeysCommand({}));
  const key = PublicKeyList.find(({ Fingerprint }) => Fingerprint === sign["publicKeyFingerprint"]);
  const publicKey = createPublicKey({ key: Buffer.from(key?.Value ?? []), format: "der", type: "pkcs1" });
  const signature = Buffer.from(sign["hashSignature"] ?? "", "hex");
  expect(verify("sha256", Buffer.from(fileHashValue), publicKey, signature)).toBe(true);
  await put(`arn:aws:s3:::${RESULTS}/*/result_1.csv.gz`);
  const unsigned = await lake.start(USERS, { DeliveryS3Uri });
  await lake.settle();
  expect(await lake.trails.send(new DescribeQueryCommand({ QueryId: unsigned }))).toMatchObject({
    QueryStatus: "FINISHED",
    DeliveryStatus: "ACCESS_DENIED_SIGNING_FILE",
  });
});

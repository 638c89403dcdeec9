import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { jobWorld } from "../../../../../test/batch-jobs.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-update-encryption.html
test("what lies under S3's own keys is put under a key of KMS, and found there", async () => {
  const { s3, cloud, bucket: Bucket, put, create, describe: shown } = await jobWorld({ Action: ["s3:*", "kms:*"] });
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const KMSKeyArn = KeyMetadata?.Arn;
  await put("in/a");
  await s3.send(new PutObjectCommand({ Bucket, Key: "in/dsse", Body: "x", ServerSideEncryption: "aws:kms:dsse" }));
  const generate = (encryption: object) => ({
    Manifest: undefined,
    ManifestGenerator: {
      S3JobManifestGenerator: {
        SourceBucket: `arn:aws:s3:::${Bucket}`,
        EnableManifestOutput: false,
        Filter: { KeyNameConstraint: { MatchAnyPrefix: ["in/"] }, MatchAnyObjectEncryption: [encryption] },
      },
    },
  });
  const run = async (more: object) => {
    const JobId = await create("", more);
    await cloud.clock.advance(1);
    return (await shown(JobId))?.ProgressSummary;
  };
  const Operation = { S3UpdateObjectEncryption: { ObjectEncryption: { SSEKMS: { KMSKeyArn } } } };
  const one = { TotalNumberOfTasks: 1, NumberOfTasksSucceeded: 1 };
  expect(await run({ Operation, ...generate({ SSES3: {} }) })).toMatchObject(one);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "in/a" }));
  expect(head).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: KMSKeyArn });
  expect(await run(generate({ SSEKMS: { KmsKeyArn: KMSKeyArn, BucketKeyEnabled: false } }))).toMatchObject(one);
  for (const other of [{ SSEKMS: { BucketKeyEnabled: true } }, { SSES3: {} }, { SSEC: {} }, { NOTSSE: {} }]) {
    expect(await run(generate(other))).toMatchObject({ TotalNumberOfTasks: 0 });
  }
  expect(await run(generate({ DSSEKMS: {} }))).toMatchObject(one);
});

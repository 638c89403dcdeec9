import {
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type ReplicationRule,
} from "@aws-sdk/client-s3";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import {
  TARGET_REGION,
  replicated,
  rightsOf,
  rule,
  status,
  type Replicated,
} from "../../../../test/replicated-world.ts";
import { refusal } from "../../../../test/s3-world.ts";

/** A key in each of both regions. */
async function keysOf({ cloud }: Pick<Replicated, "cloud">) {
  const here = cloud.client(KMSClient);
  const there = cloud.client(KMSClient, undefined, { region: TARGET_REGION });
  const [one, other] = await Promise.all([here, there].map((kms) => kms.send(new CreateKeyCommand({}))));
  return {
    here,
    there,
    source: one?.KeyMetadata?.Arn ?? "",
    target: other?.KeyMetadata?.Arn ?? "",
  };
}

const encrypted = (ReplicaKmsKeyID: string): ReplicationRule =>
  rule({
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
    Destination: { Bucket: "arn:aws:s3:::copies", EncryptionConfiguration: { ReplicaKmsKeyID } },
  });

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html */
const keyRights = (source: string, target: string) => [
  {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: source,
    Condition: {
      StringLike: {
        "kms:ViaService": "s3.us-east-1.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::photos/*",
      },
    },
  },
  {
    Effect: "Allow",
    Action: "kms:Encrypt",
    Resource: target,
    Condition: {
      StringLike: {
        "kms:ViaService": `s3.${TARGET_REGION}.amazonaws.com`,
        "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::copies/*",
      },
    },
  },
];

const put = (Bucket: string, SSEKMSKeyId: string) =>
  new PutObjectCommand({ Bucket, Key: "a", Body: "secret", ServerSideEncryption: "aws:kms", SSEKMSKeyId });

test("what lies under a key of KMS is copied under a key of the other region, if the rule says so", async () => {
  const world = await replicated({ rules: [] });
  const keys = await keysOf(world);
  await world.configure([encrypted(keys.target)]);
  await world.allow([...rightsOf("copies"), ...keyRights(keys.source, keys.target)]);
  await world.s3.send(put("photos", keys.source));
  await world.cloud.clock.advance(60);
  expect(await status(world.s3, "photos", "a")).toBe("COMPLETED");
  // the copy is opened with its own key alone
  await keys.here.send(new DisableKeyCommand({ KeyId: keys.source }));
  const copy = await world.there.send(new GetObjectCommand({ Bucket: "copies", Key: "a" }));
  expect(await copy.Body?.transformToString()).toBe("secret");
  expect(copy.SSEKMSKeyId).toBe(keys.target);
});

test("without the right to the key nothing is copied", async () => {
  const world = await replicated({ rules: [] });
  const keys = await keysOf(world);
  await world.configure([encrypted(keys.target)]);
  await world.allow([...rightsOf("copies"), ...keyRights(keys.source, keys.source)]);
  await world.s3.send(put("photos", keys.source));
  await world.cloud.clock.advance(60);
  expect(await status(world.s3, "photos", "a")).toBe("FAILED");
});

test("rules that say nothing of keys leave out what lies under one", async () => {
  const world = await replicated();
  const keys = await keysOf(world);
  await world.s3.send(put("photos", keys.source));
  await world.cloud.clock.advance(60);
  expect(await status(world.s3, "photos", "a")).toBeUndefined();
});

test("a copy takes on the encryption that its bucket has by default", async () => {
  const world = await replicated();
  const keys = await keysOf(world);
  await world.allow([...rightsOf("copies"), { Effect: "Allow", Action: "kms:GenerateDataKey", Resource: keys.target }]);
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keys.target } as const;
  await world.there.send(
    new PutBucketEncryptionCommand({
      Bucket: "copies",
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] },
    }),
  );
  await world.s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "plain" }));
  await world.cloud.clock.advance(60);
  const copy = await world.there.send(new GetObjectCommand({ Bucket: "copies", Key: "a" }));
  expect(await copy.Body?.transformToString()).toBe("plain");
  expect(copy.SSEKMSKeyId).toBe(keys.target);
});

test("what lies under a customer's own key is copied as it is", async () => {
  const world = await replicated();
  const shown = {
    SSECustomerAlgorithm: "AES256",
    SSECustomerKey: Buffer.alloc(32, 7).toString("base64"),
    SSECustomerKeyMD5: "y4HAEFCYWuvAXWFTtA1Qpg==",
  };
  await world.s3.send(
    new PutBucketEncryptionCommand({
      Bucket: "photos",
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
            BlockedEncryptionTypes: { EncryptionType: ["NONE"] },
          },
        ],
      },
    }),
  );
  await world.s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "mine", ...shown }));
  await world.cloud.clock.advance(60);
  const copy = await world.there.send(new GetObjectCommand({ Bucket: "copies", Key: "a", ...shown }));
  expect(await copy.Body?.transformToString()).toBe("mine");
  const hidden = refusal(world.there.send(new HeadObjectCommand({ Bucket: "copies", Key: "a" })));
  expect(await hidden).toMatchObject({ status: 400 });
});

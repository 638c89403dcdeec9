import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, policy } from "../policy.ts";
import { encryptAtHome } from "./s12-client-side.ts";
import { ownKeys } from "./s12-own-keys.ts";

const succeeds = { outcome: "succeeds" } as const;
const DAY = 86_400;

export const s12: Lab = {
  id: "S12",
  title: "Encryption in S3: an own key, S3's key, a key of KMS, keys of persons, and encrypted at home",
  proves: [
    "s3-sse-c-own-key",
    "s3-sse-s3-unique-key",
    "s3-sse-kms-audit",
    "kms-create-control-keys",
    "kms-cloudtrail-audit",
    "kms-per-user-cmk",
    "kms-client-side-s3",
    "cloudhsm-app-logs-to-s3",
  ],
  async run(teller) {
    const account = teller.account("A");
    const story = { teller, account, admin: teller.root(account), bucket: `sealed-${teller.suffix}` };
    await customerKey(story);
    await keyOfS3(story);
    const key = await keyOfKms(story);
    await ownKeys(story);
    await keyTurnedOff(story, key);
    await encryptAtHome(story);
    await sealedLogs(story);
    await keyDeleted(story, key);
  },
};

export interface SealedStory {
  readonly teller: Teller;
  readonly account: string;
  readonly admin: Actor;
  readonly bucket: string;
}

/** 32 bytes each, as AES-256 has them. */
const MINE = "a key of thirty-two bytes of mine";
const OTHER = "a key of thirty-two bytes, others";

async function customerKey({ teller, admin, bucket }: SealedStory): Promise<void> {
  const own = { SSECustomerAlgorithm: "AES256", SSECustomerKey: MINE.slice(0, 32) };
  const at = { Bucket: bucket, Key: "own-key.txt" };
  await teller.step({
    does: "A bucket. New ones take no keys of their owners' own,",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "so that an object under one is refused.",
    as: admin,
    call: ["s3", "PutObject"],
    input: { ...at, Body: "under my own key", ...own },
    expect: { outcome: "refused", code: "AccessDenied" },
  });
  await teller.step({
    does: "The bucket is told to take them:",
    as: admin,
    call: ["s3", "PutBucketEncryption"],
    input: {
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
            BlockedEncryptionTypes: { EncryptionType: ["NONE"] },
          },
        ],
      },
    },
    expect: succeeds,
  });
  await teller.step({
    does: "now it is put.",
    as: admin,
    call: ["s3", "PutObject"],
    input: { ...at, Body: "under my own key", ...own },
    expect: succeeds,
  });
  await teller.step({
    does: "Without the key it is not to be had,",
    as: admin,
    call: ["s3", "GetObject"],
    input: at,
    expect: { outcome: "refused", code: "InvalidRequest" },
  });
  await teller.step({
    does: "nor with another,",
    as: admin,
    call: ["s3", "GetObject"],
    input: { ...at, ...own, SSECustomerKey: OTHER.slice(0, 32) },
    expect: { outcome: "refused", code: "AccessDenied" },
  });
  await teller.step({
    does: "only with its own.",
    as: admin,
    call: ["s3", "GetObject"],
    input: { ...at, ...own },
    expect: succeeds,
  });
}

async function keyOfS3({ teller, admin, bucket }: SealedStory): Promise<void> {
  await teller.step({
    does: "An object without a word about encryption",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "plain.txt", Body: "nobody said how" },
    expect: succeeds,
  });
  await teller.step({
    does: "is encrypted under a key of S3's.",
    as: admin,
    call: ["s3", "HeadObject"],
    input: { Bucket: bucket, Key: "plain.txt" },
    expect: {
      outcome: "succeeds",
      check: ({ ServerSideEncryption }) => (ServerSideEncryption === "AES256" ? undefined : "AES256"),
    },
  });
}

/** Gives the key's ARN. */
async function keyOfKms({ teller, admin, bucket, account }: SealedStory): Promise<string> {
  const { KeyMetadata } = await teller.step({
    does: "A key of one's own in KMS.",
    as: admin,
    call: ["kms", "CreateKey"],
    input: { Description: "What lies in S3" },
    expect: succeeds,
  });
  const key = KeyMetadata?.Arn ?? "none";
  await teller.step({
    does: "An object under that key",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "kms.txt", Body: "under K", ServerSideEncryption: "aws:kms", SSEKMSKeyId: key },
    expect: succeeds,
  });
  await teller.step({
    does: "says which it is.",
    as: admin,
    call: ["s3", "HeadObject"],
    input: { Bucket: bucket, Key: "kms.txt" },
    expect: {
      outcome: "succeeds",
      check: ({ SSEKMSKeyId }) => (SSEKMSKeyId === key ? undefined : key),
    },
  });
  await teller.deed({
    does: "Whoever used the key is on record, though S3 did it for them: a data key was made for the object.",
    as: "the auditor",
    command: `kumobako decisions --action kms:GenerateDataKey --principal ${account}`,
    act: () => teller.recordedCalls("kms:GenerateDataKey", account),
    expect: { outcome: "succeeds", check: (ids) => (ids.length > 0 ? undefined : "a recorded call") },
  });
  await teller.step({
    does: "The event history says so as well, with the object's ARN as encryption context.",
    as: admin,
    call: ["cloudtrail", "LookupEvents"],
    input: { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "GenerateDataKey" }] },
    expect: {
      outcome: "succeeds",
      check: ({ Events = [] }) =>
        Events.some(({ CloudTrailEvent = "" }) =>
          CloudTrailEvent.includes(`"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::${bucket}`),
        )
          ? undefined
          : "an event with the encryption context of the object",
    },
  });
  return key;
}

async function keyTurnedOff({ teller, admin, bucket }: SealedStory, key: string): Promise<void> {
  const get = { Bucket: bucket, Key: "kms.txt" };
  await teller.step({
    does: "The key is turned off:",
    as: admin,
    call: ["kms", "DisableKey"],
    input: { KeyId: key },
    expect: succeeds,
  });
  await teller.step({
    does: "what it protects cannot be read,",
    as: admin,
    call: ["s3", "GetObject"],
    input: get,
    expect: { outcome: "refused", code: "KMS.DisabledException", because: "is disabled" },
  });
  await teller.step({
    does: "until it is turned on again.",
    as: admin,
    call: ["kms", "EnableKey"],
    input: { KeyId: key },
    expect: succeeds,
  });
  await teller.step({
    does: "Then it is there as before.",
    as: admin,
    call: ["s3", "GetObject"],
    input: get,
    expect: succeeds,
  });
}

async function sealedLogs({ teller, admin, bucket }: SealedStory): Promise<void> {
  const log = { Bucket: bucket, Key: "logs/app.log", Body: "an application's log" };
  const deny = { ...allow("s3:PutObject", `arn:aws:s3:::${bucket}/logs/*`), Effect: "Deny", Principal: "*" };
  await teller.step({
    does: "Logs have to say how they are encrypted.",
    as: admin,
    call: ["s3", "PutBucketPolicy"],
    input: {
      Bucket: bucket,
      Policy: policy({ ...deny, Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } } }),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "One that does not is refused, even of the root user,",
    as: admin,
    call: ["s3", "PutObject"],
    input: log,
    expect: { outcome: "refused", code: "AccessDenied", because: "explicit deny" },
  });
  await teller.step({
    does: "one that does is kept.",
    as: admin,
    call: ["s3", "PutObject"],
    input: { ...log, ServerSideEncryption: "AES256" },
    expect: succeeds,
  });
}

async function keyDeleted({ teller, admin, bucket }: SealedStory, key: string): Promise<void> {
  const get = { Bucket: bucket, Key: "kms.txt" };
  await teller.step({
    does: "The key is to be deleted in a week:",
    as: admin,
    call: ["kms", "ScheduleKeyDeletion"],
    input: { KeyId: key, PendingWindowInDays: 7 },
    expect: succeeds,
  });
  await teller.step({
    does: "from now on it is of no use,",
    as: admin,
    call: ["s3", "GetObject"],
    input: get,
    expect: { outcome: "refused", code: "KMS.KMSInvalidStateException", because: "is pending deletion" },
  });
  await teller.wait("and when the week is over,", 8 * DAY);
  await teller.step({
    does: "what it protected is lost for ever.",
    as: admin,
    call: ["s3", "GetObject"],
    input: get,
    expect: { outcome: "refused", code: "KMS.NotFoundException" },
  });
}

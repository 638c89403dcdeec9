import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  type LifecycleRule,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { s3World } from "../../../../test/s3-world.ts";

const DAY_SECONDS = 24 * 3600;
const KIB = 1024;

/** A bucket with rules, noon of a day, and what is asked of it again and again. */
async function ruled(...rules: readonly Omit<LifecycleRule, "Status">[]) {
  const { cloud, s3, bucket, ...rest } = await s3World();
  const toNoon = DAY_SECONDS / 2 - ((cloud.clock.now().getTime() / 1000) % DAY_SECONDS);
  await cloud.clock.advance(toNoon > 0 ? toNoon : toNoon + DAY_SECONDS);
  const setRules = (written: readonly Omit<LifecycleRule, "Status">[]) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: { Rules: written.map((rule) => ({ ...rule, Status: "Enabled" })) },
      }),
    );
  await setRules(rules);
  return {
    ...rest,
    cloud,
    s3,
    bucket,
    setRules,
    days: (count: number) => cloud.clock.advance(count * DAY_SECONDS),
    write: (Key: string, more: Partial<PutObjectCommandInput> = {}) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x", ...more })),
    keys: async () =>
      (await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents?.map(({ Key }) => Key) ?? [],
    head: (Key: string) => s3.send(new HeadObjectCommand({ Bucket: bucket, Key })),
    versions: async () => {
      const found = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      return { versions: found.Versions?.length ?? 0, markers: found.DeleteMarkers?.length ?? 0 };
    },
    keepVersions: (Status: "Enabled" | "Suspended" = "Enabled") =>
      s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } })),
  };
}

test("an object ends at the midnight after its days, not before", async () => {
  const { write, keys, days } = await ruled({ ID: "a", Prefix: "", Expiration: { Days: 1 } });
  const put = await write("a");
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html (rounding to the next midnight)
  expect(put.Expiration).toMatch(/^expiry-date="\w{3}, \d{2} \w{3} \d{4} 00:00:00 GMT", rule-id="a"$/);
  await days(1.4);
  expect(await keys()).toEqual(["a"]);
  await days(0.2);
  expect(await keys()).toEqual([]);
});

test("only what a rule selects ends: by prefix, by tag, by size", async () => {
  const { write, keys, days } = await ruled(
    { ID: "prefix", Filter: { Prefix: "logs/" }, Expiration: { Days: 1 } },
    { ID: "tag", Filter: { Tag: { Key: "keep", Value: "no" } }, Expiration: { Days: 1 } },
    { ID: "size", Filter: { ObjectSizeGreaterThan: 100 }, Expiration: { Days: 1 } },
  );
  await write("logs/a");
  await write("tagged", { Tagging: "keep=no" });
  await write("kept", { Tagging: "keep=yes" });
  await write("large", { Body: "x".repeat(101) });
  await write("just", { Body: "x".repeat(100) });
  await days(2);
  expect(await keys()).toEqual(["just", "kept"]);
});

test("a tag given later brings an object under a rule", async () => {
  const { s3, bucket, write, keys, days } = await ruled({
    ID: "tag",
    Filter: { Tag: { Key: "keep", Value: "no" } },
    Expiration: { Days: 1 },
  });
  await write("a");
  await days(10);
  expect(await keys()).toEqual(["a"]);
  const Tagging = { TagSet: [{ Key: "keep", Value: "no" }] };
  await s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: "a", Tagging }));
  await days(1);
  expect(await keys()).toEqual([]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html (Date)
test("a date ends what is there, and what comes after it", async () => {
  const { cloud, setRules, write, keys, days } = await ruled({ ID: "none", Prefix: "none", Expiration: { Days: 1 } });
  const dateMs = Math.ceil(cloud.clock.now().getTime() / 86_400_000 + 3) * 86_400_000;
  await setRules([{ ID: "date", Prefix: "", Expiration: { Date: new Date(dateMs) } }]);
  await write("a");
  await days(3);
  expect(await keys()).toEqual(["a"]);
  await days(1);
  expect(await keys()).toEqual([]);
  await write("b");
  await days(1);
  expect(await keys()).toEqual([]);
});

test("objects move through the classes of their rule, and keep the time they were made at", async () => {
  const { write, head, days, s3, bucket } = await ruled({
    ID: "down",
    Filter: { ObjectSizeGreaterThan: 0 },
    Transitions: [
      { Days: 30, StorageClass: "STANDARD_IA" },
      { Days: 90, StorageClass: "GLACIER" },
      { Days: 180, StorageClass: "DEEP_ARCHIVE" },
    ],
    Expiration: { Days: 365 },
  });
  await write("a");
  const { LastModified } = await head("a");
  await days(29);
  expect((await head("a")).StorageClass).toBeUndefined();
  await days(2);
  expect(await head("a")).toMatchObject({ StorageClass: "STANDARD_IA", LastModified });
  expect(await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "a" }))).Body?.transformToString()).toBe("x");
  await days(60);
  expect((await head("a")).StorageClass).toBe("GLACIER");
  await days(100);
  expect((await head("a")).StorageClass).toBe("DEEP_ARCHIVE");
  await days(180);
  await expect(head("a")).rejects.toMatchObject({ name: "NotFound" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html (objects smaller than 128 KB)
test("small objects stay where they are, unless a rule speaks of sizes", async () => {
  const Transitions = [{ Days: 0, StorageClass: "GLACIER_IR" as const }];
  const { write, head, days } = await ruled(
    { ID: "all", Filter: { Prefix: "a" }, Transitions },
    { ID: "sized", Filter: { And: { Prefix: "b", ObjectSizeGreaterThan: 0 } }, Transitions },
  );
  await write("a-small", { Body: Buffer.alloc(128 * KIB - 1) });
  await write("a-large", { Body: Buffer.alloc(128 * KIB) });
  await write("b-small");
  await days(1);
  expect((await head("a-small")).StorageClass).toBeUndefined();
  expect((await head("a-large")).StorageClass).toBe("GLACIER_IR");
  expect((await head("b-small")).StorageClass).toBe("GLACIER_IR");
});

const anySize = (Prefix: string) => ({ And: { Prefix, ObjectSizeGreaterThan: 0 } });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html (TransitionDefaultMinimumObjectSize)
test("small objects go to the archives where the bucket says so, and nowhere else", async () => {
  const { s3, bucket, write, head, days } = await ruled({ ID: "x", Prefix: "x", Expiration: { Days: 1 } });
  const Rules = [
    { Prefix: "a", Status: "Enabled" as const, Transitions: [{ Days: 0, StorageClass: "GLACIER" as const }] },
    { Prefix: "b", Status: "Enabled" as const, Transitions: [{ Days: 0, StorageClass: "GLACIER_IR" as const }] },
  ];
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: bucket,
      LifecycleConfiguration: { Rules },
      TransitionDefaultMinimumObjectSize: "varies_by_storage_class",
    }),
  );
  await write("a");
  await write("b");
  await days(1);
  expect((await head("a")).StorageClass).toBe("GLACIER");
  expect((await head("b")).StorageClass).toBeUndefined();
});

test("days beyond all dates are as good as never", async () => {
  const { write, head, days } = await ruled({ ID: "late", Prefix: "", Expiration: { Days: 2_147_483_647 } });
  expect((await write("a")).Expiration).toContain("GMT");
  await days(400);
  expect((await head("a")).ContentLength).toBe(1);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
test("where several rules are due the colder class wins, and deletion over both", async () => {
  const { write, head, days, keys } = await ruled(
    { ID: "ia", Filter: anySize(""), Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }] },
    { ID: "cold", Filter: anySize(""), Transitions: [{ Days: 30, StorageClass: "GLACIER" }] },
    { ID: "end", Filter: anySize("gone"), Expiration: { Days: 30 } },
  );
  await write("a");
  await write("gone");
  await days(31);
  expect(await keys()).toEqual(["a"]);
  expect((await head("a")).StorageClass).toBe("GLACIER");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
test("where versions are kept an end leaves a delete marker, and what is left of it goes by rules of its own", async () => {
  const { keepVersions, write, keys, versions, days } = await ruled(
    { ID: "end", Filter: {}, Expiration: { Days: 2 } },
    { ID: "older", Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 3 } },
  );
  await keepVersions();
  await write("a");
  await days(3);
  expect(await keys()).toEqual([]);
  expect(await versions()).toEqual({ versions: 1, markers: 1 });
  await days(4);
  // the delete marker was left alone, and is as old as the rule says
  expect(await versions()).toEqual({ versions: 0, markers: 0 });
});

test("where versioning is suspended an end puts a delete marker in the place of the version null", async () => {
  const { keepVersions, write, versions, days } = await ruled({ ID: "end", Filter: {}, Expiration: { Days: 2 } });
  await write("a");
  await keepVersions("Suspended");
  await days(2.6);
  expect(await versions()).toEqual({ versions: 0, markers: 1 });
});

test("an age of versions counts from when they were current no more, and the newer ones are spared", async () => {
  const { keepVersions, write, versions, days } = await ruled({
    ID: "older",
    Filter: {},
    NoncurrentVersionExpiration: { NoncurrentDays: 5, NewerNoncurrentVersions: 2 },
  });
  await keepVersions();
  for (let count = 0; count < 5; count++) await write("a");
  await write("b");
  await days(5);
  expect(await versions()).toEqual({ versions: 6, markers: 0 });
  await days(1);
  expect(await versions()).toEqual({ versions: 4, markers: 0 });
});

test("older versions move to other classes", async () => {
  const { s3, bucket, keepVersions, write, head, days } = await ruled({
    ID: "older",
    Filter: { ObjectSizeGreaterThan: 0 },
    NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: "GLACIER" }],
  });
  await keepVersions();
  await write("a");
  await write("a");
  await days(2);
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  expect(Versions?.map(({ StorageClass }) => StorageClass)).toEqual(["STANDARD", "GLACIER"]);
  expect((await head("a")).StorageClass).toBeUndefined();
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-lifecycle
test("a locked version stays until its lock ends, though a delete marker comes before it", async () => {
  const { s3, bucket, keepVersions, write, versions, days } = await ruled(
    { ID: "end", Filter: {}, Expiration: { Days: 1 } },
    { ID: "older", Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
  );
  await keepVersions();
  const ObjectLockConfiguration = {
    ObjectLockEnabled: "Enabled" as const,
    Rule: { DefaultRetention: { Mode: "GOVERNANCE" as const, Days: 20 } },
  };
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration }));
  await write("a");
  await days(15);
  expect(await versions()).toEqual({ versions: 1, markers: 1 });
  await days(8);
  expect(await versions()).toEqual({ versions: 0, markers: 0 });
});

test("a delete marker that nothing lies behind goes where a rule says so", async () => {
  const { s3, bucket, keepVersions, write, versions, days } = await ruled({
    ID: "markers",
    Filter: {},
    Expiration: { ExpiredObjectDeleteMarker: true },
  });
  await keepVersions();
  const { VersionId } = await write("a");
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "a" }));
  await days(3);
  expect(await versions()).toEqual({ versions: 1, markers: 1 });
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "a", VersionId }));
  await days(1);
  expect(await versions()).toEqual({ versions: 0, markers: 0 });
});

test("uploads that nobody completes are given up, as their answers say", async () => {
  const { s3, bucket, days } = await ruled({
    ID: "uploads",
    Prefix: "up",
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
  });
  const begin = (Key: string) => s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
  const { UploadId, AbortDate, AbortRuleId } = await begin("up/a");
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html (x-amz-abort-date)
  expect(AbortRuleId).toBe("uploads");
  expect(AbortDate?.getUTCHours()).toBe(0);
  await s3.send(new UploadPartCommand({ Bucket: bucket, Key: "up/a", UploadId, PartNumber: 1, Body: "x" }));
  const parts = await s3.send(new ListPartsCommand({ Bucket: bucket, Key: "up/a", UploadId }));
  expect(parts).toMatchObject({ AbortDate, AbortRuleId });
  const other = await begin("other");
  expect(other.AbortDate).toBeUndefined();
  await days(2);
  const open = async () => (await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads?.length ?? 0;
  expect(await open()).toBe(2);
  await days(1);
  expect(await open()).toBe(1);
  await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: "other", UploadId: other.UploadId }));
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_bucket_lifecycle_*)
test("every answer about a current object tells of its first end, and none about a version", async () => {
  const { s3, bucket, write, keepVersions } = await ruled(
    { ID: "late", Filter: { Prefix: "a" }, Expiration: { Days: 9 } },
    { ID: "soon & safe", Filter: { Prefix: "a/" }, Expiration: { Days: 3 } },
  );
  await keepVersions();
  const put = await write("a/b");
  const place = { Bucket: bucket, Key: "a/b" };
  const expected = expect.stringContaining('rule-id="soon%20%26%20safe"');
  expect(put.Expiration).toEqual(expected);
  expect((await s3.send(new HeadObjectCommand(place))).Expiration).toEqual(expected);
  expect((await s3.send(new GetObjectCommand(place))).Expiration).toEqual(expected);
  const versioned = { ...place, VersionId: put.VersionId };
  expect((await s3.send(new HeadObjectCommand(versioned))).Expiration).toBeUndefined();
  const copy = await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "a/c", CopySource: `${bucket}/a/b` }));
  expect(copy.Expiration).toEqual(expected);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: "x" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload }));
  expect(done.Expiration).toEqual(expected);
  expect((await write("b")).Expiration).toBeUndefined();
});

test("rules that are not in force do nothing", async () => {
  const { s3, bucket, write, keys, days } = await ruled({ ID: "x", Prefix: "x", Expiration: { Days: 1 } });
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: bucket,
      LifecycleConfiguration: { Rules: [{ ID: "off", Prefix: "", Status: "Disabled", Expiration: { Days: 1 } }] },
    }),
  );
  expect((await write("a")).Expiration).toBeUndefined();
  await days(9);
  expect(await keys()).toEqual(["a"]);
});

test("more objects than one step looks at end in one pass, and those of another year in theirs", async () => {
  const { write, keys, days } = await ruled({ ID: "end", Prefix: "a", Expiration: { Days: 365 } });
  for (let index = 0; index < 450; index++) await write(`a${index}`);
  await write("b");
  await days(300);
  await write("a-late");
  await days(66);
  expect(await keys()).toEqual(["a-late", "b"]);
  await days(365);
  expect(await keys()).toEqual(["b"]);
});

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  UploadPartCommand,
  type ObjectLockLegalHoldStatus,
  type PutObjectLockConfigurationCommandInput,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { pathStyle, refusal, s3World } from "../../../../test/s3-world.ts";

// Source of what these tests expect, where none is named:
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)

const Bucket = "vault";
const Key = "k";
const LOCKED = {
  code: "AccessDenied",
  status: 403,
  message: "Access Denied because object protected by object lock.",
};
const DAY_S = 86_400;

async function lockedWorld() {
  const world = await s3World();
  const { s3, cloud } = world;
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const inDays = (days: number) => new Date(cloud.clock.now().getTime() + days * DAY_S * 1000);
  return {
    ...world,
    inDays,
    put: async (more: object = {}) => (await s3.send(writing(more))).VersionId,
    head: (VersionId?: string) => s3.send(new HeadObjectCommand({ Bucket, Key, VersionId })),
    remove: (VersionId: string | undefined, more: object = {}) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...more })),
    retain: (Retention: object, more: object = {}) =>
      s3.send(new PutObjectRetentionCommand({ Bucket, Key, Retention, ...more })),
    hold: (Status: ObjectLockLegalHoldStatus, more: object = {}) =>
      s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status }, ...more })),
  };
}

const BYPASS = { BypassGovernanceRetention: true };

const configure = (ObjectLockConfiguration: PutObjectLockConfigurationCommandInput["ObjectLockConfiguration"]) =>
  new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration });

const writing = (more: object) => new PutObjectCommand({ Bucket, Key, Body: "x", ...more });

describe("a bucket's object lock", () => {
  const ENABLED = { ObjectLockEnabled: "Enabled" } as const;

  test("is there from the beginning, with versioning, where the bucket is made so", async () => {
    const { s3 } = await lockedWorld();
    const get = async () => (await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration;
    expect(await get()).toEqual(ENABLED);
    const Rule = { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } as const;
    await s3.send(configure({ ...ENABLED, Rule }));
    expect(await get()).toEqual({ ...ENABLED, Rule });
    await s3.send(configure(ENABLED));
    expect(await get()).toEqual(ENABLED);
  });

  test("is given to a bucket that has versioning, and holds it there", async () => {
    const { s3, bucket } = await s3World();
    const setVersioning = (Status: "Enabled" | "Suspended") =>
      s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
    const enable = () =>
      s3.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration: ENABLED }));
    expect(await refusal(s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket })))).toMatchObject({
      code: "ObjectLockConfigurationNotFoundError",
      status: 404,
      message: "Object Lock configuration does not exist for this bucket",
    });
    const notEnabled = {
      code: "InvalidBucketState",
      status: 409,
      message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    };
    expect(await refusal(enable())).toMatchObject(notEnabled);
    await setVersioning("Suspended");
    expect(await refusal(enable())).toMatchObject(notEnabled);
    await setVersioning("Enabled");
    await enable();
    expect(await refusal(setVersioning("Suspended"))).toMatchObject({
      code: "InvalidBucketState",
      status: 409,
      message: "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
    });
    await setVersioning("Enabled");
  });

  test.each([
    [{}],
    [{ ObjectLockEnabled: "Disabled" }],
    [{ ...ENABLED, Rule: {} }],
    [{ ...ENABLED, Rule: { DefaultRetention: {} } }],
    [{ ...ENABLED, Rule: { DefaultRetention: { Mode: "GOVERNANCE" } } }],
    [{ ...ENABLED, Rule: { DefaultRetention: { Days: 1 } } }],
    [{ ...ENABLED, Rule: { DefaultRetention: { Mode: "BAD", Days: 1 } } }],
    [{ ...ENABLED, Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1, Years: 1 } } }],
  ])("is not what is malformed: %j", async (configuration) => {
    const { s3 } = await lockedWorld();
    const malformed = configure(Object(configuration));
    expect(await refusal(s3.send(malformed))).toMatchObject({ code: "MalformedXML", status: 400 });
  });

  // Source: https://github.com/versity/versitygw/issues/1738, https://github.com/versity/versitygw/pull/2195 (recorded answers)
  test.each([
    ["Days", 0, "Default retention period must be a positive integer value."],
    ["Years", -1, "Default retention period must be a positive integer value."],
    ["Days", 36_501, "Default retention period too large."],
    ["Years", 101, "Default retention period too large."],
  ])("retains for no %s of %i", async (ArgumentName, count, message) => {
    const { s3 } = await lockedWorld();
    const DefaultRetention = { Mode: "GOVERNANCE" as const, [ArgumentName]: count };
    expect(await refusal(s3.send(configure({ ...ENABLED, Rule: { DefaultRetention } })))).toMatchObject({
      code: "InvalidArgument",
      status: 400,
      message,
      error: { ArgumentName },
    });
  });

  test("retains new versions that ask for nothing else", async () => {
    const { s3, put: putObject, head, inDays } = await lockedWorld();
    await s3.send(configure({ ...ENABLED, Rule: { DefaultRetention: { Mode: "COMPLIANCE", Years: 1 } } }));
    await putObject();
    const { ObjectLockMode, ObjectLockRetainUntilDate } = await head();
    expect(ObjectLockMode).toBe("COMPLIANCE");
    expect(ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(inDays(364).getTime());
    expect(ObjectLockRetainUntilDate?.getTime()).toBeLessThan(inDays(367).getTime());
    const own = inDays(2);
    own.setUTCMilliseconds(0);
    await putObject({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: own });
    expect(await head()).toMatchObject({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: own });
  });

  test("needs rights of its own to be had from the beginning", async () => {
    const { user } = await s3World();
    const maker = await user([{ Effect: "Allow", Action: "s3:CreateBucket", Resource: "*" }]);
    const create = new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true });
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html (Permissions: object lock)
    expect(await refusal(maker.send(create))).toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("s3:PutBucketObjectLockConfiguration"),
    });
  });
});

describe("a version under retention", () => {
  test("in governance is removed by those who bypass it, and by nobody else", async () => {
    const { put, retain, remove, inDays, user } = await lockedWorld();
    const VersionId = await put();
    await retain({ Mode: "GOVERNANCE", RetainUntilDate: inDays(1) });
    expect(await refusal(remove(VersionId))).toMatchObject(LOCKED);
    expect((await remove(undefined)).DeleteMarker).toBe(true);
    const remover = await user([{ Effect: "Allow", Action: "s3:DeleteObjectVersion", Resource: "*" }]);
    const bypassing = remover.send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...BYPASS }));
    expect(await refusal(bypassing)).toMatchObject({
      code: "AccessDenied",
      status: 403,
      message: expect.stringContaining("s3:BypassGovernanceRetention"),
    });
    expect((await remove(VersionId, BYPASS)).VersionId).toBe(VersionId);
  });

  test("in compliance is removed by nobody before its time, and then by anybody", async () => {
    const { cloud, put, retain, remove, head, inDays } = await lockedWorld();
    const VersionId = await put();
    const until = inDays(30);
    await retain({ Mode: "COMPLIANCE", RetainUntilDate: until });
    expect(await refusal(remove(VersionId, BYPASS))).toMatchObject(LOCKED);
    expect(await refusal(retain({ Mode: "COMPLIANCE", RetainUntilDate: inDays(29) }, BYPASS))).toMatchObject(LOCKED);
    expect(await refusal(retain({ Mode: "GOVERNANCE", RetainUntilDate: inDays(31) }, BYPASS))).toMatchObject(LOCKED);
    expect(await refusal(retain({}, BYPASS))).toMatchObject(LOCKED);
    await retain({ Mode: "COMPLIANCE", RetainUntilDate: inDays(31) });
    await cloud.clock.advance(30.5 * DAY_S);
    expect(await refusal(remove(VersionId))).toMatchObject(LOCKED);
    await cloud.clock.advance(DAY_S);
    expect((await head(VersionId)).ObjectLockMode).toBe("COMPLIANCE");
    expect((await remove(VersionId)).VersionId).toBe(VersionId);
  });

  test("in governance is kept longer by anybody, and shorter by those who bypass", async () => {
    const { put, retain, inDays, head } = await lockedWorld();
    await put({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(2) });
    await retain({ Mode: "GOVERNANCE", RetainUntilDate: inDays(3) });
    const shorter = { Mode: "GOVERNANCE", RetainUntilDate: inDays(1) };
    expect(await refusal(retain(shorter))).toMatchObject(LOCKED);
    await retain(shorter, BYPASS);
    // Source: https://github.com/ceph/s3-tests (governance is changed to compliance only by who bypasses it)
    const compliant = { Mode: "COMPLIANCE", RetainUntilDate: inDays(4) };
    expect(await refusal(retain(compliant))).toMatchObject(LOCKED);
    expect(await refusal(retain({}))).toMatchObject(LOCKED);
    await retain({}, BYPASS);
    expect((await head()).ObjectLockMode).toBeUndefined();
    await retain(compliant);
  });

  test("is shown to those who may see it", async () => {
    const { put, inDays, user, s3 } = await lockedWorld();
    await put({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(2), ObjectLockLegalHoldStatus: "ON" });
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (x-amz-object-lock-mode)
    const reader = await user([{ Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectRetention"], Resource: "*" }]);
    const seen = await reader.send(new HeadObjectCommand({ Bucket, Key }));
    expect([seen.ObjectLockMode, seen.ObjectLockLegalHoldStatus]).toEqual(["GOVERNANCE", undefined]);
    const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key }));
    expect(Retention).toEqual({ Mode: "GOVERNANCE", RetainUntilDate: expect.any(Date) });
  });

  test.each([
    [{ Mode: "GOVERNANCE" }, "MalformedXML"],
    [{ RetainUntilDate: new Date("2999-01-01T00:00:00Z") }, "MalformedXML"],
    [{ Mode: "BAD-VALUE", RetainUntilDate: new Date("2999-01-01T00:00:00Z") }, "MalformedXML"],
    [{ Mode: "GOVERNANCE", RetainUntilDate: new Date("2020-01-01T00:00:00Z") }, "InvalidArgument"],
  ])("does not come of %j", async (retention, code) => {
    const { put, retain } = await lockedWorld();
    await put();
    expect(await refusal(retain(retention))).toMatchObject({ code, status: 400 });
  });

  test("does not end in the past", async () => {
    const { put, retain } = await lockedWorld();
    await put();
    const past = { Mode: "GOVERNANCE", RetainUntilDate: new Date("2020-01-01T00:00:00Z") };
    expect(await refusal(retain(past))).toMatchObject({
      message: "The retain until date must be in the future!",
      error: { ArgumentName: "RetainUntilDate", ArgumentValue: "Tue Dec 31 16:00:00 PST 2019" },
    });
  });

  test("is not there where it was never asked for, nor on delete markers", async () => {
    const { s3, bucket, put, remove, retain, inDays } = await lockedWorld();
    const Retention = { Mode: "GOVERNANCE" as const, RetainUntilDate: inDays(1) };
    expect(await refusal(retain(Retention))).toMatchObject({ code: "NoSuchKey", status: 404 });
    await put();
    const get = (VersionId?: string) => s3.send(new GetObjectRetentionCommand({ Bucket, Key, VersionId }));
    expect(await refusal(get())).toMatchObject({
      code: "NoSuchObjectLockConfiguration",
      status: 404,
      message: "The specified object does not have a ObjectLock configuration",
    });
    const { VersionId } = await remove(undefined);
    expect(await refusal(get(VersionId))).toMatchObject({ code: "MethodNotAllowed", status: 405 });
    expect(await refusal(retain(Retention, { VersionId }))).toMatchObject({ code: "MethodNotAllowed", status: 405 });
    const unlocked = { code: "InvalidRequest", status: 400, message: "Bucket is missing Object Lock Configuration" };
    const elsewhere = { Bucket: bucket, Key };
    expect(await refusal(s3.send(new GetObjectRetentionCommand(elsewhere)))).toMatchObject(unlocked);
    expect(await refusal(s3.send(new PutObjectRetentionCommand({ ...elsewhere, Retention })))).toMatchObject(unlocked);
  });
});

describe("a version under a legal hold", () => {
  test("stays until the hold is taken away, whoever asks", async () => {
    const { s3, put, hold, remove, head } = await lockedWorld();
    const VersionId = await put();
    const get = async () => (await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key }))).LegalHold;
    expect(await refusal(get())).toMatchObject({ code: "NoSuchObjectLockConfiguration", status: 404 });
    await hold("ON");
    expect([await get(), (await head()).ObjectLockLegalHoldStatus]).toEqual([{ Status: "ON" }, "ON"]);
    expect(await refusal(remove(VersionId, BYPASS))).toMatchObject(LOCKED);
    const batch = { Objects: [{ Key, VersionId }] };
    const { Errors, Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: batch, ...BYPASS }));
    expect(Errors).toEqual([{ Key, VersionId, Code: "AccessDenied", Message: LOCKED.message }]);
    expect(Deleted).toBeUndefined();
    await hold("OFF");
    expect((await head()).ObjectLockLegalHoldStatus).toBe("OFF");
    await remove(VersionId);
  });

  test("is one of two things", async () => {
    const { s3, bucket, put, hold } = await lockedWorld();
    await put();
    const bad = s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: Object({ Status: "abc" }) }));
    expect(await refusal(bad)).toMatchObject({ code: "MalformedXML", status: 400 });
    const unlocked = { code: "InvalidRequest", status: 400, message: "Bucket is missing Object Lock Configuration" };
    expect(await refusal(hold("ON", { Bucket: bucket }))).toMatchObject(unlocked);
    const get = new GetObjectLegalHoldCommand({ Bucket: bucket, Key });
    expect(await refusal(s3.send(get))).toMatchObject(unlocked);
  });
});

describe("a write that locks", () => {
  const UNTIL = new Date("2999-01-01T00:00:00Z");
  const both = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied";

  test.each([
    [{ ObjectLockMode: "GOVERNANCE" }, both, "x-amz-object-lock-retain-until-date"],
    [{ ObjectLockRetainUntilDate: UNTIL }, both, "x-amz-object-lock-mode"],
    [
      { ObjectLockMode: "BAD", ObjectLockRetainUntilDate: UNTIL },
      "Unknown wormMode directive.",
      "x-amz-object-lock-mode",
    ],
    [
      { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date("2020-01-01T00:00:00Z") },
      "The retain until date must be in the future!",
      "x-amz-object-lock-retain-until-date",
    ],
    // Source: https://github.com/versity/versitygw/blob/main/s3err/invalid-argument.go (as AWS writes it)
    [
      { ObjectLockLegalHoldStatus: "BAD" },
      "Legal Hold must be either of 'ON' or 'OFF'",
      "x-amz-object-lock-legal-hold",
    ],
  ])("says all of it and nothing else: %j", async (more, message, ArgumentName) => {
    const { s3, put } = await lockedWorld();
    const refused = { code: "InvalidArgument", status: 400, message, error: { ArgumentName } };
    expect(await refusal(put(more))).toMatchObject(refused);
    const create = new CreateMultipartUploadCommand({ Bucket, Key, ...Object(more) });
    expect(await refusal(s3.send(create))).toMatchObject(refused);
  });

  test("finds no lock in other buckets", async () => {
    const { put, remove, bucket } = await lockedWorld();
    // Source: https://github.com/versity/versitygw/blob/main/s3err/s3err.go (as AWS writes it)
    expect(await refusal(put({ Bucket: bucket, ObjectLockLegalHoldStatus: "ON" }))).toMatchObject({
      code: "InvalidRequest",
      status: 400,
      message: "Bucket is missing ObjectLockConfiguration",
    });
    expect(await refusal(remove(undefined, { Bucket: bucket, ...BYPASS }))).toMatchObject({
      code: "InvalidArgument",
      status: 400,
      message: "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
      error: { ArgumentName: "x-amz-bypass-governance-retention" },
    });
  });

  // Source: https://github.com/versity/versitygw/issues/1776 (recorded answer)
  test("comes with a digest of its body", async () => {
    const { cloud, inDays } = await lockedWorld();
    const bare = pathStyle(cloud, undefined, { requestChecksumCalculation: "WHEN_REQUIRED" });
    const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) } as const;
    const put = (more: object) => bare.send(writing(more));
    expect(await refusal(put(lock))).toMatchObject({
      code: "InvalidRequest",
      status: 400,
      message:
        "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    });
    await put({ ...lock, ContentMD5: "ndTkYSaMgDT1yFZOFVxnpg==" });
    await put({});
  });

  test("needs the rights to lock, which may be bounded", async () => {
    const { inDays, user } = await lockedWorld();
    const writer = await user([{ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }]);
    const days = (count: number) => ({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(count) });
    await writer.send(writing({}));
    expect(await refusal(writer.send(writing(days(1))))).toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("s3:PutObjectRetention"),
    });
    expect(await refusal(writer.send(writing({ ObjectLockLegalHoldStatus: "ON" })))).toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("s3:PutObjectLegalHold"),
    });
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-retention-limits
    const Condition = { NumericGreaterThan: { "s3:object-lock-remaining-retention-days": "10" } };
    const bounded = await user(
      [
        { Effect: "Allow", Action: ["s3:PutObject", "s3:PutObjectRetention"], Resource: "*" },
        { Effect: "Deny", Action: "s3:PutObjectRetention", Resource: "*", Condition },
      ],
      { name: "ben" },
    );
    await bounded.send(writing(days(10)));
    expect(await refusal(bounded.send(writing(days(12))))).toMatchObject({ code: "AccessDenied", status: 403 });
  });

  test("locks copies by what it says, not by what the source has", async () => {
    const { s3, put, head, inDays } = await lockedWorld();
    const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) } as const;
    await put({ ...lock, ObjectLockLegalHoldStatus: "ON" });
    const copy = async (more: object) => {
      const input = { Bucket, Key: "copy", CopySource: `${Bucket}/${Key}`, ...more };
      await s3.send(new CopyObjectCommand(input));
      return s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }));
    };
    const bare = await copy({});
    expect([bare.ObjectLockMode, bare.ObjectLockLegalHoldStatus]).toEqual([undefined, undefined]);
    expect(await copy({ ObjectLockLegalHoldStatus: "ON" })).toMatchObject({ ObjectLockLegalHoldStatus: "ON" });
    expect((await head()).ObjectLockMode).toBe("GOVERNANCE");
  });

  test("locks multi-part objects from their completion on", async () => {
    const { s3, inDays, head, remove } = await lockedWorld();
    const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) } as const;
    const begin = () =>
      s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...lock, ObjectLockLegalHoldStatus: "ON" }));
    const { UploadId: given } = await begin();
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: given }));
    const { UploadId } = await begin();
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "x" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const { VersionId } = await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    expect(await head()).toMatchObject({ ObjectLockMode: "GOVERNANCE", ObjectLockLegalHoldStatus: "ON" });
    expect(await refusal(remove(VersionId, BYPASS))).toMatchObject(LOCKED);
  });
});

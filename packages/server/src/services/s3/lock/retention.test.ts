import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { BYPASS, Bucket, DAY_S, Key, LOCKED, lockedWorld } from "../../../../test/locked-bucket.ts";
import { refusal } from "../../../../test/s3-world.ts";

// Source of what these tests expect, where none is named:
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)

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

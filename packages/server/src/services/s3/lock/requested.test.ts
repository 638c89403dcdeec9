import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { BYPASS, Bucket, Key, LOCKED, lockedWorld, writing } from "../../../../test/locked-bucket.ts";
import { pathStyle, refusal } from "../../../../test/s3-world.ts";

// Source of what these tests expect, where none is named:
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)

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

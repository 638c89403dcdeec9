import {
  CreateBucketCommand,
  GetObjectLockConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { Bucket, configure, lockedWorld } from "../../../../test/locked-bucket.ts";
import { refusal, s3World } from "../../../../test/s3-world.ts";

// Source of what these tests expect, where none is named:
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)

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

  // Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_lock.py (verified there against AWS)
  test("does not come of nothing", async () => {
    const { s3 } = await lockedWorld();
    expect(await refusal(s3.send(new PutObjectLockConfigurationCommand({ Bucket })))).toMatchObject({
      code: "MissingRequestBodyError",
      status: 400,
      message: "Request Body is empty",
    });
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

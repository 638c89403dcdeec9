import {
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  type ObjectLockRetention,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { BYPASS, Bucket, configure, DAY_S, Key, LOCKED, lockedWorld, writing } from "../../../../test/locked-bucket.ts";
import { refusal } from "../../../../test/s3-world.ts";

const HELD = {
  ObjectLockMode: "COMPLIANCE",
  ObjectLockEventHold: "ON",
  ObjectLockEventHoldDurationDays: 10,
} as const;

async function heldWorld() {
  const world = await lockedWorld();
  return {
    ...world,
    advance: (days: number) => world.cloud.clock.advance(days * DAY_S),
    retention: async () => (await world.s3.send(new GetObjectRetentionCommand({ Bucket, Key }))).Retention,
    daysLeft: ({ RetainUntilDate }: ObjectLockRetention = {}) =>
      Math.round(((RetainUntilDate?.getTime() ?? 0) - world.inDays(0).getTime()) / (DAY_S * 1000)),
  };
}

// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-defaulteventhold.html (protected while the hold is active, and for the duration from its release on)
describe("a version under an event hold", () => {
  test("is retained for the whole period at every moment, until the event is told", async () => {
    const { put, advance, retention, daysLeft, retain, remove } = await heldWorld();
    const VersionId = await put(HELD);
    expect(await retention()).toMatchObject({ Mode: "COMPLIANCE", EventHold: "ON", EventHoldDuration: { Days: 10 } });
    await advance(100);
    expect(daysLeft(await retention())).toBe(10);
    expect(await refusal(remove(VersionId, BYPASS))).toMatchObject(LOCKED);
    await retain({ EventHold: "OFF" });
    const released = await retention();
    expect([released?.EventHold, released?.EventHoldDuration, daysLeft(released)]).toEqual(["OFF", undefined, 10]);
    await advance(9);
    expect(daysLeft(await retention())).toBe(1);
    expect(await refusal(remove(VersionId))).toMatchObject(LOCKED);
    await advance(1.1);
    expect((await remove(VersionId)).VersionId).toBe(VersionId);
  });

  test("is not let go sooner: neither without the hold nor with a shorter one", async () => {
    const { put, retain, inDays } = await heldWorld();
    await put(HELD);
    const shorter = { Mode: "COMPLIANCE", EventHold: "ON", EventHoldDuration: { Days: 9 } };
    expect(await refusal(retain(shorter, BYPASS))).toMatchObject(LOCKED);
    expect(await refusal(retain({}, BYPASS))).toMatchObject(LOCKED);
    await retain({ Mode: "COMPLIANCE", EventHold: "ON", EventHoldDuration: { Days: 11 } });
    await retain({ Mode: "COMPLIANCE", RetainUntilDate: inDays(40) });
  });

  test("keeps a later date of its own beyond the event", async () => {
    const { put, retain, retention, daysLeft, inDays } = await heldWorld();
    await put({ ...HELD, ObjectLockRetainUntilDate: inDays(50) });
    expect(daysLeft(await retention())).toBe(50);
    await retain({ EventHold: "OFF" });
    expect(daysLeft(await retention())).toBe(50);
  });

  test("shows it in headers, to those who may see its retention", async () => {
    const { put, head } = await heldWorld();
    await put({
      ...HELD,
      ObjectLockMode: "GOVERNANCE",
      ObjectLockEventHoldDurationDays: undefined,
      ObjectLockEventHoldDurationYears: 1,
    });
    expect(await head()).toMatchObject({
      ObjectLockMode: "GOVERNANCE",
      ObjectLockEventHold: "ON",
      ObjectLockEventHoldDurationYears: 1,
    });
  });
});

describe("an event hold", () => {
  test("is what a bucket gives a version by default", async () => {
    const { s3, put, retention, daysLeft } = await heldWorld();
    const rule = { Mode: "GOVERNANCE", DefaultEventHold: { Years: 1 } } as const;
    const configuration = { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: rule } } as const;
    await s3.send(configure(configuration));
    const { ObjectLockConfiguration } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(ObjectLockConfiguration).toEqual(configuration);
    await put();
    const held = await retention();
    expect(held).toMatchObject({ Mode: "GOVERNANCE", EventHold: "ON", EventHoldDuration: { Years: 1 } });
    expect(daysLeft(held)).toBe(365);
  });

  test("may be asked for only as long as policies say", async () => {
    const { user } = await heldWorld();
    const Action = ["s3:PutObject", "s3:PutObjectRetention"];
    const Condition = { NumericGreaterThan: { "s3:object-lock-event-hold-duration-days": "10" } };
    const bounded = await user([
      { Effect: "Allow", Action, Resource: "*" },
      { Effect: "Deny", Action, Resource: "*", Condition },
    ]);
    await bounded.send(writing(HELD));
    const longer = { ...HELD, ObjectLockEventHoldDurationDays: 11 };
    expect(await refusal(bounded.send(writing(longer)))).toMatchObject({ code: "AccessDenied", status: 403 });
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3ObjectLockRetentionEventHoldDuration.html (one of both, 1 to 36,500 days, 1 to 100 years)
test.each([
  [{ ObjectLockEventHold: "MAYBE" }],
  [{ ObjectLockEventHoldDurationDays: undefined }],
  [{ ObjectLockEventHoldDurationYears: 1 }],
  [{ ObjectLockEventHoldDurationDays: 0 }],
  [{ ObjectLockEventHoldDurationDays: 36_501 }],
  [{ ObjectLockMode: undefined }],
])("an event hold has a mode and one period within bounds: %j", async (more) => {
  const { put } = await heldWorld();
  expect(await refusal(put({ ...HELD, ...more }))).toMatchObject({ code: "InvalidArgument", status: 400 });
});

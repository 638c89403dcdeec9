import {
  CloudWatchClient,
  DeleteAlarmMuteRuleCommand,
  GetAlarmMuteRuleCommand,
  ListAlarmMuteRulesCommand,
  ListTagsForResourceCommand,
  PutAlarmMuteRuleCommand,
  TagResourceCommand,
  type Schedule,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { notified } from "../../../../test/notified.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const HOUR_SECONDS = 3600;
const HOUR_MS = HOUR_SECONDS * 1000;
const RULE_ARN = "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:nightly";

const rule = (Name: string, schedule: Schedule, more: object = {}) =>
  new PutAlarmMuteRuleCommand({
    Name,
    Rule: { Schedule: schedule },
    MuteTargets: { AlarmNames: ["errors"] },
    ...more,
  });

/** `at(…)` of so many hours from now. */
const inHours = (now: Date, hours: number): string =>
  `at(${new Date(now.getTime() + hours * HOUR_MS).toISOString().slice(0, 16)})`;

async function muted() {
  const world = await notified();
  await world.cloud.clock.freeze();
  // a whole minute, as `at` has it
  await world.clock.advance((60_000 - (world.clock.now().getTime() % 60_000)) / 1000);
  await world.put("errors");
  await world.set("errors", "OK");
  await world.heard();
  const mute = (name: string, hours: number, from = 0) =>
    world.cloudwatch.send(rule(name, { Expression: inHours(world.clock.now(), from), Duration: `PT${hours}H` }));
  return { ...world, mute };
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
test("a muted alarm does when its window is over what it has not done, if it is still in that state", async () => {
  const { mute, set, heard, clock } = await muted();
  await mute("window", 2);
  await set("errors", "ALARM");
  await clock.advance(HOUR_SECONDS);
  expect(await heard()).toEqual([]);
  await clock.advance(HOUR_SECONDS);
  expect(await heard()).toMatchObject([
    { AlarmName: "errors", NewStateValue: "ALARM", OldStateValue: "OK", ActionExecutedAfterMuteWindow: true },
  ]);
  await set("errors", "OK");
  await set("errors", "ALARM");
  expect(await heard()).toMatchObject([{ NewStateValue: "ALARM", ActionExecutedAfterMuteWindow: false }]);
});

test("of an alarm that is back in its state when its window is over nobody hears", async () => {
  const { mute, set, heard, clock } = await muted();
  await mute("window", 1);
  await set("errors", "ALARM");
  await set("errors", "OK");
  await clock.advance(2 * HOUR_SECONDS);
  expect(await heard()).toEqual([]);
});

test("an alarm is muted as long as one of its rules is active", async () => {
  const { mute, set, heard, clock } = await muted();
  await mute("first", 2);
  await mute("second", 2, 1);
  await set("errors", "ALARM");
  await clock.advance(2.5 * HOUR_SECONDS);
  expect(await heard()).toEqual([]);
  await clock.advance(HOUR_SECONDS);
  expect(await heard()).toHaveLength(1);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarmMuteRule.html
test("who deletes a rule, or leaves an alarm out of it, hears at once", async () => {
  const { mute, set, heard, clock, cloudwatch } = await muted();
  await mute("window", 5);
  await set("errors", "ALARM");
  for (const _ of [1, 2]) await cloudwatch.send(new DeleteAlarmMuteRuleCommand({ AlarmMuteRuleName: "window" }));
  await clock.advance(1);
  expect(await heard()).toHaveLength(1);
  await set("errors", "OK");
  await mute("window", 5);
  await set("errors", "ALARM");
  const schedule = { Expression: inHours(clock.now(), 0), Duration: "PT5H" };
  await cloudwatch.send(rule("window", schedule, { MuteTargets: { AlarmNames: ["other"] } }));
  await clock.advance(1);
  expect(await heard()).toHaveLength(1);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
test("a rule recurs in its time zone, from its start to its end", async () => {
  const { clock, ...cloud } = await testCloud();
  const cloudwatch = cloud.client(CloudWatchClient);
  const day = new Date(Date.UTC(clock.now().getUTCFullYear() + 1, 0, 11));
  const status = async () =>
    (await cloudwatch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: "nightly" }))).Status;
  const goTo = (hours: number) => clock.advance((day.getTime() + hours * HOUR_MS - clock.now().getTime()) / 1000);
  await cloudwatch.send(
    rule(
      "nightly",
      { Expression: "cron(0 2 * * *)", Duration: "PT1H30M", Timezone: "Asia/Tokyo" },
      { StartDate: day, ExpireDate: new Date(day.getTime() + 48 * HOUR_MS) },
    ),
  );
  expect(await status()).toBe("SCHEDULED");
  const seen: unknown[] = [];
  // two at night in Tokyo is five in the afternoon before
  for (const hours of [-6.5, 16.9, 17, 18.4, 18.6, 41.5, 65.5]) {
    await goTo(hours);
    seen.push(await status());
  }
  expect(seen).toEqual(["SCHEDULED", "SCHEDULED", "ACTIVE", "ACTIVE", "SCHEDULED", "ACTIVE", "EXPIRED"]);
});

test.each([
  [{ Expression: "cron(0 2 * * ? *)", Duration: "PT1H" }],
  [{ Expression: "cron(*/5 2 * * *)", Duration: "PT1H" }],
  [{ Expression: "at(2030-01-01T00:00:00)", Duration: "PT1H" }],
  [{ Expression: "rate(1 hour)", Duration: "PT1H" }],
  [{ Expression: "cron(0 2 * * SUN)", Duration: "PT30S" }],
  [{ Expression: "cron(0 2 * * SUN)", Duration: "P15DT1M" }],
  [{ Expression: "cron(0 2 * * SUN)", Duration: "PT1H", Timezone: "Mars/Base" }],
])("%j is no schedule", async (schedule) => {
  const cloudwatch = (await testCloud()).client(CloudWatchClient);
  await expect(cloudwatch.send(rule("r", schedule))).rejects.toMatchObject({ name: "ValidationException" });
});

test.each(["cron(0 18 * * FRI)", "cron(0,30 1-5 1 JAN,JUL *)", "cron(0 0 1 * 0)", "at(2999-05-10T14:00)"])(
  "%s is a schedule",
  async (Expression) => {
    const cloudwatch = (await testCloud()).client(CloudWatchClient);
    await cloudwatch.send(rule("r", { Expression, Duration: "P2DT12H" }));
    const { Status, MuteType } = await cloudwatch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: "r" }));
    expect(["SCHEDULED", "ACTIVE"]).toContain(Status);
    expect(MuteType).toBe(Expression.startsWith("at") ? "ONE_TIME" : "RECURRING");
  },
);

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetAlarmMuteRule.html, API_ListAlarmMuteRules.html
test("rules are read back, listed by alarm and by status, and have tags", async () => {
  const { clock, ...cloud } = await testCloud();
  const cloudwatch = cloud.client(CloudWatchClient);
  const Tags = [{ Key: "team", Value: "blue" }];
  await cloudwatch.send(
    rule("nightly", { Expression: "cron(0 2 * * *)", Duration: "PT1M" }, { Tags, Description: "d" }),
  );
  await cloudwatch.send(rule("past", { Expression: inHours(clock.now(), -2), Duration: "PT1H" }));
  const other = { MuteTargets: { AlarmNames: ["other"] } };
  await cloudwatch.send(rule("z", { Expression: inHours(clock.now(), 5), Duration: "PT1H" }, other));
  const names = async (more: object) => {
    const { AlarmMuteRuleSummaries = [] } = await cloudwatch.send(new ListAlarmMuteRulesCommand(more));
    return AlarmMuteRuleSummaries.map(({ AlarmMuteRuleArn }) => AlarmMuteRuleArn?.split(":").at(-1));
  };
  expect(await names({})).toEqual(["nightly", "past", "z"]);
  expect(await names({ AlarmName: "errors" })).toEqual(["nightly", "past"]);
  expect(await names({ Statuses: ["EXPIRED"] })).toEqual(["past"]);
  const { NextToken } = await cloudwatch.send(new ListAlarmMuteRulesCommand({ MaxRecords: 2 }));
  expect(await names({ NextToken })).toEqual(["z"]);
  expect(await cloudwatch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: "nightly" }))).toMatchObject({
    Name: "nightly",
    AlarmMuteRuleArn: RULE_ARN,
    Description: "d",
    Rule: { Schedule: { Expression: "cron(0 2 * * *)", Duration: "PT1M" } },
    MuteTargets: { AlarmNames: ["errors"] },
  });
  await cloudwatch.send(new TagResourceCommand({ ResourceARN: RULE_ARN, Tags: [{ Key: "a", Value: "b" }] }));
  const tags = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: RULE_ARN }));
  expect(tags.Tags).toEqual([...Tags, { Key: "a", Value: "b" }]);
  await expect(cloudwatch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html (Permissions)
test("to mute an alarm takes the right to the rule and to the alarm", async () => {
  const cloud = await testCloud();
  const Resource = ["alarm-mute-rule:*", "alarm:errors"].map((each) =>
    RULE_ARN.replace("alarm-mute-rule:nightly", each),
  );
  const Statement = [{ Effect: "Allow", Action: "cloudwatch:PutAlarmMuteRule", Resource }];
  const user = cloud.client(CloudWatchClient, await makeUser(cloud, "quiet", { allow: { Statement } }));
  const schedule = { Expression: "cron(0 2 * * *)", Duration: "PT1H" };
  await user.send(rule("mine", schedule));
  const others = { MuteTargets: { AlarmNames: ["errors", "billing"] } };
  await expect(user.send(rule("mine", schedule, others))).rejects.toThrow(
    "is not authorized to perform: cloudwatch:PutAlarmMuteRule",
  );
});

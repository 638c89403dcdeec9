import { DeleteRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetScheduleCommand, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { ACCOUNT, makeQueue, makeRole, queueArn, received, withQueue } from "../../../test/schedules.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const HOUR = 3600;
const GROUP_ARN = `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule-group/default`;

const secondsOf = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
/** As `at(…)` takes it: so many seconds from now. */
const clockTime = (cloud: { clock: { now(): Date } }, seconds: number): string =>
  new Date(cloud.clock.now().getTime() + seconds * 1000).toISOString().slice(0, 19);

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based ("starts invoking the target immediately")
test("a rate without a start runs at once and then at its rate", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  await create({});
  await cloud.clock.advance(1);
  expect((await received(cloud, url)).map(({ Body }) => Body)).toEqual(["go"]);
  await cloud.clock.advance(3 * HOUR);
  expect(await received(cloud, url)).toHaveLength(4);
});

test("a time that cron names is one of the time zone", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  await create({
    ScheduleExpression: "cron(30 9 * * ? *)",
    ScheduleExpressionTimezone: "Asia/Tokyo",
    target: { Input: "<aws.scheduler.scheduled-time>" },
  });
  await cloud.clock.advance(24 * HOUR);
  const [message] = await received(cloud, url);
  expect(message?.Body).toMatch(/T00:30:00Z$/);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html
test("a schedule that runs once is over then, and gone where its owner wants that", async () => {
  const cloud = await testCloud();
  const { url, scheduler, create } = await withQueue(cloud);
  const ScheduleExpression = `at(${clockTime(cloud, HOUR)})`;
  await create({ Name: "kept", ScheduleExpression });
  await create({ Name: "gone", ScheduleExpression, ActionAfterCompletion: "DELETE" });
  await cloud.clock.advance(2 * HOUR);
  expect(await received(cloud, url)).toHaveLength(2);
  await expect(scheduler.send(new GetScheduleCommand({ Name: "kept" }))).resolves.toMatchObject({ State: "ENABLED" });
  await expect(scheduler.send(new GetScheduleCommand({ Name: "gone" }))).rejects.toThrow("does not exist");
});

// Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html (StartDate, EndDate)
test("nothing runs before the start or after the end", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  const from = (seconds: number) => new Date(cloud.clock.now().getTime() + seconds * 1000);
  await create({ StartDate: from(10 * HOUR), EndDate: from(12.5 * HOUR) });
  await cloud.clock.advance(9.9 * HOUR);
  expect(await received(cloud, url)).toEqual([]);
  await cloud.clock.advance(48 * HOUR);
  expect(await received(cloud, url)).toHaveLength(3);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
test("a flexible window puts a run somewhere behind its time", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  const at = clockTime(cloud, HOUR);
  await create({
    ScheduleExpression: `at(${at})`,
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 60 },
    target: { Input: "<aws.scheduler.scheduled-time>" },
  });
  await cloud.clock.advance(2.1 * HOUR);
  const [message] = await received(cloud, url);
  expect(message?.Body).toBe(`${at}Z`);
  const lateMs = Number(message?.Attributes?.["SentTimestamp"]) - Date.parse(`${at}Z`);
  expect(lateMs).toBeGreaterThan(0);
  expect(lateMs).toBeLessThan(60 * 60 * 1000);
});

test("a schedule that is off does not run, and runs again once it is on", async () => {
  const cloud = await testCloud();
  const { url, role, scheduler, create } = await withQueue(cloud);
  await create({ State: "DISABLED" });
  await cloud.clock.advance(5 * HOUR);
  expect(await received(cloud, url)).toEqual([]);
  await scheduler.send(
    new UpdateScheduleCommand({
      Name: "nightly",
      ScheduleExpression: "rate(1 hour)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: queueArn("jobs"), RoleArn: role, Input: "again" },
    }),
  );
  await cloud.clock.advance(0.5 * HOUR);
  expect((await received(cloud, url)).map(({ Body }) => Body)).toEqual(["again"]);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
test("a universal target is any operation, asked in JSON", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const role = await makeRole(cloud, {
    name: "maker",
    service: "scheduler.amazonaws.com",
    actions: ["sqs:CreateQueue"],
  });
  await create({
    target: {
      Arn: "arn:aws:scheduler:::aws-sdk:sqs:createQueue",
      RoleArn: role,
      Input: JSON.stringify({ QueueName: "made", Attributes: { DelaySeconds: "5" } }),
    },
  });
  await cloud.clock.advance(1);
  const found = await cloud.client(SQSClient).send(new GetQueueUrlCommand({ QueueName: "made" }));
  expect(found.QueueUrl).toMatch(/\/made$/);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html (Input)
test("a target whose owner wrote no input gets the usual notification", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  const { ScheduleArn } = await create({ target: { Input: undefined } });
  await cloud.clock.advance(1);
  const [message] = await received(cloud, url);
  expect(JSON.parse(message?.Body ?? "")).toMatchObject({
    source: "aws.scheduler",
    "detail-type": "Scheduled Event",
    resources: [ScheduleArn],
    detail: "{}",
  });
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
test("an input names the run that it is for", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  const Input = "<aws.scheduler.schedule-arn> <aws.scheduler.attempt-number> <aws.scheduler.unknown>";
  const { ScheduleArn } = await create({ target: { Input } });
  await cloud.clock.advance(1);
  const [message] = await received(cloud, url);
  expect(message?.Body).toBe(`${ScheduleArn} 1 <aws.scheduler.unknown>`);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
test("a run that failed for good lies in the dead-letter queue, with what it asked and why it failed", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const dead = await makeQueue(cloud, "dead");
  const { ScheduleArn } = await create({
    ScheduleExpression: `at(${clockTime(cloud, 60)})`,
    target: {
      Arn: queueArn("missing"),
      RetryPolicy: { MaximumRetryAttempts: 2 },
      DeadLetterConfig: { Arn: queueArn("dead") },
    },
  });
  await cloud.clock.advance(HOUR);
  const [message] = await received(cloud, dead);
  expect(JSON.parse(message?.Body ?? "")).toEqual({
    MessageBody: "go",
    QueueUrl: `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/missing`,
  });
  const said = Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]);
  expect(Object.fromEntries(said)).toMatchObject({
    ERROR_CODE: "QueueDoesNotExist",
    EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: "2",
    SCHEDULE_ARN: ScheduleArn,
    TARGET_ARN: queueArn("missing"),
  });
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html (IS_PAYLOAD_TRUNCATED)
test("of a long run the dead-letter queue has the beginning, in whole characters", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const dead = await makeQueue(cloud, "dead");
  await create({
    ScheduleExpression: `at(${clockTime(cloud, 60)})`,
    target: {
      Arn: queueArn("missing"),
      Input: `x${"é".repeat(150_000)}`,
      RetryPolicy: { MaximumRetryAttempts: 0 },
      DeadLetterConfig: { Arn: queueArn("dead") },
    },
  });
  await cloud.clock.advance(HOUR);
  const [message] = await received(cloud, dead);
  expect(message?.MessageAttributes?.["IS_PAYLOAD_TRUNCATED"]?.StringValue).toBe("true");
  expect(message?.Body).toMatch(/^\{"MessageBody":"xé+$/);
  expect(262_144 - Buffer.byteLength(message?.Body ?? "")).toBeLessThan(2);
});

test("a target that comes to be while it is tried again is called", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  await create({ ScheduleExpression: `at(${clockTime(cloud, 60)})`, target: { Arn: queueArn("late") } });
  await cloud.clock.advance(120);
  const { QueueUrl = "" } = await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "late" }));
  await cloud.clock.advance(HOUR);
  expect((await received(cloud, QueueUrl)).map(({ Body }) => Body)).toEqual(["go"]);
});

test("a run has the rights of its role and no others", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  await create({
    ScheduleExpression: `at(${clockTime(cloud, 60)})`,
    target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
  });
  await cloud.client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName: "runner", PolicyName: "work" }));
  await cloud.clock.advance(HOUR);
  expect(await received(cloud, url)).toEqual([]);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
test("a role is taken on for the group that the schedule is in", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  const role = await makeRole(cloud, {
    name: "bound",
    service: "scheduler.amazonaws.com",
    actions: ["sqs:SendMessage"],
    condition: { StringEquals: { "aws:SourceArn": GROUP_ARN, "aws:SourceAccount": ACCOUNT } },
  });
  await create({ target: { RoleArn: role } });
  await cloud.clock.advance(1);
  expect(await received(cloud, url)).toHaveLength(1);
});

test("the scheduled time is the time that the expression names, to the second", async () => {
  const cloud = await testCloud();
  const { url, create } = await withQueue(cloud);
  await create({ target: { Input: "<aws.scheduler.scheduled-time>" } });
  const before = cloud.clock.now();
  await cloud.clock.advance(1);
  const [message] = await received(cloud, url);
  expect(Math.abs(Date.parse(message?.Body ?? "") - Date.parse(secondsOf(before)))).toBeLessThanOrEqual(5000);
});

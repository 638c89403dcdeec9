import { CreateUserCommand, IAMClient, CreateAccessKeyCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  paginateListSchedules,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { expect, test } from "vitest";
import { ACCOUNT, makeRole, queueArn, received, withQueue } from "../../../test/schedules.ts";
import { testCloud } from "../../../test/test-cloud.ts";

test("a schedule is read back as it was made, with what is usual where nothing was said", async () => {
  const cloud = await testCloud();
  const { scheduler, role, create } = await withQueue(cloud);
  const { ScheduleArn } = await create({ Description: "every hour" });
  expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/default/nightly`);
  const {
    $metadata: _metadata,
    CreationDate,
    LastModificationDate,
    ...found
  } = await scheduler.send(new GetScheduleCommand({ Name: "nightly" }));
  // Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html, API_RetryPolicy.html
  expect(found).toEqual({
    Arn: ScheduleArn,
    Name: "nightly",
    GroupName: "default",
    State: "ENABLED",
    Description: "every hour",
    ScheduleExpression: "rate(1 hour)",
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "NONE",
    Target: {
      Arn: queueArn("jobs"),
      RoleArn: role,
      Input: "go",
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
  });
  expect(CreationDate).toEqual(LastModificationDate);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
test("an update forgets what it does not say", async () => {
  const cloud = await testCloud();
  const { scheduler, role, create } = await withQueue(cloud);
  await create({ Description: "every hour", ScheduleExpressionTimezone: "Asia/Tokyo" });
  await scheduler.send(
    new UpdateScheduleCommand({
      Name: "nightly",
      ScheduleExpression: "rate(2 hours)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: queueArn("jobs"), RoleArn: role },
    }),
  );
  const found = await scheduler.send(new GetScheduleCommand({ Name: "nightly" }));
  expect(found.Description).toBeUndefined();
  expect(found.Target?.Input).toBeUndefined();
  expect(found.ScheduleExpressionTimezone).toBe("UTC");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/scheduler/test_scheduler.snapshot.json (recorded)
test.each([
  "cron(0 1 * * * *)",
  "cron(7 20 * * NOT *)",
  "cron(INVALID)",
  "cron(71 8 1 * ? *)",
  "cron()",
  "rate(10 seconds)",
  "rate()",
  "rate(10)",
  "rate(10 minutess)",
  "rate(-10 minutes)",
  "rate( 10 minutes )",
  " rate(10 minutes)",
  "at(2021-12-31T23:59:59Z)",
  "at(2021-12-31)",
])("%j is no schedule expression", async (ScheduleExpression) => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  await expect(create({ ScheduleExpression })).rejects.toMatchObject({
    name: "ValidationException",
    message: `Invalid Schedule Expression ${ScheduleExpression}.`,
  });
});

// Source: same file
test.each([
  "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
  "cron(1-31/30 1-1 ? * 1,7 *)",
  "cron(*/15 * * * ? *)",
  "cron(0-59/10 0-23/2 ? * * *)",
  "at(2022-12-31T23:59:59)",
  // Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based (units)
  "rate(1 minutes)",
])("%j is a schedule expression", async (ScheduleExpression) => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  await expect(create({ ScheduleExpression })).resolves.toMatchObject({ ScheduleArn: expect.any(String) });
});

// Source: https://github.com/getmoto/moto/blob/master/tests/test_scheduler/test_scheduler.py
test("a start may lie five minutes back and no more", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const ago = (seconds: number) => new Date(cloud.clock.now().getTime() - seconds * 1000);
  await expect(create({ StartDate: ago(360) })).rejects.toThrow(
    "The StartDate you specify cannot be earlier than 5 minutes ago.",
  );
  await create({ StartDate: ago(240) });
});

// Source: https://github.com/aws/aws-sdk-js-v3/issues/6494
test("a role has to trust the service", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const role = await makeRole(cloud, { name: "other", service: "lambda.amazonaws.com", actions: [] });
  const words = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";
  await expect(create({ target: { RoleArn: role } })).rejects.toThrow(words);
  await expect(create({ target: { RoleArn: `arn:aws:iam::${ACCOUNT}:role/nobody` } })).rejects.toThrow(words);
});

test.each([
  // Source: https://github.com/hashicorp/terraform-provider-aws/issues/29339 (the words)
  ["arn:aws:scheduler:::aws-sdk:nothing:doIt", {}, "nothing is not a supported service for a target."],
  // Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html#unsupported-api-actions
  ["arn:aws:scheduler:::aws-sdk:sqs:listQueues", {}, "listQueues"],
  ["arn:aws:scheduler:::aws-sdk:sqs:sendMessage", { Input: '{"Nonsense":1}' }, "Nonsense"],
  ["arn:aws:scheduler:::aws-sdk:sqs:sendMessage", { Input: "go" }, "JSON"],
  // Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_SqsParameters.html
  [queueArn("jobs.fifo"), {}, "SqsParameters"],
  [queueArn("jobs"), { KinesisParameters: { PartitionKey: "k" } }, "KinesisParameters"],
  [queueArn("jobs"), { EventBridgePutRawEventsParameters: {} }, "EventBridgePutRawEventsParameters"],
])("the target %s %j is refused", async (Arn, more, words) => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  await expect(create({ target: { Arn, ...more } })).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(words),
  });
});

test("a target whose service is not built is refused, not kept", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const Arn = `arn:aws:codebuild:us-east-1:${ACCOUNT}:project/site`;
  await expect(create({ target: { Arn } })).rejects.toMatchObject({ name: "NotImplemented" });
});

test("names are taken once in a group, and a call that is made again makes nothing new", async () => {
  const cloud = await testCloud();
  const { scheduler, create } = await withQueue(cloud);
  const first = await create({ ClientToken: "one" });
  await expect(create({ ClientToken: "one" })).resolves.toMatchObject({ ScheduleArn: first.ScheduleArn });
  await expect(create({ ClientToken: "two" })).rejects.toMatchObject({
    name: "ConflictException",
    message: "Schedule nightly already exists.",
  });
  await scheduler.send(new CreateScheduleGroupCommand({ Name: "others" }));
  await create({ GroupName: "others" });
  await expect(create({ GroupName: "none" })).rejects.toThrow("Schedule group none does not exist.");
});

test("what is deleted runs no more", async () => {
  const cloud = await testCloud();
  const { url, scheduler, create } = await withQueue(cloud);
  await create({ ScheduleExpression: "cron(0 * * * ? *)" });
  await scheduler.send(new DeleteScheduleCommand({ Name: "nightly" }));
  await expect(scheduler.send(new DeleteScheduleCommand({ Name: "nightly" }))).rejects.toThrow(
    "Schedule nightly does not exist.",
  );
  await cloud.clock.advance(7200);
  expect(await received(cloud, url)).toEqual([]);
});

test("schedules are listed page by page, by group, beginning and state", async () => {
  const cloud = await testCloud();
  const { scheduler, create } = await withQueue(cloud);
  await scheduler.send(new CreateScheduleGroupCommand({ Name: "others" }));
  for (const Name of ["a-1", "a-2", "b-1"]) {
    await create({ Name, State: "DISABLED" });
    await create({ Name, GroupName: "others" });
  }
  const names = async (asked: object) => {
    const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand(asked));
    return Schedules.map(({ GroupName, Name }) => `${GroupName}/${Name}`);
  };
  expect(await names({})).toHaveLength(6);
  expect(await names({ GroupName: "others", NamePrefix: "a" })).toEqual(["others/a-1", "others/a-2"]);
  expect(await names({ NamePrefix: "b" })).toEqual(["default/b-1", "others/b-1"]);
  expect(await names({ State: "DISABLED" })).toEqual(["default/a-1", "default/a-2", "default/b-1"]);
  const paged: (string | undefined)[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client: scheduler, pageSize: 1 }, {})) {
    paged.push(...Schedules.map(({ Arn }) => Arn));
  }
  expect(new Set(paged).size).toBe(6);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
test("an input that is encrypted with a key of one's own can be read, and run, while the key can be used", async () => {
  const cloud = await testCloud();
  const { url, scheduler, create } = await withQueue(cloud);
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const role = await makeRole(cloud, {
    name: "opener",
    service: "scheduler.amazonaws.com",
    actions: ["sqs:SendMessage", "kms:Decrypt"],
  });
  await create({ KmsKeyArn: KeyMetadata?.Arn, target: { RoleArn: role } });
  await create({ Name: "without", KmsKeyArn: KeyMetadata?.Arn, target: { RetryPolicy: { MaximumRetryAttempts: 0 } } });
  await cloud.clock.advance(1);
  expect((await received(cloud, url)).map(({ Body }) => Body)).toEqual(["go"]);
  await expect(scheduler.send(new GetScheduleCommand({ Name: "nightly" }))).resolves.toMatchObject({
    Target: { Input: "go" },
  });
  await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
  await expect(scheduler.send(new GetScheduleCommand({ Name: "nightly" }))).rejects.toThrow("disabled");
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
test("whoever makes a schedule has to be allowed to pass its role", async () => {
  const cloud = await testCloud();
  const { role } = await withQueue(cloud);
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const grant = { Effect: "Allow", Action: "scheduler:*", Resource: "*" };
  await iam.send(
    new PutUserPolicyCommand({
      UserName: "ann",
      PolicyName: "schedules",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [grant] }),
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const { CreateScheduleCommand } = await import("@aws-sdk/client-scheduler");
  const made = cloud.client(SchedulerClient, AccessKey).send(
    new CreateScheduleCommand({
      Name: "nightly",
      ScheduleExpression: "rate(1 hour)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: queueArn("jobs"), RoleArn: role },
    }),
  );
  await expect(made).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("iam:PassRole"),
  });
});

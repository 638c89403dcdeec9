import {
  CreateScheduledQueryCommand,
  DeleteScheduledQueryCommand,
  GetScheduledQueryCommand,
  GetScheduledQueryHistoryCommand,
  ListScheduledQueriesCommand,
  ListTagsForResourceCommand,
  UpdateScheduledQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyText } from "../../../../test/identities.ts";
import { logWorld } from "../../../../test/logs.ts";

const ROLE = "arn:aws:iam::000000000000:role/asker";
const HOUR_SECONDS = 3600;

const SETTINGS = {
  queryLanguage: "CWLI" as const,
  queryString: "stats count(*) as n by level | sort level asc",
  logGroupIdentifiers: ["app"],
  scheduleExpression: "cron(0 * * * ? *)",
  startTimeOffset: HOUR_SECONDS,
  executionRoleArn: ROLE,
};

const DESTINATION = { s3Configuration: { destinationIdentifier: "s3://findings/logs/", roleArn: ROLE } };

/** A role that may do these things, a bucket, and a quarter past an hour. */
async function scheduled(actions: readonly string[]) {
  const world = await logWorld();
  const { cloud, logs, now } = world;
  await cloud.cloud.clock.freeze();
  await cloud.clock.advance(HOUR_SECONDS - ((now() / 1000) % HOUR_SECONDS) + 900);
  const [iam, s3] = [cloud.client(IAMClient), cloud.client(S3Client)];
  const trust = { Effect: "Allow", Principal: { Service: "logs.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = policyText({ Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName: "asker", AssumeRolePolicyDocument }));
  const PolicyDocument = policyText({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
  await iam.send(new PutRolePolicyCommand({ RoleName: "asker", PolicyName: "p", PolicyDocument }));
  await s3.send(new CreateBucketCommand({ Bucket: "findings" }));
  const create = (more: object = {}) =>
    logs.send(new CreateScheduledQueryCommand({ name: "hourly", ...SETTINGS, ...more }));
  const historyPage = (more: object = {}) => {
    const times = { startTime: Math.floor(now() / 1000) - 86_400, endTime: Math.floor(now() / 1000) };
    return logs.send(new GetScheduledQueryHistoryCommand({ identifier: "hourly", ...times, ...more }));
  };
  const history = async (more: object = {}) => (await historyPage(more)).triggerHistory ?? [];
  const objects = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "findings" }));
    const bodies: unknown[] = [];
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "findings", Key }));
      bodies.push(JSON.parse((await Body?.transformToString()) ?? ""));
    }
    return { keys: Contents.map(({ Key = "" }) => Key), bodies };
  };
  return { ...world, create, history, historyPage, objects };
}

const ALL = ["logs:StartQuery", "logs:GetQueryResults", "s3:PutObject"];

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateScheduledQuery.html
test("a query is asked when it is due, of as far back as it says, and what it finds is put into a bucket", async () => {
  const { put, cloud, create, history, historyPage, objects } = await scheduled(ALL);
  await create({ destinationConfiguration: DESTINATION });
  await put(['{"level":"old"}'], 20 * 60_000);
  await put(['{"level":"warn"}', '{"level":"error"}', '{"level":"warn"}']);
  expect(await history()).toEqual([]);
  await cloud.clock.advance(HOUR_SECONDS);
  expect(await history()).toMatchObject([
    {
      executionStatus: "Complete",
      destinations: [{ destinationType: "S3", destinationIdentifier: "s3://findings/logs/", status: "COMPLETE" }],
    },
  ]);
  const { keys, bodies } = await objects();
  expect(keys).toEqual([expect.stringMatching(/^logs\/hourly\/\d{4}\/\d\d\/\d\d\/[\da-f-]{36}\.json$/)]);
  expect(bodies).toMatchObject([
    {
      results: [
        { level: "error", n: "1" },
        { level: "warn", n: "2" },
      ],
    },
  ]);
  await cloud.clock.advance(2 * HOUR_SECONDS);
  expect(await history()).toHaveLength(3);
  const { nextToken } = await historyPage({ maxResults: 2 });
  expect((await historyPage({ maxResults: 2, nextToken })).triggerHistory).toHaveLength(1);
  // a page that is just full is the last one
  expect(await historyPage({ maxResults: 3 })).not.toHaveProperty("nextToken");
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateScheduledQuery.html (endTimeOffset)
test("what a query looks at may end before it is asked", async () => {
  const { put, cloud, create, objects } = await scheduled(ALL);
  await create({ destinationConfiguration: DESTINATION, startTimeOffset: 7200, endTimeOffset: HOUR_SECONDS });
  await put(['{"level":"old"}'], 20 * 60_000);
  await put(['{"level":"new"}']);
  await cloud.clock.advance(HOUR_SECONDS);
  expect((await objects()).bodies).toMatchObject([{ results: [{ level: "old", n: "1" }] }]);
});

test("a role that may not ask ends a run, and one that may not write its delivery", async () => {
  const denied = await scheduled(["logs:GetQueryResults"]);
  await denied.create();
  await denied.cloud.clock.advance(HOUR_SECONDS);
  expect(await denied.history()).toMatchObject([
    { executionStatus: "Failed", errorMessage: expect.stringContaining("not authorized to perform: logs:StartQuery") },
  ]);
  const reader = await scheduled(["logs:*"]);
  await reader.create({ destinationConfiguration: DESTINATION });
  await reader.cloud.clock.advance(HOUR_SECONDS);
  expect(await reader.history()).toMatchObject([
    { executionStatus: "Complete", destinations: [{ status: "CLIENT_ERROR" }] },
  ]);
});

test("a query that is disabled, over or gone is not asked", async () => {
  const { logs, cloud, create, history, now } = await scheduled(ALL);
  const endTime = Math.floor(now() / 1000) + 2 * HOUR_SECONDS;
  await create({ scheduleEndTime: endTime });
  await cloud.clock.advance(4 * HOUR_SECONDS);
  expect(await history()).toHaveLength(2);
  const identifier = "hourly";
  await logs.send(new UpdateScheduledQueryCommand({ identifier, ...SETTINGS, state: "DISABLED" }));
  await cloud.clock.advance(HOUR_SECONDS);
  expect(await history()).toHaveLength(2);
  await logs.send(new UpdateScheduledQueryCommand({ identifier, ...SETTINGS, state: "ENABLED" }));
  await cloud.clock.advance(HOUR_SECONDS);
  expect(await history()).toHaveLength(3);
  expect(await history({ executionStatuses: ["Failed"] })).toEqual([]);
  await logs.send(new DeleteScheduledQueryCommand({ identifier }));
  await cloud.clock.advance(HOUR_SECONDS);
  await expect(history()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("queries are read back by name and by ARN, and listed by their state", async () => {
  const { logs, create } = await scheduled(ALL);
  const { scheduledQueryArn: identifier, state } = await create({ tags: { team: "blue" }, description: "d" });
  expect(state).toBe("ENABLED");
  await create({ name: "off", state: "DISABLED", timezone: "Asia/Tokyo" });
  for (const each of [identifier, "hourly"]) {
    expect(await logs.send(new GetScheduledQueryCommand({ identifier: each }))).toMatchObject({
      ...SETTINGS,
      name: "hourly",
      description: "d",
      scheduledQueryArn: identifier,
    });
  }
  const names = async (more: object) => {
    const { scheduledQueries = [] } = await logs.send(new ListScheduledQueriesCommand(more));
    return scheduledQueries.map(({ name }) => name);
  };
  expect(await names({})).toEqual(["hourly", "off"]);
  expect(await names({ state: "DISABLED" })).toEqual(["off"]);
  expect(await names({ scheduleType: "CUSTOMER_MANAGED" })).toEqual(["hourly", "off"]);
  expect(await names({ scheduleType: "AWS_MANAGED" })).toEqual([]);
  const tags = await logs.send(new ListTagsForResourceCommand({ resourceArn: identifier }));
  expect(tags.tags).toEqual({ team: "blue" });
  await expect(create()).rejects.toMatchObject({ name: "ConflictException" });
});

test.each([
  [{ scheduleExpression: "rate(1 hour)" }, "ValidationException"],
  [{ scheduleExpression: "cron(every hour)" }, "ValidationException"],
  [{ timezone: "Mars/Base" }, "ValidationException"],
  [{ scheduleStartTime: 20, scheduleEndTime: 10 }, "ValidationException"],
  [{ queryString: "stats nothing(" }, "MalformedQueryException"],
  [{ queryLanguage: "SQL" }, "InvalidParameterException"],
  [{ startTimeOffset: 60, endTimeOffset: 60 }, "ValidationException"],
  [
    { destinationConfiguration: { ...DESTINATION, lookupTableConfiguration: { tableName: "t", roleArn: ROLE } } },
    "NotImplemented",
  ],
  [
    { destinationConfiguration: { s3Configuration: { destinationIdentifier: "findings", roleArn: ROLE } } },
    "ValidationException",
  ],
])("%j is refused", async (more, name) => {
  const { create } = await scheduled(ALL);
  await expect(create(more)).rejects.toMatchObject({ name });
});

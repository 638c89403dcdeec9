import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeIndexPoliciesCommand,
  DescribeMetricFiltersCommand,
  DescribeResourcePoliciesCommand,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutLogGroupDeletionProtectionCommand,
  PutIndexPolicyCommand,
  PutMetricFilterCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { policyText } from "../../../test/identities.ts";
import { APP, logWorld } from "../../../test/logs.ts";

const DAY_SECONDS = 86_400;
const ARN = "arn:aws:logs:us-east-1:000000000000:log-group:app";

// Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
test("a group is read back with both forms of its ARN", async () => {
  const { logs, now, put } = await logWorld();
  await put(["four"]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "a" }));
  expect(logGroups).toEqual([
    {
      logGroupName: "app",
      arn: `${ARN}:*`,
      logGroupArn: ARN,
      creationTime: expect.toSatisfy((ms: number) => Math.abs(ms - now()) < 10_000),
      logGroupClass: "STANDARD",
      metricFilterCount: 0,
      storedBytes: 30,
      deletionProtectionEnabled: false,
    },
  ]);
});

test.each([
  [{ logGroupName: "app" }, "ResourceAlreadyExistsException", /^The specified log group already exists$/],
  [{ logGroupName: "aws/mine" }, "InvalidParameterException", /reserved/],
  [{ logGroupName: "a b" }, "InvalidParameterException", /Member must satisfy regular expression pattern/],
  [
    { logGroupName: "x".repeat(513) },
    "InvalidParameterException",
    /^Invalid LogGroup or LogStream, both must have length less than or equal to 512\.$/,
  ],
])("%j is no new group: %s", async (input, name, message) => {
  const { logs } = await logWorld();
  await expect(logs.send(new CreateLogGroupCommand(input))).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
});

test("groups are found by prefix, by pattern and by class, page by page", async () => {
  const { logs } = await logWorld();
  for (const name of ["/aws/lambda/a", "/aws/lambda/b", "/aws/ecs/a"]) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
  }
  await logs.send(new CreateLogGroupCommand({ logGroupName: "rare", logGroupClass: "INFREQUENT_ACCESS" }));
  const names = async (input: DescribeLogGroupsCommand["input"]) => {
    const found: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const answer = await logs.send(new DescribeLogGroupsCommand({ ...input, limit: 1, nextToken }));
      found.push(...(answer.logGroups ?? []).map(({ logGroupName }) => logGroupName));
      ({ nextToken } = answer);
    } while (nextToken !== undefined);
    return found;
  };
  expect(await names({})).toEqual(["/aws/ecs/a", "/aws/lambda/a", "/aws/lambda/b", "app", "rare"]);
  expect(await names({ logGroupNamePrefix: "/aws/lambda" })).toEqual(["/aws/lambda/a", "/aws/lambda/b"]);
  expect(await names({ logGroupNamePattern: "s/a" })).toEqual(["/aws/ecs/a"]);
  expect(await names({ logGroupClass: "INFREQUENT_ACCESS" })).toEqual(["rare"]);
  const { logGroups } = await logs.send(new ListLogGroupsCommand({ logGroupNamePattern: "^rare|^app" }));
  expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(["app", "rare"]);
  const both = new DescribeLogGroupsCommand({ logGroupNamePrefix: "a", logGroupNamePattern: "a" });
  await expect(logs.send(both)).rejects.toMatchObject({
    message: "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
  });
});

test("streams are listed by name or by their last event", async () => {
  const { logs, now, stream } = await logWorld();
  for (const name of ["b", "c"]) await stream("app", name);
  const put = (logStreamName: string, agoMs: number) =>
    logs.send(
      new PutLogEventsCommand({
        ...APP,
        logStreamName,
        logEvents: [{ timestamp: now() - agoMs, message: "x" }],
      }),
    );
  await put("c", 5000);
  await put("b", 1000);
  await put("c", 3000);
  const list = async (input: Partial<DescribeLogStreamsCommand["input"]>) => {
    const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: "app", ...input }));
    return logStreams.map(({ logStreamName }) => logStreamName);
  };
  expect(await list({})).toEqual(["b", "c", "main"]);
  expect(await list({ descending: true, limit: 2 })).toEqual(["main", "c"]);
  expect(await list({ orderBy: "LastEventTime", descending: true })).toEqual(["b", "c", "main"]);
  expect(await list({ logStreamNamePrefix: "m" })).toEqual(["main"]);
  expect(await list({ logGroupName: undefined, logGroupIdentifier: ARN })).toHaveLength(3);
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
  await expect(list({ logGroupIdentifier: ARN })).rejects.toMatchObject({ name: "ValidationException" });
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_logs/test_logs.py (verified)
  await expect(list({ logGroupName: undefined, logGroupIdentifier: `${ARN}:*` })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: `1 validation error detected: Value '${ARN}:*' at 'logGroupIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*`,
  });
});

test("a stream that is made again under its name has none of the old events, in the group neither", async () => {
  const { logs, put, read, stream, cloud } = await logWorld();
  await put(["old"]);
  await logs.send(new DeleteLogStreamCommand(APP));
  await stream("app", "main");
  expect(await read("app", "main")).toEqual([]);
  await put(["new"]);
  await cloud.clock.advance(1);
  expect(await read("app", "main")).toEqual(["new"]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups).toMatchObject([{ storedBytes: 29 }]);
});

test("events are gone when their group has kept them long enough, and the group grows smaller", async () => {
  const { logs, put, read, cloud } = await logWorld();
  await put(["old"]);
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: "app", retentionInDays: 3 }));
  await cloud.clock.advance(2 * DAY_SECONDS);
  await put(["new"]);
  expect(await read("app", "main")).toEqual(["old", "new"]);
  await cloud.clock.advance(1.5 * DAY_SECONDS);
  expect(await read("app", "main")).toEqual(["new"]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups).toMatchObject([{ retentionInDays: 3, storedBytes: 29 }]);
});

test("only some numbers of days are a retention", async () => {
  const { logs } = await logWorld();
  const putting = logs.send(new PutRetentionPolicyCommand({ logGroupName: "app", retentionInDays: 8 }));
  await expect(putting).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("a protected group cannot be deleted", async () => {
  const { logs } = await logWorld();
  const protect = (deletionProtectionEnabled: boolean) =>
    logs.send(new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: "app", deletionProtectionEnabled }));
  await protect(true);
  const deleting = () => logs.send(new DeleteLogGroupCommand({ logGroupName: "app" }));
  await expect(deleting()).rejects.toMatchObject({ name: "ValidationException" });
  await protect(false);
  await deleting();
  await expect(deleting()).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "The specified log group does not exist.",
  });
});

test("tags are the same by the old operations and by the new", async () => {
  const { logs } = await logWorld();
  await logs.send(new TagLogGroupCommand({ logGroupName: "app", tags: { team: "a", stage: "b" } }));
  await logs.send(new TagResourceCommand({ resourceArn: ARN, tags: { team: "c" } }));
  const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn: ARN }));
  expect(tags).toEqual({ team: "c", stage: "b" });
  await logs.send(new UntagResourceCommand({ resourceArn: ARN, tagKeys: ["stage"] }));
  expect(await logs.send(new ListTagsLogGroupCommand({ logGroupName: "app" }))).toMatchObject({ tags: { team: "c" } });
  await logs.send(new UntagLogGroupCommand({ logGroupName: "app", tags: ["team", "none"] }));
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn: ARN }))).tags).toEqual({});
  const reserved = new TagResourceCommand({ resourceArn: ARN, tags: { "aws:x": "y" } });
  await expect(logs.send(reserved)).rejects.toMatchObject({ name: "InvalidParameterException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
test("what a group cannot do by its class is refused", async () => {
  const { logs, now } = await logWorld();
  for (const logGroupClass of ["INFREQUENT_ACCESS", "DELIVERY"] as const) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: logGroupClass, logGroupClass }));
  }
  const filter = { filterName: "f", filterPattern: "x", logGroupName: "INFREQUENT_ACCESS" };
  const metricTransformations = [{ metricName: "m", metricNamespace: "n", metricValue: "1" }];
  await expect(logs.send(new PutMetricFilterCommand({ ...filter, metricTransformations }))).rejects.toMatchObject({
    name: "InvalidOperationException",
  });
  const policyDocument = JSON.stringify({ Fields: ["a"] });
  const index = new PutIndexPolicyCommand({ logGroupIdentifier: "INFREQUENT_ACCESS", policyDocument });
  await expect(logs.send(index)).rejects.toMatchObject({ name: "InvalidParameterException" });
  const retain = new PutRetentionPolicyCommand({ logGroupName: "DELIVERY", retentionInDays: 30 });
  await expect(logs.send(retain)).rejects.toMatchObject({ name: "InvalidParameterException" });
  const endTime = Math.floor(now() / 1000);
  const query = new StartQueryCommand({ logGroupName: "DELIVERY", startTime: 0, endTime, queryString: "limit 1" });
  await expect(logs.send(query)).rejects.toMatchObject({ name: "InvalidParameterException" });
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "DELIVERY" }));
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/logs/group_test.go (logGroupClassDELIVERY1)
  expect(logGroups).toMatchObject([{ logGroupClass: "DELIVERY", retentionInDays: 2 }]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html (logGroupNamePattern)
test("less is told of groups that are looked for by a part of their names", async () => {
  const { logs, put } = await logWorld();
  await put(["four"]);
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: "app", retentionInDays: 1 }));
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: "pp" }));
  expect(logGroups.map((group) => Object.keys(group).toSorted())).toEqual([
    ["arn", "creationTime", "logGroupArn", "logGroupClass", "logGroupName", "metricFilterCount"],
  ]);
});

test("what was said of a group goes with it, and another of its name begins without", async () => {
  const { logs } = await logWorld();
  const Statement = [
    { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "logs:PutLogEvents", Resource: `${ARN}:*` },
  ];
  await logs.send(new PutResourcePolicyCommand({ resourceArn: ARN, policyDocument: policyText({ Statement }) }));
  await logs.send(new PutIndexPolicyCommand({ logGroupIdentifier: ARN, policyDocument: '{"Fields":["a"]}' }));
  await logs.send(
    new PutMetricFilterCommand({
      logGroupName: "app",
      filterName: "counted",
      filterPattern: "x",
      metricTransformations: [{ metricName: "m", metricNamespace: "n", metricValue: "1" }],
    }),
  );
  await logs.send(new DeleteLogGroupCommand({ logGroupName: "app" }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: "app" }));
  const filtersOf = async (of: DescribeMetricFiltersCommand["input"]) =>
    (await logs.send(new DescribeMetricFiltersCommand(of))).metricFilters;
  expect(await filtersOf({})).toEqual([]);
  expect(await filtersOf({ metricName: "m", metricNamespace: "n" })).toEqual([]);
  expect(await filtersOf({ logGroupName: "app" })).toEqual([]);
  const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand({ resourceArn: ARN }));
  expect(resourcePolicies).toEqual([]);
  const { indexPolicies } = await logs.send(new DescribeIndexPoliciesCommand({ logGroupIdentifiers: [ARN] }));
  expect(indexPolicies).toEqual([]);
});

test("an ARN of another region names no group of this one, and nobody changes groups of other accounts", async () => {
  const { logs, cloud } = await logWorld();
  const protect = (account: string, region: string) =>
    logs.send(
      new PutLogGroupDeletionProtectionCommand({
        logGroupIdentifier: `arn:aws:logs:${region}:${account}:log-group:app`,
        deletionProtectionEnabled: true,
      }),
    );
  await expect(protect("000000000000", "eu-west-1")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const others = cloud.client(CloudWatchLogsClient, cloud.rootOf("111111111111"));
  await others.send(new CreateLogGroupCommand({ logGroupName: "app", logGroupClass: "INFREQUENT_ACCESS" }));
  const Statement = [{ Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "logs:*", Resource: "*" }];
  await others.send(new PutResourcePolicyCommand({ policyName: "open", policyDocument: policyText({ Statement }) }));
  await expect(protect("111111111111", "us-east-1")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups).toMatchObject([{ logGroupClass: "STANDARD", deletionProtectionEnabled: false }]);
});

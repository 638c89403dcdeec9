import {
  CancelExportTaskCommand,
  CloudWatchLogsClient,
  DeleteAccountPolicyCommand,
  DeleteQueryDefinitionCommand,
  DeleteResourcePolicyCommand,
  DeleteRetentionPolicyCommand,
  DescribeAccountPoliciesCommand,
  DescribeLogGroupsCommand,
  DescribeQueriesCommand,
  DescribeQueryDefinitionsCommand,
  DescribeResourcePoliciesCommand,
  GetLogGroupFieldsCommand,
  ListLogGroupsForQueryCommand,
  PutAccountPolicyCommand,
  PutQueryDefinitionCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { table } from "../../kernel/table.ts";
import { lastingStore } from "../../../test/lasting-store.ts";
import { logWorld } from "../../../test/logs.ts";

const GONE = { name: "ResourceNotFoundException" };

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
test("a saved query is found by the start of its name, replaced by its id and deleted", async () => {
  const { logs } = await logWorld();
  const about = { name: "errors/all", queryString: "fields @message", logGroupNames: ["app"] };
  const { queryDefinitionId } = await logs.send(new PutQueryDefinitionCommand(about));
  const changed = { ...about, queryDefinitionId, queryString: "fields @timestamp" };
  expect(await logs.send(new PutQueryDefinitionCommand(changed))).toMatchObject({ queryDefinitionId });
  const found = async (queryDefinitionNamePrefix: string) =>
    (await logs.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix }))).queryDefinitions;
  expect(await found("errors/")).toMatchObject([changed]);
  expect(await found("warnings/")).toEqual([]);
  const drop = new DeleteQueryDefinitionCommand({ queryDefinitionId });
  expect(await logs.send(drop)).toMatchObject({ success: true });
  await expect(logs.send(drop)).rejects.toMatchObject(GONE);
});

test("a saved query takes along the token that it was made with, which then makes another", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const logs = cloud.client(CloudWatchLogsClient);
  const about = { name: "errors", queryString: "fields @message", clientToken: "one".padEnd(36, "-") };
  const put = async (more: { queryDefinitionId?: string; clientToken?: string } = {}) =>
    (await logs.send(new PutQueryDefinitionCommand({ ...about, ...more }))).queryDefinitionId ?? "";
  const queryDefinitionId = await put();
  expect(await put()).toBe(queryDefinitionId);
  expect(await put({ queryDefinitionId, clientToken: "two".padEnd(36, "-") })).toBe(queryDefinitionId);
  await logs.send(new DeleteQueryDefinitionCommand({ queryDefinitionId }));
  const other = await put();
  expect(other).not.toBe(queryDefinitionId);
  await logs.send(new DeleteQueryDefinitionCommand({ queryDefinitionId: other }));
  await cloud.close();
  const tokens = table<object>("cloudwatch-logs.query-definition-token", "region", () => []);
  await rewrite(async (tx) => expect(await tx.scan(tokens, { limit: 10 })).toEqual([]));
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeQueries.html
test("queries are listed by group and by state, and one that has ended cannot be stopped", async () => {
  const { logs } = await logWorld();
  const logGroupName = "app";
  const period = { startTime: 0, endTime: 9_999_999_999 };
  const start = new StartQueryCommand({ logGroupName, queryString: "fields @message", ...period });
  const { queryId } = await logs.send(start);
  const listed = async (status: "Complete" | "Failed") =>
    (await logs.send(new DescribeQueriesCommand({ logGroupName, status }))).queries;
  expect(await listed("Complete")).toMatchObject([{ queryId, logGroupName, queryLanguage: "CWLI" }]);
  expect(await listed("Failed")).toEqual([]);
  const groups = await logs.send(new ListLogGroupsForQueryCommand({ queryId }));
  expect(groups.logGroupIdentifiers).toEqual(["arn:aws:logs:us-east-1:000000000000:log-group:app"]);
  const stopped = logs.send(new StopQueryCommand({ queryId }));
  await expect(stopped).rejects.toMatchObject({ name: "InvalidParameterException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogGroupFields.html
test("the fields of a group are told with the share of events that have them", async () => {
  const { logs, put } = await logWorld();
  await put(['{"level":"info"}', "text"], 60_000);
  const { logGroupFields } = await logs.send(new GetLogGroupFieldsCommand({ logGroupName: "app" }));
  expect(logGroupFields).toContainEqual({ name: "@message", percent: 100 });
  expect(logGroupFields).toContainEqual({ name: "level", percent: 50 });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html
test("events of a group without a retention policy never expire", async () => {
  const { logs } = await logWorld();
  const group = { logGroupName: "app" };
  const days = async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.[0]?.retentionInDays;
  await logs.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 7 }));
  expect(await days()).toBe(7);
  await logs.send(new DeleteRetentionPolicyCommand(group));
  expect(await days()).toBeUndefined();
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteAccountPolicy.html
// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteResourcePolicy.html
test("the policies of an account and of its resources are listed until they are deleted", async () => {
  const { logs } = await logWorld();
  const own = { policyName: "index", policyType: "FIELD_INDEX_POLICY" } as const;
  await logs.send(new PutAccountPolicyCommand({ ...own, policyDocument: '{"Fields":["level"]}' }));
  const accounts = async () =>
    (await logs.send(new DescribeAccountPoliciesCommand({ policyType: own.policyType }))).accountPolicies;
  expect(await accounts()).toMatchObject([{ ...own, scope: "ALL", accountId: "000000000000" }]);
  await logs.send(new DeleteAccountPolicyCommand(own));
  expect(await accounts()).toEqual([]);
  const Statement = [
    { Effect: "Allow", Principal: { Service: "es.amazonaws.com" }, Action: "logs:PutLogEvents", Resource: "*" },
  ];
  const policyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await logs.send(new PutResourcePolicyCommand({ policyName: "search", policyDocument }));
  const resources = async () => (await logs.send(new DescribeResourcePoliciesCommand({}))).resourcePolicies;
  expect(await resources()).toMatchObject([{ policyName: "search", policyDocument }]);
  await logs.send(new DeleteResourcePolicyCommand({ policyName: "search" }));
  expect(await resources()).toEqual([]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CancelExportTask.html (Errors)
test("an export that there is not cannot be cancelled", async () => {
  const { logs } = await logWorld();
  await expect(logs.send(new CancelExportTaskCommand({ taskId: "none" }))).rejects.toMatchObject(GONE);
});

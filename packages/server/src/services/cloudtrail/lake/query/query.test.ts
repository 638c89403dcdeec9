import {
  CancelQueryCommand,
  CloudTrailClient,
  CreateEventDataStoreCommand,
  DeleteEventDataStoreCommand,
  DescribeQueryCommand,
  GetQueryResultsCommand,
  ListQueriesCommand,
  PutResourcePolicyCommand,
  StopEventDataStoreIngestionCommand,
} from "@aws-sdk/client-cloudtrail";
import { GetUserCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeUser } from "../../../../../test/identities.ts";
import { lakeCloud, USERS } from "../../../../../test/lake.ts";
import { HERE, lastingStore } from "../../../../../test/lasting-store.ts";
import { openQueries } from "./row.ts";

const ACCOUNT = "000000000000";
const DAY_SECONDS = 86_400;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (the form of results) */
test("what was called is in the store, and a query finds it", async () => {
  const lake = await lakeCloud();
  await lake.makeUsers("ann", "bob");
  const QueryId = await lake.start(
    "SELECT eventName, userIdentity.type, eventTime, errorCode FROM $EDS WHERE eventSource = 'iam.amazonaws.com' LIMIT 1",
  );
  const found = await lake.results(QueryId);
  expect(found).toMatchObject({
    QueryStatus: "FINISHED",
    QueryStatistics: { ResultsCount: 1, TotalResultsCount: 1 },
    QueryResultRows: [
      [
        { eventName: "CreateUser" },
        { type: "Root" },
        { eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000$/) },
        { errorCode: "" },
      ],
    ],
  });
  expect(await lake.ask(USERS)).toEqual([[{ name: "ann" }], [{ name: "bob" }]]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeQuery.html */
test("a query is described with what it went through", async () => {
  const lake = await lakeCloud();
  await lake.makeUsers("ann", "bob");
  const QueryId = await lake.start("SELECT eventID FROM $EDS WHERE eventName = 'CreateUser'");
  await lake.results(QueryId);
  expect(await lake.trails.send(new DescribeQueryCommand({ QueryId }))).toMatchObject({
    QueryId,
    QueryString: `SELECT eventID FROM ${lake.id} WHERE eventName = 'CreateUser'`,
    QueryStatus: "FINISHED",
    QueryStatistics: { EventsMatched: 2, ExecutionTimeInMillis: expect.any(Number), CreationTime: expect.any(Date) },
  });
  const { QueryStatistics } = await lake.trails.send(new DescribeQueryCommand({ QueryId }));
  expect(QueryStatistics?.EventsScanned).toBeGreaterThanOrEqual(2);
  expect(QueryStatistics?.BytesScanned).toBeGreaterThan(500);
  await expect(
    lake.trails.send(new DescribeQueryCommand({ QueryId: QueryId.replace(/./g, "0") })),
  ).rejects.toMatchObject({
    name: "QueryIdNotFoundException",
    message: "The query ID does not exist or does not map to a query.",
  });
  await expect(lake.trails.send(new DescribeQueryCommand({}))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("results come in pages", async () => {
  const lake = await lakeCloud();
  await lake.makeUsers("ann", "bob", "cat");
  const QueryId = await lake.start(USERS);
  await lake.settle();
  const pageOf = (NextToken?: string) =>
    lake.trails.send(new GetQueryResultsCommand({ QueryId, MaxQueryResults: 2, ...(NextToken && { NextToken }) }));
  const first = await pageOf();
  expect(first.QueryResultRows).toEqual([[{ name: "ann" }], [{ name: "bob" }]]);
  expect(first.QueryStatistics).toMatchObject({ ResultsCount: 2, TotalResultsCount: 3 });
  const second = await pageOf(first.NextToken);
  expect(second.QueryResultRows).toEqual([[{ name: "cat" }]]);
  expect(second.NextToken).toBeUndefined();
  await expect(pageOf("made-up")).rejects.toMatchObject({ name: "InvalidNextTokenException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListQueries.html */
test("queries of the last seven days are listed, the newest first", async () => {
  const lake = await lakeCloud();
  const list = (more: object = {}) => lake.trails.send(new ListQueriesCommand({ EventDataStore: lake.arn, ...more }));
  await lake.makeUsers("ann");
  const first = await lake.start("SELECT 1 FROM $EDS");
  await lake.clock.advance(60);
  const EndTime = lake.clock.now();
  await lake.clock.advance(60);
  const second = await lake.start("SELECT eventTime > 'x' FROM $EDS");
  await lake.settle();
  const idsOf = async (more: object = {}) => (await list(more)).Queries?.map(({ QueryId }) => QueryId);
  expect(await idsOf()).toEqual([second, first]);
  expect(await idsOf({ EndTime })).toEqual([first]);
  expect(await idsOf({ QueryStatus: "FAILED" })).toEqual([second]);
  expect(await list({ MaxResults: 1 })).toMatchObject({ NextToken: expect.any(String) });
  await expect(list({ StartTime: lake.clock.now(), EndTime })).rejects.toMatchObject({
    name: "InvalidDateRangeException",
  });
  await lake.clock.advance(7 * DAY_SECONDS);
  expect(await idsOf()).toEqual([]);
  await expect(lake.trails.send(new GetQueryResultsCommand({ QueryId: first }))).rejects.toMatchObject({
    name: "QueryIdNotFoundException",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html (Errors) */
test("a statement that says nothing is refused at once, and one that goes wrong fails", async () => {
  const lake = await lakeCloud();
  await lake.makeUsers("ann");
  await expect(lake.start("SELECT nme FROM $EDS")).rejects.toMatchObject({
    name: "InvalidQueryStatementException",
    message: "line 1:8: Column 'nme' cannot be resolved",
  });
  await expect(
    lake.start(`SELECT 1 FROM ${lake.id.replace(/./, "x").replace("x", "0").slice(0, -1)}f`),
  ).rejects.toMatchObject({
    name: "EventDataStoreNotFoundException",
  });
  const QueryId = await lake.start("SELECT eventName / 2 FROM $EDS");
  expect(await lake.results(QueryId)).toMatchObject({
    QueryStatus: "FAILED",
    ErrorMessage: "Cannot apply operator: varchar / bigint",
    QueryResultRows: [],
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CancelQuery.html */
test("queries that have not ended can be cancelled", async () => {
  const lake = await lakeCloud();
  const QueryId = await lake.start("SELECT 1 FROM $EDS");
  expect(await lake.trails.send(new CancelQueryCommand({ QueryId }))).toMatchObject({
    QueryId,
    QueryStatus: "CANCELLED",
  });
  expect(await lake.results(QueryId)).toMatchObject({ QueryStatus: "CANCELLED", QueryResultRows: [] });
  await expect(lake.trails.send(new CancelQueryCommand({ QueryId }))).rejects.toMatchObject({
    name: "InactiveQueryException",
    message:
      "The specified query cannot be canceled because it is in the FINISHED, FAILED, TIMED_OUT, or CANCELLED state.",
  });
});

/** A query of so few events ends before others can be started: that so many run is written where it is looked for. */
async function withRunning(count: number) {
  const { open, rewrite } = lastingStore();
  await rewrite(async (tx) => {
    for (let at = 0; at < count; at++) tx.put(openQueries, { ...HERE, id: `running-${at}` });
  });
  return lakeCloud({}, await open());
}

/** Source: https://docs.aws.amazon.com/botocore/latest/reference/services/cloudtrail/client/exceptions/MaxConcurrentQueriesException.html */
test("ten queries run at a time", async () => {
  const nine = await withRunning(9);
  expect(await nine.ask("SELECT 1 FROM $EDS LIMIT 0")).toEqual([]);
  const ten = await withRunning(10);
  await expect(ten.start("SELECT 1 FROM $EDS")).rejects.toMatchObject({ name: "MaxConcurrentQueriesException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html */
test("stores take what they choose, while they take something", async () => {
  const lake = await lakeCloud({
    AdvancedEventSelectors: [
      {
        FieldSelectors: [
          { Field: "eventCategory", Equals: ["Management"] },
          { Field: "readOnly", Equals: ["false"] },
        ],
      },
      {
        FieldSelectors: [
          { Field: "eventCategory", Equals: ["Data"] },
          { Field: "resources.type", Equals: ["AWS::S3::Object"] },
        ],
      },
    ],
  });
  const s3 = lake.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "x" }));
  await lake.makeUsers("ann");
  await lake.iam.send(new GetUserCommand({ UserName: "ann" }));
  await lake.settle();
  const all =
    "SELECT eventName, element_at(requestParameters, 'key') AS key FROM $EDS WHERE eventSource <> 'cloudtrail.amazonaws.com' ORDER BY eventName";
  const found = [
    [{ eventName: "CreateBucket" }, { key: "" }],
    [{ eventName: "CreateUser" }, { key: "" }],
    [{ eventName: "PutObject" }, { key: "cat" }],
  ];
  expect(await lake.ask(all)).toEqual(found);
  await lake.trails.send(new StopEventDataStoreIngestionCommand({ EventDataStore: lake.arn }));
  await lake.clock.advance(1);
  await lake.makeUsers("bob");
  expect(await lake.ask(all)).toEqual(found);
});

test("a store of one region hears of that alone", async () => {
  const lake = await lakeCloud({ MultiRegionEnabled: false });
  const elsewhere = lake.client(CloudTrailClient, undefined, { region: "eu-west-1" });
  await elsewhere.send(new CreateEventDataStoreCommand({ Name: "there" }));
  await lake.makeUsers("ann");
  expect(await lake.ask("SELECT DISTINCT awsRegion FROM $EDS")).toEqual([[{ awsRegion: "us-east-1" }]]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html (RetentionPeriod) */
test("events go when they are older than the store keeps them", async () => {
  const lake = await lakeCloud({ RetentionPeriod: 7 });
  await lake.makeUsers("ann");
  await lake.clock.advance(4 * DAY_SECONDS);
  await lake.makeUsers("bob");
  expect(await lake.ask(USERS)).toEqual([[{ name: "ann" }], [{ name: "bob" }]]);
  await lake.clock.advance(4 * DAY_SECONDS);
  expect(await lake.ask(USERS)).toEqual([[{ name: "bob" }]]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteEventDataStore.html */
test("queries of a store that was deleted cannot be looked at", async () => {
  const lake = await lakeCloud();
  const QueryId = await lake.start("SELECT 1 FROM $EDS");
  await lake.results(QueryId);
  await lake.trails.send(new DeleteEventDataStoreCommand({ EventDataStore: lake.arn }));
  const inactive = { name: "InactiveEventDataStoreException", message: "The event data store is inactive." };
  await expect(lake.trails.send(new GetQueryResultsCommand({ QueryId }))).rejects.toMatchObject(inactive);
  await expect(lake.start("SELECT 1 FROM $EDS")).rejects.toMatchObject(inactive);
  await lake.clock.advance(7 * DAY_SECONDS);
  await expect(lake.start("SELECT 1 FROM $EDS")).rejects.toMatchObject({ name: "EventDataStoreNotFoundException" });
});

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html */
test("who may query a store is asked by its ARN, and results belong to those who may have them", async () => {
  const lake = await lakeCloud();
  const Statement = [{ Effect: "Allow", Action: "cloudtrail:StartQuery", Resource: lake.arn }];
  const ann = lake.client(CloudTrailClient, await makeUser(lake, "ann", { allow: { Statement } }));
  const QueryId = await lake.start("SELECT 1 FROM $EDS", {}, ann);
  await expect(ann.send(new GetQueryResultsCommand({ QueryId }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(
      `is not authorized to perform: cloudtrail:GetQueryResults on resource: ${lake.arn}`,
    ),
  });
  const { EventDataStoreArn: other = "" } = await lake.trails.send(new CreateEventDataStoreCommand({ Name: "other" }));
  await expect(
    lake.start(`SELECT 1 FROM $EDS UNION SELECT 1 FROM ${other.split("/")[1]}`, {}, ann),
  ).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html */
test("another account queries where the store's policy lets it", async () => {
  const lake = await lakeCloud();
  await lake.makeUsers("ann");
  const guest = lake.client(CloudTrailClient, lake.rootOf("111111111111"));
  const EventDataStoreOwnerAccountId = ACCOUNT;
  const asked = () => lake.start(USERS, { EventDataStoreOwnerAccountId }, guest);
  await expect(asked()).rejects.toMatchObject({ name: "AccessDeniedException" });
  const ResourcePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: ["cloudtrail:StartQuery", "cloudtrail:GetQueryResults"],
        Resource: lake.arn,
      },
    ],
  });
  await lake.trails.send(new PutResourcePolicyCommand({ ResourceArn: lake.arn, ResourcePolicy }));
  const QueryId = await asked();
  await lake.settle();
  const found = await guest.send(new GetQueryResultsCommand({ QueryId, EventDataStoreOwnerAccountId }));
  expect(found.QueryResultRows).toEqual([[{ name: "ann" }]]);
});

/** Texts in languages of AWS's, as deep and as long as they can be sent: each is understood or refused, soon. */
import {
  CloudWatchClient,
  GetMetricDataCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutQueryDefinitionCommand,
  StartQueryCommand,
  TestMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { ConfigServiceClient, SelectResourceConfigCommand } from "@aws-sdk/client-config-service";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { testCloud } from "../test-cloud.ts";

const MS_MAX = 2000;

const deep = (open: string, middle: string, close: string, times: number): string =>
  open.repeat(times) + middle + close.repeat(times);

async function outcome(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 200;
  } catch (error) {
    const metadata: { httpStatusCode?: number } = Reflect.get(Object(error), "$metadata") ?? {};
    return metadata.httpStatusCode ?? 599;
  }
}

/** The calls that are neither answered nor refused, or not soon. */
async function faultsOf(calls: readonly (() => Promise<unknown>)[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const call of calls) {
    const begunAtMs = performance.now();
    const status = await outcome(call());
    const tookMs = performance.now() - begunAtMs;
    if (![200, 400, 413].includes(status) || tookMs > MS_MAX)
      faults.push(`${status} after ${tookMs} ms: ${String(call)}`);
  }
  return faults;
}

const event = (detail: string) =>
  `{"id":"1","account":"000000000000","source":"s","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail-type":"t","detail":${detail}}`;

test("patterns and events of EventBridge", async () => {
  const cloud = await testCloud();
  const events = cloud.client(EventBridgeClient);
  const pattern = (EventPattern: string) => () => events.send(new PutRuleCommand({ Name: "r", EventPattern }));
  await events.send(new PutRuleCommand({ Name: "all", EventPattern: '{"detail":{"a":[{"exists":true}]}}' }));
  const put = (Detail: string) => () =>
    events.send(new PutEventsCommand({ Entries: [{ Source: "s", DetailType: "t", Detail }] }));
  const faults = await faultsOf([
    pattern(deep('{"a":', '["x"]', "}", 680)),
    pattern(deep('{"$or":[', '{"a":[1]}', ',{"b":[1]}]}', 100)),
    pattern(`{"a":[{"wildcard":"${"*a".repeat(1900)}"}]}`),
    pattern(deep('{"a":[{"anything-but":', '"x"', "}]}", 100)),
    pattern("[".repeat(4000)),
    put(deep('{"a":', "1", "}", 40_000)),
    put(`{"a":${deep("[", "1", "]", 100_000)}}`),
    () =>
      events.send(
        new TestEventPatternCommand({
          EventPattern: '{"detail":{"a":[1]}}',
          Event: event(deep('{"a":', "1", "}", 50_000)),
        }),
      ),
    () =>
      events.send(
        new TestEventPatternCommand({
          EventPattern: `{"detail":{"a":[{"wildcard":"${"*a".repeat(500)}b"}]}}`,
          Event: event(`{"a":"${"a".repeat(100_000)}"}`),
        }),
      ),
  ]);
  expect(faults).toEqual([]);
});

test("filter policies and messages of SNS", async () => {
  const cloud = await testCloud();
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "t" }));
  const filtered = (FilterPolicy: string) => () =>
    sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: "sqs",
        Endpoint: "arn:aws:sqs:us-east-1:000000000000:q",
        Attributes: { FilterPolicyScope: "MessageBody", FilterPolicy },
      }),
    );
  await filtered('{"a":{"b":[1]}}')();
  const faults = await faultsOf([
    filtered(deep('{"a":', '["x"]', "}", 20_000)),
    filtered(deep('{"$or":[', '{"a":[1]}', ',{"b":[1]}]}', 5000)),
    filtered("[".repeat(100_000)),
    filtered(`{"a":[${deep('{"anything-but":', "1", "}", 10_000)}]}`),
    () => sns.send(new PublishCommand({ TopicArn, Message: deep('{"a":', "1", "}", 40_000) })),
    () => sns.send(new PublishCommand({ TopicArn, Message: deep("[", "1", "]", 120_000) })),
    () =>
      sns.send(
        new PublishCommand({ TopicArn, MessageStructure: "json", Message: deep('{"default":', "1", "}", 20_000) }),
      ),
  ]);
  await cloud.clock.advance(1);
  expect(faults).toEqual([]);
});

test("patterns and queries of logs", async () => {
  const cloud = await testCloud();
  const logs = cloud.client(CloudWatchLogsClient);
  const [logGroupName, logStreamName] = ["g", "s"];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const timestamp = cloud.clock.now().getTime();
  const messages = [
    deep('{"a":', "1", "}", 40_000),
    deep("[", "1", "]", 100_000),
    "a".repeat(200_000),
    '{"_aws":{"CloudWatchMetrics":[[[[]]]]}}',
  ];
  const logEvents = messages.map((message) => ({ timestamp, message }));
  const filter = (filterPattern: string) => () =>
    logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
  const metric = (filterPattern: string) => () =>
    logs.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName: "f",
        filterPattern,
        metricTransformations: [{ metricName: "m", metricNamespace: "n", metricValue: "1" }],
      }),
    );
  const query = (queryString: string) => () =>
    logs.send(
      new StartQueryCommand({
        logGroupName,
        queryString,
        startTime: timestamp / 1000 - 60,
        endTime: timestamp / 1000 + 60,
      }),
    );
  const faults = await faultsOf([
    metric("{ $.a.a.a.a = 1 }"),
    () => logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents })),
    filter("{ $.a = 1 }"),
    filter(`{ ${deep("(", "$.a = 1", ")", 450)} }`),
    filter(`%${"(a*)*".repeat(5)}b%`),
    filter(`[${"a,".repeat(500)}...]`),
    filter('"'.repeat(1023)),
    filter(`{ ${"$.a = 1 && ".repeat(80)} $.b = 1 }`),
    filter("?a ".repeat(340)),
    () =>
      logs.send(
        new TestMetricFilterCommand({
          filterPattern: "{ $.a[0].b = *a*a*a*a*b }",
          logEventMessages: messages.slice(0, 3),
        }),
      ),
    query("fields @message"),
    query(`filter ${deep("(", "a = 1", ")", 4900)}`),
    query(`filter ${"not ".repeat(2400)} a`),
    query(`fields ${"-".repeat(9000)}1`),
    query(`fields ${"1+".repeat(4900)}1`),
    query(`fields ${deep("abs(", "1", ")", 1900)}`),
    query(`filter @message like /${"(a*)*".repeat(100)}b/`),
    query(`parse @message /${"(.*)".repeat(200)}/`),
    query(`parse @message "${"*a".repeat(40)}" as ${Array.from({ length: 40 }, (_, n) => `f${n}`).join(",")}`),
    query("fields a ".repeat(1100)),
    query("| limit 1 ".repeat(900)),
    query(`stats ${"count(*),".repeat(900)} count(*) by bin(1s)`),
    query("display `".repeat(1100)),
    () => logs.send(new PutQueryDefinitionCommand({ name: "q", queryString: deep("(", "", ")", 4000) })),
  ]);
  await cloud.clock.advance(60);
  expect(faults).toEqual([]);
});

test("expressions and rules of CloudWatch", async () => {
  const cloud = await testCloud();
  const watch = cloud.client(CloudWatchClient);
  const [StartTime, EndTime] = [new Date(cloud.clock.now().getTime() - 3_600_000), cloud.clock.now()];
  const math = (Expression: string) => () =>
    watch.send(
      new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries: [{ Id: "e", Expression, Period: 60 }] }),
    );
  const rule = (AlarmRule: string) => () => watch.send(new PutCompositeAlarmCommand({ AlarmName: "c", AlarmRule }));
  const alarm = (Expression: string) => () =>
    watch.send(
      new PutMetricAlarmCommand({
        AlarmName: "a",
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 1,
        Metrics: [{ Id: "e", Expression, Period: 60, ReturnData: true }],
      }),
    );
  const faults = await faultsOf([
    math(deep("(", "1", ")", 1000)),
    math("-".repeat(2000)),
    math("!".repeat(2000)),
    math(`${"1^".repeat(1000)}1`),
    math(deep("ABS(", "1", ")", 400)),
    math(deep("IF(", "1", ",1,1)", 200)),
    math(`SEARCH('${deep("(", "a", ")", 900)}', 'Sum', 60)`),
    math(`SEARCH('${"a OR ".repeat(300)}a', 'Sum', 60)`),
    math(`SEARCH('{${"a,".repeat(600)}a} "', 'Sum', 60)`),
    math(`SELECT ${deep("(", "MAX(a)", ")", 400)} FROM b`),
    math("[".repeat(2000)),
    math("1e999999/0"),
    math("FILL(e,1)"),
    alarm(deep("(", "1", ")", 500)),
    rule(deep("(", "TRUE", ")", 5000)),
    rule(`${"NOT ".repeat(2500)}TRUE`),
    rule(`${"TRUE AND ".repeat(1100)}TRUE`),
    rule('ALARM("'.repeat(1400)),
    rule("(".repeat(10_000)),
    rule("ALARM(c)"),
    () => watch.send(new PutDashboardCommand({ DashboardName: "d", DashboardBody: deep("[", "", "]", 200_000) })),
    () =>
      watch.send(new PutDashboardCommand({ DashboardName: "d", DashboardBody: deep('{"widgets":', "1", "}", 50_000) })),
  ]);
  expect(faults).toEqual([]);
});

test("queries, schedules and patterns of others", async () => {
  const cloud = await testCloud();
  const config = cloud.client(ConfigServiceClient);
  const select = (Expression: string) => () => config.send(new SelectResourceConfigCommand({ Expression }));
  const scheduler = cloud.client(SchedulerClient);
  const at = (ScheduleExpression: string) => () =>
    scheduler.send(
      new CreateScheduleCommand({
        Name: "s",
        ScheduleExpression,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: "arn:aws:sqs:us-east-1:000000000000:q", RoleArn: "arn:aws:iam::000000000000:role/r" },
      }),
    );
  const ssm = cloud.client(SSMClient);
  const allowed = (AllowedPattern: string, Value: string) => () =>
    ssm.send(new PutParameterCommand({ Name: "p", Type: "String", Value, AllowedPattern, Overwrite: true }));
  const faults = await faultsOf([
    select(`SELECT resourceId WHERE ${deep("(", "a = 'b'", ")", 1900)}`),
    select(`SELECT resourceId WHERE ${"NOT ".repeat(900)} a = 'b'`),
    select(`SELECT ${"a,".repeat(1900)}a`),
    select(`SELECT ${"a.".repeat(1900)}a`),
    select(`SELECT a WHERE a LIKE '${"%a".repeat(1900)}'`),
    select(`SELECT a WHERE a IN (${"'a',".repeat(900)}'a')`),
    at(`cron(${"0,".repeat(100)}0 0 1 1 ? *)`),
    at("cron(0 0 31 2 ? *)"),
    at("cron(0/0 0 1 1 ? 2199)"),
    at("cron(* * ? * 6#6 1970)"),
    at("rate(99999999999999999999 days)"),
    at("at(9999-99-99T99:99:99)"),
    allowed("^(a*)*$", `${"a".repeat(4000)}b`),
    allowed("(".repeat(1000), "b"),
    allowed("(a{1000}){1000}", "b"),
    allowed(deep("(", "a", ")", 500), "a"),
  ]);
  expect(faults).toEqual([]);
});

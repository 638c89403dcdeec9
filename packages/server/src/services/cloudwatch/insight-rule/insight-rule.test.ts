import {
  CloudWatchClient,
  DeleteInsightRulesCommand,
  DescribeInsightRulesCommand,
  DisableInsightRulesCommand,
  EnableInsightRulesCommand,
  GetInsightRuleReportCommand,
  ListTagsForResourceCommand,
  PutInsightRuleCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { logWorld } from "../../../../test/logs.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const HOUR_MS = 3_600_000;

const line = (address: string, status: number): string =>
  `${address} - frank [10/Oct/2000:13:55:36 -0700] "GET /a b.gif HTTP/1.0" ${status} 2326`;

interface Parts {
  readonly contribution?: object;
  readonly more?: object;
}

const definition = ({ contribution = {}, more = {} }: Parts = {}): string =>
  JSON.stringify({
    Schema: { Name: "CloudWatchLogRule", Version: 1 },
    LogGroupNames: ["ap*"],
    LogFormat: "JSON",
    Contribution: { Keys: ["$.ip"], ...contribution },
    AggregateOn: "Count",
    ...more,
  });

const putRule = (RuleDefinition: string, more: object = {}) =>
  new PutInsightRuleCommand({ RuleName: "talkers", RuleDefinition, ...more });

/** A rule over the group `app`, a whole five minutes from now. */
async function ruled(RuleDefinition: string) {
  const world = await logWorld();
  const { cloud, now } = world;
  await cloud.cloud.clock.freeze();
  await cloud.clock.advance((300_000 - (now() % 300_000)) / 1000);
  const cloudwatch = cloud.client(CloudWatchClient);
  await cloudwatch.send(putRule(RuleDefinition));
  const report = (more: object = {}) =>
    cloudwatch.send(
      new GetInsightRuleReportCommand({
        RuleName: "talkers",
        StartTime: new Date(now() - HOUR_MS),
        EndTime: new Date(now() + 1),
        Period: 300,
        ...more,
      }),
    );
  /** Each line a second after the one before. */
  const put = async (...lines: readonly (object | string)[]) => {
    for (const each of lines) {
      await world.put([typeof each === "string" ? each : JSON.stringify(each)]);
      await cloud.clock.advance(1);
    }
  };
  return { ...world, cloudwatch, report, put, putAll: world.put };
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetInsightRuleReport.html
test("a report has who contributed most, by period and in all", async () => {
  const { put, report, cloud, now } = await ruled(definition());
  const firstMs = now();
  await put({ ip: "a" }, { ip: "b" }, { ip: "a" }, { other: 1 }, "no JSON");
  await cloud.clock.advance(300);
  await put({ ip: "a" }, { ip: "c" });
  const Metrics = ["UniqueContributors", "MaxContributorValue", "SampleCount", "Sum", "Average"];
  const found = await report({ StartTime: new Date(firstMs), Metrics, MaxContributorCount: 2 });
  expect(found).toMatchObject({
    KeyLabels: ["$.ip"],
    AggregationStatistic: "SampleCount",
    AggregateValue: 5,
    ApproximateUniqueCount: 3,
    Contributors: [
      {
        Keys: ["a"],
        ApproximateAggregateValue: 3,
        Datapoints: [
          { Timestamp: new Date(firstMs), ApproximateValue: 2 },
          { Timestamp: new Date(firstMs + 300_000), ApproximateValue: 1 },
        ],
      },
      { Keys: ["b"], ApproximateAggregateValue: 1 },
    ],
    MetricDatapoints: [
      { UniqueContributors: 2, MaxContributorValue: 2, SampleCount: 3, Sum: 3, Average: 1.5 },
      { UniqueContributors: 2, MaxContributorValue: 1, SampleCount: 2, Sum: 2, Average: 1 },
    ],
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html
test("values are summed up of events that pass all filters", async () => {
  const Filters = [
    { Match: "$.method", In: ["PUT", "POST"] },
    { Match: "$.bytes", GreaterThan: 10 },
    { Match: "$.error", IsPresent: false },
    { Match: "$.user.name", StartsWith: ["u"] },
  ];
  const contribution = { Keys: ["$.user.name", "$.method"], ValueOf: "$.bytes", Filters };
  const { put, report } = await ruled(definition({ contribution, more: { AggregateOn: "Sum" } }));
  const write = { method: "PUT", bytes: 100, user: { name: "u1" } };
  await put(write, write, { ...write, method: "GET" }, { ...write, bytes: 10 }, { ...write, error: "x" });
  await put({ ...write, user: { name: "v" } }, { ...write, method: "POST" }, { ...write, bytes: "many" });
  expect(await report()).toMatchObject({
    KeyLabels: ["$.user.name", "$.method"],
    AggregationStatistic: "Sum",
    AggregateValue: 300,
    Contributors: [
      { Keys: ["u1", "PUT"], ApproximateAggregateValue: 200 },
      { Keys: ["u1", "POST"], ApproximateAggregateValue: 100 },
    ],
  });
});

test("lines have fields by their places, and names for them", async () => {
  const contribution = { Keys: ["address"], Filters: [{ Match: "status", NotEqualTo: 500 }] };
  const more = { LogFormat: "CLF", Fields: { "1": "address", "6": "status" } };
  const { put, report } = await ruled(definition({ contribution, more }));
  await put(line("10.0.0.1", 200), line("10.0.0.2", 500), line("10.0.0.1", 304));
  expect((await report()).Contributors).toMatchObject([{ Keys: ["10.0.0.1"], ApproximateAggregateValue: 2 }]);
});

test("a line of brackets that are never closed takes no longer than another", async () => {
  const contribution = { Keys: ["1"] };
  const { put, report } = await ruled(definition({ contribution, more: { LogFormat: "CLF" } }));
  await put("[ ".repeat(120_000));
  const { Contributors } = await report();
  expect(Contributors).toMatchObject([{ Keys: ["["] }]);
}, 15_000);

test("a report has no more periods than fit into one", async () => {
  const { report } = await ruled(definition());
  const ask = report({ StartTime: new Date(0), Period: 60, Metrics: ["Sum"] });
  await expect(ask).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});

test("a report that would look at too many events is refused, and a shorter one is not", async () => {
  const { put, putAll, report, cloud, now } = await ruled(definition());
  const batch = Array.from({ length: 10_000 }, () => "{}");
  for (let batches = 0; batches < 25; batches += 1) await putAll(batch);
  await cloud.clock.advance(60);
  const StartTime = new Date(now());
  await put({ ip: "a" });
  await expect(report()).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  expect((await report({ StartTime })).AggregateValue).toBe(1);
});

test("only what comes while a rule is enabled counts", async () => {
  const { put, report, cloudwatch } = await ruled(definition());
  const RuleNames = ["talkers"];
  await put({ ip: "a" });
  await cloudwatch.send(new DisableInsightRulesCommand({ RuleNames }));
  await put({ ip: "b" });
  await cloudwatch.send(new EnableInsightRulesCommand({ RuleNames }));
  await put({ ip: "c" });
  expect((await report()).Contributors?.map(({ Keys }) => Keys)).toEqual([["a"], ["c"]]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_insight_rule)
test("a rule is described as AWS does, and a report of nothing has a point for each period", async () => {
  const cloud = await testCloud();
  const cloudwatch = cloud.client(CloudWatchClient);
  const Tags = [{ Key: "team", Value: "blue" }];
  await cloudwatch.send(putRule(definition(), { RuleState: "ENABLED", Tags }));
  const listed = await cloudwatch.send(new DescribeInsightRulesCommand({}));
  expect(listed.InsightRules).toEqual([
    {
      Name: "talkers",
      State: "ENABLED",
      Schema: "CloudWatchLogRule/1",
      Definition: definition(),
      ManagedRule: false,
      ApplyOnTransformedLogs: false,
    },
  ]);
  const EndTime = new Date(Math.floor(cloud.clock.now().getTime() / 300_000) * 300_000 + 1);
  const StartTime = new Date(EndTime.getTime() - HOUR_MS);
  const asked = { RuleName: "talkers", StartTime, EndTime, Period: 300, Metrics: ["UniqueContributors"] };
  const { MetricDatapoints = [], ...report } = await cloudwatch.send(new GetInsightRuleReportCommand(asked));
  expect(report).toMatchObject({ AggregateValue: 0, ApproximateUniqueCount: 0, Contributors: [] });
  expect(MetricDatapoints.map(({ UniqueContributors }) => UniqueContributors)).toEqual(Array(13).fill(0));
  const ResourceARN = "arn:aws:cloudwatch:us-east-1:000000000000:insight-rule/talkers";
  expect(await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }))).toMatchObject({ Tags });
  const remove = () => cloudwatch.send(new DeleteInsightRulesCommand({ RuleNames: ["talkers"] }));
  expect(await remove()).toMatchObject({ Failures: [] });
  expect(await remove()).toMatchObject({ Failures: [{ FailureResource: "talkers" }] });
});

test.each([
  ["no JSON"],
  [definition({ more: { Schema: "CloudWatchLogRule" } })],
  [definition({ more: { LogGroupARNs: ["x"] } })],
  [definition({ more: { LogFormat: "XML" } })],
  [definition({ more: { Filter: "[a, b]" } })],
  [definition({ more: { AggregateOn: "Sum" } })],
  [definition({ more: { LogFormat: "CLF" } })],
  [definition({ contribution: { Keys: [] } })],
  [definition({ contribution: { Keys: ["ip"] } })],
  [definition({ contribution: { ValueOf: "$.x" } })],
  [definition({ contribution: { Filters: [{ Match: "$.x", Like: "y" }] } })],
  [definition({ contribution: { Filters: [{ Match: "$.x", In: ["y"], NotIn: ["z"] }] } })],
  [definition({ contribution: { Filters: [{ Match: "$.x", GreaterThan: "1" }] } })],
])("%s is no definition of a rule", async (text) => {
  const cloudwatch = (await testCloud()).client(CloudWatchClient);
  await expect(cloudwatch.send(putRule(text))).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-contributor.html
test("a policy may let somebody make rules for some log groups alone", async () => {
  const cloud = await testCloud();
  const Condition = { "ForAllValues:StringEquals": { "cloudwatch:requestInsightRuleLogGroups": ["ap*"] } };
  const Statement = [{ Effect: "Allow", Action: "cloudwatch:PutInsightRule", Resource: "*", Condition }];
  const user = cloud.client(CloudWatchClient, await makeUser(cloud, "insider", { allow: { Statement } }));
  await user.send(putRule(definition()));
  await expect(user.send(putRule(definition({ more: { LogGroupNames: ["secret"] } })))).rejects.toThrow(
    "is not authorized to perform: cloudwatch:PutInsightRule",
  );
});

import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type PutMetricAlarmCommandInput,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const MINUTE = 60_000;
/** A whole minute from now, so that nothing depends on when the test runs. */
async function watched() {
  const cloud = await testCloud();
  await cloud.cloud.clock.freeze();
  await cloud.clock.advance((MINUTE - (cloud.clock.now().getTime() % MINUTE)) / 1000);
  const cloudwatch = cloud.client(CloudWatchClient);
  const measure = (Value: number, more: object = {}) =>
    cloudwatch.send(
      new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName: "errors", Value, ...more }] }),
    );
  const put = (AlarmName: string, more: Partial<PutMetricAlarmCommandInput> = {}) =>
    cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        ...("Metrics" in more ? {} : { Namespace: "Shop", MetricName: "errors", Statistic: "Sum", Period: 60 }),
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: "GreaterThanThreshold",
        ...more,
      }),
    );
  const alarm = async (name: string) => {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    );
    return MetricAlarms[0] ?? CompositeAlarms[0];
  };
  const state = async (name: string) => (await alarm(name))?.StateValue;
  const set = (AlarmName: string, value: StateValue) =>
    cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: value, StateReason: "testing alarm" }));
  const history = async (AlarmName?: string, more: object = {}) => {
    const asked = { AlarmName, AlarmTypes: ["MetricAlarm" as const, "CompositeAlarm" as const], ...more };
    const { AlarmHistoryItems = [] } = await cloudwatch.send(new DescribeAlarmHistoryCommand(asked));
    return AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary);
  };
  return { ...cloud, cloudwatch, measure, put, alarm, state, set, history };
}

const stat = (Id: string, MetricName: string) => ({
  Id,
  ReturnData: false,
  MetricStat: { Metric: { Namespace: "Shop", MetricName }, Period: 60, Stat: "Sum" },
});

const stamp = (atMs: number): string => {
  const [date = "", time = ""] = new Date(atMs).toISOString().slice(2, 19).split("T");
  return `${date.split("-").toReversed().join("/")} ${time}`;
};

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_alarm)
test("an alarm goes on once its metric crosses the threshold, and says why", async () => {
  const { clock, measure, put, alarm, history } = await watched();
  await put("errors", { AlarmDescription: "too many" });
  expect(await alarm("errors")).toMatchObject({
    StateValue: "INSUFFICIENT_DATA",
    StateReason: "Unchecked: Initial alarm creation",
    ActionsEnabled: true,
    OKActions: [],
    Dimensions: [],
  });
  const at = clock.now().getTime();
  await measure(6);
  await clock.advance(60);
  const { StateValue, StateReason, StateReasonData = "" } = (await alarm("errors")) ?? {};
  expect(StateValue).toBe("ALARM");
  expect(StateReason).toBe(`Threshold Crossed: 1 datapoint [6.0 (${stamp(at)})] was greater than the threshold (5.0).`);
  expect(JSON.parse(StateReasonData)).toMatchObject({
    version: "1.0",
    startDate: new Date(at).toISOString().replace("Z", "+0000"),
    statistic: "Sum",
    period: 60,
    recentDatapoints: [6],
    threshold: 5,
    evaluatedDatapoints: [{ sampleCount: 1, value: 6 }],
  });
  await measure(1);
  await clock.advance(60);
  expect((await alarm("errors"))?.StateReason).toMatch(
    /1 datapoint \[1\.0 \(.*\)\] was not greater than the threshold \(5\.0\)\./,
  );
  expect(await history("errors")).toEqual([
    "Alarm updated from ALARM to OK",
    "Alarm updated from INSUFFICIENT_DATA to ALARM",
    'Alarm "errors" created',
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
test("of several periods as many have to breach as the alarm says", async () => {
  const { clock, measure, put, alarm, state } = await watched();
  await put("errors", { EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  const states: (string | undefined)[] = [];
  for (const value of [9, 0, 9, 0, 0]) {
    await measure(value);
    await clock.advance(60);
    states.push(await state("errors"));
  }
  expect(states.slice(1)).toEqual(["OK", "ALARM", "OK", "OK"]);
  expect((await alarm("errors"))?.StateReason).toMatch(
    /^Threshold Crossed: 2 out of the last 3 datapoints \[0\.0 \(.*\), 0\.0 \(.*\)\] were not greater than the threshold \(5\.0\) \(minimum 2 datapoints for ALARM -> OK transition\)\.$/,
  );
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
test("an alarm that rests on missing points tells how many were received, and quotes none that say otherwise", async () => {
  const { clock, measure, put, alarm } = await watched();
  const like = { EvaluationPeriods: 3, DatapointsToAlarm: 2 };
  await put("down", { ...like, TreatMissingData: "breaching" });
  await measure(1);
  await clock.advance(120);
  const { StateValue, StateReason, StateReasonData = "" } = (await alarm("down")) ?? {};
  expect([StateValue, StateReason]).toEqual([
    "ALARM",
    "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
  ]);
  expect(JSON.parse(StateReasonData)).toMatchObject({ recentDatapoints: [1], evaluatedDatapoints: [{ value: 1 }] });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
test.each([
  ["missing", "INSUFFICIENT_DATA"],
  ["notBreaching", "OK"],
  ["breaching", "ALARM"],
  ["ignore", "ALARM"],
])("without data for long, missing data treated as %s makes the state %s", async (TreatMissingData, expected) => {
  const { clock, measure, put, state } = await watched();
  await put("errors", { TreatMissingData });
  await measure(9);
  await clock.advance(60);
  expect(await state("errors")).toBe("ALARM");
  await clock.advance(600);
  expect(await state("errors")).toBe(expected);
});

test("an alarm that has slept for a week wakes with its metric's next data", async () => {
  const { clock, measure, put, state } = await watched();
  await put("errors");
  await clock.advance(7 * 86_400);
  await measure(9);
  await clock.advance(60);
  expect(await state("errors")).toBe("ALARM");
  await clock.advance(7 * 86_400);
  expect(await state("errors")).toBe("INSUFFICIENT_DATA");
});

test("an alarm may rest on an expression over several metrics", async () => {
  const { clock, measure, put, state, cloudwatch } = await watched();
  await put("rate", { Metrics: [{ Id: "r", Expression: "100 * e / o" }, stat("e", "errors"), stat("o", "orders")] });
  await measure(6);
  await cloudwatch.send(
    new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName: "orders", Value: 100 }] }),
  );
  await clock.advance(60);
  expect(await state("rate")).toBe("ALARM");
});

test.each(["AVG(e)", "METRICS()", "e +", "e + nothing", "SEARCH('errors', 'Sum', 60)"])(
  "an alarm on %s is refused: it comes to no single series",
  async (Expression) => {
    const { put } = await watched();
    const refused = put("wrong", { Metrics: [{ Id: "r", Expression }, stat("e", "errors")] });
    await expect(refused).rejects.toMatchObject({ name: "ValidationException" });
  },
);

test("alarms of a metric are found by it, until they are deleted", async () => {
  const { put, cloudwatch, history } = await watched();
  await put("one");
  await put("other", { MetricName: "orders" });
  const find = async () => {
    const asked = new DescribeAlarmsForMetricCommand({ Namespace: "Shop", MetricName: "errors" });
    return (await cloudwatch.send(asked)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
  };
  expect(await find()).toEqual(["one"]);
  await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ["one", "nobody"] }));
  expect(await find()).toEqual([]);
  expect(await history("one")).toEqual(['Alarm "one" deleted', 'Alarm "one" created']);
});

test("alarms are listed in pages, of the types that are asked for", async () => {
  const { put, cloudwatch } = await watched();
  for (const name of ["a", "b", "c"]) await put(name);
  await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: "any", AlarmRule: "ALARM(a) OR ALARM(b)" }));
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 2, NextToken }));
    names.push(...(page.MetricAlarms ?? []).map(({ AlarmName }) => AlarmName));
    expect(page.CompositeAlarms).toEqual([]);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  expect(names).toEqual(["a", "b", "c"]);
  const children = await cloudwatch.send(new DescribeAlarmsCommand({ ChildrenOfAlarmName: "any" }));
  expect(children.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["a", "b"]);
  const parents = await cloudwatch.send(new DescribeAlarmsCommand({ ParentsOfAlarmName: "b" }));
  expect(parents.CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["any"]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
test("a composite alarm follows its children", async () => {
  const { put, set, clock, cloudwatch, alarm, state } = await watched();
  await put("a");
  await put("b");
  await cloudwatch.send(
    new PutCompositeAlarmCommand({ AlarmName: "both", AlarmRule: 'ALARM("a") AND (ALARM(b) OR FALSE)' }),
  );
  expect(await state("both")).toBe("OK");
  await set("a", "ALARM");
  await clock.advance(1);
  expect(await state("both")).toBe("OK");
  await set("b", "ALARM");
  await clock.advance(1);
  const both = await alarm("both");
  expect(both?.StateValue).toBe("ALARM");
  expect(both?.StateReason).toMatch(
    /^arn:aws:cloudwatch:us-east-1:000000000000:alarm:b transitioned to ALARM at \w+ \d\d \w+, \d{4} \d\d:\d\d:\d\d UTC$/,
  );
  expect(JSON.parse(both?.StateReasonData ?? "")).toMatchObject({
    triggeringAlarms: [{ arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:b", state: { value: "ALARM" } }],
  });
});

test("a rule names alarms that are there, and not itself", async () => {
  const { put, cloudwatch } = await watched();
  await put("a");
  const rule = (AlarmName: string, AlarmRule: string) =>
    cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule }));
  const refused = { name: "ValidationException" };
  await expect(rule("c", "ALARM(nobody)")).rejects.toMatchObject({
    ...refused,
    message: "Could not save the composite alarm as alarms [nobody] in the alarm rule do not exist",
  });
  await expect(rule("c", "ALARM(c)")).rejects.toMatchObject(refused);
  await expect(rule("c", "ALARM(a")).rejects.toMatchObject(refused);
  await rule("c", "ALARM(a)");
  await rule("d", "ALARM(c)");
  await expect(rule("c", "ALARM(d)")).rejects.toMatchObject(refused);
});

// Source: notes, and https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (AlarmActions)
test("an alarm cannot act on a launch configuration; on a scaling policy it can", async () => {
  const { put } = await watched();
  const launch = "arn:aws:autoscaling:us-east-1:000000000000:launchConfiguration:8e8b8e8b:launchConfigurationName/web";
  await expect(put("scale", { AlarmActions: [launch] })).rejects.toMatchObject({
    name: "ValidationException",
    message: `Invalid arn syntax: ${launch}`,
  });
  const policy = "arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:8e8b:autoScalingGroupName/web:policyName/up";
  await put("scale", { AlarmActions: [policy] });
});

test.each<readonly [Partial<PutMetricAlarmCommandInput>, string, string]>([
  [
    { EvaluationPeriods: 1441 },
    "ValidationException",
    "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).",
  ],
  [
    { EvaluateLowSampleCountPercentile: "unknown" },
    "ValidationException",
    "Option unknown is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.",
  ],
  [
    { Statistic: undefined, ExtendedStatistic: "90" },
    "InvalidParameterValueException",
    "The value 90 for parameter ExtendedStatistic is not supported.",
  ],
])("an alarm with %o is refused", async (more, name, message) => {
  const { put } = await watched();
  await expect(put("wrong", more)).rejects.toMatchObject({ name, message });
});

test("a state set by hand holds until the next evaluation, and an unknown alarm has none", async () => {
  const { put, set, clock, state } = await watched();
  await put("errors");
  await set("errors", "ALARM");
  expect(await state("errors")).toBe("ALARM");
  await clock.advance(60);
  expect(await state("errors")).toBe("INSUFFICIENT_DATA");
  await expect(set("nobody", "OK")).rejects.toMatchObject({ name: "ResourceNotFound" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
test("an alarm over a short period goes on within ten seconds", async () => {
  const { clock, measure, put, state } = await watched();
  await put("fast", { Period: 10 });
  await measure(9, { StorageResolution: 1 });
  await clock.advance(10);
  expect(await state("fast")).toBe("ALARM");
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
test("a percentile of few values changes nothing where the alarm says so", async () => {
  const { clock, measure, put, state } = await watched();
  const p90 = { Statistic: undefined, ExtendedStatistic: "p90" };
  await put("any", p90);
  await put("many", { ...p90, EvaluateLowSampleCountPercentile: "ignore" });
  await measure(9);
  await clock.advance(60);
  expect([await state("any"), await state("many")]).toEqual(["ALARM", "INSUFFICIENT_DATA"]);
  for (let count = 0; count < 100; count++) await measure(9);
  await clock.advance(60);
  expect(await state("many")).toBe("ALARM");
});

test("history is told in pages, of one alarm or of all, in either order", async () => {
  const { put, set, cloudwatch } = await watched();
  await put("a");
  await put("b");
  await set("a", "ALARM");
  const walk = async (more: object): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await cloudwatch.send(new DescribeAlarmHistoryCommand({ MaxRecords: 1, NextToken, ...more }));
      found.push(...(page.AlarmHistoryItems ?? []).map(({ HistorySummary }) => HistorySummary));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    return found;
  };
  const all = ['Alarm "a" created', 'Alarm "b" created', "Alarm updated from INSUFFICIENT_DATA to ALARM"];
  expect(await walk({ ScanBy: "TimestampAscending" })).toEqual(all);
  expect(await walk({})).toEqual(all.toReversed());
  expect(await walk({ AlarmName: "a" })).toEqual([all[2], all[0]]);
  expect(await walk({ HistoryItemType: "StateUpdate" })).toEqual([all[2]]);
});

test("an alarm that is put again keeps its state, and rests on what it now names", async () => {
  const { clock, measure, put, state } = await watched();
  await put("errors");
  await measure(9);
  await clock.advance(60);
  await put("errors", { MetricName: "others", TreatMissingData: "ignore" });
  expect(await state("errors")).toBe("ALARM");
  await measure(0);
  await clock.advance(60);
  expect(await state("errors")).toBe("ALARM");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_alarm)
test("an alarm of ten seconds sees what was measured for the whole minute", async () => {
  const { put, measure, clock, state } = await watched();
  await put("soon", { Period: 10, TreatMissingData: "ignore" });
  await clock.advance(45);
  await measure(6);
  await clock.advance(10);
  expect(await state("soon")).toBe("ALARM");
});

// Source: the same, test_trigger_composite_alarm
test("a composite alarm has followed when one of its alarms has been put into a state", async () => {
  const { put, set, cloudwatch, state } = await watched();
  await put("one");
  await put("two");
  const AlarmRule = "ALARM(one) OR ALARM(two)";
  await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: "all", AlarmRule }));
  const seen: unknown[] = [];
  for (const value of ["ALARM", "OK", "ALARM"] as const) {
    await set("one", value);
    seen.push(await state("all"));
  }
  await set("two", "ALARM");
  expect([...seen, await state("all")]).toEqual(["ALARM", "OK", "ALARM", "ALARM"]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
test("an alarm looks back from now, also where it says so; what else it could do is refused", async () => {
  const { put, alarm } = await watched();
  await put("sliding", { EvaluationWindow: { SlidingWindow: {} } });
  expect(await alarm("sliding")).toMatchObject({ EvaluationWindow: { SlidingWindow: {} } });
  const refused: readonly Partial<PutMetricAlarmCommandInput>[] = [
    { EvaluationWindow: { WallClockWindow: {} } },
    { WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 5 } },
    { ActionConfiguration: { AlarmTagsPropagation: { Enabled: true } } },
  ];
  for (const more of refused) await expect(put("refused", more)).rejects.toMatchObject({ name: "NotImplemented" });
});

import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  PutCompositeAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { notified } from "../../../../test/notified.ts";

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_enable_disable_alarm_actions)
test("a topic hears of an alarm in AWS's words", async () => {
  const { put, set, heard, TopicArn, actions } = await notified();
  await put("errors", { AlarmDescription: "testing", Dimensions: [{ Name: "shop", Value: "kyoto" }], Unit: "Seconds" });
  await set("errors", "ALARM");
  expect(await heard()).toMatchObject([
    {
      AWSAccountId: "000000000000",
      AlarmActions: [TopicArn],
      AlarmArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors",
      AlarmDescription: "testing",
      AlarmName: "errors",
      InsufficientDataActions: [],
      NewStateReason: "testing alarm",
      NewStateValue: "ALARM",
      OKActions: [],
      OldStateValue: "INSUFFICIENT_DATA",
      Region: "US East (N. Virginia)",
      Trigger: {
        ComparisonOperator: "GreaterThanThreshold",
        Dimensions: [{ name: "shop", value: "kyoto" }],
        EvaluateLowSampleCountPercentile: "",
        EvaluationPeriods: 1,
        MetricName: "errors",
        Namespace: "Shop",
        Period: 60,
        Statistic: "AVERAGE",
        StatisticType: "Statistic",
        Threshold: 2,
        TreatMissingData: "ignore",
        Unit: "Seconds",
      },
    },
  ]);
  expect(await actions("errors")).toEqual([`Successfully executed action ${TopicArn}`]);
});

test("disabled actions are not done, though the state changes", async () => {
  const { put, set, heard, cloudwatch } = await notified();
  await put("errors");
  await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ["errors"] }));
  await set("errors", "ALARM");
  expect(await heard()).toEqual([]);
});

test("a topic whose policy leaves CloudWatch out hears nothing, and the history says so", async () => {
  const { put, set, heard, actions, sns, TopicArn } = await notified();
  const Statement = [
    { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sns:Publish", Resource: TopicArn },
  ];
  const AttributeValue = JSON.stringify({ Version: "2012-10-17", Statement });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
  await put("errors");
  await set("errors", "ALARM");
  expect(await heard()).toEqual([]);
  expect(await actions("errors")).toEqual([`Failed to execute action ${TopicArn}`]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
test("actions of a composite alarm wait while their suppressor is on, and for a time after", async () => {
  const { put, set, heard, cloudwatch, TopicArn, clock } = await notified();
  await put("child", { AlarmActions: [] });
  await put("maintenance", { AlarmActions: [] });
  await cloudwatch.send(
    new PutCompositeAlarmCommand({
      AlarmName: "all",
      AlarmRule: "ALARM(child)",
      AlarmActions: [TopicArn],
      ActionsSuppressor: "maintenance",
      ActionsSuppressorWaitPeriod: 20,
      ActionsSuppressorExtensionPeriod: 30,
    }),
  );
  const suppressedBy = async () => {
    const asked = new DescribeAlarmsCommand({ AlarmTypes: ["CompositeAlarm"] });
    return (await cloudwatch.send(asked)).CompositeAlarms?.[0]?.ActionsSuppressedBy;
  };
  await set("child", "ALARM");
  expect(await suppressedBy()).toBe("WaitPeriod");
  await set("maintenance", "ALARM");
  expect(await suppressedBy()).toBe("Alarm");
  await clock.advance(25);
  expect(await heard()).toEqual([]);
  await set("maintenance", "OK");
  expect(await suppressedBy()).toBe("ExtensionPeriod");
  await clock.advance(15);
  expect(await heard()).toEqual([]);
  await clock.advance(16);
  expect(await suppressedBy()).toBeUndefined();
  expect(await heard()).toMatchObject([{ AlarmName: "all", NewStateValue: "ALARM", AlarmRule: "ALARM(child)" }]);
});

/** A composite alarm of `child` that `maintenance` holds back, in time units of ten seconds: two to wait, three to extend. */
async function suppressed() {
  const world = await notified();
  const { put, cloudwatch, TopicArn } = world;
  await put("child", { AlarmActions: [] });
  await put("maintenance", { AlarmActions: [] });
  const compose = () =>
    cloudwatch.send(
      new PutCompositeAlarmCommand({
        AlarmName: "all",
        AlarmRule: "ALARM(child)",
        AlarmActions: [TopicArn],
        OKActions: [TopicArn],
        ActionsSuppressor: "maintenance",
        ActionsSuppressorWaitPeriod: 20,
        ActionsSuppressorExtensionPeriod: 30,
      }),
    );
  await compose();
  await world.clock.advance(30);
  await world.heard();
  const by = async () => {
    const asked = new DescribeAlarmsCommand({ AlarmTypes: ["CompositeAlarm"] });
    const [alarm] = (await cloudwatch.send(asked)).CompositeAlarms ?? [];
    return [alarm?.ActionsSuppressedBy, alarm?.ActionsSuppressedReason];
  };
  const told = async () => (await world.heard()).map(({ NewStateValue }) => NewStateValue);
  return { ...world, by, told };
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html (example 3)
test("each change of a composite alarm begins to wait anew", async () => {
  const { set, clock, by, told } = await suppressed();
  await set("child", "ALARM");
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html (State change for a composite alarm with a suppressor alarm)
  expect(await by()).toEqual(["WaitPeriod", "Actions suppressed by WaitPeriod"]);
  await clock.advance(10);
  await set("child", "OK");
  await clock.advance(15);
  expect(await told()).toEqual([]);
  await clock.advance(10);
  expect(await told()).toEqual(["OK"]);
  expect(await by()).toEqual([undefined, undefined]);
});

// Source: the same (example 6)
test("a change while a composite alarm waits after its suppressor begins to wait for the suppressor anew", async () => {
  const { set, clock, by, told } = await suppressed();
  await set("child", "ALARM");
  await set("maintenance", "ALARM");
  await clock.advance(30);
  await set("maintenance", "OK");
  expect((await by())[0]).toBe("ExtensionPeriod");
  await clock.advance(10);
  await set("child", "OK");
  expect((await by())[0]).toBe("WaitPeriod");
  await clock.advance(15);
  expect(await told()).toEqual([]);
  await clock.advance(10);
  expect(await told()).toEqual(["OK"]);
});

// Source: the same (example 4)
test("no wait from before lets go what the suppressor holds back", async () => {
  const { set, clock, by, told } = await suppressed();
  await set("child", "ALARM");
  await clock.advance(10);
  await set("child", "OK");
  await set("maintenance", "ALARM");
  await set("child", "ALARM");
  await clock.advance(60);
  expect((await by())[0]).toBe("Alarm");
  expect(await told()).toEqual([]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_alarm)
test("doubles are doubles in what is told of an alarm, and in its history", async () => {
  const { put, heard, clock, cloudwatch } = await notified();
  await put("errors", { TreatMissingData: "breaching" });
  await clock.advance(120);
  expect(await heard()).toHaveLength(1);
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["errors"] }));
  expect(MetricAlarms?.[0]?.StateReasonData).toContain('"threshold":2.0');
  const asked = { AlarmName: "errors", HistoryItemType: "StateUpdate" as const };
  const { AlarmHistoryItems } = await cloudwatch.send(new DescribeAlarmHistoryCommand(asked));
  expect(AlarmHistoryItems?.[0]?.HistoryData).toContain('"threshold":2.0');
});

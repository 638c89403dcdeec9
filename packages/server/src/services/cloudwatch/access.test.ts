import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const ARN = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors";

const alarm = (AlarmName: string, team?: string) =>
  new PutMetricAlarmCommand({
    AlarmName,
    Namespace: "Shop",
    MetricName: "errors",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: "GreaterThanThreshold",
    ...(team !== undefined && { Tags: [{ Key: "team", Value: team }] }),
  });

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
test("a policy may let somebody send data into one namespace alone", async () => {
  const cloud = await testCloud();
  const Condition = { StringEquals: { "cloudwatch:namespace": "Shop" } };
  const Statement = [{ Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*", Condition }];
  const sender = cloud.client(CloudWatchClient, await makeUser(cloud, "sender", { allow: { Statement } }));
  const put = (Namespace: string) =>
    sender.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: "m", Value: 1 }] }));
  await put("Shop");
  await expect(put("Other")).rejects.toThrow("is not authorized to perform: cloudwatch:PutMetricData");
});

const BY_TAGS = ["SetAlarmState", "DeleteAlarms", "DescribeAlarmHistory"].map((name) => `cloudwatch:${name}`);

// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
test("alarms are resources, by their names and their tags", async () => {
  const cloud = await testCloud();
  const root = cloud.client(CloudWatchClient);
  await root.send(alarm("errors", "blue"));
  await root.send(alarm("others", "red"));
  const Condition = { StringEquals: { "aws:ResourceTag/team": "blue" } };
  const Statement = [
    { Effect: "Allow", Action: BY_TAGS, Resource: "*", Condition },
    { Effect: "Allow", Action: "cloudwatch:DescribeAlarms", Resource: ARN },
  ];
  const user = cloud.client(CloudWatchClient, await makeUser(cloud, "blue", { allow: { Statement } }));
  const set = (AlarmName: string) =>
    user.send(new SetAlarmStateCommand({ AlarmName, StateValue: "OK", StateReason: "test" }));
  await set("errors");
  await expect(set("others")).rejects.toThrow("is not authorized to perform: cloudwatch:SetAlarmState");
  const both = user.send(new DeleteAlarmsCommand({ AlarmNames: ["errors", "others"] }));
  await expect(both).rejects.toThrow("is not authorized to perform: cloudwatch:DeleteAlarms");
  await user.send(new DescribeAlarmHistoryCommand({ AlarmName: "errors" }));
  const history = user.send(new DescribeAlarmHistoryCommand({ AlarmName: "others" }));
  await expect(history).rejects.toThrow("is not authorized to perform: cloudwatch:DescribeAlarmHistory");
  await user.send(new DescribeAlarmsCommand({ AlarmNames: ["errors"] }));
  await expect(user.send(new DescribeAlarmsCommand({}))).rejects.toThrow("not authorized");
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (Tags)
test("who makes an alarm with tags needs the right to tag it", async () => {
  const cloud = await testCloud();
  const user = cloud.client(CloudWatchClient, await makeUser(cloud, "maker", { allow: ["cloudwatch:PutMetricAlarm"] }));
  await user.send(alarm("errors"));
  await expect(user.send(alarm("tagged", "blue"))).rejects.toThrow("not authorized to perform: cloudwatch:TagResource");
});

test("tags are added, taken away and gone with the alarm", async () => {
  const cloud = await testCloud();
  const root = cloud.client(CloudWatchClient);
  await root.send(alarm("errors", "blue"));
  const Tags = [{ Key: "cost", Value: "42" }];
  await root.send(new TagResourceCommand({ ResourceARN: ARN, Tags }));
  await root.send(new UntagResourceCommand({ ResourceARN: ARN, TagKeys: ["team"] }));
  // an update does not change them
  await root.send(alarm("errors", "red"));
  const list = async () => (await root.send(new ListTagsForResourceCommand({ ResourceARN: ARN }))).Tags;
  expect(await list()).toEqual(Tags);
  await root.send(new DeleteAlarmsCommand({ AlarmNames: ["errors"] }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_tagging_metric_alarm)
  expect(await list()).toEqual([]);
  const tag = root.send(new TagResourceCommand({ ResourceARN: ARN, Tags }));
  await expect(tag).rejects.toMatchObject({ name: "ResourceNotFoundException", message: "Unknown" });
});

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (AlarmName) */
test("the name of an alarm has no control characters", async () => {
  const cloud = await testCloud();
  const put = cloud.client(CloudWatchClient).send(alarm("two\nlines"));
  await expect(put).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});

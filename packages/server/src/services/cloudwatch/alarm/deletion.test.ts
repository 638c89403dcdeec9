import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutCompositeAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { notified } from "../../../../test/notified.ts";

const words = (names: string, them: string) =>
  `Cannot delete ${names} as there are composite alarm(s) depending on ${them}.`;

// Source: https://github.com/ekristen/aws-nuke/issues/462, https://github.com/cloud-custodian/cloud-custodian/issues/7763
test("an alarm in the rule of a composite alarm goes with it or after it", async () => {
  const { put, cloudwatch } = await notified();
  for (const name of ["a", "b"]) await put(name);
  await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: "any", AlarmRule: "ALARM(a) OR ALARM(b)" }));
  const remove = (...AlarmNames: string[]) => cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));
  await expect(remove("a")).rejects.toThrow(words("a", "it"));
  await expect(remove("a", "b")).rejects.toThrow(words("a,b", "them"));
  await remove("a", "any");
  await remove("b");
  expect((await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
});

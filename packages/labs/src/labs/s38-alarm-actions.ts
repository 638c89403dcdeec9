/** What an alarm may act on. */
import type { Story } from "./s38-central-logs.ts";

const REGION = "us-east-1";
const GROUP_ID = "930d940e-891e-4781-a11a-7b0acd480f03";

const busy = (action: string) => ({
  AlarmName: "busy",
  Namespace: "AWS/EC2",
  MetricName: "CPUUtilization",
  Dimensions: [{ Name: "AutoScalingGroupName", Value: "web" }],
  Statistic: "Average" as const,
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 80,
  ComparisonOperator: "GreaterThanThreshold" as const,
  AlarmActions: [action],
});

/** A policy lets a group of instances grow; what its instances are made from does not. */
export async function alarmActions({ teller, admin, account }: Story): Promise<void> {
  const arn = (resource: string): string => `arn:aws:autoscaling:${REGION}:${account}:${resource}`;
  await teller.step({
    does: "An alarm cannot act on a launch configuration,",
    as: admin,
    call: ["cloudwatch", "PutMetricAlarm"],
    input: busy(arn(`launchConfiguration:${GROUP_ID}:launchConfigurationName/web`)),
    expect: { outcome: "refused", code: "ValidationError" },
  });
  await teller.step({
    does: "only on a policy that scales.",
    as: admin,
    call: ["cloudwatch", "PutMetricAlarm"],
    input: busy(arn(`scalingPolicy:${GROUP_ID}:autoScalingGroupName/web:policyName/grow`)),
    expect: { outcome: "succeeds" },
  });
  teller.notBuilt("The alarm goes on, and the group grows.", "Auto Scaling");
}

/**
 * What alarms do: a message to a topic, a call of a function.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 */
import { parseArn } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { arnInvalid, notBuilt, regionInvalid } from "../errors.ts";
import { alarmArn } from "../kit.ts";
import { mute, mutedUntil, takeMuted } from "../mute/muting.ts";
import { findAlarm, type Alarm, type AlarmState } from "./alarm.ts";
import { noteHistory } from "./history.ts";
import { invocationOf, notificationOf, subjectOf } from "./notification.ts";

type SnsSdk = typeof import("@aws-sdk/client-sns");
type LambdaSdk = typeof import("@aws-sdk/client-lambda");

/** What actions of metric alarms may name: a launch configuration is none of it. */
const KINDS: readonly RegExp[] = [
  /^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/,
  /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/,
  /^arn:[^:]+:ssm:[^:]+:\d{12}:opsitem:[1-4](#.*)?$/,
  /^arn:[^:]+:ssm-incidents::\d{12}:response-plan\/.+$/,
  /^arn:[^:]+:aiops:[^:]+:\d{12}:investigation-group\/.+$/,
];
/** What composite alarms cannot do. */
const KINDS_OF_METRIC_ALARMS: readonly RegExp[] = [
  /^arn:[^:]+:autoscaling:[^:]+:\d{12}:scalingPolicy:[^:]+:autoScalingGroupName\/[^:]+:policyName\/.+$/,
  /^arn:[^:]+:autoscaling:[^:]+:\d{12}:scalingPolicy:[^:]+:resource\/.+:policyName\/.+$/,
  /^arn:[^:]+:automate:[^:]+:ec2:(stop|terminate|reboot|recover)$/,
  /^arn:[^:]+:swf:[^:]+:\d{12}:action\/actions\/AWS_EC2\.InstanceId\.(Stop|Terminate|Reboot|Recover)\/1\.0$/,
];

/** @throws {AwsError} `ValidationError` */
export function requireAction(arn: string, kind: Alarm["kind"], { region }: Context): void {
  const kinds = kind === "metric" ? [...KINDS, ...KINDS_OF_METRIC_ALARMS] : KINDS;
  if (!kinds.some((pattern) => pattern.test(arn))) throw arnInvalid(arn);
  const { region: named = "" } = parseArn(arn) ?? {};
  if (named !== "" && named !== region) throw regionInvalid(named, region);
}

export const ACT_JOB = "act";

/** Something that an alarm has still to do. */
interface Pending {
  readonly id: string;
  readonly alarm: string;
  /** An ARN. */
  readonly action: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
  /** It was muted until now. */
  readonly isLate: boolean;
}

const pending = table<Pending>("cloudwatch.action", "region", ({ id }) => [id]);

/** Has the alarm do what it does in the state that it has got into, unless it is muted. */
export async function actLater(alarm: Alarm, from: AlarmState, context: Context): Promise<void> {
  if (!alarm.isEnabled) return;
  const untilMs = await mutedUntil(alarm.name, context);
  if (untilMs === undefined) enqueue(alarm, { from, isLate: false }, context);
  else mute(alarm, { from, untilMs }, context);
}

function enqueue(alarm: Alarm, why: Pick<Pending, "from" | "isLate">, context: Context): void {
  const to = alarm.state;
  for (const action of alarm.actions[to.value]) {
    const id = context.newId();
    context.tx.put(pending, { id, alarm: alarm.name, action, to, ...why });
    context.at(context.now().getTime(), ACT_JOB, id);
  }
}

/** The job: the alarm is not muted any more, and does what it has not done. */
export async function unmute(context: Context, name: string): Promise<void> {
  const found = await takeMuted(name, context);
  if (found?.alarm.isEnabled === true) enqueue(found.alarm, { from: found.from, isLate: true }, context);
}

/** The job: does one action, and tells the history what came of it. */
export async function act(context: Context, id: string): Promise<void> {
  const todo = await context.tx.get(pending, id);
  const alarm = todo && (await findAlarm(todo.alarm, context));
  context.tx.delete(pending, id);
  if (todo === undefined || alarm === undefined) return;
  const { action, to } = todo;
  const text = { actionState: "Succeeded", stateUpdateTimestamp: to.updatedAtMs, notificationResource: action };
  try {
    await perform({ ...alarm, state: to }, todo, context);
    await noteHistory(alarm, { type: "Action", summary: `Successfully executed action ${action}`, text }, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const failed = { ...text, actionState: "Failed", error: error.message };
    await noteHistory(alarm, { type: "Action", summary: `Failed to execute action ${action}`, text: failed }, context);
  }
}

/** @throws {AwsError} what the receiver answers */
async function perform(alarm: Alarm, todo: Pending, context: Context): Promise<void> {
  const { action, from } = todo;
  const source = { arn: alarmArn(context, alarm.name), account: context.account };
  const { service } = parseArn(action) ?? {};
  if (service === "sns") {
    await context.call<SnsSdk, "Publish">({
      service: "sns",
      operation: "Publish",
      input: { TopicArn: action, Subject: subjectOf(alarm, context), Message: notificationOf(alarm, todo, context) },
      // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html
      as: { type: "service", service: "cloudwatch.amazonaws.com" },
      source,
    });
  } else if (service === "lambda") {
    await context.call<LambdaSdk, "Invoke">({
      service: "lambda",
      operation: "Invoke",
      input: {
        FunctionName: action,
        InvocationType: "Event",
        Payload: Buffer.from(invocationOf(alarm, from, context), "utf8"),
      },
      // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
      as: { type: "service", service: "lambda.alarms.cloudwatch.amazonaws.com" },
      source,
    });
  } else throw notBuilt(`the action ${action}`);
}

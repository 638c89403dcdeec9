/** What saving an alarm of any kind takes. */
import { fullTime } from "../../../kernel/iso-seconds.ts";
import type { Context } from "../../../service/context.ts";
import { valueInvalid } from "../errors.ts";
import { alarmArn } from "../kit.ts";
import { requireAction } from "./action.ts";
import { alarms, type Actions, type Alarm, type AlarmState } from "./alarm.ts";
import { noteHistory } from "./history.ts";
import { configurationOf } from "./notification.ts";

interface GivenActions {
  readonly OKActions?: readonly string[] | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
}

/** @throws {AwsError} `ValidationError` */
export function actionsOf(
  { OKActions: OK = [], AlarmActions: ALARM = [], InsufficientDataActions: INSUFFICIENT_DATA = [] }: GivenActions,
  kind: Alarm["kind"],
  context: Context,
): Actions {
  for (const action of [...OK, ...ALARM, ...INSUFFICIENT_DATA]) requireAction(action, kind, context);
  return { OK, ALARM, INSUFFICIENT_DATA };
}

export function newState(context: Context): AlarmState {
  const nowMs = context.now().getTime();
  const reason = "Unchecked: Initial alarm creation";
  return { value: "INSUFFICIENT_DATA", reason, updatedAtMs: nowMs, changedAtMs: nowMs };
}

/**
 * Puts the alarm in the place of the one that was there, and tells of it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (AlarmName: no control characters)
 * @throws {AwsError} `InvalidParameterValue`
 */
export async function keepAlarm(alarm: Alarm, there: Alarm | undefined, context: Context): Promise<void> {
  if (/\p{Cc}/u.test(alarm.name)) throw valueInvalid(alarm.name, "AlarmName");
  context.tx.put(alarms, alarm);
  await noteConfiguration(alarm, there === undefined ? "create" : "update", context);
}

const CHANGES = {
  create: { type: "Create", member: "createdAlarm", done: "created" },
  update: { type: "Update", member: "updatedAlarm", done: "updated" },
  delete: { type: "Delete", member: "deletedAlarm", done: "deleted" },
} as const;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export async function noteConfiguration(
  alarm: Alarm,
  change: "create" | "update" | "delete",
  context: Context,
): Promise<void> {
  const { type, member, done } = CHANGES[change];
  const configuration = configurationOf(alarm, context);
  const text = { version: "1.0", type, [member]: { alarmName: alarm.name, ...configuration } };
  const summary = `Alarm "${alarm.name}" ${done}`;
  await noteHistory(alarm, { type: "ConfigurationUpdate", summary, text }, context);
  await context.announce({
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm Configuration Change",
    resources: [alarmArn(context, alarm.name)],
    detail: {
      alarmName: alarm.name,
      operation: change,
      state: {
        value: alarm.state.value,
        timestamp: fullTime(alarm.state.updatedAtMs),
      },
      configuration: { alarmName: alarm.name, actionsEnabled: alarm.isEnabled, ...configuration },
    },
  });
}

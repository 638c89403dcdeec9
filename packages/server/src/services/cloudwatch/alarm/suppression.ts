/**
 * Actions of composite alarms that are held back while another alarm is on.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
 */
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { actLater } from "./action.ts";
import { alarms, findAlarm, type AlarmState, type CompositeAlarm, type SuppressedBy } from "./alarm.ts";

export const UNSUPPRESS_JOB = "unsuppress";

const REASONS: Readonly<Record<SuppressedBy, (name: string) => string>> = {
  Alarm: (name) => `Actions are suppressed by the alarm ${name}`,
  WaitPeriod: (name) => `Actions are suppressed by the wait period of ${name}`,
  ExtensionPeriod: (name) => `Actions are suppressed by the extension period of ${name}`,
};

/** `from`: the state before that which nobody has heard of yet. */
function hold(alarm: CompositeAlarm, { by, from }: { by: SuppressedBy; from: AlarmState }, context: Context): void {
  const reason = REASONS[by](alarm.suppressor?.name ?? "");
  context.tx.put(alarms, { ...alarm, suppressed: { by, reason, from } });
}

function release({ suppressed: _over, ...alarm }: CompositeAlarm, context: Context): CompositeAlarm {
  context.tx.put(alarms, alarm);
  return alarm;
}

/** The alarm has got into another state: it acts, or what it does is held back. */
export async function suppressOrAct(alarm: CompositeAlarm, from: AlarmState, context: Context): Promise<void> {
  const { suppressor } = alarm;
  if (suppressor === undefined) return actLater(alarm, from, context);
  const isOn = (await findAlarm(suppressor.name, context))?.state.value === "ALARM";
  if (isOn) return hold(alarm, { by: "Alarm", from }, context);
  if (alarm.state.value === "ALARM" && suppressor.waitSeconds > 0) {
    hold(alarm, { by: "WaitPeriod", from }, context);
    endLater(alarm, suppressor.waitSeconds, context);
    return;
  }
  if (alarm.suppressed?.by === "ExtensionPeriod") return;
  await actLater(release(alarm, context), from, context);
}

const endLater = ({ name }: CompositeAlarm, seconds: number, context: Context): void =>
  context.at(context.now().getTime() + seconds * SECOND_MS, UNSUPPRESS_JOB, name);

/** What holds its actions back has itself changed. */
export async function suppressorChanged(alarm: CompositeAlarm, context: Context): Promise<void> {
  const { suppressor, suppressed } = alarm;
  if (suppressor === undefined || suppressed === undefined) return;
  const isOn = (await findAlarm(suppressor.name, context))?.state.value === "ALARM";
  const { from } = suppressed;
  if (isOn) {
    if (suppressed.by !== "Alarm") context.cancel(UNSUPPRESS_JOB, alarm.name);
    hold(alarm, { by: "Alarm", from }, context);
  } else if (suppressed.by === "Alarm") {
    hold(alarm, { by: "ExtensionPeriod", from }, context);
    endLater(alarm, suppressor.extensionSeconds, context);
  }
}

/** The job: the wait is over, and the alarm does what it does in the state it is in. */
export async function unsuppress(context: Context, name: string): Promise<void> {
  const alarm = await findAlarm(name, context);
  if (alarm?.kind !== "composite" || alarm.suppressed === undefined) return;
  await actLater(release(alarm, context), alarm.suppressed.from, context);
}

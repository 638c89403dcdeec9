/**
 * Actions of composite alarms that are held back while another alarm is on.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
 */
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { actLater } from "./action.ts";
import {
  alarms,
  findAlarm,
  type AlarmState,
  type CompositeAlarm,
  type SuppressedBy,
  type Suppressor,
} from "./alarm.ts";

export const UNSUPPRESS_JOB = "unsuppress";

/** What ended before, or is replaced, must not let go what is held from now on. */
function hold(alarm: CompositeAlarm, by: SuppressedBy, context: Context): CompositeAlarm {
  context.cancel(UNSUPPRESS_JOB, alarm.name);
  const held = { ...alarm, state: { ...alarm.state, suppressedBy: by } };
  context.tx.put(alarms, held);
  return held;
}

type Period = Exclude<SuppressedBy, "Alarm">;

function holdFor(seconds: number, alarm: CompositeAlarm, by: Period, context: Context): CompositeAlarm {
  const held = hold(alarm, by, context);
  context.at(context.now().getTime() + seconds * SECOND_MS, UNSUPPRESS_JOB, alarm.name);
  return held;
}

/** The state as one that nothing holds back. */
export function unheld({ suppressedBy: _over, ...state }: AlarmState): AlarmState {
  return state;
}

const isOn = async ({ name }: Suppressor, context: Context): Promise<boolean> =>
  (await findAlarm(name, context))?.state.value === "ALARM";

/** The alarm has got into another state: it acts, or what it does is held back; a wait that was under way begins anew. */
export async function suppressOrAct(
  alarm: CompositeAlarm,
  from: AlarmState,
  context: Context,
): Promise<CompositeAlarm> {
  const { suppressor } = alarm;
  if (suppressor !== undefined && (await isOn(suppressor, context))) return hold(alarm, "Alarm", context);
  if (suppressor !== undefined && suppressor.waitSeconds > 0) {
    return holdFor(suppressor.waitSeconds, alarm, "WaitPeriod", context);
  }
  context.cancel(UNSUPPRESS_JOB, alarm.name);
  await actLater(alarm, from, context);
  return alarm;
}

/** What holds its actions back has itself changed. */
export async function suppressorChanged(alarm: CompositeAlarm, context: Context): Promise<void> {
  const { suppressor } = alarm;
  const { suppressedBy } = alarm.state;
  if (suppressor === undefined || suppressedBy === undefined) return;
  if (await isOn(suppressor, context)) hold(alarm, "Alarm", context);
  else if (suppressedBy === "Alarm") holdFor(suppressor.extensionSeconds, alarm, "ExtensionPeriod", context);
}

/** The job: the wait is over, and the alarm does what it does in the state it is in. */
export async function unsuppress(context: Context, name: string): Promise<void> {
  const alarm = await findAlarm(name, context);
  if (alarm?.kind !== "composite" || alarm.state.suppressedBy === undefined) return;
  const released = { ...alarm, state: { ...unheld(alarm.state), updatedAtMs: context.now().getTime() } };
  context.tx.put(alarms, released);
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html (the state before is the one that was held back)
  await actLater(released, alarm.state, context);
}

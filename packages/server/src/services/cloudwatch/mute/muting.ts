/**
 * What alarms do not do while they are muted, and do after all where they are still in the state that it was for.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
 */
import type { Context } from "../../../service/context.ts";
import { alarms, findAlarm, type Alarm, type AlarmState } from "../alarm/alarm.ts";
import { MUTE_RULES_MAX } from "../limits.ts";
import { muteRules, muteTargets } from "./row.ts";
import { openUntil } from "./window.ts";

export const UNMUTE_JOB = "unmute";

/** When the alarm may be heard again, as far as is known; `undefined`: it is not muted. */
export async function mutedUntil(alarm: string, context: Context): Promise<number | undefined> {
  const { tx } = context;
  const nowMs = context.now().getTime();
  const ends: number[] = [];
  for (const { rule } of await tx.scan(muteTargets, { prefix: [alarm], limit: MUTE_RULES_MAX })) {
    const found = await tx.get(muteRules, rule);
    const endMs = found && openUntil(found, nowMs);
    if (endMs !== undefined) ends.push(endMs);
  }
  return ends.length === 0 ? undefined : Math.max(...ends);
}

interface Muting {
  readonly from: AlarmState;
  readonly untilMs: number;
}

/** The alarm, which has got into another state, does nothing for now. What counts is the first state that was muted. */
export function mute({ muted, ...alarm }: Alarm, { from, untilMs }: Muting, context: Context): void {
  context.at(untilMs, UNMUTE_JOB, alarm.name);
  const first = muted ?? { from, value: alarm.state.value };
  const isBack = first.from.value === alarm.state.value;
  context.tx.put(alarms, isBack ? alarm : { ...alarm, muted: first });
}

/** Has the alarm looked at again: a rule has changed, or is gone. */
export const unmuteNow = (alarm: string, context: Context): void =>
  context.at(context.now().getTime(), UNMUTE_JOB, alarm);

/** What the alarm is still to do, now that it is not muted any more. */
export async function takeMuted(
  name: string,
  context: Context,
): Promise<{ alarm: Alarm; from: AlarmState } | undefined> {
  const found = await findAlarm(name, context);
  if (found?.muted === undefined) return undefined;
  const untilMs = await mutedUntil(name, context);
  if (untilMs !== undefined) {
    context.at(untilMs, UNMUTE_JOB, name);
    return undefined;
  }
  const { muted, ...alarm } = found;
  context.tx.put(alarms, alarm);
  return muted.value === alarm.state.value ? { alarm, from: muted.from } : undefined;
}

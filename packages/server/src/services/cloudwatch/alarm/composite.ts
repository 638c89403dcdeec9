/** Composite alarms: their state follows from those of others. */
import { assert } from "../../../kernel/assert.ts";
import { fullTime } from "../../../kernel/iso-seconds.ts";
import type { Context } from "../../../service/context.ts";
import { alarmArn } from "../kit.ts";
import { findAlarm, parents, type Alarm, type CompositeAlarm } from "./alarm.ts";
import type { StateValue } from "./decision.ts";
import { holds, parseRule } from "./rule.ts";
import { suppressorChanged } from "./suppression.ts";
import { changeState, COMPOSE_JOB, PARENTS_MAX } from "./transition.ts";

/** The job: looks at the rule again, as the child has changed. The key is both names. */
export async function compose(context: Context, key: string): Promise<void> {
  const [name = "", child = ""] = key.split("\n");
  const alarm = await findAlarm(name, context);
  if (alarm?.kind !== "composite") return;
  if (alarm.suppressor?.name === child) await suppressorChanged(alarm, context);
  if (!alarm.children.includes(child)) return;
  const now = await findAlarm(name, context);
  const by = await findAlarm(child, context);
  assert(now?.kind === "composite", "the alarm was there a moment ago");
  if (by !== undefined) await follow(now, by, context);
}

/** The same at once, for all that have the alarm in their rules: who puts it into a state sees at once what follows. */
export async function composeParents(child: string, context: Context): Promise<void> {
  for (const { name } of await context.tx.scan(parents, { prefix: [child], limit: PARENTS_MAX })) {
    const key = `${name}\n${child}`;
    context.cancel(COMPOSE_JOB, key);
    await compose(context, key);
  }
}

async function follow(alarm: CompositeAlarm, child: Alarm, context: Context): Promise<void> {
  const value = await valueOf(alarm, context);
  if (value === alarm.state.value) return;
  const arn = alarmArn(context, child.name);
  const reason = `${arn} transitioned to ${child.state.value} at ${spoken(child.state.changedAtMs)}`;
  const triggeredBy = { arn, value: child.state.value, atMs: child.state.changedAtMs };
  const state = { value: triggeredBy.value, timestamp: fullTime(triggeredBy.atMs) };
  const reasonData = JSON.stringify({ triggeringAlarms: [{ arn, state }] });
  await changeState(alarm, { value, reason, reasonData, triggeredBy }, context);
}

/** Of one that has just been made, or changed. */
export async function composeAnew(alarm: CompositeAlarm, context: Context): Promise<void> {
  const value = await valueOf(alarm, context);
  if (value === alarm.state.value) return;
  const reason = `${alarmArn(context, alarm.name)} was created and its alarm rule evaluates to ${value}`;
  await changeState(alarm, { value, reason }, context);
}

async function valueOf({ rule, children }: CompositeAlarm, context: Context): Promise<StateValue> {
  const states = new Map<string, StateValue>();
  for (const child of children) {
    const found = await findAlarm(child, context);
    if (found !== undefined) states.set(child, found.state.value);
  }
  return holds(parseRule(rule), states) ? "ALARM" : "OK";
}

/** `Friday 10 July, 2020 08:13:46 UTC` */
function spoken(atMs: number): string {
  const time = new Date(atMs);
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(time);
  const day = `${part({ weekday: "long" })} ${part({ day: "2-digit" })} ${part({ month: "long" })}`;
  return `${day}, ${time.getUTCFullYear()} ${time.toISOString().slice(11, 19)} UTC`;
}

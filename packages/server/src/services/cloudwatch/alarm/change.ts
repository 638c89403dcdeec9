/** Alarms switched on and off, put into a state by hand, and deleted. */
import { isJson } from "../../../kernel/json-text.ts";
import type { Context } from "../../../service/context.ts";
import { alarmsInRules, notFound, reasonDataInvalid, tooManyComposites } from "../errors.ts";
import { operation } from "../kit.ts";
import { UNMUTE_JOB } from "../mute/muting.ts";
import { EVALUATE_ERRAND, unwatch } from "../watch.ts";
import { onAlarms } from "./access.ts";
import { alarms, findAlarm, parents, type Alarm } from "./alarm.ts";
import { composeParents } from "./composite.ts";
import { forgetParent } from "./composite-alarm.ts";
import { keepContributors } from "./contributor.ts";
import { evaluateFromNow, metricIdsOf } from "./evaluation.ts";
import { noteConfiguration } from "./saving.ts";
import { changeState, PARENTS_MAX } from "./transition.ts";

export const setAlarmState = operation("SetAlarmState", {
  authorize: ({ AlarmName }, context) => onAlarms("SetAlarmState", [AlarmName], context),

  async handle({ AlarmName, StateValue: value, StateReason: reason, StateReasonData: reasonData }, context) {
    const alarm = await findAlarm(AlarmName, context);
    if (alarm === undefined) throw notFound();
    if (reasonData !== undefined && !isJson(reasonData)) throw reasonDataInvalid();
    await changeState(alarm, { value, reason, ...(reasonData !== undefined && { reasonData }) }, context);
    await composeParents(alarm.name, context);
    // it does not stay there for long: the next look at what was measured counts
    if (alarm.kind === "metric") evaluateFromNow(alarm, context);
    return {};
  },
});

export const enableAlarmActions = operation("EnableAlarmActions", {
  authorize: ({ AlarmNames }, context) => onAlarms("EnableAlarmActions", AlarmNames, context),

  async handle({ AlarmNames }, context) {
    await switchActions(AlarmNames, true, context);
    return {};
  },
});

export const disableAlarmActions = operation("DisableAlarmActions", {
  authorize: ({ AlarmNames }, context) => onAlarms("DisableAlarmActions", AlarmNames, context),

  async handle({ AlarmNames }, context) {
    await switchActions(AlarmNames, false, context);
    return {};
  },
});

async function switchActions(names: readonly string[], isEnabled: boolean, context: Context): Promise<void> {
  for (const name of names) {
    const alarm = await findAlarm(name, context);
    if (alarm === undefined || alarm.isEnabled === isEnabled) continue;
    const changed: Alarm = { ...alarm, isEnabled };
    context.tx.put(alarms, changed);
    await noteConfiguration(changed, "update", context);
  }
}

/** Those that are not there are none the less deleted. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html */
export const deleteAlarms = operation("DeleteAlarms", {
  authorize: ({ AlarmNames }, context) => onAlarms("DeleteAlarms", AlarmNames, context),

  async handle({ AlarmNames }, context) {
    const found: Alarm[] = [];
    for (const name of new Set(AlarmNames)) {
      const alarm = await findAlarm(name, context);
      if (alarm !== undefined) found.push(alarm);
    }
    if (found.filter(({ kind }) => kind === "composite").length > 1) throw tooManyComposites();
    await requireInNoRule(found, context);
    for (const alarm of found) await deleteAlarm(alarm, context);
    return {};
  },
});

/** A composite alarm goes together with those in its rule, or before them. @throws {AwsError} `ValidationError` */
async function requireInNoRule(gone: readonly Alarm[], context: Context): Promise<void> {
  const names = new Set(gone.map(({ name }) => name));
  const needed: string[] = [];
  for (const { name } of gone) if (await isInRule(name, names, context)) needed.push(name);
  if (needed.length > 0) throw alarmsInRules(needed);
}

async function isInRule(child: string, gone: ReadonlySet<string>, context: Context): Promise<boolean> {
  for (const { name } of await context.tx.scan(parents, { prefix: [child], limit: PARENTS_MAX })) {
    const parent = gone.has(name) ? undefined : await findAlarm(name, context);
    if (parent?.kind === "composite" && parent.children.includes(child)) return true;
  }
  return false;
}

async function deleteAlarm(alarm: Alarm, context: Context): Promise<void> {
  context.tx.delete(alarms, alarm.name);
  context.cancel(UNMUTE_JOB, alarm.name);
  if (alarm.kind === "composite") forgetParent(alarm, context);
  else {
    unwatch(metricIdsOf(alarm), alarm.name, context);
    await keepContributors(alarm.name, [], context);
    context.cancel(EVALUATE_ERRAND, alarm.name);
  }
  await noteConfiguration(alarm, "delete", context);
}

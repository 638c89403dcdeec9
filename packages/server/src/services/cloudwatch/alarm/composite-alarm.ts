/** Alarms over other alarms. */
import type { PutCompositeAlarmInput } from "@aws-sdk/client-cloudwatch";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import {
  childrenMissing,
  notBuilt,
  otherKind,
  ruleInCircle,
  ruleInvalid,
  ruleTooLarge,
  suppressorMissing,
  suppressorPeriods,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { RULE_ALARMS_MAX } from "../limits.ts";
import { tagsOf } from "../tag.ts";
import { onNewAlarm } from "./access.ts";
import { findAlarm, parents, type AlarmState, type CompositeAlarm, type Suppressor } from "./alarm.ts";
import { composeAnew } from "./composite.ts";
import { alarmNameOf, alarmsIn, parseRule, RuleFault, type Rule } from "./rule.ts";
import { actionsOf, keepAlarm, newState } from "./saving.ts";
import { unheld } from "./suppression.ts";

type Given = Validated<PutCompositeAlarmInput>;

export const putCompositeAlarm = operation("PutCompositeAlarm", {
  authorize: (input, context) => onNewAlarm("PutCompositeAlarm", input, context),

  async handle(input, context) {
    const { AlarmName: name, AlarmDescription: description, AlarmRule: rule } = input;
    const there = await findAlarm(name, context);
    if (there !== undefined && there.kind !== "composite") throw otherKind(name);
    if (input.ActionConfiguration !== undefined) throw notBuilt("the propagation of an alarm's tags");
    const children = await requireChildren(name, rule, context);
    const suppressor = await suppressorOf(input, context);
    const alarm: CompositeAlarm = {
      kind: "composite",
      name,
      description,
      isEnabled: input.ActionsEnabled ?? true,
      actions: actionsOf(input, "composite", context),
      configuredAtMs: context.now().getTime(),
      state: stateOf(there, suppressor, context),
      tags: there?.tags ?? tagsOf(input.Tags ?? []),
      rule,
      children,
      suppressor,
    };
    if (there !== undefined) forgetParent(there, context);
    for (const child of listenedTo(alarm)) context.tx.put(parents, { child, name });
    await keepAlarm(alarm, there, context);
    await composeAnew(alarm, context);
    return {};
  },
});

/** A wait for one that is replaced is over. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html */
function stateOf(there: CompositeAlarm | undefined, suppressor: Suppressor | undefined, context: Context): AlarmState {
  if (there === undefined) return newState(context);
  return there.suppressor?.name === suppressor?.name ? there.state : unheld(there.state);
}

const listenedTo = ({ children, suppressor }: CompositeAlarm): ReadonlySet<string> =>
  new Set([...children, ...(suppressor ? [suppressor.name] : [])]);

export function forgetParent(alarm: CompositeAlarm, { tx }: Context): void {
  for (const child of listenedTo(alarm)) tx.delete(parents, child, alarm.name);
}

/** @throws {AwsError} `ValidationError` */
async function requireChildren(name: string, text: string, context: Context): Promise<string[]> {
  const children = [...new Set(alarmsIn(ruleOf(text)).map(alarmNameOf))];
  if (children.length > RULE_ALARMS_MAX) throw ruleTooLarge(RULE_ALARMS_MAX);
  const missing: string[] = [];
  for (const child of children) {
    if (child === name) throw ruleInCircle();
    if ((await findAlarm(child, context)) === undefined) missing.push(child);
  }
  if (missing.length > 0) throw childrenMissing(missing);
  await refuseCircle(name, children, context);
  return children;
}

/** Differs: AWS lets composite alarms rest on each other, and stops evaluating them. */
async function refuseCircle(name: string, children: readonly string[], context: Context): Promise<void> {
  const seen = new Set<string>();
  const open = [...children];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === name) throw ruleInCircle();
    if (seen.has(next)) continue;
    seen.add(next);
    const alarm = await findAlarm(next, context);
    if (alarm?.kind === "composite") open.push(...alarm.children);
  }
}

function ruleOf(text: string): Rule {
  try {
    return parseRule(text);
  } catch (error) {
    if (error instanceof RuleFault) throw ruleInvalid(error.message);
    throw error;
  }
}

async function suppressorOf(input: Given, context: Context): Promise<Suppressor | undefined> {
  const { ActionsSuppressor: alarm, ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod } = input;
  const periods = [ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod];
  if (alarm === undefined) {
    if (periods.some((period) => period !== undefined)) throw suppressorPeriods();
    return undefined;
  }
  const [waitSeconds, extensionSeconds] = periods;
  if (waitSeconds === undefined || extensionSeconds === undefined) throw suppressorPeriods();
  const name = alarmNameOf(alarm);
  if ((await findAlarm(name, context)) === undefined) throw suppressorMissing(name);
  return { alarm, name, waitSeconds, extensionSeconds };
}

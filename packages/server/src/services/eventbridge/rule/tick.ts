/** Rules with schedules: an event whenever their time comes. */
import { isoSeconds } from "../../../kernel/iso-seconds.ts";
import { nextAfter, parseSchedule } from "../../../kernel/schedule/schedule.ts";
import type { Context } from "../../../service/context.ts";
import { sentEvent } from "../event/event.ts";
import { DEFAULT_BUS } from "../kit.ts";
import { sendToTargets } from "../event/route.ts";
import { arnOfRule, isEnabled, rules, type Rule } from "./row.ts";

const TICK = "tick";

/** To be called after a rule was put, turned on or off, or taken away. */
export function scheduleChanged(rule: Rule, context: Context): void {
  const nextMs = isEnabled(rule) ? nextOf(rule, context) : undefined;
  if (nextMs === undefined) context.cancel(TICK, rule.name);
  else context.at(nextMs, TICK, rule.name);
}

function nextOf({ schedule: expression, enabledAtMs }: Rule, context: Context): number | undefined {
  const schedule = expression === undefined ? undefined : parseSchedule(expression);
  const afterMs = context.now().getTime();
  return schedule && nextAfter(schedule, { afterMs, anchorMs: enabledAtMs });
}

/** The job. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html (the event) */
export async function tick(context: Context, name: string): Promise<void> {
  const rule = await context.tx.get(rules, DEFAULT_BUS, name);
  if (rule === undefined || !isEnabled(rule)) return;
  scheduleChanged(rule, context);
  const { account, region } = rule;
  const event = {
    version: "0",
    id: context.newId(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account,
    time: isoSeconds(context.now().getTime()),
    region,
    resources: [arnOfRule(rule)],
    detail: {},
  } as const;
  await sendToTargets(rule, sentEvent(event, "{}"), context);
}

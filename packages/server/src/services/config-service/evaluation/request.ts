/** When rules are evaluated: when what they are about changes, and when their period is over. */
import { HOUR_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { hoursOf, type SnapshotFrequency } from "../channel/row.ts";
import type { Item } from "../item/row.ts";
import { findManagedRule } from "../managed/rules.ts";
import { rulesFor, type Rule } from "../rule/row.ts";

/** The errand. */
export const EVALUATE = "evaluate";

/** The item is put already. */
export async function evaluateChange(item: Item, context: Context): Promise<void> {
  const { type, id, region } = item;
  for (const { name } of await rulesFor(item, context.tx.in({ region }))) {
    context.at(context.now().getTime(), EVALUATE, `${region} ${name} ${type} ${id}`, { rule: name, region, type, id });
  }
}

/** How often a rule looks by itself; `undefined`: it does not. */
function frequencyOf({ source, frequency }: Rule): SnapshotFrequency | undefined {
  if (source.owner === "AWS") {
    return findManagedRule(source.identifier)?.trigger === "periodic" ? (frequency ?? "TwentyFour_Hours") : undefined;
  }
  const scheduled = source.details.find(({ message }) => message === "ScheduledNotification");
  return scheduled && (scheduled.frequency ?? frequency ?? "TwentyFour_Hours");
}

export function schedulePeriod(rule: Rule, context: Context): void {
  const frequency = frequencyOf(rule);
  if (frequency === undefined) return context.cancel(EVALUATE, `${rule.name} period`);
  const dueMs = context.now().getTime() + hoursOf(frequency) * HOUR_MS;
  context.at(dueMs, EVALUATE, `${rule.name} period`, { rule: rule.name, isPeriodic: true });
}

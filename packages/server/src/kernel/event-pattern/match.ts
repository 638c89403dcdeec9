/** Whether events are as patterns want them. */
import { areTogether, type EventValue, type EventValues } from "./event-values.ts";
import type { Conjunction, FieldTest, Pattern } from "./pattern.ts";

export const matches = (pattern: Pattern, values: EventValues): boolean =>
  pattern.some((conjunction) => holds(conjunction, values));

export function holds(conjunction: Conjunction, values: EventValues): boolean {
  const candidates: (readonly EventValue[])[] = [];
  for (const field of conjunction) {
    const found = candidatesOf(field, values.get(field.path));
    if (found === undefined) return false;
    // of what is in no list, any will do
    if (found.length > 0 && found.every(({ entries }) => entries.length > 0)) candidates.push(found);
  }
  return candidates.length < 2 || canBeTogether(candidates, []);
}

const NONE: readonly EventValue[] = [];

/** The values that will do; none where that is right too, `undefined` where it is not. */
function candidatesOf(field: FieldTest, there: readonly EventValue[] | undefined): readonly EventValue[] | undefined {
  if (there === undefined) return field.orAbsent ? NONE : undefined;
  if (field.orPresent) return there;
  const found = there.filter(({ value }) => field.alternatives.some(({ test }) => test(value)));
  return found.length > 0 ? found : undefined;
}

function canBeTogether([first, ...rest]: readonly (readonly EventValue[])[], chosen: EventValue["entries"]): boolean {
  if (first === undefined) return true;
  return first.some(({ entries }) => areTogether(entries, chosen) && canBeTogether(rest, [...chosen, ...entries]));
}

/**
 * The paths that inputs are taken from: `$.detail.items[0].name`, `$.detail.items[*].name`.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import { isAsWritten } from "./json-double.ts";

type Step = { readonly member: string } | { readonly at: number } | "all";

const STEP = /\.([^.[\]]+)|\['([^']+)'\]|\[(\d+|\*)\]/y;

/** `undefined`: it is no path. */
export function parsePath(text: string): readonly Step[] | undefined {
  if (!text.startsWith("$")) return undefined;
  const steps: Step[] = [];
  let at = 1;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) return undefined;
    at += match[0].length;
    steps.push(stepOf(match[1] ?? match[2], match[3] ?? ""));
  }
  return steps;
}

function stepOf(member: string | undefined, index: string): Step {
  if (member !== undefined) return member === "*" ? "all" : { member };
  return index === "*" ? "all" : { at: Number(index) };
}

/** What stands there, a list where the path has stars; `undefined`: nothing does. */
export function valueAt(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return value;
  // a number as it was written has no inside
  if (isAsWritten(value)) return step === "all" ? [] : undefined;
  if (step === "all") {
    const entries: readonly unknown[] = typeof value === "object" && value !== null ? Object.values(value) : [];
    return entries.map((entry) => valueAt(entry, rest)).filter((entry) => entry !== undefined);
  }
  if ("at" in step) return Array.isArray(value) ? valueAt(value[step.at], rest) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const member: unknown = Object.entries(value).find(([name]) => name === step.member)?.[1];
  return valueAt(member, rest);
}

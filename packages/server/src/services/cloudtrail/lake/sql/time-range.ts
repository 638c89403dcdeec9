/** Of which time the events are that a condition asks for: others need not be read. */
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { TimeRange } from "../event/chunk.ts";
import { compile, type Compiling } from "./compile.ts";
import { instantOf } from "./compare.ts";
import { conjunctsOf } from "./join.ts";
import { Scope } from "./scope.ts";
import type { BinaryOperator, Expression } from "./syntax.ts";
import { QueryFailure } from "./value.ts";

const TURNED: Partial<Record<BinaryOperator, BinaryOperator>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "=": "=",
};

/** @param where all of it is asked of each event afterwards */
export function timeRangeOf(where: Expression, compiling: Compiling): TimeRange {
  let [fromMs, beforeMs] = [0, Number.MAX_SAFE_INTEGER];
  for (const conjunct of conjunctsOf(where)) {
    const bound = boundOf(conjunct, compiling);
    if (bound === undefined) continue;
    if (bound.operator !== "<" && bound.operator !== "<=") fromMs = Math.max(fromMs, bound.ms);
    // what is at the bound is let in
    if (bound.operator !== ">" && bound.operator !== ">=") beforeMs = Math.min(beforeMs, bound.ms + 1);
  }
  return { fromMs, beforeMs };
}

interface Bound {
  readonly operator: BinaryOperator;
  readonly ms: number;
}

function boundOf(expression: Expression, compiling: Compiling): Bound | undefined {
  if (expression.kind !== "binary") return undefined;
  const { operator, left, right } = expression;
  const turned = TURNED[operator];
  if (turned === undefined) return undefined;
  if (isEventTime(left)) return boundAt(operator, right, compiling);
  return isEventTime(right) ? boundAt(turned, left, compiling) : undefined;
}

const isEventTime = (expression: Expression): boolean =>
  expression.kind === "name" && expression.parts.at(-1)?.text.toLowerCase() === "eventtime";

/** Where the time does not depend on events. */
function boundAt(operator: BinaryOperator, time: Expression, { around }: Compiling): Bound | undefined {
  try {
    const { evaluate } = compile(time, { scope: new Scope([]), around });
    return { operator, ms: instantOf(evaluate([])).ms };
  } catch (error) {
    if (error instanceof AwsError || error instanceof QueryFailure) return undefined;
    throw error;
  }
}

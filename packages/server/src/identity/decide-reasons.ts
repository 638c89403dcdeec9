/** From readings to reasons: what explanations are made of. */
import type { Found, Layers, Reading } from "./decide-layers.ts";
import type { ConditionFact, Reason, StatementRef } from "./decision.ts";
import { factOf, metFactOf, type Condition } from "./policy/condition.ts";
import { nearMisses, type PolicyRequest, type StatementMatch } from "./policy/evaluate.ts";
import type { CompiledPolicy } from "./policy/compile.ts";

export function allowReason({ layer }: Reading, { policy, level, match }: Found, { request }: Layers): Reason {
  const statement = referenceTo(match);
  return { layer, effect: "allow", policy, level, statement, conditions: factsOf(match, request, metFactOf) };
}

export function denyReason({ layer }: Reading, found: Found, { request }: Layers): Reason {
  const { compiled, match, policy, level } = found;
  const statement = referenceTo(match, compiled);
  return { layer, effect: "explicit-deny", policy, level, statement, conditions: factsOf(match, request, metFactOf) };
}

/**
 * A layer that had to allow and did not. Where a statement would have allowed but for its
 * conditions, the reason points at it and says how each condition went.
 */
export function missingReason({ layer, level, policies, caller }: Reading, { request, compiler }: Layers): Reason {
  const bare: Reason = { layer, effect: "no-allow", level };
  for (const { name: policy, document } of policies) {
    const compiled = compiler.compile(document);
    const [near] = nearMisses(compiled, request, caller);
    if (near === undefined) continue;
    return { ...bare, policy, statement: referenceTo(near, compiled), conditions: factsOf(near, request, factOf) };
  }
  const [only] = policies;
  return policies.length === 1 && only !== undefined ? { ...bare, policy: only.name } : bare;
}

/** `shown`: the policy that the statement is to be shown from. */
function referenceTo({ compiled }: StatementMatch, shown?: CompiledPolicy): StatementRef {
  const { sid, index, start, span } = compiled.statement;
  return { sid, index, line: start.line, text: shown?.text.slice(span.start, span.end) };
}

type FactMaker = (condition: Condition, keys: PolicyRequest["keys"]) => ConditionFact;

function factsOf({ compiled }: StatementMatch, { keys }: PolicyRequest, make: FactMaker): Reason["conditions"] {
  const { conditions } = compiled;
  return conditions.length === 0 ? undefined : conditions.map((condition) => make(condition, keys));
}

/** From readings to reasons: what explanations are made of. */
import type { Found, Layers, Reading } from "./decide-layers.ts";
import type { Reason, StatementRef } from "./decision.ts";
import { factOf } from "./policy/condition.ts";
import { nearMisses, type PolicyRequest, type StatementMatch } from "./policy/evaluate.ts";
import type { CompiledPolicy } from "./policy/compile.ts";

export function allowReason({ layer }: Reading, found: Found, { request }: Layers): Reason {
  return { layer, effect: "allow", ...whereFound(found), ...whatMatched(found.match, request) };
}

export function denyReason({ layer }: Reading, found: Found, { request }: Layers): Reason {
  const { compiled, match } = found;
  return { layer, effect: "explicit-deny", ...whereFound(found), ...whatMatched(match, request, compiled) };
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
    if (near !== undefined) return { ...bare, policy, ...whatMatched(near, request, compiled) };
  }
  const [only] = policies;
  return policies.length === 1 && only !== undefined ? { ...bare, policy: only.name } : bare;
}

const whereFound = ({ policy, level }: Found): Pick<Reason, "policy" | "level"> => ({ policy, level });

/** `text`: the policy whose statement is to be shown. */
function whatMatched({ compiled }: StatementMatch, { keys }: PolicyRequest, policy?: CompiledPolicy) {
  const { statement, conditions } = compiled;
  const { sid, index, start, span } = statement;
  const reference: StatementRef = { sid, index, line: start.line, text: policy?.text.slice(span.start, span.end) };
  return {
    statement: reference,
    conditions: conditions.length === 0 ? undefined : conditions.map((condition) => factOf(condition, keys)),
  };
}

/** What a proposed policy would have changed: recorded decisions taken again, as they were and with it. */
import { decide, type Question } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { ReadQuestion } from "./evidence-reader.ts";
import type { PolicyCompiler } from "./policy/compile.ts";
import { evaluate, makeRequest } from "./policy/evaluate.ts";
import { propose, type Manages, type Proposal } from "./proposal.ts";

/**
 * `untouched`: the policy has no part in the question. `unchanged`: it has, and the answer stays. `unlike`: without
 * the policy, too, the answer is another now than on record, so nothing can be said.
 */
export type Outcome =
  | { readonly kind: "untouched" | "unchanged" | "unlike" }
  | { readonly kind: "changed"; readonly decision: Decision };

export function replay(
  question: ReadQuestion,
  recorded: Decision,
  { proposal, manages, compiler }: { proposal: Proposal; manages: Manages; compiler: PolicyCompiler },
): Outcome {
  const proposed = propose(question, proposal, manages);
  if (proposed === undefined) return { kind: "untouched" };
  if (isOnlyAdded(proposal) && saysNothing(question, proposal, compiler)) return { kind: "unchanged" };
  const decision = decide(proposed, compiler);
  if (decision.decision === recorded.decision) return { kind: "unchanged" };
  if (decide(question, compiler).decision !== recorded.decision) return { kind: "unlike" };
  return { kind: "changed", decision };
}

/** Beside what was there: then it changes nothing where none of its statements applies. */
const isOnlyAdded = ({ as, replaces }: Proposal): boolean =>
  replaces === undefined && (as === "identity" || as === "scp");

function saysNothing({ access, keys }: Question, { policy }: Proposal, compiler: PolicyCompiler): boolean {
  const verdict = evaluate(compiler.compile(policy.document), makeRequest(access.action, access.resource, keys));
  return verdict.allow === undefined && verdict.deny === undefined;
}

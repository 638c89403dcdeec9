/** Policies of resources, in the words S3 has for those of buckets. */
import type { Statement } from "./ast.ts";
import { parseGlob, type Glob } from "./glob.ts";
import type { Reading } from "./parse.ts";
import { firstProblem, inStatements, type PolicyProblem } from "./problem.ts";
import { formProblem, isPrincipalForm, type FormWords } from "./validate-form.ts";

/** What the owner of the resource knows of its own actions and resources. */
export interface ResourceRules {
  /** Every action that a policy here may name: `s3:GetObject`. */
  readonly actions: readonly string[];
  /** Whether a policy of this resource may name that one. */
  readonly isResource: (resource: string) => boolean;
  /** Whether `action`, one of `actions`, can be done to what `resource` names. */
  readonly applies: (action: string, resource: string) => boolean;
  /** Statements may leave out whom they are for, which is nobody then, and what of, which is the resource. */
  readonly mayBeBare?: true;
}

const WORDS: FormWords = {
  principalKind: () => "Invalid principal in policy",
  operator: (name) => `Invalid Condition type : ${name}`,
  syntax: "Invalid policy syntax.",
};

export function resourcePolicyProblem(
  text: string,
  { document, faults }: Reading,
  rules?: ResourceRules,
): PolicyProblem | undefined {
  if (!text.startsWith("{")) {
    return { message: "Policies must be valid JSON and the first byte must be '{'", at: { line: 1, column: 1 } };
  }
  const [fault] = faults;
  if (fault !== undefined) return formProblem(fault, WORDS);
  const statements = document?.statements ?? [];
  return firstProblem([
    () => inStatements(statements, (statement) => fieldProblem(statement, rules)),
    () => (rules === undefined ? undefined : inStatements(statements, (statement) => ruleProblem(statement, rules))),
  ]);
}

function fieldProblem(
  { effectText, principal, action, resource }: Statement,
  rules: ResourceRules | undefined,
): string | undefined {
  const isWhole = rules?.mayBeBare !== true;
  if (effectText !== "Allow" && effectText !== "Deny") return `Invalid effect: ${effectText}`;
  if (principal === undefined && isWhole) return "Missing required field Principal";
  if (principal !== undefined && !isPrincipal(principal)) return "Invalid principal in policy";
  if (action === undefined || action.values.length === 0) return "Missing required field Action";
  if (resource === undefined ? isWhole : resource.values.length === 0) return "Missing required field Resource";
  return undefined;
}

const isPrincipal = ({ everyone, entries }: NonNullable<Statement["principal"]>): boolean =>
  (everyone || entries.length > 0) && entries.every(isPrincipalForm);

function ruleProblem({ action, resource }: Statement, rules: ResourceRules): string | undefined {
  const resources = resource?.values ?? [];
  const globs = (action?.values ?? []).map((pattern) => parseGlob(pattern.toLowerCase()));
  if (!globs.every((glob) => rules.actions.some((name) => glob.test(name.toLowerCase())))) {
    return "Policy has invalid action";
  }
  if (!resources.every((name) => rules.isResource(name))) return "Policy has invalid resource";
  if (action?.negated === true || resource === undefined || resource.negated) return undefined;
  return allApply(globs, resources, rules) ? undefined : "Action does not apply to any resource(s) in statement";
}

/**
 * Each action applies to one of the resources; a resource that none applies to does no harm.
 * Source: https://github.com/ministryofjustice/modernisation-platform/pull/10762 (mended by one resource more)
 */
const allApply = (globs: readonly Glob[], resources: readonly string[], rules: ResourceRules): boolean =>
  globs.every((glob) => appliesSomewhere(glob, resources, rules));

function appliesSomewhere(glob: Glob, resources: readonly string[], { actions, applies }: ResourceRules): boolean {
  return actions.some((name) => glob.test(name.toLowerCase()) && resources.some((resource) => applies(name, resource)));
}

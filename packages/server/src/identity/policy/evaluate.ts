/** What one policy says to one question. */
import { arnFields } from "./arn-pattern.ts";
import { GRIPS, gripOf, type Caller, type Grip } from "./caller.ts";
import type { CompiledPolicy, CompiledStatement, Rule } from "./compile.ts";
import type { Condition } from "./condition.ts";
import type { KeySource } from "./template.ts";

/** A question as policies see it. */
export interface PolicyRequest {
  /** In lower case, as `service`, what is before its colon. */
  readonly action: string;
  readonly service: string;
  readonly resource: string;
  /** The fields of `resource` as an ARN. */
  readonly fields: readonly string[] | undefined;
  readonly keys: KeySource;
}

export function makeRequest(action: string, resource: string, keys: KeySource): PolicyRequest {
  const lower = action.toLowerCase();
  return { action: lower, service: lower.slice(0, lower.indexOf(":")), resource, fields: arnFields(resource), keys };
}

export interface StatementMatch {
  readonly compiled: CompiledStatement;
  readonly grip: Grip;
}

/** The first statement that denies, and the first of those that allow most directly. */
export interface Verdict {
  readonly deny: StatementMatch | undefined;
  readonly allow: StatementMatch | undefined;
}

/**
 * `caller`: for policies whose statements name principals; statements without one then say nothing.
 * Left out for policies that belong to the caller, whose statements name none.
 */
export function evaluate(policy: CompiledPolicy, request: PolicyRequest, caller?: Caller): Verdict {
  let deny: StatementMatch | undefined;
  let allow: StatementMatch | undefined;
  policy.rules.find(request.action, request.service, (byResource) =>
    byResource.find(request.resource, (rules) => {
      for (const rule of rules) {
        const denies = rule.compiled.statement.effect === "Deny";
        const match = matchRule(rule, request, caller);
        if (match === undefined) continue;
        if (denies) deny = better(deny, match);
        else allow = better(allow, match);
      }
    }),
  );
  return { deny, allow };
}

/** Every statement that applies, in the order written. */
export function matchesOf(policy: CompiledPolicy, request: PolicyRequest, caller?: Caller): readonly StatementMatch[] {
  const found = new Map<CompiledStatement, StatementMatch>();
  eachRule(policy, request, (rule) => {
    const match = matchRule(rule, request, caller);
    if (match !== undefined) found.set(match.compiled, match);
  });
  return inOrder([...found.values()]);
}

/** Allows that would apply but for their conditions, in the order written. */
export function nearMisses(policy: CompiledPolicy, request: PolicyRequest, caller?: Caller): readonly StatementMatch[] {
  return coveringStatements(policy, request, caller).filter(
    ({ compiled }) => compiled.statement.effect === "Allow" && !allMet(compiled.conditions, request.keys),
  );
}

/** Statements about this action, resource and caller, whatever their conditions, in the order written. */
export function coveringStatements(
  policy: CompiledPolicy,
  request: PolicyRequest,
  caller?: Caller,
): readonly StatementMatch[] {
  const found = new Map<CompiledStatement, StatementMatch>();
  eachRule(policy, request, (rule) => {
    const { compiled } = rule;
    const grip = ruleCovers(rule, request) ? gripOn(compiled, caller) : undefined;
    if (grip !== undefined) found.set(compiled, { compiled, grip });
  });
  return inOrder([...found.values()]);
}

function eachRule({ rules }: CompiledPolicy, request: PolicyRequest, visit: (rule: Rule) => void): void {
  const { action, service, resource } = request;
  rules.find(action, service, (byResource) => byResource.find(resource, (found) => found.forEach(visit)));
}

function inOrder(matches: readonly StatementMatch[]): readonly StatementMatch[] {
  return matches.toSorted((a, b) => a.compiled.statement.index - b.compiled.statement.index);
}

function matchRule(rule: Rule, request: PolicyRequest, caller: Caller | undefined): StatementMatch | undefined {
  if (!ruleCovers(rule, request)) return undefined;
  const { compiled } = rule;
  const grip = gripOn(compiled, caller);
  if (grip === undefined || !allMet(compiled.conditions, request.keys)) return undefined;
  return { compiled, grip };
}

function ruleCovers({ action, resource }: Rule, request: PolicyRequest): boolean {
  if (action !== undefined && !action(request.action)) return false;
  return resource === undefined || resource(request.fields, request.keys);
}

function gripOn({ statement }: CompiledStatement, caller: Caller | undefined): Grip | undefined {
  if (caller === undefined) return "direct";
  return statement.principal === undefined ? undefined : gripOf(statement.principal, caller);
}

function allMet(conditions: readonly Condition[], keys: KeySource): boolean {
  for (const condition of conditions) if (!condition.met(keys)) return false;
  return true;
}

function better(held: StatementMatch | undefined, found: StatementMatch): StatementMatch {
  if (held === undefined) return found;
  const stronger = GRIPS.indexOf(found.grip) - GRIPS.indexOf(held.grip);
  const earlier = found.compiled.statement.index - held.compiled.statement.index;
  return stronger < 0 || (stronger === 0 && earlier < 0) ? found : held;
}

/**
 * What policies would say to a call that nobody makes.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
 */
import type { NamedPolicy, PolicyLevel } from "../directory.ts";
import type { Caller } from "./caller.ts";
import { compilePolicy, type CompiledPolicy } from "./compile.ts";
import { distinctKeys, keysOfStatement } from "./context-keys.ts";
import { coveringStatements, makeRequest, matchesOf, type PolicyRequest, type StatementMatch } from "./evaluate.ts";
import type { Position } from "./source.ts";
import type { KeySource } from "./template.ts";

export type SimulatedDecision = "allowed" | "explicitDeny" | "implicitDeny";

export interface SimulatedPolicy extends NamedPolicy {
  /** As the answer names the policy: `IAM Policy`, `Resource Policy`. */
  readonly type: string;
}

/** A user, who need not exist. */
export interface SimulatedCaller {
  readonly arn: string;
  readonly account: string;
  /** `AIDA…`, where there is one. */
  readonly userId?: string | undefined;
}

export interface Simulation {
  readonly action: string;
  readonly resource: string;
  readonly policies: readonly SimulatedPolicy[];
  /** `undefined`: nothing bounds the caller. */
  readonly boundary?: readonly SimulatedPolicy[] | undefined;
  readonly resourcePolicy?: SimulatedPolicy | undefined;
  /** Who a resource policy's principals are compared with. */
  readonly caller?: SimulatedCaller | undefined;
  /** The caller's account does not own the resource: both sides must allow. */
  readonly crossAccount?: boolean | undefined;
  readonly scps?: readonly PolicyLevel[] | undefined;
  /** Values of condition keys by name. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export interface MatchedStatement {
  readonly policyId: string;
  readonly policyType: string;
  readonly start: Position;
  readonly end: Position;
}

export interface SimulatedOutcome {
  readonly decision: SimulatedDecision;
  /** Those that denied; where none did, those that allowed. */
  readonly matched: readonly MatchedStatement[];
  /** Keys that statements about this action and resource ask for and the context lacks. */
  readonly missingKeys: readonly string[];
  /** `undefined` without a boundary, and so on. */
  readonly allowedByBoundary: boolean | undefined;
  readonly allowedByOrganizations: boolean | undefined;
  /** Each side's own decision, across accounts. */
  readonly details: Readonly<Record<string, SimulatedDecision>> | undefined;
}

/** @throws {PolicySyntaxError} where one of the texts is no policy. */
export function simulate(simulation: Simulation): SimulatedOutcome {
  const request = makeRequest(simulation.action, simulation.resource, contextKeys(simulation.context));
  const caller = simulation.caller && simulatedCaller(simulation.caller);
  const own = simulation.policies.map((policy) => readPolicy(policy, request));
  const theirs =
    simulation.resourcePolicy === undefined ? [] : [readPolicy(simulation.resourcePolicy, request, caller)];
  const bounds = simulation.boundary?.map((policy) => readPolicy(policy, request));
  const levels = simulation.scps?.map(({ policies }) => policies.map((policy) => readPolicy(policy, request)));
  const limits = [...(bounds === undefined ? [] : [bounds]), ...(levels ?? [])];
  const all = [...own, ...theirs, ...limits.flat()];
  const allowedByOrganizations = levels && allowsAll(levels);
  const decision = decisionOf({ own, theirs, limits, crossAccount: simulation.crossAccount === true });
  return {
    decision,
    matched: matchedFor(decision, all, [...own, ...theirs]),
    missingKeys: missingKeys(all, request),
    allowedByBoundary: bounds && allowsAll([bounds]),
    allowedByOrganizations,
    details: simulation.crossAccount === true && allowedByOrganizations !== false ? sidesOf(own, theirs) : undefined,
  };
}

function simulatedCaller({ arn, account, userId }: SimulatedCaller): Caller {
  const own = userId === undefined ? [arn] : [arn, userId];
  return {
    account,
    own,
    behind: [],
    isRoot: arn.endsWith(":root"),
    service: undefined,
    federatedProvider: undefined,
    canonicalUser: undefined,
  };
}

/** One policy with what it says. */
interface Reading {
  readonly name: string;
  readonly type: string;
  readonly policy: CompiledPolicy;
  readonly caller: Caller | undefined;
  readonly denies: readonly StatementMatch[];
  readonly allows: readonly StatementMatch[];
}

function readPolicy(
  source: NamedPolicy & { readonly type?: string },
  request: PolicyRequest,
  caller?: Caller,
): Reading {
  const policy = compilePolicy(source.document);
  const matches = matchesOf(policy, request, caller);
  const { name, type = "Organizations Policy" } = source;
  const denies = matches.filter(({ compiled }) => compiled.statement.effect === "Deny");
  const allows = matches.filter(({ compiled }) => compiled.statement.effect === "Allow");
  return { name, type, policy, caller, denies, allows };
}

interface Sides {
  readonly own: readonly Reading[];
  readonly theirs: readonly Reading[];
  readonly limits: readonly (readonly Reading[])[];
  readonly crossAccount: boolean;
}

const denied = (readings: readonly Reading[]): boolean => readings.some(({ denies }) => denies.length > 0);
const allowed = (readings: readonly Reading[]): boolean => readings.some(({ allows }) => allows.length > 0);

function decisionOf({ own, theirs, limits, crossAccount }: Sides): SimulatedDecision {
  if (denied([...own, ...theirs, ...limits.flat()])) return "explicitDeny";
  const named = theirs.some(({ allows }) => allows.some(({ grip }) => grip === "direct"));
  const granted = crossAccount ? allowed(own) && allowed(theirs) : allowed(own) || named;
  return granted && limits.every(allowed) ? "allowed" : "implicitDeny";
}

const allowsAll = (groups: readonly (readonly Reading[])[]): boolean =>
  groups.every((group) => allowed(group) && !denied(group));

function sidesOf(own: readonly Reading[], theirs: readonly Reading[]): Readonly<Record<string, SimulatedDecision>> {
  const sideOf = (readings: readonly Reading[]): SimulatedDecision =>
    denied(readings) ? "explicitDeny" : allowed(readings) ? "allowed" : "implicitDeny";
  return { "IAM Policy": sideOf(own), "Resource Policy": sideOf(theirs) };
}

function matchedFor(
  decision: SimulatedDecision,
  all: readonly Reading[],
  granting: readonly Reading[],
): readonly MatchedStatement[] {
  return decision === "explicitDeny"
    ? all.flatMap((reading) => reading.denies.map((match) => matchedStatement(reading, match)))
    : granting.flatMap((reading) => reading.allows.map((match) => matchedStatement(reading, match)));
}

/**
 * Columns are those AWS's simulator gives: the end is behind the closing brace; the start is behind
 * the opening one where the policy has a single statement outside of a list.
 * Source: https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
 */
function matchedStatement({ name, type, policy }: Reading, { compiled }: StatementMatch): MatchedStatement {
  const { start, end, span } = compiled.statement;
  const single = policy.text.slice(0, span.start).trimEnd().endsWith(":");
  return {
    policyId: name,
    policyType: type,
    start: single ? { line: start.line, column: start.column + 1 } : start,
    end,
  };
}

function missingKeys(readings: readonly Reading[], request: PolicyRequest): readonly string[] {
  const asked = readings.flatMap(({ policy, caller }) =>
    coveringStatements(policy, request, caller).flatMap(({ compiled }) =>
      keysOfStatement(compiled.statement, policy.document.version),
    ),
  );
  return distinctKeys(asked).filter((key) => request.keys.get(key.toLowerCase()) === undefined);
}

function contextKeys(context: Simulation["context"]): KeySource {
  const values = new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => values.get(name) };
}

/**
 * Policies of a parameter: when it goes, and of what its owner is told before.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html
 */
import { DAY_MS, HOUR_MS } from "../../kernel/duration.ts";
import { findOwn } from "../../kernel/lookup.ts";
import type { Context } from "../../service/context.ts";
import type { Job } from "../../service/service.ts";
import { policiesIncompatible, policiesInvalid, policiesTooMany, policyTypeInvalid } from "./errors.ts";
import { POLICIES_MAX } from "./limits.ts";
import { tellOfPolicy } from "./parameter-event.ts";
import { removeParameter } from "./parameter-removal.ts";
import { parameters, type Parameter } from "./parameter-row.ts";

export interface LifecyclePolicy {
  readonly type: "Expiration" | "ExpirationNotification" | "NoChangeNotification";
  /** As it was given. */
  readonly text: string;
  /** Of an expiration, when; of the others, how long before or after. */
  readonly ms: number;
}

const JOB = "keep-policy";

/** @throws {AwsError} `InvalidPolicyAttributeException`, `InvalidPolicyTypeException`, `PoliciesLimitExceededException` */
export function parsePolicies(text: string, nowMs: number): readonly LifecyclePolicy[] {
  const list = parsed(text);
  if (!Array.isArray(list)) throw policiesInvalid("The policies must be a JSON list.");
  if (list.length > POLICIES_MAX) throw policiesTooMany();
  const policies = list.map((one: unknown) => parsePolicy(one, nowMs));
  const expirations = policies.filter(({ type }) => type === "Expiration").length;
  const warns = policies.some(({ type }) => type === "ExpirationNotification");
  if (expirations > 1 || (warns && expirations === 0)) throw policiesIncompatible();
  return policies;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw policiesInvalid("The policies are not valid JSON.");
  }
}

function parsePolicy(given: unknown, nowMs: number): LifecyclePolicy {
  const type = memberOf(given, "Type");
  const attributes = memberOf(given, "Attributes");
  const text = JSON.stringify(given);
  switch (type) {
    case "Expiration":
      return { type, text, ms: expirationMs(memberOf(attributes, "Timestamp"), nowMs) };
    case "ExpirationNotification":
      return { type, text, ms: durationMs(memberOf(attributes, "Before"), memberOf(attributes, "Unit")) };
    case "NoChangeNotification":
      return { type, text, ms: durationMs(memberOf(attributes, "After"), memberOf(attributes, "Unit")) };
    default:
      throw policyTypeInvalid();
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

function expirationMs(timestamp: unknown, nowMs: number): number {
  const ms = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(ms)) throw policiesInvalid("The Timestamp of an Expiration policy must be a date in ISO 8601.");
  if (ms <= nowMs) throw policiesInvalid("The Timestamp of an Expiration policy must be in the future.");
  return ms;
}

const UNITS_MS: Readonly<Record<string, number>> = { Days: DAY_MS, Hours: HOUR_MS };

function durationMs(count: unknown, unit: unknown): number {
  const unitMs = typeof unit === "string" ? findOwn(UNITS_MS, unit) : undefined;
  const number = typeof count === "string" || typeof count === "number" ? Number(count) : Number.NaN;
  if (unitMs === undefined || !Number.isInteger(number) || number < 1) {
    throw policiesInvalid("The Unit of a policy must be Days or Hours, and their number a whole one.");
  }
  return number * unitMs;
}

interface Due {
  readonly key: string;
  readonly version: number;
  readonly at: number;
}

const isDue = (payload: unknown): payload is Due =>
  typeof payload === "object" && payload !== null && "key" in payload && "version" in payload && "at" in payload;

/** Sets the timers of a parameter's newest version: those of earlier ones find that it has changed. */
export function schedulePolicies(parameter: Parameter, context: Context): void {
  for (const [at, policy] of (parameter.policies ?? []).entries()) {
    const { key, version } = parameter;
    const dueMs = dueAt(policy, parameter);
    if (dueMs !== undefined) context.at(dueMs, JOB, `${key} ${at}`, { key, version, at });
  }
}

function dueAt({ type, ms }: LifecyclePolicy, { policies = [], modifiedAtMs }: Parameter): number | undefined {
  if (type === "Expiration") return ms;
  if (type === "NoChangeNotification") return modifiedAtMs + ms;
  const expiration = policies.find((policy) => policy.type === "Expiration");
  return expiration && Math.max(expiration.ms - ms, modifiedAtMs);
}

export const keepPolicy: Job = async (context, _key, payload) => {
  if (!isDue(payload)) return;
  const parameter = await context.tx.get(parameters, payload.key);
  const policy = parameter?.policies?.[payload.at];
  if (parameter === undefined || policy === undefined || parameter.version !== payload.version) return;
  await tellOfPolicy(parameter, policy, context);
  if (policy.type !== "Expiration") return;
  await removeParameter(parameter, context);
};

/** As DescribeParameters shows them. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterInlinePolicy.html */
export const shownPolicies = (policies: readonly LifecyclePolicy[]) =>
  policies.map(({ type, text }) => ({ PolicyText: text, PolicyType: type, PolicyStatus: "Pending" }));

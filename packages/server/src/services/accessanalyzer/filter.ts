/**
 * Filters of findings, as lists and archive rules have them.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
 */
import { emptyCriterion, emptyFilter, unknownFilterKey } from "./errors.ts";

/** What one property of a finding has to be. */
export interface Criterion {
  readonly eq?: readonly string[] | undefined;
  readonly neq?: readonly string[] | undefined;
  readonly contains?: readonly string[] | undefined;
  readonly exists?: boolean | undefined;
}

/** Criteria by property; all of them are to be met. */
export type Filter = Readonly<Record<string, Criterion>>;

/** A property of a finding: its value, or its values; `undefined` where it has none. */
export type PropertyOf = (key: string) => string | readonly string[] | undefined;

/** What a filter is for: each knows other properties. */
export type FilterUse = "archive rule" | "findings" | "preview findings";

const ALWAYS = ["resource", "resourceType", "resourceOwnerAccount", "findingType"];
const OF_EXTERNAL_ACCESS = [
  "isPublic",
  "error",
  "principal.AWS",
  "principal.Federated",
  "principal.CanonicalUser",
  "resourceControlPolicyRestriction",
];
const OF_SOME: Readonly<Record<FilterUse, readonly string[]>> = {
  "archive rule": [],
  findings: ["id", "status"],
  "preview findings": ["id", "status", "changeType", "existingFindingId", "existingFindingStatus"],
};

/** @throws {AwsError} `ValidationException` for a property that findings of this kind do not have, or that nothing is asked of. */
export function requireFilter(filter: Filter, use: FilterUse, kind: "external" | "unused"): void {
  const known = [...ALWAYS, ...(kind === "external" ? OF_EXTERNAL_ACCESS : []), ...OF_SOME[use]];
  for (const [key, { eq, neq, contains, exists }] of Object.entries(filter)) {
    const isCondition = kind === "external" && key.startsWith("condition.");
    if (!isCondition && !known.includes(key)) throw unknownFilterKey(key);
    if ([eq, neq, contains, exists].every((operator) => operator === undefined)) throw emptyCriterion(key);
  }
}

/** @throws {AwsError} `ValidationException` */
export function requireRuleFilter(filter: Filter, kind: "external" | "unused"): void {
  if (Object.keys(filter).length === 0) throw emptyFilter();
  requireFilter(filter, "archive rule", kind);
}

export const matchesFilter = (filter: Filter, propertyOf: PropertyOf): boolean =>
  Object.entries(filter).every(([key, criterion]) => meets(criterion, valuesOf(propertyOf(key))));

const valuesOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();

function meets({ eq, neq, contains, exists }: Criterion, values: readonly string[]): boolean {
  if (exists !== undefined && exists !== values.length > 0) return false;
  if (eq !== undefined && !values.some((value) => eq.includes(value))) return false;
  if (neq !== undefined && values.some((value) => neq.includes(value))) return false;
  return contains === undefined || values.some((value) => contains.some((part) => value.includes(part)));
}

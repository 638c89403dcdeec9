/** When a statement's allow stands: as alternatives, each of conditions that are all met, with what denials leave of them. */
import { contraryOf, implies, isContradiction, type Literal, type SingleValued } from "./literal.ts";
import type { Reach } from "./kind.ts";
import type { Space, SpaceStatement } from "./space.ts";

/** Conditions that are all met. */
export type Term = readonly Literal[];

/** A statement as it is met in a scene; the place is its place in the space. */
export interface MetStatement {
  readonly place: number;
  readonly of: SpaceStatement;
  /** All of them have to hold for it to apply. */
  readonly literals: Term;
}

/** Beyond so many alternatives it is too hard to say. */
const TERMS_MAX = 256;

/** The statements of one policy and effect that are about the requests of a scene. */
export function metStatements(
  { statements }: Pick<Space, "statements">,
  reaches: readonly Reach[],
  { policy, effect }: { readonly policy: number; readonly effect: "Allow" | "Deny" },
): readonly MetStatement[] {
  return statements.flatMap((of, place) => {
    const reach = reaches[place];
    if (of.policy !== policy || of.statement.effect !== effect || reach === undefined || reach === "no") return [];
    return [{ place, of, literals: reach === "perhaps" ? [...of.conditions, of.perhaps] : of.conditions }];
  });
}

/** What is left of an allow under denials; `undefined`: too hard to say. */
export function termsUnder(
  allow: Term,
  denials: readonly MetStatement[],
  isSingleValued: SingleValued,
): readonly Term[] | undefined {
  if (isContradiction(allow, isSingleValued)) return [];
  let terms: readonly Term[] = [allow];
  for (const { literals } of denials) {
    terms = terms.flatMap((term) => withoutDenied(term, literals, isSingleValued));
    if (terms.length > TERMS_MAX) return undefined;
  }
  return terms;
}

function withoutDenied(term: Term, denied: Term, isSingleValued: SingleValued): readonly Term[] {
  if (excludes(term, denied, isSingleValued)) return [term];
  return denied
    .map((literal) => [...term, contraryOf(literal)])
    .filter((alternative) => !isContradiction(alternative, isSingleValued));
}

/** Whether one of `conditions` cannot be met where the term is. */
export const excludes = (term: Term, conditions: Term, isSingleValued: SingleValued): boolean =>
  conditions.some((condition) => term.some((literal) => implies(literal, contraryOf(condition), isSingleValued)));

/** Whether all of `conditions` are met where the term is. */
export const includes = (term: Term, conditions: Term, isSingleValued: SingleValued): boolean =>
  conditions.every((condition) => term.some((literal) => implies(literal, condition, isSingleValued)));

/**
 * Conditions, ready to be asked. Absent keys, sets and negation follow AWS's rules:
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
import type { ConditionFact } from "../decision.ts";
import type { ConditionClause, LanguageVersion } from "./ast.ts";
import { makeMatcher, type Matcher } from "./matcher.ts";
import { formatOperator, type Operator } from "./operator.ts";
import { parseBoolean } from "./scalar.ts";
import type { KeySource } from "./template.ts";

/** One operator with one key. */
export interface Condition {
  readonly clause: ConditionClause;
  readonly met: (keys: KeySource) => boolean;
}

type Test = (given: readonly string[] | undefined, keys: KeySource) => boolean;

export function makeCondition(clause: ConditionClause, version: LanguageVersion): Condition {
  const name = clause.key.toLowerCase();
  const test = makeTest(clause, version);
  return { clause, met: (keys) => test(keys.get(name), keys) };
}

/** What the condition asked and what it found. */
export function factOf({ clause, met }: Condition, keys: KeySource): ConditionFact {
  return { ...metFactOf({ clause }, keys), met: met(keys) };
}

/** The same of a condition that is known to be met. */
export function metFactOf({ clause }: Pick<Condition, "clause">, keys: KeySource): ConditionFact {
  const { operator, key, values } = clause;
  const actual = keys.get(key.toLowerCase());
  return { operator: formatOperator(operator), key, expected: values, actual, met: true };
}

function makeTest({ operator, values }: ConditionClause, version: LanguageVersion): Test {
  const { name } = operator;
  if (name === "Null") return (given) => values.some((value) => parseBoolean(value) === isAbsent(given));
  const matchers = values.map((value) => makeMatcher(name, value, version));
  const single = singleTest(matchers, operator);
  const absent = outcomeWhenAbsent(operator);
  if (operator.set === "all") return (given, keys) => isVoid(given) || given.every((value) => single(value, keys));
  if (operator.set === "any") {
    return (given, keys) => (isVoid(given) ? absent : given.some((value) => single(value, keys)));
  }
  return isNegated(operator)
    ? (given, keys) => (isAbsent(given) ? absent : given.every((value) => single(value, keys)))
    : (given, keys) => (isAbsent(given) ? absent : given.some((value) => single(value, keys)));
}

const isNegated = ({ name }: Operator): boolean => name.includes("Not");

/** Several values of the policy are alternatives; under a negated operator none of them may match. */
function singleTest(matchers: readonly Matcher[], operator: Operator): Matcher {
  const [only] = matchers;
  const matches: Matcher =
    matchers.length === 1 && only !== undefined
      ? only
      : (given, keys) => matchers.some((matcher) => matcher(given, keys));
  return isNegated(operator) ? (given, keys) => !matches(given, keys) : matches;
}

function outcomeWhenAbsent(operator: Operator): boolean {
  if (operator.ifExists) return true;
  return operator.set === undefined && isNegated(operator);
}

const isAbsent = (given: readonly string[] | undefined): given is undefined =>
  given === undefined || given.length === 0;

/** To the set operators a key whose values are all empty texts is as good as absent. */
const isVoid = (given: readonly string[] | undefined): given is undefined =>
  given === undefined || given.every((value) => value === "");

/**
 * A condition, or its contrary, in a form that can be compared with another: what it says of a key that is absent, of
 * one whose values are all empty, and of one with values.
 */
import type { ConditionClause, LanguageVersion } from "../ast.ts";
import { makeCondition } from "../condition.ts";
import { formatOperator, type Operator } from "../operator.ts";
import { parseBoolean } from "../scalar.ts";
import { NO_KEYS } from "../template.ts";
import { EVERY_VALUE, isApart, isSubset, NO_VALUE, valueSetOf, type ValueSet } from "./value-set.ts";

/** What is asked of a condition key. */
export interface KeyLiteral {
  readonly kind: "key";
  /** In lower case. */
  readonly key: string;
  /** Whether it is met where the key is absent. */
  readonly absent: boolean;
  /** Whether it is met where all values are empty texts. */
  readonly empty: boolean;
  /** Whether some value has to be in the set, or every one. */
  readonly quantifier: "some" | "every";
  readonly set: ValueSet;
  /** Whether what is asked for is outside of the set. */
  readonly outside: boolean;
  /** The condition that this is, or is the contrary of. */
  readonly clause: ConditionClause;
}

/** Something that depends on the request in a way that cannot be looked into: the same text has the same answer. */
export interface OpaqueLiteral {
  readonly kind: "opaque";
  readonly text: string;
  readonly holds: boolean;
}

export type Literal = KeyLiteral | OpaqueLiteral;

/** Keys in lower case that never have more than one value. */
export type SingleValued = (key: string) => boolean;

export function literalOf(clause: ConditionClause, version: LanguageVersion): Literal {
  const { operator, key, values } = clause;
  const set = operator.name === "Null" ? undefined : valueSetOf(operator.name, values, version);
  if (operator.name !== "Null" && set === undefined) {
    const text = `${version} ${formatOperator(operator)} ${key.toLowerCase()} ${JSON.stringify(values.toSorted())}`;
    return { kind: "opaque", text, holds: true };
  }
  const { met } = makeCondition(clause, version);
  return {
    kind: "key",
    key: key.toLowerCase(),
    absent: met(NO_KEYS),
    empty: met({ get: () => [""] }),
    ...(set === undefined ? presence(values) : asked(operator, set)),
    clause,
  };
}

type Asked = Pick<KeyLiteral, "quantifier" | "set" | "outside">;

/** `Null` looks at no value. */
const presence = (values: readonly string[]): Asked => ({
  quantifier: "some",
  set: values.some((value) => parseBoolean(value) === false) ? EVERY_VALUE : NO_VALUE,
  outside: false,
});

function asked({ name, set: qualifier }: Operator, set: ValueSet): Asked {
  const outside = name.includes("Not");
  const every = qualifier === "all" || (qualifier === undefined && outside);
  return { quantifier: every ? "every" : "some", set, outside };
}

/** Met exactly where `literal` is not. */
export function contraryOf(literal: Literal): Literal {
  if (literal.kind === "opaque") return { ...literal, holds: !literal.holds };
  return {
    ...literal,
    absent: !literal.absent,
    empty: !literal.empty,
    quantifier: literal.quantifier === "some" ? "every" : "some",
    outside: !literal.outside,
  };
}

/** Whether `one` is met only where `other` is; `false` also where that is too hard to say. */
export function implies(one: Literal, other: Literal, isSingleValued: SingleValued): boolean {
  if (one.kind === "key" && other.kind === "key") return impliesKey(one, other, isSingleValued);
  return one.kind === "opaque" && other.kind === "opaque" && one.text === other.text && one.holds === other.holds;
}

function impliesKey(one: KeyLiteral, other: KeyLiteral, isSingleValued: SingleValued): boolean {
  if (one.key !== other.key || (one.absent && !other.absent) || (one.empty && !other.empty)) return false;
  if (isNothing(one) || isAnything(other)) return true;
  const comparable = one.quantifier === other.quantifier || one.quantifier === "every" || isSingleValued(one.key);
  return comparable && isWithin(one, other);
}

/** No key with values meets it. */
const isNothing = ({ set, outside, quantifier }: KeyLiteral): boolean =>
  quantifier === "some" && (outside ? set === EVERY_VALUE : set === NO_VALUE);

/** Every key with values meets it. */
const isAnything = ({ set, outside }: KeyLiteral): boolean => (outside ? set === NO_VALUE : set === EVERY_VALUE);

function isWithin(one: KeyLiteral, other: KeyLiteral): boolean {
  if (!one.outside) return other.outside ? isApart(one.set, other.set) : isSubset(one.set, other.set);
  return other.outside ? isSubset(other.set, one.set) : other.set === EVERY_VALUE;
}

/** Whether no request meets all of them, as far as that shows. */
export function isContradiction(literals: readonly Literal[], isSingleValued: SingleValued): boolean {
  return literals.some(
    (one, at) =>
      isImpossible(one) || literals.slice(at + 1).some((other) => implies(one, contraryOf(other), isSingleValued)),
  );
}

const isImpossible = (literal: Literal): boolean =>
  literal.kind === "key" && !literal.absent && !literal.empty && isNothing(literal);

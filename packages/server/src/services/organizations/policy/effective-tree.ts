/**
 * Management policies of several levels made one.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
 */
import { ALL, CHILD_OPERATORS, isTree, type PolicyTree } from "./tree.ts";

type Value = unknown;

/** What the levels so far come to at one place. */
interface Place {
  value: Value;
  /** The operators that lower levels may use here; all where nothing is said. */
  allowed: readonly string[] | undefined;
  readonly below: Map<string, Place>;
}

/** `levels`: from the root down, each with the policies that hang there. */
export function mergeLevels(levels: readonly (readonly PolicyTree[])[]): unknown {
  const top = newPlace();
  for (const level of levels) {
    for (const policy of level) apply(top, policy);
    for (const policy of level) restrict(top, policy);
  }
  return plain(top);
}

const newPlace = (): Place => ({ value: undefined, allowed: undefined, below: new Map() });

const mayUse = ({ allowed }: Place, operator: string): boolean =>
  allowed === undefined || allowed.includes(ALL) || allowed.includes(operator);

function apply(place: Place, tree: PolicyTree): void {
  for (const [name, value] of Object.entries(tree)) {
    if (name === CHILD_OPERATORS) continue;
    if (name.startsWith("@@")) operate(place, name, value);
    else applyBelow(place, name, value);
  }
}

/** A place that is shut to lower levels takes no new names. */
function applyBelow(place: Place, name: string, value: unknown): void {
  let under = place.below.get(name);
  if (under === undefined) {
    if (!mayUse(place, "@@assign")) return;
    under = newPlace();
    place.below.set(name, under);
  }
  apply(under, isTree(value) ? value : { "@@assign": value });
}

function operate(place: Place, operator: string, value: unknown): void {
  if (!mayUse(place, operator)) return;
  if (operator === "@@assign") place.value = value;
  else if (operator === "@@append") place.value = [...new Set([...asList(place.value), ...asList(value)])];
  else if (operator === "@@remove") {
    const gone = asList(value);
    place.value = asList(place.value).filter((item) => !gone.includes(item));
  }
}

/** A lower level can only narrow what a higher one allowed. */
function restrict(place: Place, tree: PolicyTree): void {
  const wanted = tree[CHILD_OPERATORS];
  if (Array.isArray(wanted)) {
    const operators = wanted.map(String);
    place.allowed = operators.includes(ALL) ? place.allowed : operators.filter((operator) => mayUse(place, operator));
  }
  for (const [name, value] of Object.entries(tree)) {
    const under = place.below.get(name);
    if (under !== undefined && isTree(value)) restrict(under, value);
  }
}

const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

function plain({ value, below }: Place): unknown {
  if (below.size === 0) return value ?? {};
  return Object.fromEntries([...below].map(([name, place]) => [name, plain(place)]));
}

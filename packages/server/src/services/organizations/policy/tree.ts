/**
 * Management policies as trees, and the operators by which those of several levels become one.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
 */
export type PolicyTree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is PolicyTree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const CHILD_OPERATORS = "@@operators_allowed_for_child_policies";
export const ALL = "@@all";

const SETTING: readonly string[] = ["@@assign", "@@append", "@@remove"];
const ALLOWABLE: readonly unknown[] = [...SETTING, ALL, "@@none"];

/** Whether a policy uses operators that there are, each as it is meant. */
export function usesOperators(tree: PolicyTree): boolean {
  return Object.entries(tree).every(([name, value]) => {
    if (!name.startsWith("@@")) return !isTree(value) || usesOperators(value);
    if (name === CHILD_OPERATORS) return Array.isArray(value) && value.every((one) => ALLOWABLE.includes(one));
    return SETTING.includes(name) && (name === "@@assign" || Array.isArray(value));
  });
}

/**
 * The names of condition operators.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

const OPERATOR_NAMES = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "Null",
] as const;

export type OperatorName = (typeof OPERATOR_NAMES)[number];

export interface Operator {
  readonly name: OperatorName;
  /** `ForAllValues:` or `ForAnyValue:`. */
  readonly set: "all" | "any" | undefined;
  readonly ifExists: boolean;
}

const BY_LOWER_NAME: ReadonlyMap<string, OperatorName> = new Map(
  OPERATOR_NAMES.map((name) => [name.toLowerCase(), name]),
);

const IF_EXISTS = "ifexists";

/** The operator of that name, in whatever case; `undefined` where the language has none. */
export function parseOperator(text: string): Operator | undefined {
  const match = /^(?:forallvalues:|(foranyvalue:))?([a-z]+)$/i.exec(text);
  if (match === null) return undefined;
  const set = text.includes(":") ? (match[1] === undefined ? "all" : "any") : undefined;
  const word = (match[2] ?? "").toLowerCase();
  const plain = BY_LOWER_NAME.get(word);
  if (plain !== undefined) return { name: plain, set, ifExists: false };
  if (!word.endsWith(IF_EXISTS)) return undefined;
  const name = BY_LOWER_NAME.get(word.slice(0, -IF_EXISTS.length));
  return name === undefined || name === "Null" ? undefined : { name, set, ifExists: true };
}

/** As AWS spells it: `ForAnyValue:StringLikeIfExists`. */
export function formatOperator({ name, set, ifExists }: Operator): string {
  const prefix = set === undefined ? "" : set === "all" ? "ForAllValues:" : "ForAnyValue:";
  return `${prefix}${name}${ifExists ? "IfExists" : ""}`;
}

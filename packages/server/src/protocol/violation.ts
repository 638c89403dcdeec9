/**
 * What is wrong with an input, in the words of AWS's own validation.
 * Source: https://github.com/hashicorp/terraform-provider-aws/issues/41023 (a map, values withheld),
 * https://github.com/boto/boto3/issues/2601 (keys of a map), https://github.com/aws/aws-cli/issues/790 (a pattern)
 */
import type { Limits, Shape } from "../model/shape.ts";
import { hashed, showNumber } from "./java-text.ts";

export interface Violation {
  /** `tags.1.member.key` */
  readonly path: string;
  /** As it is shown; absent where it is sensitive. */
  readonly shown: string | undefined;
  /** `Member must have length less than or equal to 64` */
  readonly constraint: string;
}

/** `1 validation error detected: Value '…' at 'roleName' failed to satisfy constraint: …` */
export function formatViolations(violations: readonly Violation[]): string {
  const said = violations.map(({ path, shown, constraint }) => {
    const value = shown === undefined ? "Value" : `Value ${shown}`;
    return `${value} at '${path}' failed to satisfy constraint: ${constraint}`;
  });
  const noun = said.length === 1 ? "error" : "errors";
  return `${said.length} validation ${noun} detected: ${said.join("; ")}`;
}

export const NOT_NULL = "Member must not be null";

export const words = {
  lengthMax: (max: number): string => `Member must have length less than or equal to ${max}`,
  lengthMin: (min: number): string => `Member must have length greater than or equal to ${min}`,
  valueMax: (max: number, limits?: Limits): string =>
    `Member must have value less than or equal to ${showNumber(max, limits)}`,
  valueMin: (min: number, limits?: Limits): string =>
    `Member must have value greater than or equal to ${showNumber(min, limits)}`,
  pattern: (pattern: string): string => `Member must satisfy regular expression pattern: ${pattern}`,
  enum: (values: readonly string[]): string => `Member must satisfy enum value set: [${hashed(values).join(", ")}]`,
} as const;

/** All that a scalar must satisfy, as a list's or map's violation recites it. */
export function recite({ kind }: Shape, limits: Limits): string {
  const { min, max, pattern, enum: values } = limits;
  const isNumber = kind === "number";
  const said: string[] = [];
  if (max !== undefined) said.push(isNumber ? words.valueMax(max, limits) : words.lengthMax(max));
  if (min !== undefined) said.push(isNumber ? words.valueMin(min, limits) : words.lengthMin(min));
  if (pattern !== undefined) said.push(words.pattern(pattern));
  if (values !== undefined) said.push(words.enum(values));
  return `[${said.join(", ")}]`;
}

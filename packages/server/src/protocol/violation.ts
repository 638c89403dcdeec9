/**
 * What is wrong with an input, in the words of AWS's own validation.
 * Source: https://github.com/hashicorp/terraform-provider-aws/issues/41023 (a map, values withheld),
 * https://github.com/boto/boto3/issues/2601 (keys of a map), https://github.com/aws/aws-cli/issues/790 (a pattern)
 */
import { isSimple, type Limits, type Shape, type StructureShape, type UnionShape } from "../model/shape.ts";
import { isFields, type Fields } from "./value.ts";

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
  valueMax: (max: number): string => `Member must have value less than or equal to ${max}`,
  valueMin: (min: number): string => `Member must have value greater than or equal to ${min}`,
  pattern: (pattern: string): string => `Member must satisfy regular expression pattern: ${pattern}`,
  enum: (values: readonly string[]): string => `Member must satisfy enum value set: [${values.join(", ")}]`,
} as const;

/** All that a scalar must satisfy, as a list's or map's violation recites it. */
export function recite({ kind }: Shape, { min, max, pattern, enum: values }: Limits): string {
  const isNumber = kind === "number";
  const said: string[] = [];
  if (max !== undefined) said.push(isNumber ? words.valueMax(max) : words.lengthMax(max));
  if (min !== undefined) said.push(isNumber ? words.valueMin(min) : words.lengthMin(min));
  if (pattern !== undefined) said.push(words.pattern(pattern));
  if (values !== undefined) said.push(words.enum(values));
  return `[${said.join(", ")}]`;
}

const REDACTED = "***Sensitive Data Redacted***";

/** `value` as Java prints it. */
export function show(shape: Shape, value: unknown): string {
  if (shape.traits.sensitive !== undefined) return REDACTED;
  if (value === null || value === undefined) return "null";
  if (isSimple(shape)) return showScalar(value);
  switch (shape.kind) {
    case "list":
      return `[${asList(value)
        .map((item) => show(shape.member.shape, item))
        .join(", ")}]`;
    case "map": {
      const entries = Object.entries(isFields(value) ? value : {});
      return `{${entries.map(([key, item]) => `${key}=${show(shape.value.shape, item)}`).join(", ")}}`;
    }
    case "structure":
    case "union":
      return showMembers(shape, isFields(value) ? value : {});
  }
}

function showMembers({ name, members }: StructureShape | UnionShape, fields: Fields): string {
  const present = members.filter((member) => fields[member.name] !== undefined);
  const said = present.map((member) => {
    const item = member.traits.sensitive === undefined ? show(member.shape, fields[member.name]) : REDACTED;
    return `${decapitalise(member.name)}=${item}`;
  });
  return `${name}(${said.join(", ")})`;
}

function showScalar(value: unknown): string {
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  return value instanceof Date ? value.toUTCString() : String(value);
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A member's name as Java's accessors have it: `SAMLAssertion` is `sAMLAssertion`. */
export const decapitalise = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/**
 * The policy of a form: until when, and for which fields and which file it was signed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import { policyInvalid } from "./errors.ts";

export interface FormPolicy {
  readonly expiresAtMs: number;
  readonly conditions: readonly FormCondition[];
}

export interface FormCondition {
  readonly kind: "eq" | "starts-with" | "content-length-range";
  /** As refusals show it. */
  readonly text: string;
  /** `$key` and a value; for a range of sizes its two bounds. */
  readonly arguments: readonly [string | number, string | number];
}

/**
 * `encoded` is the policy as the form has it, in base64. Names are compared with regard to case.
 * @throws {AuthenticationError} `InvalidPolicyDocument`. Where no other source is named, its words are assumed.
 */
export function parseFormPolicy(encoded: string): FormPolicy {
  const document = jsonOf(Buffer.from(encoded, "base64").toString("utf8"));
  if (!isObject(document)) throw policyInvalid("Invalid JSON.");
  const { expiration, conditions } = document;
  if (expiration === undefined) throw policyInvalid("Policy missing expiration.");
  if (conditions === undefined) throw policyInvalid("Policy missing conditions.");
  if (!Array.isArray(conditions)) throw policyInvalid("Expecting a list of conditions.");
  return { expiresAtMs: expirationOf(expiration), conditions: conditions.map(conditionOf) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw policyInvalid("Invalid JSON.");
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html (ISO8601 GMT) */
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function expirationOf(value: unknown): number {
  const ms = typeof value === "string" && ISO_DATE.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw policyInvalid(`Invalid 'expiration' value: '${String(value)}'`);
  return ms;
}

function conditionOf(condition: unknown): FormCondition {
  if (Array.isArray(condition)) return listedCondition(condition);
  if (!isObject(condition)) throw policyInvalid("Invalid Condition: it must be a list or an object.");
  const [pair, ...others] = Object.entries(condition);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded)
  if (pair === undefined || others.length > 0) {
    throw policyInvalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  }
  const [name, value] = pair;
  if (typeof value !== "string") throw policyInvalid("Invalid Simple-Condition: value must be a string.");
  return formatted("eq", [`$${name}`, value]);
}

function listedCondition([operator, first, second, ...others]: readonly unknown[]): FormCondition {
  const kind = typeof operator === "string" ? operator.toLowerCase() : "";
  if (kind !== "eq" && kind !== "starts-with" && kind !== "content-length-range") {
    throw policyInvalid(`Invalid Condition: unknown operation '${String(operator)}'.`);
  }
  if (!isArgument(first) || !isArgument(second) || others.length > 0) {
    throw policyInvalid(`Invalid Condition: ${kind} takes two arguments.`);
  }
  // Source: https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py (test_post_object_invalid_content_length_argument)
  if (kind === "content-length-range" && [first, second].some((bound) => Number(bound) < 0)) {
    throw policyInvalid("Invalid content-length-range.");
  }
  return formatted(kind, [first, second]);
}

const isArgument = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

const formatted = (kind: FormCondition["kind"], values: FormCondition["arguments"]): FormCondition => ({
  kind,
  arguments: values,
  text: `[${[kind, ...values].map((value) => JSON.stringify(String(value))).join(", ")}]`,
});

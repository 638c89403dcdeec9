/**
 * The policy of a form: until when, and for which fields and which file it was signed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import { findOwn } from "../../kernel/lookup.ts";
import { policyDenies, policyInvalid } from "./errors.ts";

export interface FormPolicy {
  readonly expiresAtMs: number;
  readonly conditions: readonly FormCondition[];
}

export interface FormCondition {
  readonly kind: "eq" | "starts-with" | "content-length-range";
  /** As refusals show it. */
  readonly text: string;
  /** `$key` and a value; for a range of sizes its two bounds. */
  readonly arguments: readonly [string, string];
}

/**
 * `encoded` is the policy as the form has it, in base64. Names are compared with regard to case.
 * Source: https://github.com/versity/versitygw/blob/main/s3err/post-object.go (AWS's words, as a gateway to S3 has them)
 * @throws {AuthenticationError} `InvalidPolicyDocument`
 */
export function parseFormPolicy(encoded: string): FormPolicy {
  const text = decode(encoded);
  const document = jsonOf(text);
  if (!isObject(document)) throw policyInvalid("Invalid JSON.");
  const { expiration, conditions, ...others } = document;
  if (expiration === undefined) throw policyInvalid("Policy missing expiration.");
  if (conditions === undefined) throw policyInvalid("Policy missing conditions.");
  const [unexpected] = Object.keys(others);
  if (unexpected !== undefined) throw policyInvalid(`Unexpected: "${unexpected}"`);
  if (!Array.isArray(conditions)) throw policyInvalid("Invalid 'conditions' value: must be a List.");
  const expiresAtMs = expirationOf(expiration);
  const written = writtenConditions(text);
  return {
    expiresAtMs,
    conditions: conditions.map((condition: unknown, index) => conditionOf(condition, written[index] ?? "")),
  };
}

function decode(encoded: string): string {
  const text = encoded.trim();
  if (text === "") throw policyInvalid("Expecting '{' but found End-of-Input");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw policyInvalid("invalid Base64 encoding.");
  return Buffer.from(text, "base64").toString("utf8");
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

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g;

/** How deep a token leads. */
const STEPS: Readonly<Record<string, number>> = { "[": 1, "{": 1, "]": -1, "}": -1 };

/** The conditions as they are written, in a policy that is known to be one. */
function writtenConditions(json: string): readonly string[] {
  const list = json.slice(json.indexOf("[", json.indexOf('"conditions"')) + 1);
  const written: string[] = [];
  let [depth, begin] = [0, 0];
  for (const { 0: token, index } of list.matchAll(TOKEN)) {
    if (depth === 0 && (token === "," || token === "]")) {
      written.push(list.slice(begin, index).trim());
      begin = index + 1;
    }
    depth += findOwn(STEPS, token) ?? 0;
    if (depth < 0) break;
  }
  return written;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html (ISO8601 GMT) */
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function expirationOf(value: unknown): number {
  if (typeof value !== "string") throw policyInvalid("Invalid JSON.");
  const ms = ISO_DATE.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw policyInvalid(`Invalid 'expiration' value: '${value}'`);
  return ms;
}

function conditionOf(condition: unknown, written: string): FormCondition {
  if (Array.isArray(condition)) return listedCondition(condition, written);
  if (!isObject(condition)) throw policyInvalid("Invalid condition test: must be a List or Object.");
  const [pair, ...others] = Object.entries(condition);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded)
  if (pair === undefined || others.length > 0) {
    throw policyInvalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  }
  const [name, value] = pair;
  if (typeof value !== "string") throw policyInvalid("Invalid Simple-Condition: value must be a string.");
  return { kind: "eq", arguments: [`$${name}`, value], text: `["eq", "$${name}", "${value}"]` };
}

function listedCondition(list: readonly unknown[], text: string): FormCondition {
  const [operator, first, second] = list;
  if (operator === undefined) throw policyInvalid("Invalid Condition: missing operation identifier.");
  if (typeof operator !== "string") throw policyInvalid("Invalid JSON.");
  const kind = operator.toLowerCase();
  if (kind !== "eq" && kind !== "starts-with" && kind !== "content-length-range") {
    throw policyInvalid(`Invalid Condition: unknown operation '${operator}'.`);
  }
  if (list.length !== 3) throw policyInvalid(`Invalid ${operator}: wrong number of arguments.`);
  if (!isArgument(first) || !isArgument(second)) throw policyInvalid("Invalid JSON.");
  // Source: https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py (test_post_object_invalid_content_length_argument)
  if (kind === "content-length-range") requireNoneNegative([first, second]);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_post_object_policy_conditions_validation_eq, recorded)
  else if (!/^\$./.test(String(first))) throw policyDenies(`Policy Condition failed: ${text}`);
  return { kind, arguments: [String(first), String(second)], text };
}

const isArgument = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

function requireNoneNegative(bounds: readonly (string | number)[]): void {
  if (bounds.some((bound) => Number(bound) < 0)) throw policyInvalid("Invalid JSON.");
}

/** What a policy may say, by its type, and how long it may be. */
import type { PolicyType } from "@aws-sdk/client-organizations";
import { validatePolicy } from "../../identity/policy/validate.ts";
import { malformedPolicy, policyTooLarge } from "./errors.ts";
import { limitsOf } from "./limits.ts";

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html */
const MALFORMED = "The provided policy document does not meet the requirements of the specified policy type.";

/** @throws {AwsError} `MalformedPolicyDocumentException`, `ConstraintViolationException` */
export function requireContent(content: string, type: PolicyType): void {
  if (content.length > limitsOf(type).charactersMax) throw policyTooLarge();
  if (type === "SERVICE_CONTROL_POLICY") requirePolicyText(content, "scp");
  else if (type === "RESOURCE_CONTROL_POLICY") requirePolicyText(content, "rcp");
  else requireObject(content);
}

function requirePolicyText(content: string, kind: "scp" | "rcp"): void {
  const problem = validatePolicy(content, kind);
  if (problem) throw malformedPolicy(problem.message);
}

/** Differs: of the management policies only the form is held, an object in JSON, not each service's own rules. */
function requireObject(content: string): void {
  if (parseObject(content) === undefined) throw malformedPolicy(MALFORMED);
}

/** `undefined` where `text` is no object in JSON. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isObject(value) ? value : undefined;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

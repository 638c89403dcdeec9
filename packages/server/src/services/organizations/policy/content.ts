/** What a policy may say, by its type, and how long it may be. */
import type { PolicyType } from "@aws-sdk/client-organizations";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import { malformedPolicy, policyTooLarge } from "../errors.ts";
import { limitsOf } from "../limits.ts";
import { isTree, usesOperators, type PolicyTree } from "./tree.ts";
import { isTagPolicy } from "./tag-policy.ts";

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html */
const MALFORMED = "The provided policy document does not meet the requirements of the specified policy type.";

/** @throws {AwsError} `MalformedPolicyDocumentException`, `ConstraintViolationException` */
export function requireContent(content: string, type: PolicyType): void {
  if (content.length > limitsOf(type).charactersMax) throw policyTooLarge();
  if (type === "SERVICE_CONTROL_POLICY") requirePolicyText(content, "scp");
  else if (type === "RESOURCE_CONTROL_POLICY") requirePolicyText(content, "rcp");
  else requireTree(content, type);
}

function requirePolicyText(content: string, kind: "scp" | "rcp"): void {
  const problem = validatePolicy(content, kind);
  if (problem) throw malformedPolicy(problem.message);
}

/** Differs: of the management policies only the operators are held to, and tag policies as a whole, not each service's own rules. */
function requireTree(content: string, type: PolicyType): void {
  const tree = parseTree(content);
  if (tree === undefined || !usesOperators(tree)) throw malformedPolicy(MALFORMED);
  if (type === "TAG_POLICY" && !isTagPolicy(tree)) throw malformedPolicy(MALFORMED);
}

/** `undefined` where `text` is no object in JSON. */
export function parseTree(text: string): PolicyTree | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isTree(value) ? value : undefined;
}

/** Policy documents: how IAM checks and measures them and gives them back. */
import { validatePolicy } from "../../identity/policy/validate.ts";
import { malformedPolicy } from "./errors.ts";

/** As the API gives documents back: escaped by RFC 3986. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html */
export const encodeDocument = (document: string): string =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The size that quotas mean: white space does not count. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const charactersOf = (document: string): number => document.replace(/\s/g, "").length;

/**
 * Before a policy is stored.
 *
 * @throws {AwsError} `MalformedPolicyDocument`
 */
export function requireValidDocument(document: string, kind: "identity" | "trust"): void {
  const problem = validatePolicy(document, kind);
  if (problem) throw malformedPolicy(problem.message);
}

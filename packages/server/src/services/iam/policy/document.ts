/** Policy documents: how IAM checks and measures them and gives them back. */
import { readPolicy } from "../../../identity/policy/parse.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import { invalidInput, malformedPolicy } from "../errors.ts";

/** As the API gives documents back: escaped by RFC 3986. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html */
export const encodeDocument = (document: string): string =>
  encodeURIComponent(document).replaceAll(
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

/**
 * A policy that is only asked about, of whichever kind: it has to be a policy, no more.
 *
 * @throws {AwsError} `InvalidInput`
 */
export function requireReadable(document: string): void {
  if (readPolicy(document).faults.length > 0) throw invalidInput("Syntax errors in policy.");
}

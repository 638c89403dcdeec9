/** Whether a text may be stored as a policy of some kind, in the words of the service that stores it. */
import type { PolicyDocument, Statement } from "./ast.ts";
import { readPolicy, type Reading } from "./parse.ts";
import { firstProblem, inStatements, type PolicyProblem } from "./problem.ts";
import { identityProblem } from "./validate-identity.ts";
import { resourcePolicyProblem, type ResourceRules } from "./validate-resource.ts";
import { trustProblem } from "./validate-trust.ts";

export type { PolicyProblem } from "./problem.ts";
export type { ResourceRules } from "./validate-resource.ts";

export type PolicyKind = "identity" | "boundary" | "session" | "trust" | "resource" | "endpoint" | "scp" | "rcp";

/** `undefined`: the text is fine. `rules`: what the service that owns the resource asks besides. */
export function validatePolicy(text: string, kind: PolicyKind, rules?: ResourceRules): PolicyProblem | undefined {
  const reading = readPolicy(text);
  if (kind === "trust") return trustProblem(reading);
  if (kind === "resource" || kind === "endpoint") return resourcePolicyProblem(text, reading, rules);
  if (kind === "scp" || kind === "rcp") return organizationProblem(reading, kind);
  return identityProblem(reading, { versioned: kind !== "session" });
}

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html (MalformedPolicyDocumentException) */
const NOT_OF_THIS_TYPE = "The provided policy document does not meet the requirements of the specified policy type.";

/** Organizations gives one message for everything. */
function organizationProblem({ document, faults }: Reading, kind: "scp" | "rcp"): PolicyProblem | undefined {
  const [fault] = faults;
  if (document === undefined || fault !== undefined) {
    return { message: NOT_OF_THIS_TYPE, at: fault?.at ?? { line: 1, column: 1 } };
  }
  const fits = kind === "scp" ? fitsServiceControl : fitsResourceControl;
  return firstProblem([
    () => versionProblem(document),
    () => inStatements(document.statements, (statement) => (fits(statement) ? undefined : NOT_OF_THIS_TYPE)),
  ]);
}

function versionProblem({ version }: PolicyDocument): PolicyProblem | undefined {
  return version === "2012-10-17" ? undefined : { message: NOT_OF_THIS_TYPE, at: { line: 1, column: 1 } };
}

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html */
function fitsServiceControl({ principal, action, resource }: Statement): boolean {
  return principal === undefined && action !== undefined && resource !== undefined;
}

/**
 * An RCP speaks of everyone, and an administrator's own ones only deny.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
 */
function fitsResourceControl({ principal, action, resource, effect }: Statement): boolean {
  const everyone = principal !== undefined && !principal.negated && principal.everyone;
  const whole = action === undefined || action.negated || action.values.includes("*");
  return everyone && !whole && effect === "Deny" && resource !== undefined;
}

/**
 * The trust policies of roles.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import type { PrincipalEntry, Statement } from "./ast.ts";
import { parseGlob } from "./glob.ts";
import type { Reading } from "./parse.ts";
import { firstProblem, inStatements, type PolicyProblem } from "./problem.ts";
import { formProblem, isPrincipalForm, type FormWords } from "./validate-form.ts";

const WORDS: FormWords = {
  principalKind: (kind) => `Invalid principal in policy: "${kind}"`,
  operator: () => "Syntax error in policy.",
  syntax: "Syntax error in policy.",
};

export function trustProblem({ document, faults }: Reading): PolicyProblem | undefined {
  const [fault] = faults;
  if (fault !== undefined) return formProblem(fault, WORDS);
  const statements = document?.statements ?? [];
  return firstProblem([
    () => inStatements(statements, effectProblem),
    () => inStatements(statements, principalProblem),
    () => inStatements(statements, actionProblem),
    () => inStatements(statements, prohibitedField),
    () => sidProblem(statements),
  ]);
}

function effectProblem({ effectText }: Statement): string | undefined {
  return effectText === "Allow" || effectText === "Deny" ? undefined : `Invalid effect: ${effectText}`;
}

function principalProblem({ principal, effect }: Statement): string | undefined {
  if (principal === undefined) return "Missing required field Principal";
  if (principal.negated) {
    return effect === "Allow"
      ? "Allow with NotPrincipal is not allowed."
      : "AssumeRole policy must not contain NotPrincipal field.";
  }
  if (!principal.everyone && principal.entries.length === 0) {
    return "Missing required field Principal cannot be empty!";
  }
  const wrong = principal.entries.find((entry) => entry.kind === "CanonicalUser" || !isPrincipalForm(entry));
  return wrong && invalidPrincipal(wrong);
}

/**
 * The kind in capitals: `Invalid principal in policy: "SERVICE":"nope"`; but of who federates it is said otherwise.
 * Source: https://github.com/terraform-aws-modules/terraform-aws-iam/issues/202 (an answer of AWS)
 */
function invalidPrincipal({ kind, value }: Pick<PrincipalEntry, "kind" | "value">): string {
  if (kind === "Federated") return "Federated principals must be valid domain names or SAML metadata ARNs";
  return `Invalid principal in policy: "${kind.toUpperCase()}":"${value}"`;
}

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const ACTIONS = [
  "sts:assumerole",
  "sts:assumerolewithsaml",
  "sts:assumerolewithwebidentity",
  "sts:tagsession",
  "sts:setsourceidentity",
  "sts:setcontext",
];

function actionProblem({ action }: Statement): string | undefined {
  if (action === undefined || action.values.length === 0) return "Missing required field Action";
  return action.values.every(matchesTrustAction)
    ? undefined
    : "AssumeRole policy may only specify STS AssumeRole actions.";
}

function matchesTrustAction(pattern: string): boolean {
  const glob = parseGlob(pattern.toLowerCase());
  return ACTIONS.some(glob.test);
}

function prohibitedField({ resource }: Statement): string | undefined {
  if (resource === undefined) return undefined;
  return resource.negated ? "AssumeRole policy must not contain resources." : "Has prohibited field Resource";
}

function sidProblem(statements: readonly Statement[]): PolicyProblem | undefined {
  const seen = new Set<string>();
  return inStatements(statements, ({ sid }) => {
    if (sid === undefined || sid === "") return undefined;
    if (seen.has(sid)) return "The Statement Ids in the policy are not unique";
    seen.add(sid);
    return undefined;
  });
}

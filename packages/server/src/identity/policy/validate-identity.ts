/**
 * Policies of users, groups, roles and sessions. The order of the checks is AWS's: it shows in which
 * of several faults of one document is reported.
 * Source: documents with AWS's recorded answers,
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_policies.snapshot.json
 */
import type { ListElement, PolicyDocument, Statement } from "./ast.ts";
import { parseDate } from "./date.ts";
import type { Reading } from "./parse.ts";
import { firstProblem, inStatements, ofFault, type PolicyProblem } from "./problem.ts";
import { failsLegacyParsing, resourceProblem } from "./resource-form.ts";

const SYNTAX = "Syntax errors in policy.";
const LEGACY = "The policy failed legacy parsing";
const START = { line: 1, column: 1 };

/** `versioned`: the policy must name version 2012-10-17. */
export function identityProblem(
  { document, faults }: Reading,
  { versioned }: { readonly versioned: boolean },
): PolicyProblem | undefined {
  const [fault] = faults;
  if (fault !== undefined) return ofFault(fault, SYNTAX);
  if (document === undefined) return { message: SYNTAX, at: START };
  const { statements } = document;
  return firstProblem([
    () => (versioned ? versionProblem(document) : undefined),
    () => inStatements(statements, legacyProblem),
    () => inStatements(statements, principalProblem),
    () => sidProblem(statements),
    () => inStatements(statements, ({ resource }) => firstOf(resource, resourceProblem)),
    () => inStatements(statements, missingAction),
    () => inStatements(statements, missingResource),
    () => inStatements(statements, ({ action }) => firstOf(action, vendorProblem)),
  ]);
}

function versionProblem({ version }: PolicyDocument): PolicyProblem | undefined {
  const message = "Policy document must be version 2012-10-17 or greater.";
  return version === "2012-10-17" ? undefined : { message, at: START };
}

function legacyProblem({ effectText, resource, conditions }: Statement): string | undefined {
  const misspelled = effectText !== "Allow" && effectText !== "Deny";
  const badDate = conditions.some(
    ({ operator, values }) =>
      operator.name.startsWith("Date") && values.some((value) => parseDate(value) === undefined),
  );
  return misspelled || badDate || resource?.values.some(failsLegacyParsing) === true ? LEGACY : undefined;
}

function principalProblem({ principal }: Statement): string | undefined {
  return principal === undefined ? undefined : "Policy document should not specify a principal.";
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function sidProblem(statements: readonly Statement[]): PolicyProblem | undefined {
  const seen = new Set<string>();
  const repeated = statements.find(({ sid }) => sid !== undefined && sid !== "" && isRepeated(sid, seen));
  if (repeated !== undefined) {
    return { message: "Statement IDs (SID) in a single policy must be unique.", at: repeated.start };
  }
  return inStatements(statements, ({ sid }) =>
    sid === undefined || /^[0-9A-Za-z]*$/.test(sid)
      ? undefined
      : "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
  );
}

function isRepeated(sid: string, seen: Set<string>): boolean {
  const repeated = seen.has(sid);
  seen.add(sid);
  return repeated;
}

function missingAction({ action }: Statement): string | undefined {
  return action === undefined || action.values.length === 0 ? "Policy statement must contain actions." : undefined;
}

/** Whether the action exists is not asked: policies may be ahead of their services. */
function vendorProblem(action: string): string | undefined {
  if (action === "*") return undefined;
  const [vendor = "", ...rest] = action.split(":");
  if (rest.length === 0) return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  if (!/^[A-Za-z0-9.-]+$/.test(vendor)) return `Vendor ${vendor} is not valid`;
  return rest.length > 1 ? "Actions/Condition can contain only one colon." : undefined;
}

function missingResource({ resource }: Statement): string | undefined {
  return resource === undefined || resource.values.length === 0
    ? "Policy statement must contain resources."
    : undefined;
}

function firstOf(list: ListElement | undefined, check: (value: string) => string | undefined): string | undefined {
  for (const value of list?.values ?? []) {
    const message = check(value);
    if (message !== undefined) return message;
  }
  return undefined;
}

/** What the checks find. */
import type { ValidatePolicyFindingType } from "@aws-sdk/client-accessanalyzer";
import type { ActionReference } from "../../../service/action-reference.ts";
import { ERRORS } from "./error-texts.ts";
import type { Place, PolicyText, StatementAt } from "./policy-text.ts";
import { SUGGESTIONS } from "./suggestion-texts.ts";
import { SECURITY_WARNINGS, WARNINGS } from "./warning-texts.ts";

const TEXTS = { ...ERRORS, ...WARNINGS, ...SECURITY_WARNINGS, ...SUGGESTIONS };

export type IssueCode = keyof typeof TEXTS;

export interface Issue {
  readonly code: IssueCode;
  readonly details: string;
  readonly places: readonly Place[];
}

/** `names`: what is put in for the names in braces. */
export const issue = (
  code: IssueCode,
  places: Place | readonly Place[],
  names: Readonly<Record<string, string | number>> = {},
): Issue => ({
  code,
  details: TEXTS[code].replace(/\{(\w+)\}/g, (_whole, name: string) => String(names[name] ?? "")),
  places: "path" in places ? [places] : places,
});

export function typeOfIssue(code: IssueCode): ValidatePolicyFindingType {
  if (code in ERRORS) return "ERROR";
  if (code in WARNINGS) return "WARNING";
  return code in SECURITY_WARNINGS ? "SECURITY_WARNING" : "SUGGESTION";
}

const PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html";
const ANCHORS: Readonly<Record<ValidatePolicyFindingType, string>> = {
  ERROR: "error",
  WARNING: "general-warning",
  SECURITY_WARNING: "security-warning",
  SUGGESTION: "suggestion",
};

export const linkOf = (code: IssueCode): string => {
  const slug = code.toLowerCase().replaceAll("_", "-");
  return `${PAGE}#access-analyzer-reference-policy-checks-${ANCHORS[typeOfIssue(code)]}-${slug}`;
};

/** What kind of policy the text is meant to be. */
export type PolicyUse = "identity" | "resource" | "trust" | "bucket" | "scp" | "rcp";

export interface Checked {
  readonly policy: PolicyText;
  readonly use: PolicyUse;
  readonly reference: ActionReference;
}

export type PolicyCheck = (checked: Checked) => readonly Issue[];
export type StatementCheck = (statement: StatementAt, checked: Checked) => readonly Issue[];

/** A check of each statement by itself. */
export const eachStatement =
  (check: StatementCheck): PolicyCheck =>
  (checked) =>
    checked.policy.statements.flatMap((statement) => check(statement, checked));

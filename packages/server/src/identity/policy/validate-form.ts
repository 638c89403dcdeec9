/** The words in which IAM speaks of trust policies, and S3 of bucket policies: both have the same newer parser. */
import type { Fault, FaultCode, PrincipalEntry } from "./ast.ts";
import { ofFault, type PolicyProblem } from "./problem.ts";

/** How one of the two words what they word differently. */
export interface FormWords {
  readonly principalKind: (kind: string) => string;
  readonly operator: (name: string) => string;
  readonly syntax: string;
}

export function formProblem(fault: Fault, words: FormWords): PolicyProblem {
  return ofFault(fault, MESSAGES[fault.code](fault.subject, words));
}

const INVALID_JSON = (): string => "This policy contains invalid Json";
const INVALID_SYNTAX = (_subject: string, { syntax }: FormWords): string => syntax;

const MESSAGES: Readonly<Record<FaultCode, (subject: string, words: FormWords) => string>> = {
  json: INVALID_JSON,
  "not-a-policy": INVALID_JSON,
  "unknown-field": (field) => `Unknown field ${field}`,
  "duplicate-field": INVALID_SYNTAX,
  "wrong-type": INVALID_SYNTAX,
  "both-forms": INVALID_SYNTAX,
  version: () => "The policy must contain a valid version string",
  "no-statement": () => "Could not parse the policy: Statement is empty!",
  "no-effect": () => "Missing required field Effect",
  effect: (effect) => `Invalid effect: ${effect}`,
  "principal-kind": (kind, words) => words.principalKind(kind),
  operator: (name, words) => words.operator(name),
};

const SERVICE_NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
const PRINCIPAL_ARN =
  /^arn:aws[a-z-]*:(?:iam::\d{12}:(?:root|user\/|role\/)|sts::\d{12}:(?:assumed-role\/|federated-user\/))/;
const PROVIDER_DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/[^*?\s]*)?$/i;
const PROVIDER_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(?:saml|oidc)-provider\/[^*?\s]+$/;
const CLOUDFRONT_IDENTITY = /^arn:aws[a-z-]*:iam::cloudfront:user\//;
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/;

/** Whether a principal has a form that any principal has; whether it exists, the service asks. */
export function isPrincipalForm({ kind, value }: PrincipalEntry): boolean {
  if (kind === "Service") return SERVICE_NAME.test(value);
  if (kind === "CanonicalUser") return /^[0-9a-f]{64}$/.test(value);
  if (kind === "Federated") return PROVIDER_DOMAIN.test(value) || PROVIDER_ARN.test(value);
  if (value === "*" || /^\d{12}$/.test(value) || UNIQUE_ID.test(value)) return true;
  return !/[*?]/.test(value) && (PRINCIPAL_ARN.test(value) || CLOUDFRONT_IDENTITY.test(value));
}

/**
 * Policies held against AWS's grammar and good practice. Which of AWS's checks are done stands in
 * docs/guides/policy-validation.md.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */
import type { ValidatePolicyFinding } from "@aws-sdk/client-accessanalyzer";
import type { InputOf } from "../../../service/sdk.ts";
import { resourceTypeNotAllowed } from "../errors.ts";
import { operation, type AccessAnalyzerSdk } from "../kit.ts";
import { listOf } from "../paging.ts";
import { ACTION_CHECKS } from "./check-action.ts";
import { CONDITION_VALUE_CHECKS } from "./check-condition-value.ts";
import { CONDITION_CHECKS } from "./check-condition.ts";
import { FORM_CHECKS } from "./check-form.ts";
import { KEY_SUPPORT_CHECKS } from "./check-key-support.ts";
import { PRINCIPAL_CHECKS } from "./check-principal.ts";
import { RESOURCE_CHECKS } from "./check-resource.ts";
import { ROLE_PASSING_CHECKS } from "./check-role-passing.ts";
import { checkSize, checkTwins } from "./check-size.ts";
import { TRUST_CHECKS } from "./check-trust.ts";
import { VARIABLE_CHECKS } from "./check-variable.ts";
import { linkOf, typeOfIssue, type Issue, type PolicyCheck, type PolicyUse } from "./issue.ts";
import { formatSpan, readPolicyText, type PolicyText } from "./policy-text.ts";

type Input = InputOf<AccessAnalyzerSdk, "ValidatePolicy">;

const CHECKS: readonly PolicyCheck[] = [
  ...FORM_CHECKS,
  ...PRINCIPAL_CHECKS,
  ...TRUST_CHECKS,
  ...ACTION_CHECKS,
  ...RESOURCE_CHECKS,
  ...CONDITION_CHECKS,
  ...CONDITION_VALUE_CHECKS,
  ...VARIABLE_CHECKS,
  ...KEY_SUPPORT_CHECKS,
  ...ROLE_PASSING_CHECKS,
  checkSize,
  checkTwins,
];

/** Differs: findings are in English, whatever the locale. */
export const validatePolicy = operation("ValidatePolicy", {
  authorize: () => ({ action: "access-analyzer:ValidatePolicy", resource: "*" }),

  async handle(input, { actions: reference }) {
    const { policyDocument, nextToken, maxResults } = input;
    const policy = readPolicyText(policyDocument);
    const use = useOf(input, policy);
    const issues = CHECKS.flatMap((check) => check({ policy, use, reference }));
    const ordered = issues.map((found, at) => ({ found, order: orderOf(found, at) }));
    const { rows, rest } = listOf(ordered, { nextToken, maxResults }, { orderOf: ({ order }) => order });
    return { findings: rows.map(({ found }) => formatIssue(found, policy)), ...rest };
  },
});

/** @throws {AwsError} `ValidationException` */
function useOf({ policyType, validatePolicyResourceType: type }: Input, policy: PolicyText): PolicyUse {
  if (type !== undefined && policyType !== "RESOURCE_POLICY") throw resourceTypeNotAllowed();
  switch (policyType) {
    case "IDENTITY_POLICY":
      return "identity";
    case "SERVICE_CONTROL_POLICY":
      return "scp";
    case "RESOURCE_CONTROL_POLICY":
      return "rcp";
    case "RESOURCE_POLICY":
      if (type === "AWS::S3::Bucket") return "bucket";
      return type === "AWS::IAM::AssumeRolePolicyDocument" || (type === undefined && isTrust(policy))
        ? "trust"
        : "resource";
  }
}

/**
 * A policy that speaks of nothing but taking roles is one of trust, also where nobody says so.
 * Source: https://github.com/aws/aws-cli/blob/develop/awscli/examples/accessanalyzer/validate-policy.rst
 */
function isTrust({ statements }: PolicyText): boolean {
  const actions = statements.flatMap((statement) => statement.actions);
  return actions.length > 0 && actions.every(({ text }) => text.toLowerCase().startsWith("sts:"));
}

/** By place. */
const orderOf = ({ places }: Issue, at: number): readonly string[] => [
  String(places[0]?.span.start ?? 0).padStart(8, "0"),
  String(at).padStart(6, "0"),
];

const formatIssue = ({ code, details, places }: Issue, { lines }: PolicyText): ValidatePolicyFinding => ({
  findingDetails: details,
  findingType: typeOfIssue(code),
  issueCode: code,
  learnMoreLink: linkOf(code),
  locations: places.map(({ path, span }) => ({ path: path.slice(), span: formatSpan(span, lines) })),
});

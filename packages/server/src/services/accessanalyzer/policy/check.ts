/**
 * Whether a policy grants more than another, what it should not, or anything to the public. A pass is sure; what
 * cannot be decided fails.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
 */
import type { AccessCheckPolicyType, ReasonSummary } from "@aws-sdk/client-accessanalyzer";
import { ANONYMOUS, THE_PUBLIC } from "../../../identity/policy/algebra/callers.ts";
import { grantedAccess, newAccess, type Culprits } from "../../../identity/policy/algebra/compare.ts";
import { isConfined, isDemand } from "../../../identity/policy/algebra/confinement.ts";
import type { Term } from "../../../identity/policy/algebra/term.ts";
import type { PolicyDocument } from "../../../identity/policy/ast.ts";
import { readPolicy } from "../../../identity/policy/parse.ts";
import { malformedPolicy, nothingToCheck } from "../errors.ts";
import { operation, type AccessAnalyzerAction } from "../kit.ts";
import { singleValuedBy } from "./single-valued.ts";

const anywhere = (action: AccessAnalyzerAction) => ({ action: `access-analyzer:${action}`, resource: "*" as const });

export const checkNoNewAccess = operation("CheckNoNewAccess", {
  authorize: () => anywhere("CheckNoNewAccess"),

  async handle({ newPolicyDocument, existingPolicyDocument, policyType }, { actions }) {
    const updated = requirePolicy(newPolicyDocument);
    const culprits = newAccess({
      updated,
      existing: requirePolicy(existingPolicyDocument),
      principals: principalsOf(policyType),
      isSingleValued: singleValuedBy(actions),
    });
    return verdict(culprits, updated, {
      pass: "The modified permissions do not grant new access compared to your existing policy.",
      fail: "The modified permissions grant new access compared to your existing policy.",
      reason: "New access in the statement with",
    });
  },
});

export const checkAccessNotGranted = operation("CheckAccessNotGranted", {
  authorize: () => anywhere("CheckAccessNotGranted"),

  async handle({ policyDocument, access, policyType }, { actions: reference }) {
    const [wanted, ...more] = access;
    const { actions = [], resources = [] } = wanted ?? {};
    if (more.length > 0 || actions.length + resources.length === 0) throw nothingToCheck();
    const policy = requirePolicy(policyDocument);
    const culprits = grantedAccess({
      policy,
      principals: principalsOf(policyType),
      isSingleValued: singleValuedBy(reference),
      actions: actions.length === 0 ? undefined : actions,
      resources: resources.length === 0 ? undefined : resources,
    });
    return verdict(culprits, policy, {
      pass: "The policy document does not grant access to perform the listed actions or resources.",
      fail: "The policy document grants access to perform one or more of the listed actions or resources.",
      reason: "One or more of the listed actions or resources in the statement with",
    });
  },
});

export const checkNoPublicAccess = operation("CheckNoPublicAccess", {
  authorize: () => anywhere("CheckNoPublicAccess"),

  async handle({ policyDocument }, { actions }) {
    const policy = requirePolicy(policyDocument);
    const question = { policy, principals: "named", isSingleValued: singleValuedBy(actions) } as const;
    const anybody = grantedAccess({
      ...question,
      callers: THE_PUBLIC,
      counts: (term) => !isConfined(term),
    });
    const providers = publicProviders(policy);
    const strangers = providers.map((federatedProvider) => ({ ...ANONYMOUS, federatedProvider }));
    const federated = grantedAccess({
      ...question,
      callers: strangers,
      counts: (term) => !isConfined(term) && !namesClaim(term),
    });
    const culprits = anybody && federated && [...new Set([...anybody, ...federated])].toSorted((a, b) => a - b);
    return verdict(culprits, policy, {
      pass: "The resource policy does not grant public access for the given resource type.",
      fail: "The resource policy grants public access for the given resource type.",
      reason: "Public access granted in the following statement with",
    });
  },
});

/** Providers that anybody has an account with; those by ARN are an account's own. */
const publicProviders = ({ statements }: PolicyDocument): readonly string[] =>
  statements.flatMap(({ principal }) =>
    (principal?.entries ?? []).flatMap(({ kind, value }) =>
      kind === "Federated" && !value.startsWith("arn:") ? [value] : [],
    ),
  );

/** Asks for an application or a person of an identity provider. */
const namesClaim = (term: Term): boolean =>
  term.some((literal) => isDemand(literal) && /^[^:.]+\.[^:]+:(?:aud|sub|app_id)$/.test(literal.key));

const principalsOf = (type: AccessCheckPolicyType): "named" | "none" => (type === "RESOURCE_POLICY" ? "named" : "none");

/** @throws {AwsError} `InvalidParameterException` */
function requirePolicy(text: string): PolicyDocument {
  const { document, faults } = readPolicy(text);
  const [fault] = faults;
  if (document !== undefined && fault === undefined) return document;
  const place = fault === undefined ? "" : `: ${fault.subject}, line ${fault.at.line}, column ${fault.at.column}`;
  throw malformedPolicy(`The policy document is not valid${place}`);
}

interface Words {
  readonly pass: string;
  readonly fail: string;
  /** What comes before the name of a statement. */
  readonly reason: string;
}

function verdict(culprits: Culprits, { statements }: PolicyDocument, { pass, fail, reason }: Words) {
  if (culprits === undefined) {
    const description = "The policy is too complex to be decided about, which counts as a failure.";
    return { result: "FAIL" as const, message: fail, reasons: [{ description }] };
  }
  if (culprits.length === 0) return { result: "PASS" as const, message: pass };
  const reasons = culprits.map((index): ReasonSummary => {
    const sid = statements[index]?.sid;
    return sid === undefined || sid === ""
      ? { description: `${reason} index: ${index}.`, statementIndex: index }
      : { description: `${reason} sid: ${sid}.`, statementIndex: index, statementId: sid };
  });
  return { result: "FAIL" as const, message: fail, reasons };
}

/**
 * Checks of role trust policies.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
import { parseGlob } from "../../../identity/policy/glob.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { eachStatement, issue, type Issue, type PolicyCheck, type StatementCheck } from "./issue.ts";
import type { PrincipalAt, StatementAt, TextAt } from "./policy-text.ts";

const onTrust =
  (check: StatementCheck): StatementCheck =>
  (statement, checked) =>
    checked.use === "trust" ? check(statement, checked) : [];

const checkElements: StatementCheck = ({ fields }) => {
  const found: Issue[] = [];
  const notPrincipal = fields.get("NotPrincipal");
  const principal = fields.get("Principal");
  const resource = fields.get("Resource") ?? fields.get("NotResource");
  if (notPrincipal) found.push(issue("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", notPrincipal));
  if (principal?.node.kind === "string" && principal.node.text === "*") {
    found.push(issue("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", principal));
  }
  if (resource) found.push(issue("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", resource));
  return found;
};

const SAML_PROVIDER = /^arn:[^:]+:iam::\d{12}:saml-provider\/.+$/;
const OIDC_PROVIDER = /^arn:[^:]+:iam::\d{12}:oidc-provider\/.+$/;
const DOMAIN = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/.*)?$/i;

const federatedIn = (principals: readonly PrincipalAt[]): readonly TextAt[] =>
  principals.filter(({ kind }) => kind === "Federated").flatMap(({ values }) => values);

const checkFederatedForm: StatementCheck = ({ principals }) =>
  federatedIn(principals)
    .filter(({ text }) => !SAML_PROVIDER.test(text) && !OIDC_PROVIDER.test(text) && !DOMAIN.test(text))
    .map((value) => issue("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", value));

/** Each action of STS with the principals that may do it. */
const ACTIONS: readonly (readonly [action: string, fits: (value: TextAt, kind: string) => boolean])[] = [
  ["sts:AssumeRole", (_value, kind) => kind !== "Federated"],
  ["sts:AssumeRoleWithSAML", ({ text }, kind) => kind === "Federated" && SAML_PROVIDER.test(text)],
  ["sts:AssumeRoleWithWebIdentity", ({ text }, kind) => kind === "Federated" && !SAML_PROVIDER.test(text)],
];

const checkActions: StatementCheck = ({ actions, principals }) =>
  ACTIONS.flatMap(([name, fits]) => {
    const written = actions.filter(({ text }) => text.toLowerCase() === name.toLowerCase());
    const mismatched = principals.flatMap(({ kind, values }) => values.filter((value) => !fits(value, kind)));
    if (written.length === 0 || mismatched.length === 0) return [];
    const principalNames = mismatched.map(({ text }) => text).join(", ");
    return issue("MISMATCHED_ACTION_FOR_PRINCIPAL", [...written, ...mismatched], { actionName: name, principalNames });
  });

/** Keys that count for one action only: in lower case, a tag's key left off. */
const KEY_ACTIONS: Readonly<Record<string, string>> = {
  "sts:transitivetagkeys": "sts:TagSession",
  "aws:requesttag": "sts:TagSession",
  "aws:tagkeys": "sts:TagSession",
  "sts:sourceidentity": "sts:SetSourceIdentity",
};

const covers = ({ actions }: StatementAt, action: string): boolean =>
  actions.some(({ text }) => parseGlob(text.toLowerCase()).test(action.toLowerCase()));

const checkKeyActions: StatementCheck = (statement) =>
  statement.conditions.flatMap((condition) => {
    const actionName = findOwn(KEY_ACTIONS, condition.key.toLowerCase().split("/", 1)[0] ?? "");
    if (actionName === undefined || covers(statement, actionName)) return [];
    return issue("MISSING_ACTION_FOR_CONDITION_KEY", condition, { actionName, keyName: condition.key });
  });

const ROLES_ANYWHERE = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

const checkRolesAnywhere: StatementCheck = (statement) => {
  const named = statement.principals
    .flatMap(({ values }) => values)
    .filter(({ text }) => text === "rolesanywhere.amazonaws.com");
  const isWhole = ROLES_ANYWHERE.every((action) => covers(statement, action));
  return named.length === 0 || isWhole ? [] : [issue("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", named)];
};

/** The provider's name as its condition keys begin with it. */
const providerOf = (text: string): string => text.replace(/^arn:[^:]+:iam::\d{12}:oidc-provider\//, "").toLowerCase();

const GITHUB = "token.actions.githubusercontent.com";

const checkOidc: StatementCheck = ({ principals, conditions, effect }) => {
  if (effect !== "Allow") return [];
  const providers = federatedIn(principals).filter(({ text }) => OIDC_PROVIDER.test(text) || DOMAIN.test(text));
  return providers.flatMap((provider) => {
    const name = providerOf(provider.text);
    const asked = conditions.filter(({ key }) => key.toLowerCase().startsWith(`${name}:`));
    if (asked.length === 0) {
      return issue(
        name === GITHUB ? "MISSING_GITHUB_REPO_CONDITION_KEY" : "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
        provider,
      );
    }
    if (name !== GITHUB) return [];
    const subject = asked.find(({ key }) => key.toLowerCase() === `${GITHUB}:sub`);
    if (subject === undefined) return issue("MISSING_GITHUB_REPO_CONDITION_KEY", provider);
    const open = subject.values.filter(({ text }) => /^\*|^repo:\*|^repo:[^/:]*\*/.test(text));
    return open.map((value) => issue("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", value));
  });
};

/** A session's role is named besides: it holds the session anyway. */
const checkRedundantSessions: StatementCheck = ({ principals }) => {
  const names = principals.filter(({ kind }) => kind === "AWS").flatMap(({ values }) => values);
  return names.flatMap((session) => {
    const match = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/.exec(session.text);
    if (match === null) return [];
    const [, partition = "", account = "", roleName = ""] = match;
    const parent = names.find(
      ({ text }) => text.startsWith(`arn:${partition}:iam::${account}:role/`) && text.split("/").at(-1) === roleName,
    );
    if (parent === undefined) return [];
    const words = { redundant_principal: session.text, parent_role: parent.text };
    return issue("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", session, words);
  });
};

export const TRUST_CHECKS: readonly PolicyCheck[] = [
  checkElements,
  checkFederatedForm,
  checkActions,
  checkKeyActions,
  checkRolesAnywhere,
  checkOidc,
  checkRedundantSessions,
].map((check) => eachStatement(onTrust(check)));

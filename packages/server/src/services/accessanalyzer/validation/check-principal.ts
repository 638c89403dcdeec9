/** Checks of principals. */
import { eachStatement, issue, type Issue, type PolicyCheck, type StatementCheck } from "./issue.ts";
import type { ConditionAt, PrincipalAt, StatementAt } from "./policy-text.ts";

const KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];

const fieldOf = ({ fields }: StatementAt) => fields.get("Principal") ?? fields.get("NotPrincipal");

const checkForm: StatementCheck = (statement, { use }) => {
  const field = fieldOf(statement);
  if (field === undefined) return [];
  if (use === "identity") return [issue("UNSUPPORTED_PRINCIPAL", field, { policy_type: "IDENTITY_POLICY" })];
  if (use === "scp") return [issue("SCP_SYNTAX_ERROR_PRINCIPAL", field)];
  if (field.node.kind === "string") return field.node.text === "*" ? [] : [issue("INVALID_PRINCIPAL_FORMAT", field)];
  if (field.node.kind !== "object") return [issue("INVALID_PRINCIPAL_FORMAT", field)];
  if (field.node.members.length === 0) return [issue("EMPTY_OBJECT_PRINCIPAL", field)];
  return statement.principals.flatMap(kindIssues);
};

function kindIssues(principal: PrincipalAt): readonly Issue[] {
  const { kind, values } = principal;
  if (!KINDS.includes(kind)) return [issue("INVALID_PRINCIPAL_KEY", principal, { "principal-key": kind, key: kind })];
  if (values.length === 0) return [issue("EMPTY_ARRAY_PRINCIPAL", principal)];
  return values.flatMap((value) => {
    const { text } = value;
    if (/[*?]/.test(text) && !(kind === "AWS" && text === "*")) {
      return issue("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", value, { principal_key: kind });
    }
    if (kind === "AWS" && /^AROA[A-Z0-9]{16,}$/.test(text))
      return issue("INVALID_ROLE_REFERENCE", value, { roleid: text });
    if (kind === "AWS" && /^AIDA[A-Z0-9]{16,}$/.test(text))
      return issue("INVALID_USER_REFERENCE", value, { userid: text });
    return kind === "Service" && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(text)
      ? issue("INVALID_SERVICE_PRINCIPAL_FORMAT", value, { expectedFormat: "service-name.amazonaws.com" })
      : [];
  });
}

const checkNotPrincipal: StatementCheck = (statement, { use }) => {
  const field = statement.fields.get("NotPrincipal");
  return field !== undefined && statement.effect === "Allow" && (use === "resource" || use === "bucket")
    ? [issue("ALLOW_WITH_NOT_PRINCIPAL", field)]
    : [];
};

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html */
const checkFederated: StatementCheck = ({ principals }, { use }) =>
  use === "bucket"
    ? principals
        .filter(({ kind }) => kind === "Federated")
        .map((principal) => issue("FEDERATED_PRINCIPAL_NOT_SUPPORTED", principal))
    : [];

const SOURCE_KEYS = ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];
/** Keys of who calls, which services do not have. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const PRINCIPAL_KEYS = ["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"];
/** Services that call on behalf of a resource of a customer. */
const ACTING_FOR_OTHERS = [
  "cloudtrail",
  "config",
  "delivery.logs",
  "events",
  "s3",
  "sns",
  "sqs",
  "cloudfront",
  "logging.s3",
  "ses",
  "cloudwatch",
].map((name) => `${name}.amazonaws.com`);

const has = (conditions: readonly ConditionAt[], keys: readonly string[]): boolean =>
  conditions.some(({ key }) => keys.includes(key.toLowerCase()));

const checkService: StatementCheck = ({ principals, conditions, effect }, { use }) => {
  if (use === "trust" || use === "identity" || effect !== "Allow") return [];
  const services = principals.filter(({ kind }) => kind === "Service").flatMap(({ values }) => values);
  const acting = services.filter(({ text }) => ACTING_FOR_OTHERS.includes(text));
  const found: Issue[] = [];
  const referer = conditions.find(({ key }) => key.toLowerCase() === "aws:referer");
  if (acting.length > 0 && !has(conditions, SOURCE_KEYS)) {
    found.push(
      referer === undefined
        ? issue("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", acting)
        : issue("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", referer, {
            servicePrincipalPrefix: acting[0]?.text ?? "",
            key: referer.key,
          }),
    );
  }
  const unsupported = conditions.filter(({ key }) => PRINCIPAL_KEYS.includes(key.toLowerCase()));
  if (services.length > 0 && unsupported.length > 0 && principals.every(({ kind }) => kind === "Service")) {
    const conditionKeys = unsupported.map(({ key }) => key).join(", ");
    found.push(
      issue("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", [...unsupported, ...services], { conditionKeys }),
    );
  }
  return found;
};

export const PRINCIPAL_CHECKS: readonly PolicyCheck[] = [
  checkForm,
  checkNotPrincipal,
  checkFederated,
  checkService,
].map(eachStatement);

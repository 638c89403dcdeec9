/** Checks of the values of conditions: that they are what their operators compare. */
import { parseDate } from "../../../identity/policy/date.ts";
import { isDecimal } from "../../../kernel/decimal.ts";
import { parseRange } from "../../../kernel/ip-address.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { isRegion } from "../../../kernel/region.ts";
import { formatOperator, type Operator } from "../../../identity/policy/operator.ts";
import { parseBinary, parseBoolean } from "../../../identity/policy/scalar.ts";
import { findKey } from "./condition-key.ts";
import { narrowed, placeOfRange } from "./ip-range.ts";
import { eachStatement, issue, type Checked, type Issue, type IssueCode, type PolicyCheck } from "./issue.ts";
import type { ConditionAt, TextAt } from "./policy-text.ts";

type ValueCheck = (condition: ConditionAt & { readonly operator: Operator }, checked: Checked) => readonly Issue[];

const eachCondition = (check: ValueCheck): PolicyCheck =>
  eachStatement(({ conditions }, checked) =>
    conditions.flatMap((condition) =>
      condition.operator === undefined ? [] : check({ ...condition, operator: condition.operator }, checked),
    ),
  );

const checkJsonTypes: ValueCheck = (condition) =>
  new Set(condition.values.map(({ jsonKind }) => jsonKind)).size > 1
    ? [issue("INVALID_CONDITION_DATA_TYPE", condition)]
    : [];

const hasVariable = ({ text }: TextAt): boolean => text.includes("${");

/** What each family of operators can read. */
const READERS: readonly (readonly [family: RegExp, reads: (text: string) => boolean, code: IssueCode])[] = [
  [/^(?:Bool|Null)/, (text) => parseBoolean(text) !== undefined, "TYPE_MISMATCH_BOOLEAN"],
  [/^Numeric/, isDecimal, "TYPE_MISMATCH_NUMBER"],
  [/^Date/, (text) => parseDate(text) !== undefined, "TYPE_MISMATCH_DATE"],
  [/IpAddress$/, (text) => parseRange(text) !== undefined, "TYPE_MISMATCH_IP_RANGE"],
  [/^Binary/, (text) => parseBinary(text) !== undefined, "TYPE_MISMATCH_STRING"],
];

const checkReadable: ValueCheck = ({ operator, values }) => {
  const reader = READERS.find(([family]) => family.test(operator.name));
  if (reader === undefined) return [];
  const [, reads, code] = reader;
  const unread = values.filter((value) => !hasVariable(value) && !reads(value.text));
  return unread.map((value) => issue(code, value, { operator: formatOperator(operator) }));
};

/** Seconds since 1970. */
const checkEpoch: ValueCheck = ({ operator, values }) =>
  operator.name.startsWith("Date")
    ? values
        .filter(({ text }) => /^\d{8,}$/.test(text))
        .map((value) => issue("INVALID_DATE_VALUE", value, { date: value.text }))
    : [];

const checkBooleans: ValueCheck = (condition) =>
  condition.operator.name === "Bool" && condition.values.length > 1
    ? [issue("INVALID_CONDITION_MULTIPLE_BOOLEAN", condition)]
    : [];

const checkWildcards: ValueCheck = ({ operator, values }) =>
  /^String(?:Not)?Equals/.test(operator.name)
    ? values
        .filter(({ text }) => /[*?]/.test(text.replace(/\$\{[^}]*\}/g, "")))
        .map((value) => issue("WILDCARD_WITHOUT_LIKE_OPERATOR", value))
    : [];

/** Variables are for texts and ARNs. */
const checkVariables: ValueCheck = ({ operator, values }) =>
  /^(?:String|Arn)/.test(operator.name)
    ? []
    : values.filter(hasVariable).map((value) => issue("INVALID_VARIABLE_FOR_OPERATOR", value));

/** Of several bounds only the widest counts. */
const checkBounds: ValueCheck = (condition) => {
  const { operator, key, values } = condition;
  if (!/^Numeric(?:LessThan|GreaterThan)/.test(operator.name) || values.length < 2) return [];
  const extreme = operator.name.includes("LessThan") ? "greatest" : "least";
  return [issue("REDUNDANT_CONDITION_VALUE_NUM", condition, { operator: formatOperator(operator), key, extreme })];
};

const checkRanges: ValueCheck = ({ operator, values }) =>
  operator.name.endsWith("IpAddress")
    ? values.flatMap((value) => {
        const addr = narrowed(value.text);
        return addr === undefined ? [] : issue("IMPROVE_IP_RANGE", value, { addr });
      })
    : [];

/** Addresses of private networks never reach a public endpoint. */
const checkPrivate: ValueCheck = (condition) => {
  const { operator, key, values } = condition;
  if (!operator.name.endsWith("IpAddress") || key.toLowerCase() !== "aws:sourceip") return [];
  const secluded = values.filter(({ text }) => placeOfRange(text) === "private");
  if (secluded.length === 0) return [];
  const negated = operator.name === "NotIpAddress";
  if (secluded.length === values.length) {
    return [issue(negated ? "PRIVATE_NOT_IP_ADDRESS" : "PRIVATE_IP_ADDRESS", condition)];
  }
  return [issue(negated ? "PRIVATE_NOT_IP_ADDRESS_SUBSET" : "PRIVATE_IP_ADDRESS_SUBSET", secluded)];
};

/** What values of some keys look like. */
const FORMS: readonly (readonly [key: string, code: IssueCode, fits: (text: string) => boolean])[] = [
  ["aws:sourcevpc", "INVALID_VPC_FORMAT", (text) => /^vpc-(?:[0-9a-z]{8}|[0-9a-z]{17})$/.test(text)],
  ["aws:sourcevpce", "INVALID_VPCE_FORMAT", (text) => /^vpce-(?:[0-9a-z]{8}|[0-9a-z]{17})$/.test(text)],
  ["aws:requestedregion", "INVALID_REGION", isRegion],
];

const checkForms: ValueCheck = ({ operator, key, values }) => {
  const form = FORMS.find(([name]) => name === key.toLowerCase());
  if (form === undefined || !operator.name.startsWith("String")) return [];
  const [, code, fits] = form;
  return values
    .filter((value) => !hasVariable(value) && !/[*?]/.test(value.text) && !fits(value.text))
    .map((value) => issue(code, value, { region: value.text }));
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PassedToService */
const checkServiceNames: ValueCheck = ({ operator, key, values }, { reference }) => {
  const form = findOwn(SERVICE_KEYS, key.toLowerCase());
  if (form === undefined || !operator.name.startsWith("String") || findKey(key, reference) === undefined) return [];
  return values
    .filter((value) => !hasVariable(value) && !/[*?]/.test(value.text) && !form.fits.test(value.text))
    .map((value) => issue("INVALID_SERVICE_PRINCIPAL_FORMAT", value, { expectedFormat: form.shown }));
};

const PRINCIPAL_FORM = {
  fits: /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/,
  shown: "service-name.amazonaws.com",
};
const SERVICE_KEYS: Readonly<Record<string, typeof PRINCIPAL_FORM>> = {
  "aws:principalservicename": PRINCIPAL_FORM,
  "iam:passedtoservice": PRINCIPAL_FORM,
  "iam:awsservicename": PRINCIPAL_FORM,
  "kms:viaservice": {
    fits: /^[a-z0-9-]+\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/,
    shown: "service-name.AWS_region.amazonaws.com",
  },
};

export const CONDITION_VALUE_CHECKS: readonly PolicyCheck[] = [
  checkJsonTypes,
  checkReadable,
  checkEpoch,
  checkBooleans,
  checkWildcards,
  checkVariables,
  checkBounds,
  checkRanges,
  checkPrivate,
  checkForms,
  checkServiceNames,
].map(eachCondition);

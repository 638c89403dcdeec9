/** Checks of conditions: operators, keys, and how the two go together. */
import { formatOperator, type Operator } from "../../../identity/policy/operator.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { findKey, type KeyType, type KnownKey } from "./condition-key.ts";
import {
  eachStatement,
  issue,
  type Checked,
  type Issue,
  type IssueCode,
  type PolicyCheck,
  type StatementCheck,
} from "./issue.ts";
import type { ConditionAt, StatementAt } from "./policy-text.ts";

type ConditionCheck = (condition: ConditionAt, statement: StatementAt, checked: Checked) => Issue | undefined;

const eachCondition = (check: ConditionCheck): PolicyCheck =>
  eachStatement((statement, checked) =>
    statement.conditions.flatMap((condition) => check(condition, statement, checked) ?? []),
  );

const checkBlock: StatementCheck = ({ fields }) => {
  const field = fields.get("Condition");
  if (field === undefined) return [];
  if (field.node.kind !== "object") return [issue("DATA_TYPE_MISMATCH", field, { data_type: "Object" })];
  if (field.node.members.length === 0) return [issue("EMPTY_OBJECT_CONDITION", field)];
  return field.node.members.flatMap(({ name, value }) => {
    const place = { path: [...field.path, { value: name }], span: { start: value.start, end: value.end } };
    if (value.kind !== "object") return issue("DATA_TYPE_MISMATCH", place, { data_type: "Object" });
    return value.members.length === 0 ? issue("EMPTY_OBJECT_CONDITION", place) : [];
  });
};

/** `Null` with `IfExists` is no operator either, but has an issue of its own. */
const checkOperator: ConditionCheck = ({ operator, operatorText, operatorPlace }) => {
  if (operator !== undefined) return undefined;
  return /null(?:if)exists$/i.test(operatorText)
    ? issue("NULL_WITH_IF_EXISTS", operatorPlace)
    : issue("INVALID_CONDITION_OPERATOR", operatorPlace, { operator: operatorText });
};

/** One of each operator and key is enough: keys that differ in case only are one. */
const checkTwins: StatementCheck = ({ conditions }) =>
  conditions.flatMap((condition, at) => {
    const twin = conditions
      .slice(0, at)
      .find(
        (other) =>
          other.operatorText === condition.operatorText &&
          other.key !== condition.key &&
          other.key.toLowerCase() === condition.key.toLowerCase(),
      );
    return twin === undefined
      ? []
      : issue("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", [twin, condition], { key: condition.key });
  });

const checkKey: ConditionCheck = ({ key, path, span }, _statement, { reference, use }) => {
  const colon = key.indexOf(":");
  const place = { path, span };
  if (colon <= 0 || colon === key.length - 1) return issue("INVALID_CONDITION_KEY_FORMAT", place);
  const prefix = key.slice(0, colon).toLowerCase();
  if (prefix === "aws") return globalKeyIssue(key, place, { reference, use });
  const service = reference.of(prefix);
  if (service === undefined || findKey(key, reference) !== undefined) return undefined;
  return issue("INVALID_SERVICE_CONDITION_KEY", place, { key, service: prefix });
};

function globalKeyIssue(
  key: string,
  place: Pick<ConditionAt, "path" | "span">,
  { reference, use }: Pick<Checked, "reference" | "use">,
): Issue | undefined {
  const lower = key.toLowerCase();
  if (lower === "aws:arn") {
    return use === "scp" || use === "rcp"
      ? issue("UNSUPPORTED_GLOBAL_CONDITION_KEY", place)
      : issue("DEPRECATED_GLOBAL_CONDITION_KEY", place);
  }
  if (TAG_FAMILIES.some((family) => lower === family || lower === `${family}/`)) {
    return issue("MISSING_TAG_KEY_IN_CONDITION", place, { conditionKeyName: `${key.replace(/\/$/, "")}/` });
  }
  return findKey(key, reference) === undefined ? issue("INVALID_GLOBAL_CONDITION_KEY", place, { key }) : undefined;
}

const TAG_FAMILIES = ["aws:principaltag", "aws:requesttag", "aws:resourcetag"];

const checkEmpty: ConditionCheck = ({ operator, key, values, path, span }) => {
  if (operator === undefined || values.length > 0) return undefined;
  return issue(emptyCode(operator), { path, span }, { key });
};

function emptyCode({ set, ifExists }: Operator): IssueCode {
  if (set === "all") return "EMPTY_ARRAY_CONDITION_FORALLVALUES";
  if (set === "any") return "EMPTY_ARRAY_CONDITION_FORANYVALUE";
  return ifExists ? "EMPTY_ARRAY_CONDITION_IFEXISTS" : "EMPTY_ARRAY_CONDITION";
}

const checkQualifier: ConditionCheck = (condition, { effect }, { reference }) => {
  const { operator, key, operatorPlace } = condition;
  if (operator === undefined) return undefined;
  if (operator.name === "Null")
    return operator.set === undefined ? undefined : issue("NULL_WITH_QUALIFIER", operatorPlace);
  const known = findKey(key, reference);
  if (known === undefined) return undefined;
  if (known.values === "multiple") {
    return operator.set === undefined ? issue("MISSING_QUALIFIER", condition, { key }) : undefined;
  }
  return operator.set === "all" && effect === "Allow"
    ? issue("FORALLVALUES_WITH_SINGLE_VALUED_KEY", operatorPlace, { key })
    : undefined;
};

/** The operators of each type. `String` ones go with every type that is written as text. */
const OPERATORS: Readonly<Record<KeyType, readonly string[]>> = {
  String: ["String"],
  ARN: ["Arn", "String"],
  Bool: ["Bool", "String"],
  Date: ["Date", "Numeric", "String"],
  Numeric: ["Numeric", "String"],
  IPAddress: ["IpAddress", "NotIpAddress"],
};

const checkType: ConditionCheck = ({ operator, key, operatorPlace }, _statement, { reference }) => {
  const known = operator === undefined || operator.name === "Null" ? undefined : findKey(key, reference);
  if (operator === undefined || known === undefined || suits(operator, known, key)) return undefined;
  const allowed = (OPERATORS[known.type][0] ?? "String").replace("Arn", "ArnLike").replace(/^String$/, "StringEquals");
  return issue("TYPE_MISMATCH", operatorPlace, { allowed, operator: formatOperator(operator), key });
};

const suits = ({ name }: Operator, { type }: KnownKey, key: string): boolean =>
  OPERATORS[type].some((family) => name.startsWith(family)) ||
  (type === "String" && (name === "BinaryEquals" || (name.startsWith("Arn") && MAY_HOLD_ARN.test(key))));

/** Texts that may be ARNs, whatever the reference calls them. */
const MAY_HOLD_ARN = /arn|encryptioncontext:/i;

const PAIRS: Readonly<Record<string, string>> = { "aws:vpcsourceip": "aws:SourceVpc" };

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip */
const checkPaired: StatementCheck = ({ conditions, effect }) =>
  conditions.flatMap((condition) => {
    const wanted = findOwn(PAIRS, condition.key.toLowerCase());
    const isPaired = conditions.some(({ key }) => key.toLowerCase() === wanted?.toLowerCase());
    if (wanted === undefined || isPaired || effect !== "Allow") return [];
    return issue("MISSING_PAIRED_CONDITION_KEYS", condition, {
      conditionKeyName: condition.key,
      recommendedKeys: wanted,
    });
  });

export const CONDITION_CHECKS: readonly PolicyCheck[] = [
  eachStatement(checkBlock),
  ...[checkOperator, checkKey, checkEmpty, checkQualifier, checkType].map(eachCondition),
  eachStatement(checkTwins),
  eachStatement(checkPaired),
];

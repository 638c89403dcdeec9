/** Checks of the form of a policy: its JSON, its elements, its statements' ids. */
import type { JsonNode } from "../../../identity/policy/json.ts";
import { STATEMENT_FIELDS } from "../../../identity/policy/parse.ts";
import { eachStatement, issue, type Issue, type PolicyCheck, type StatementCheck } from "./issue.ts";
import { memberOf, spanOf, type Place, type StatementAt } from "./policy-text.ts";

const VERSIONS = ["2012-10-17", "2008-10-17"];
const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];

const checkJson: PolicyCheck = ({ policy: { root, jsonError, lines, text } }) => {
  if (jsonError !== undefined) {
    const { offset } = jsonError;
    const { line, column } = lines.positionOf(offset);
    const place: Place = { path: [], span: { start: offset, end: offset } };
    return [issue("JSON_SYNTAX_ERROR", place, { index: offset, line, column: column - 1 })];
  }
  if (root !== undefined) return [];
  return [issue("DATA_TYPE_MISMATCH", { path: [], span: { start: 0, end: text.length } }, { data_type: "Object" })];
};

const checkDocument: PolicyCheck = ({ policy: { root, statements } }) => {
  if (root === undefined) return [];
  const whole: Place = { path: [], span: spanOf(root) };
  const found: Issue[] = root.members
    .filter(({ name }) => !DOCUMENT_ELEMENTS.includes(name))
    .map(({ name, nameSpan }) =>
      issue("INVALID_POLICY_ELEMENT", { path: [{ key: name }], span: nameSpan }, { element: name }),
    );
  const version = memberOf(root, "Version")?.value;
  const statement = memberOf(root, "Statement")?.value;
  const id = memberOf(root, "Id")?.value;
  if (version === undefined) found.push(issue("MISSING_VERSION", whole));
  else found.push(...versionIssues(version));
  if (id !== undefined && id.kind !== "string") found.push(wrongType("Id", id, "String"));
  if (statement === undefined || (statement.kind === "array" && statement.items.length === 0)) {
    found.push(issue("MISSING_STATEMENT", statement === undefined ? whole : placeOf("Statement", statement)));
  } else found.push(...statementTypes(statement, statements.length));
  return found;
};

const placeOf = (name: string, node: JsonNode): Place => ({ path: [{ value: name }], span: spanOf(node) });

const wrongType = (name: string, node: JsonNode, type: string): Issue =>
  issue("DATA_TYPE_MISMATCH", placeOf(name, node), { data_type: type });

function versionIssues(node: JsonNode): readonly Issue[] {
  if (node.kind !== "string") return [wrongType("Version", node, "String")];
  if (VERSIONS.includes(node.text)) return [];
  return [issue("INVALID_VERSION", placeOf("Version", node), { version: node.text, versions: VERSIONS.join(", ") })];
}

function statementTypes(node: JsonNode, objects: number): readonly Issue[] {
  if (node.kind === "object" || (node.kind === "array" && node.items.length === objects)) return [];
  if (node.kind !== "array") return [wrongType("Statement", node, "Array")];
  return node.items.flatMap((item, index) =>
    item.kind === "object"
      ? []
      : issue(
          "DATA_TYPE_MISMATCH",
          { path: [{ value: "Statement" }, { index }], span: spanOf(item) },
          { data_type: "Object" },
        ),
  );
}

const checkElements: StatementCheck = ({ fields, path }) =>
  [...fields.values()]
    .filter(({ name }) => !STATEMENT_FIELDS.includes(name))
    .map(({ name, nameSpan }) =>
      issue("INVALID_POLICY_ELEMENT", { path: [...path, { key: name }], span: nameSpan }, { element: name }),
    );

const checkEffect: StatementCheck = ({ fields, effect, path, span }) => {
  const field = fields.get("Effect");
  if (field === undefined) return [issue("MISSING_EFFECT", { path, span })];
  if (field.node.kind !== "string") return [issue("DATA_TYPE_MISMATCH", field, { data_type: "String" })];
  return effect === undefined ? [issue("INVALID_EFFECT", field, { effect: field.node.text })] : [];
};

const checkSid: StatementCheck = ({ fields }, { use }) => {
  const field = fields.get("Sid");
  if (field === undefined) return [];
  if (field.node.kind !== "string") return [issue("DATA_TYPE_MISMATCH", field, { data_type: "String" })];
  if (field.node.text === "") return [issue("EMPTY_SID_VALUE", field)];
  const isStrict = use === "identity" || use === "scp" || use === "rcp";
  return isStrict && !/^[A-Za-z0-9]+$/.test(field.node.text) ? [issue("UNSUPPORTED_SID", field)] : [];
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
const checkSids: PolicyCheck = ({ policy: { statements }, use }) => {
  const bySid = new Map<string, StatementAt[]>();
  for (const statement of statements) {
    const node = statement.fields.get("Sid")?.node;
    if (node?.kind === "string" && node.text !== "") bySid.set(node.text, [...(bySid.get(node.text) ?? []), statement]);
  }
  const code =
    use === "identity" || use === "trust" || use === "scp" ? "UNIQUE_SIDS_REQUIRED" : "UNIQUE_SIDS_RECOMMENDED";
  return [...bySid.values()]
    .filter((alike) => alike.length > 1)
    .map((alike) =>
      issue(
        code,
        alike.flatMap(({ fields }) => fields.get("Sid") ?? []),
      ),
    );
};

const PAIRS = [
  ["Action", "NotAction"],
  ["Resource", "NotResource"],
  ["Principal", "NotPrincipal"],
] as const;

const checkPairs: StatementCheck = ({ fields }) =>
  PAIRS.flatMap(([one, other]) => {
    const [first, second] = [fields.get(one), fields.get(other)];
    if (first === undefined || second === undefined) return [];
    return issue("UNSUPPORTED_ELEMENT_COMBINATION", [first, second], { element1: one, element2: other });
  });

const checkMissing: StatementCheck = ({ fields, path, span }, { use }) => {
  const has = (name: string): boolean => fields.has(name) || fields.has(`Not${name}`);
  const found: Issue[] = [];
  const place = { path, span };
  if (!has("Action")) found.push(issue("MISSING_ACTION", place));
  // a resource's policy speaks of its resource where it names none
  if (!has("Resource") && (use === "identity" || use === "scp" || use === "bucket" || use === "rcp")) {
    found.push(issue("MISSING_RESOURCE", place));
  }
  if (!has("Principal") && use !== "identity" && use !== "scp") found.push(issue("MISSING_PRINCIPAL", place));
  return found;
};

const LISTS = ["Action", "NotAction", "Resource", "NotResource"];

const checkLists: StatementCheck = ({ fields }) =>
  LISTS.flatMap((name) => {
    const field = fields.get(name);
    if (field === undefined || field.node.kind === "string") return [];
    if (field.node.kind !== "array") return issue("DATA_TYPE_MISMATCH", field, { data_type: "String" });
    if (field.node.items.length === 0) {
      return issue(name.endsWith("Action") ? "EMPTY_ARRAY_ACTION" : "EMPTY_ARRAY_RESOURCE", field);
    }
    return field.node.items.flatMap((item, index) =>
      item.kind === "string"
        ? []
        : issue(
            "DATA_TYPE_MISMATCH",
            { path: [...field.path, { index }], span: spanOf(item) },
            { data_type: "String" },
          ),
    );
  });

export const FORM_CHECKS: readonly PolicyCheck[] = [
  checkJson,
  checkDocument,
  ...[checkElements, checkEffect, checkSid, checkPairs, checkMissing, checkLists].map(eachStatement),
  checkSids,
];

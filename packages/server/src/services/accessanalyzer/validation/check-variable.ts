/** Checks of policy variables: `${aws:username}`. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
import { eachStatement, issue, type Issue, type IssueCode, type PolicyCheck, type StatementCheck } from "./issue.ts";
import type { Field, Place, StatementAt, TextAt } from "./policy-text.ts";

/** Where variables may stand. */
const textsWithVariables = ({ resources, conditions }: StatementAt): readonly TextAt[] => [
  ...resources,
  ...conditions.flatMap(({ values }) => values),
];

const checkForm: StatementCheck = (statement) => textsWithVariables(statement).flatMap(formIssues);

function formIssues(text: TextAt): readonly Issue[] {
  const found: Issue[] = [];
  for (let at = text.text.indexOf("${"); at !== -1; at = text.text.indexOf("${", at + 2)) {
    const end = text.text.indexOf("}", at);
    if (end === -1) {
      found.push(issue("MISSING_BRACE_IN_VARIABLE", part(text, at, text.text.length)));
      break;
    }
    const code = faultIn(text.text.slice(at + 2, end));
    if (code !== undefined) found.push(issue(code, part(text, at, end + 1)));
  }
  return found;
}

function part({ path, span }: TextAt, start: number, end: number): Place {
  return { path: [...path, { substring: { start, length: end - start } }], span };
}

function faultIn(inner: string): IssueCode | undefined {
  if (inner === "") return "EMPTY_VARIABLE";
  if (inner === "*" || inner === "?" || inner === "$") return undefined;
  const comma = inner.indexOf(",");
  const name = comma === -1 ? inner : inner.slice(0, comma);
  if (/\s/.test(name)) return "UNSUPPORTED_SPACE_IN_VARIABLE";
  if (comma === -1) return undefined;
  return /^'[^']*'$/.test(inner.slice(comma + 1).trim()) ? undefined : "MISSING_QUOTE_IN_VARIABLE";
}

const VARIABLE = /\$\{[^{}]*\}/;

const checkVersion: PolicyCheck = ({ policy: { statements, version } }) =>
  version === "2012-10-17"
    ? []
    : statements.flatMap((statement) =>
        textsWithVariables(statement)
          .filter(({ text }) => /\$\{(?:aws|[a-z0-9-]+):[^{}]*\}/i.test(text))
          .map((text) => issue("VARIABLE_UNSUPPORTED_IN_VERSION", text)),
      );

const ELSEWHERE = ["Sid", "Effect", "Action", "NotAction", "Principal", "NotPrincipal"];

const checkElement: StatementCheck = ({ fields, actions, principals }) => {
  const texts = [
    ...actions,
    ...principals.flatMap(({ values }) => values),
    ...ELSEWHERE.slice(0, 2).flatMap((name) => textOf(fields.get(name))),
  ];
  return texts.flatMap((text) => {
    const variable = VARIABLE.exec(text.text)?.[0];
    return variable === undefined ? [] : issue("VARIABLE_UNSUPPORTED_IN_ELEMENT", text, { variable });
  });
};

const textOf = (field: Field | undefined): readonly TextAt[] =>
  field?.node.kind === "string" ? [{ text: field.node.text, path: field.path, span: field.span }] : [];

export const VARIABLE_CHECKS: readonly PolicyCheck[] = [
  eachStatement(checkForm),
  checkVersion,
  eachStatement(checkElement),
];

/**
 * A denial as `sts:DecodeAuthorizationMessage` gives it back.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
import type { Decision, Reason, StatementRef } from "./decision.ts";
import { readPolicy } from "./policy/parse.ts";
import type { Statement } from "./policy/ast.ts";
import type { Principal } from "./principal.ts";

interface Items<Item> {
  readonly items: readonly Item[];
}

interface Value {
  readonly value: string;
}

interface KeyValues {
  readonly key: string;
  readonly values: Items<Value>;
}

export interface AuthorizationMessage {
  readonly allowed: boolean;
  readonly explicitDeny: boolean;
  readonly matchedStatements: Items<object>;
  readonly failures: Items<object>;
  readonly context: {
    readonly principal: { readonly id: string; readonly name?: string; readonly arn: string };
    readonly action: string;
    readonly resource: string;
    readonly conditions: Items<KeyValues>;
  };
}

/** `keys`: the condition keys of the request, by documented name. */
export function authorizationMessage(
  decision: Decision,
  principal: Principal,
  keys: Readonly<Record<string, readonly string[]>>,
): AuthorizationMessage {
  const { action, resource, because } = decision;
  return {
    allowed: decision.decision === "allow",
    explicitDeny: because.some(({ effect }) => effect === "explicit-deny"),
    matchedStatements: listed(because.filter(({ effect }) => effect !== "no-allow").flatMap(matchedStatement)),
    failures: listed([]),
    context: {
      principal: principalView(principal),
      action,
      resource,
      conditions: listed(Object.entries(keys).map(([key, values]) => ({ key, values: valueList(values) }))),
    },
  };
}

const listed = <Item>(items: readonly Item[]): Items<Item> => ({ items });

const valueList = (values: readonly string[]): Items<Value> => listed(values.map((value) => ({ value })));

function principalView(principal: Principal): AuthorizationMessage["context"]["principal"] {
  if (principal.type === "anonymous") return { id: "anonymous", arn: "anonymous" };
  if (principal.type === "service") return { id: principal.service, arn: principal.service };
  const { userId: id, arn } = principal;
  if (principal.type === "user") return { id, name: principal.userName, arn };
  return principal.type === "role-session" ? { id, name: principal.sessionName, arn } : { id, arn };
}

function matchedStatement({ statement, effect }: Reason): readonly object[] {
  if (statement === undefined) return [];
  const statementId = statement.sid ?? "";
  return [{ statementId, effect: effect === "explicit-deny" ? "DENY" : "ALLOW", ...elementsOf(parsedOf(statement)) }];
}

function elementsOf(statement: Statement | undefined): object {
  const { principal, action, resource, conditions = [] } = statement ?? {};
  return {
    principals: valueList(principal?.entries.map(({ value }) => value) ?? []),
    principalGroups: listed([]),
    actions: valueList(action?.values ?? []),
    resources: valueList(resource?.values ?? []),
    conditions: listed(conditions.map(({ key, values }) => ({ key, values: valueList(values) }))),
  };
}

/** The statement itself, read again from its text. */
function parsedOf({ text }: StatementRef): Statement | undefined {
  return text === undefined ? undefined : readPolicy(`{"Statement":${text}}`).document?.statements[0];
}

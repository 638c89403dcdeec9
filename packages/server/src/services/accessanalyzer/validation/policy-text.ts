/** A policy's text with its places, also where it is not well formed: what the checks look at. */
import type { PathElement, Position, Span as SpanShape } from "@aws-sdk/client-accessanalyzer";
import { JsonError, readJson, type JsonMember, type JsonNode, type JsonObject } from "../../../identity/policy/json.ts";
import { parseOperator, type Operator } from "../../../identity/policy/operator.ts";
import { LineMap, type Span } from "../../../identity/policy/source.ts";

/** A place in the text: how one gets there, and what it spans. */
export interface Place {
  readonly path: readonly PathElement[];
  readonly span: Span;
}

/** A text in the policy. */
export interface TextAt extends Place {
  readonly text: string;
}

/** A member of a statement. */
export interface Field extends Place {
  readonly name: string;
  readonly nameSpan: Span;
  readonly node: JsonNode;
}

/** The values of one kind in a principal. */
export interface PrincipalAt extends Place {
  readonly kind: string;
  readonly values: readonly TextAt[];
}

/** One operator with one key. */
export interface ConditionAt extends Place {
  readonly operatorText: string;
  readonly operatorPlace: Place;
  /** `undefined`: there is no such operator. */
  readonly operator: Operator | undefined;
  readonly key: string;
  /** Texts, numbers and booleans as they are spelled. */
  readonly values: readonly (TextAt & { readonly jsonKind: JsonNode["kind"] })[];
}

export interface StatementAt extends Place {
  readonly index: number;
  readonly fields: ReadonlyMap<string, Field>;
  /** `undefined` where it is neither. */
  readonly effect: "Allow" | "Deny" | undefined;
  /** Of `Action` or `NotAction`. */
  readonly actions: readonly TextAt[];
  /** Of `Resource` or `NotResource`. */
  readonly resources: readonly TextAt[];
  /** Of `Principal` or `NotPrincipal`. */
  readonly principals: readonly PrincipalAt[];
  readonly conditions: readonly ConditionAt[];
}

export interface PolicyText {
  readonly text: string;
  readonly lines: LineMap;
  /** `undefined` where the text is no JSON object. */
  readonly root: JsonObject | undefined;
  /** What is wrong with it as JSON. */
  readonly jsonError: JsonError | undefined;
  readonly statements: readonly StatementAt[];
  /** As named; the older one where none is. */
  readonly version: string;
}

export function readPolicyText(text: string): PolicyText {
  const lines = new LineMap(text);
  const read = tryRead(text);
  if (read instanceof JsonError) {
    return { text, lines, root: undefined, jsonError: read, statements: [], version: "2008-10-17" };
  }
  const root = read.kind === "object" ? read : undefined;
  const version = root && memberOf(root, "Version")?.value;
  return {
    text,
    lines,
    root,
    jsonError: undefined,
    statements: root === undefined ? [] : readStatements(root),
    version: version?.kind === "string" ? version.text : "2008-10-17",
  };
}

function tryRead(text: string): JsonNode | JsonError {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
}

export const memberOf = ({ members }: JsonObject, name: string): JsonMember | undefined =>
  members.find((member) => member.name === name);

export const spanOf = ({ start, end }: Span): Span => ({ start, end });

function readStatements(root: JsonObject): readonly StatementAt[] {
  const node = memberOf(root, "Statement")?.value;
  if (node === undefined) return [];
  const path: readonly PathElement[] = [{ value: "Statement" }];
  const nodes = node.kind === "array" ? node.items.map((item, index) => ({ item, path: [...path, { index }] })) : [];
  const all = node.kind === "array" ? nodes : [{ item: node, path }];
  return all.flatMap(({ item, path: at }, index) => (item.kind === "object" ? [readStatement(item, at, index)] : []));
}

function readStatement(node: JsonObject, path: readonly PathElement[], index: number): StatementAt {
  const fields = new Map<string, Field>();
  for (const { name, nameSpan, value } of node.members) {
    if (!fields.has(name)) {
      fields.set(name, { name, nameSpan, node: value, path: [...path, { value: name }], span: spanOf(value) });
    }
  }
  const effect = fields.get("Effect")?.node;
  const effectText = effect?.kind === "string" ? effect.text : undefined;
  return {
    index,
    path,
    span: spanOf(node),
    fields,
    effect: effectText === "Allow" || effectText === "Deny" ? effectText : undefined,
    actions: textsOf(fields.get("Action") ?? fields.get("NotAction")),
    resources: textsOf(fields.get("Resource") ?? fields.get("NotResource")),
    principals: readPrincipals(fields.get("Principal") ?? fields.get("NotPrincipal")),
    conditions: readConditions(fields.get("Condition")),
  };
}

/** The texts of a list, or the one text. */
function textsOf(field: (Place & { readonly node: JsonNode }) | undefined): readonly TextAt[] {
  if (field === undefined) return [];
  const { node, path } = field;
  if (node.kind === "string") return [{ text: node.text, path, span: spanOf(node) }];
  if (node.kind !== "array") return [];
  return node.items.flatMap((item, index) =>
    item.kind === "string" ? [{ text: item.text, path: [...path, { index }], span: spanOf(item) }] : [],
  );
}

function readPrincipals(field: Field | undefined): readonly PrincipalAt[] {
  if (field === undefined) return [];
  const { node, path, span } = field;
  if (node.kind === "string") return [{ kind: "*", values: textsOf(field), path, span }];
  if (node.kind !== "object") return [];
  return node.members.map(({ name, value }) => {
    const at = { path: [...path, { value: name }], span: spanOf(value) };
    return { kind: name, values: textsOf({ ...at, node: value }), ...at };
  });
}

function readConditions(field: Field | undefined): readonly ConditionAt[] {
  if (field?.node.kind !== "object") return [];
  return field.node.members.flatMap(({ name, nameSpan, value }) =>
    value.kind === "object" ? value.members.map((member) => readCondition(member, { name, nameSpan }, field)) : [],
  );
}

function readCondition(
  { name: key, value }: JsonMember,
  operator: { readonly name: string; readonly nameSpan: Span },
  { path }: Place,
): ConditionAt {
  const at = [...path, { value: operator.name }, { value: key }];
  const nodes = value.kind === "array" ? value.items : [value];
  const values = nodes.flatMap((node, index) =>
    node.kind === "object" || node.kind === "array" || node.kind === "null"
      ? []
      : [
          {
            text: node.text,
            jsonKind: node.kind,
            path: value.kind === "array" ? [...at, { index }] : at,
            span: spanOf(node),
          },
        ],
  );
  return {
    operatorText: operator.name,
    operatorPlace: { path: [...path, { key: operator.name }], span: operator.nameSpan },
    operator: parseOperator(operator.name),
    key,
    values,
    path: at,
    span: spanOf(value),
  };
}

/** Lines from 1, columns and offsets from 0, the end behind the last character. */
export function formatSpan({ start, end }: Span, lines: LineMap): SpanShape {
  return { start: positionOf(start, lines), end: positionOf(end, lines) };
}

function positionOf(offset: number, lines: LineMap): Position {
  const { line, column } = lines.positionOf(offset);
  return { line, column: column - 1, offset };
}

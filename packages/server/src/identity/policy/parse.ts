/** From a text to a policy. Finds every fault of form; what the kind of policy asks besides is `validate.ts`. */
import type {
  ConditionClause,
  Fault,
  LanguageVersion,
  ListElement,
  PolicyDocument,
  PrincipalElement,
  Statement,
} from "./ast.ts";
import type { FaultLog } from "./fault-log.ts";
import { JsonError, readJson, type JsonMember, type JsonNode, type JsonObject } from "./json.ts";
import { parseOperator } from "./operator.ts";
import { parsePrincipal } from "./parse-principal.ts";
import { LineMap, type Span } from "./source.ts";

/** The text is no policy. `fault` is the first thing wrong with it. */
export class PolicySyntaxError extends Error {
  override readonly name = "PolicySyntaxError";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`not a policy: ${fault.code}: \`${fault.subject}\`: line ${fault.at.line}, column ${fault.at.column}`);
    this.fault = fault;
  }
}

/** A policy as far as it could be read, and all that is wrong with its form, in the order written. */
export interface Reading {
  /** `undefined` where not even an object could be read. */
  readonly document: PolicyDocument | undefined;
  readonly faults: readonly Fault[];
}

/** @throws {PolicySyntaxError} */
export function parsePolicy(text: string): PolicyDocument {
  const { document, faults } = readPolicy(text);
  const [first] = faults;
  if (first !== undefined) throw new PolicySyntaxError(first);
  if (document === undefined) throw new PolicySyntaxError({ code: "json", subject: "", at: { line: 1, column: 1 } });
  return document;
}

/** Never throws: hostile texts give faults. */
export function readPolicy(text: string): Reading {
  const lines = new LineMap(text);
  const faults: Fault[] = [];
  const log: FaultLog = {
    fault: (code, subject, span) => faults.push({ code, subject, at: lines.positionOf(span.start) }),
    lines,
  };
  const root = readRoot(text, log);
  const document = root === undefined ? undefined : readDocument(root, log);
  return { document, faults };
}

function readRoot(text: string, log: FaultLog): JsonObject | undefined {
  try {
    const root = readJson(text);
    if (root.kind === "object") return root;
    log.fault("not-a-policy", text.slice(root.start, root.end), root);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    log.fault("json", error.message, { start: error.offset, end: error.offset });
  }
  return undefined;
}

/** The members of `object` by name: unknown ones and second ones are faults. */
function fieldsOf(object: JsonObject, known: readonly string[], log: FaultLog): ReadonlyMap<string, JsonNode> {
  const fields = new Map<string, JsonNode>();
  for (const { name, nameSpan, value } of object.members) {
    if (!known.includes(name)) log.fault("unknown-field", name, nameSpan);
    else if (fields.has(name)) log.fault("duplicate-field", name, nameSpan);
    else fields.set(name, value);
  }
  return fields;
}

const DOCUMENT_FIELDS = ["Version", "Id", "Statement"];

function readDocument(root: JsonObject, log: FaultLog): PolicyDocument {
  const fields = fieldsOf(root, DOCUMENT_FIELDS, log);
  const version = readVersion(fields.get("Version"), log);
  const id = readText("Id", fields.get("Id"), log);
  const statements: Statement[] = [];
  for (const node of statementNodes(root, fields.get("Statement"), log)) {
    if (node.kind === "object") statements.push(readStatement(node, statements.length, log));
    else log.fault("wrong-type", "Statement", node);
  }
  return { version: version ?? "2008-10-17", versioned: fields.has("Version"), id, statements };
}

function readVersion(node: JsonNode | undefined, log: FaultLog): LanguageVersion | undefined {
  if (node === undefined) return undefined;
  if (node.kind === "string" && (node.text === "2008-10-17" || node.text === "2012-10-17")) return node.text;
  log.fault("version", node.kind === "string" ? node.text : "Version", node);
  return undefined;
}

function statementNodes(root: JsonObject, node: JsonNode | undefined, log: FaultLog): readonly JsonNode[] {
  const nodes = node === undefined ? [] : node.kind === "array" ? node.items : [node];
  if (nodes.length === 0) log.fault("no-statement", "Statement", node ?? root);
  return nodes;
}

/** The elements that a statement may have. */
export const STATEMENT_FIELDS: readonly string[] = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

function readStatement(node: JsonObject, index: number, log: FaultLog): Statement {
  const fields = fieldsOf(node, STATEMENT_FIELDS, log);
  const effectText = readEffect(node, fields.get("Effect"), log);
  return {
    index,
    sid: readText("Sid", fields.get("Sid"), log),
    effect: effectText.toLowerCase() === "allow" ? "Allow" : "Deny",
    effectText,
    principal: readPrincipal(fields, log),
    action: readList("Action", fields, log),
    resource: readList("Resource", fields, log),
    conditions: readConditions(fields.get("Condition"), log),
    span: { start: node.start, end: node.end },
    start: log.lines.positionOf(node.start),
    end: log.lines.positionOf(node.end),
  };
}

function readText(name: string, node: JsonNode | undefined, log: FaultLog): string | undefined {
  if (node === undefined || node.kind === "string") return node?.text;
  log.fault("wrong-type", name, node);
  return undefined;
}

function readEffect(statement: JsonObject, node: JsonNode | undefined, log: FaultLog): string {
  if (node === undefined) log.fault("no-effect", "Effect", statement);
  else if (node.kind !== "string") log.fault("wrong-type", "Effect", node);
  else if (!/^(allow|deny)$/i.test(node.text)) log.fault("effect", node.text, node);
  else return node.text;
  return "Deny";
}

function readPrincipal(fields: ReadonlyMap<string, JsonNode>, log: FaultLog): PrincipalElement | undefined {
  const chosen = eitherForm("Principal", fields, log);
  return chosen && parsePrincipal(chosen.node, { name: chosen.name, negated: chosen.negated }, log);
}

function readList(name: string, fields: ReadonlyMap<string, JsonNode>, log: FaultLog): ListElement | undefined {
  const chosen = eitherForm(name, fields, log);
  if (chosen === undefined) return undefined;
  const nodes = chosen.node.kind === "array" ? chosen.node.items : [chosen.node];
  const values: string[] = [];
  for (const node of nodes) {
    if (node.kind === "string") values.push(node.text);
    else if (node.kind !== "null") log.fault("wrong-type", chosen.name, node);
  }
  return { negated: chosen.negated, values };
}

interface ChosenForm {
  readonly name: string;
  readonly negated: boolean;
  readonly node: JsonNode;
}

/** `Action` or `NotAction`, and so on: a statement has one of the two at the most. */
function eitherForm(name: string, fields: ReadonlyMap<string, JsonNode>, log: FaultLog): ChosenForm | undefined {
  const plain = fields.get(name);
  const negated = fields.get(`Not${name}`);
  if (plain !== undefined && negated !== undefined) log.fault("both-forms", name, negated);
  if (plain !== undefined) return { name, negated: false, node: plain };
  return negated && { name: `Not${name}`, negated: true, node: negated };
}

function readConditions(node: JsonNode | undefined, log: FaultLog): readonly ConditionClause[] {
  if (node === undefined) return [];
  if (node.kind !== "object") {
    log.fault("wrong-type", "Condition", node);
    return [];
  }
  const clauses: ConditionClause[] = [];
  for (const { name, nameSpan, value } of distinct(node, log)) {
    if (value.kind !== "object") log.fault("wrong-type", name, value);
    else if (value.members.length > 0) readOperator({ name, nameSpan, keys: value }, clauses, log);
  }
  return clauses;
}

interface OperatorBlock {
  readonly name: string;
  readonly nameSpan: Span;
  readonly keys: JsonObject;
}

/** An operator without keys asks nothing, and AWS does not even look at its name. */
function readOperator({ name, nameSpan, keys }: OperatorBlock, clauses: ConditionClause[], log: FaultLog): void {
  const operator = parseOperator(name);
  if (operator === undefined) {
    log.fault("operator", name, nameSpan);
    return;
  }
  for (const member of distinct(keys, log)) {
    const values = readValues(member, log);
    clauses.push({ operator, key: member.name, values, at: log.lines.positionOf(member.nameSpan.start) });
  }
}

function readValues({ name, value }: JsonMember, log: FaultLog): readonly string[] {
  const nodes = value.kind === "array" ? value.items : [value];
  const values: string[] = [];
  for (const node of nodes) {
    if (node.kind === "object" || node.kind === "array") log.fault("wrong-type", name, node);
    else if (node.kind !== "null") values.push(node.text);
  }
  return values;
}

function distinct(object: JsonObject, log: FaultLog): readonly JsonMember[] {
  const seen = new Set<string>();
  return object.members.filter(({ name, nameSpan }) => {
    if (seen.has(name)) log.fault("duplicate-field", name, nameSpan);
    const fresh = !seen.has(name);
    seen.add(name);
    return fresh;
  });
}

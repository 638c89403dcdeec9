import type { PrincipalElement, PrincipalEntry, PrincipalKind } from "./ast.ts";
import type { FaultLog } from "./fault-log.ts";
import type { JsonNode } from "./json.ts";

const KINDS: ReadonlyMap<string, PrincipalKind> = new Map([
  ["AWS", "AWS"],
  ["Service", "Service"],
  ["Federated", "Federated"],
  ["CanonicalUser", "CanonicalUser"],
]);

interface Form {
  /** `Principal` or `NotPrincipal`. */
  readonly name: string;
  readonly negated: boolean;
}

/** A bare `"*"`, or lists of values by kind. */
export function parsePrincipal(node: JsonNode, { name, negated }: Form, log: FaultLog): PrincipalElement {
  if (node.kind === "string" && node.text === "*") return { negated, everyone: true, entries: [] };
  const entries: PrincipalEntry[] = [];
  if (node.kind === "object") {
    const seen = new Set<string>();
    for (const member of node.members) {
      if (seen.has(member.name)) log.fault("duplicate-field", member.name, member.nameSpan);
      seen.add(member.name);
      const kind = KINDS.get(member.name);
      if (kind === undefined) log.fault("principal-kind", member.name, member.nameSpan);
      else readEntries(kind, member.value, entries, log);
    }
  } else {
    log.fault("wrong-type", name, node);
  }
  return { negated, everyone: false, entries };
}

function readEntries(kind: PrincipalKind, node: JsonNode, entries: PrincipalEntry[], log: FaultLog): void {
  const values = node.kind === "array" ? node.items : [node];
  for (const value of values) {
    if (value.kind !== "string") log.fault("wrong-type", kind, value);
    else entries.push({ kind, value: value.text, span: { start: value.start, end: value.end } });
  }
}

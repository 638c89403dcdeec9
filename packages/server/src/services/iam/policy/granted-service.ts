/** Which services a policy grants something of, its conditions, resources and denials apart. */
import type { Statement } from "../../../identity/policy/ast.ts";
import { parseGlob } from "../../../identity/policy/glob.ts";
import { parsePolicy } from "../../../identity/policy/parse.ts";

/** Whether `document` grants something of the service whose actions begin with `namespace`. */
export const grantsService = (document: string, namespace: string): boolean =>
  parsePolicy(document).statements.some((statement) => statement.effect === "Allow" && grants(statement, namespace));

function grants({ action }: Statement, namespace: string): boolean {
  if (action === undefined) return false;
  return action.negated
    ? !action.values.some((value) => coversAll(value, namespace))
    : coversSome(action.values, namespace);
}

const coversSome = (patterns: readonly string[], namespace: string): boolean =>
  patterns.some((pattern) => {
    const [service = ""] = pattern.toLowerCase().split(":");
    return parseGlob(service).test(namespace);
  });

const coversAll = (pattern: string, namespace: string): boolean =>
  pattern === "*" || pattern.toLowerCase() === `${namespace}:*`;

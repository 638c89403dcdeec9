/** Which services a policy grants something of, its conditions, resources and denials apart: as access advisor counts. */
import type { Statement } from "../../identity/policy/ast.ts";
import { parseGlob } from "../../identity/policy/glob.ts";
import { parsePolicy } from "../../identity/policy/parse.ts";

/** Every service that actions begin with, and its name: `s3`, `Amazon S3`. */
export async function serviceNames(): Promise<Readonly<Record<string, string>>> {
  const { default: names } = await import("../../../models/iam/index.json", { with: { type: "json" } });
  return names;
}

/** Those of `namespaces` that `document` grants something of. */
export function grantedServices(document: string, namespaces: readonly string[]): string[] {
  const allows = parsePolicy(document).statements.filter(({ effect }) => effect === "Allow");
  return namespaces.filter((namespace) => allows.some((statement) => grants(statement, namespace)));
}

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

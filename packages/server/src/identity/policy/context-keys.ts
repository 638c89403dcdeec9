/** Which condition keys a policy asks for. */
import type { LanguageVersion, Statement } from "./ast.ts";
import { variablesIn } from "./matcher.ts";
import { parsePolicy } from "./parse.ts";
import { parseTemplate, variablesOf } from "./template.ts";

/**
 * Each key once, as first written: those of variables in resources, then those of conditions.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html
 *
 * @throws {PolicySyntaxError}
 */
export function contextKeysOf(document: string): readonly string[] {
  const { statements, version } = parsePolicy(document);
  return distinctKeys(statements.flatMap((statement) => keysOfStatement(statement, version)));
}

export function keysOfStatement({ resource, conditions }: Statement, version: LanguageVersion): readonly string[] {
  return [
    ...(resource?.values ?? []).flatMap((value) => variablesOf(parseTemplate(value, version))),
    ...conditions.flatMap(({ operator, key, values }) => [
      key,
      ...values.flatMap((value) => variablesIn(operator.name, value, version)),
    ]),
  ];
}

/** Names of keys that differ only in case are the same key. */
export function distinctKeys(keys: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const key of keys) if (!seen.has(key.toLowerCase())) seen.set(key.toLowerCase(), key);
  return [...seen.values()];
}

/** What a text must be to become a secret's policy. */
import type { PinnedPolicy } from "../../identity/directory.ts";
import { isConfined } from "../../identity/policy/algebra/confinement.ts";
import { literalOf } from "../../identity/policy/algebra/literal.ts";
import type { PrincipalElement } from "../../identity/policy/ast.ts";
import { parsePolicy } from "../../identity/policy/parse.ts";
import { validatePolicy } from "../../identity/policy/validate.ts";
import type { Context } from "../../service/context.ts";
import { policyMalformed } from "./errors.ts";
import { POLICY_CHARACTERS_MAX } from "./limits.ts";
import type { Secret } from "./secret-row.ts";

/**
 * The policy as it is kept, with the users and roles it names held by their ids.
 * @throws {AwsError} `MalformedPolicyDocumentException`
 */
export async function requirePolicy(
  text: string,
  { account, partition }: Pick<Secret, "account" | "partition">,
  { directory, tx }: Pick<Context, "directory" | "tx">,
): Promise<PinnedPolicy> {
  if (text.length > POLICY_CHARACTERS_MAX) throw policyMalformed("length");
  const rules = {
    actions: await secretActions(),
    // a statement about another secret is stored, and has no effect
    isResource: () => true,
    applies: () => true,
  };
  if (validatePolicy(text, "resource", rules)) throw policyMalformed("syntax");
  const pinned = await directory.pinPrincipals(text, { account, partition, tx });
  if (pinned.kind === "unknown") throw policyMalformed("principal");
  return pinned;
}

async function secretActions(): Promise<readonly string[]> {
  const { default: table } = await import("../../../models/iam/secretsmanager.json", { with: { type: "json" } });
  return table.actions.map(([name]) => `secretsmanager:${String(name)}`);
}

/**
 * Whether an allow is for anybody, without a condition that fixes who.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
 */
export function isBroad(document: string): boolean {
  const { statements, version } = parsePolicy(document);
  return statements.some(
    ({ effect, principal, conditions }) =>
      effect === "Allow" && !isFixed(principal) && !isConfined(conditions.map((clause) => literalOf(clause, version))),
  );
}

function isFixed(principal: PrincipalElement | undefined): boolean {
  if (!principal || principal.negated || principal.everyone) return false;
  return principal.entries.every(({ kind, value }) => kind !== "Federated" && !/[*?]|\$\{/.test(value));
}

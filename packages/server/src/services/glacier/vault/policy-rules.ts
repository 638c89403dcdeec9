/**
 * What a text must be to become a policy of a vault.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-access-policy.html
 */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { parseGlob } from "../../../identity/policy/glob.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import type { Context } from "../../../service/context.ts";
import { missing, policyInvalid } from "../errors.ts";
import { vaultArn } from "../kit.ts";
import { POLICY_BYTES_MAX } from "../limits.ts";
import type { FoundVault } from "./row.ts";

/** Identities alone are allowed these. Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/glacier-api-permissions-ref.html */
const OF_IDENTITIES: ReadonlySet<string> = new Set([
  "CreateVault",
  "GetDataRetrievalPolicy",
  "SetDataRetrievalPolicy",
  "ListProvisionedCapacity",
  "PurchaseProvisionedCapacity",
  "ListVaults",
]);

/**
 * The policy as it is kept, with the users and roles it names held by their ids.
 *
 * @throws {AwsError} `MissingParameterValueException`, `InvalidParameterValueException`
 */
export async function requirePolicy(
  text: string | undefined,
  kind: "access" | "lock",
  { place, vault }: FoundVault,
  { directory }: Pick<Context, "directory">,
): Promise<PinnedPolicy> {
  if (text === undefined) throw missing("Policy");
  const arn = vaultArn(place, vault.name);
  const rules = {
    actions: await vaultActions(),
    isResource: (resource: string) => parseGlob(resource.replace(/\$\{[^}]*\}/g, "*")).test(arn),
    applies: () => true,
  };
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX || validatePolicy(text, "resource", rules)) throw policyInvalid(kind);
  const pinned = await directory.pinPrincipals(text, place);
  if (pinned.kind === "unknown") throw policyInvalid(kind);
  return pinned;
}

async function vaultActions(): Promise<readonly string[]> {
  const { default: table } = await import("../../../../models/iam/glacier.json", { with: { type: "json" } });
  return table.actions
    .map(([name]) => String(name))
    .filter((name) => !OF_IDENTITIES.has(name))
    .map((name) => `glacier:${name}`);
}

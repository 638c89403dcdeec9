/** The trust policies of roles. The users and roles that one names are kept by their unique ids. */
import { parseArn } from "../../../kernel/arn.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { invalidPrincipal, quotaExceeded } from "../errors.ts";
import { TRUST_POLICY_CHARACTERS_MAX } from "../limits.ts";
import { charactersOf, requireValidDocument } from "../policy/document.ts";
import { pinPrincipals, showPrincipals } from "../policy/pinned-principals.ts";
import type { Role, Trust } from "./row.ts";

/** @throws {AwsError} `MalformedPolicyDocument`, `LimitExceeded` */
export async function readTrust(
  document: string,
  context: Pick<Context, "tx" | "account" | "partition">,
): Promise<Trust> {
  requireValidDocument(document, "trust");
  const max = TRUST_POLICY_CHARACTERS_MAX;
  if (charactersOf(document) > max) throw quotaExceeded("ACLSizePerRole", max);
  const pinned = await pinPrincipals(document, context);
  if (pinned.kind === "unknown") throw invalidPrincipal(pinned.principal);
  return { document: pinned.document, accounts: pinned.accounts, shown: withoutListsOfOne(pinned.document) };
}

/**
 * The text as its readers see it: ids of what no longer exists stay ids, and a list of one is what it holds.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam.snapshot.json (describe-response)
 */
export const showTrust = (
  { trust: { accounts, document, shown = withoutListsOfOne(document) }, arn }: Pick<Role, "trust" | "arn">,
  tx: Transaction,
): Promise<string> =>
  showPrincipals({ document: shown, accounts }, { tx, partition: parseArn(arn)?.partition ?? "aws" });

const SHORTENED: ReadonlySet<string> = new Set(["Action", "NotAction", "AWS", "Service", "Federated", "CanonicalUser"]);

const withoutListsOfOne = (document: string): string =>
  JSON.stringify(JSON.parse(document), (key, value: unknown) => {
    if (!SHORTENED.has(key) || !Array.isArray(value) || value.length !== 1) return value;
    const [only]: readonly unknown[] = value;
    return only;
  });

/**
 * The questions that Glacier's operations ask of IAM, and the condition keys they carry.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3glacier.html
 */
import { formatArn } from "../../kernel/arn.ts";
import type { Access, ConditionKeys } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { invalidValue, missing } from "./errors.ts";
import { vaultArn } from "./kit.ts";
import { placeOf } from "./place.ts";
import { requireVaultName, vaults, type Vault, type VaultInput } from "./vault/row.ts";
import { policyOf } from "./vault/policies.ts";

/** A question about a vault, or about something in it: archives, uploads and jobs have no ARNs of their own. */
export async function onVault(
  action: string,
  input: VaultInput,
  context: Context,
  keys: ConditionKeys = {},
): Promise<Access> {
  requireVersion(context);
  requireVaultName(input.vaultName);
  const place = placeOf(input, context);
  const vault = await place.tx.get(vaults, input.vaultName);
  return {
    action: `glacier:${action}`,
    resource: vaultArn(place, input.vaultName),
    owner: place.account,
    resourcePolicy: vault && policyOf(vault),
    keys: { ...tagKeys(vault), ...keys },
  };
}

const tagKeys = (vault: Vault | undefined): ConditionKeys =>
  Object.fromEntries(Object.entries(vault?.tags ?? {}).map(([key, value]) => [`glacier:ResourceTag/${key}`, value]));

interface AccountInput {
  readonly accountId: string;
}

/** A question about what an account has in a region. */
export function onAccount(action: string, input: AccountInput, context: Context): Access {
  requireVersion(context);
  return { action: `glacier:${action}`, resource: "*", owner: placeOf(input, context).account };
}

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/glacier-api-permissions-ref.html */
export function onRetrievalPolicy(action: string, input: AccountInput, context: Context): Access {
  const { partition, region, account } = placeOf(input, context);
  const resource = formatArn({
    partition,
    service: "glacier",
    region,
    account,
    resource: "policies/retrieval-limit-policy",
  });
  return { ...onAccount(action, input, context), resource };
}

/**
 * Clients say which version of the interface they mean; services that call have no headers.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-common-request-headers.html
 *
 * @throws {AwsError} `MissingParameterValueException`, `InvalidParameterValueException`
 */
function requireVersion({ request: { calling, headers } }: Context): void {
  if (calling !== undefined) return;
  const version = headers["x-amz-glacier-version"];
  if (version === undefined) throw missing("API version");
  if (version !== "2012-06-01") throw invalidValue("API version", version);
}

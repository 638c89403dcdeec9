/** The SAML provider by which an account trusts an instance: `AWSSSO_1111222233334444_DO_NOT_DELETE`. */
import type { Principal } from "../../identity/principal.ts";
import { formatArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { newHexId, type Instance } from "./instance-row.ts";
import { metadataOf } from "./saml-assertion.ts";
import { samlKeyOf } from "./saml-key.ts";

export type IamSdk = typeof import("@aws-sdk/client-iam");

interface AccountProvider {
  readonly instanceId: string;
  readonly account: AccountId;
  readonly name: string;
}

const providers = table<AccountProvider>("sso.account-provider", "global", ({ instanceId, account }) => [
  instanceId,
  account,
]);

/** The provider of the account, as far as one was ever made. */
export async function findProviderArn(
  { id, partition }: Instance,
  account: AccountId,
  tx: Transaction,
): Promise<Arn | undefined> {
  const provider = await tx.get(providers, id, account);
  return provider && arnOf(partition, provider);
}

const arnOf = (partition: string, { account, name }: AccountProvider): Arn =>
  formatArn({ partition, service: "iam", region: "", account, resource: `saml-provider/${name}` });

/** The provider, made where it is not there; `as` makes it. */
export async function requireProvider(
  instance: Instance,
  { account, as }: { readonly account: AccountId; readonly as: Principal },
  context: Context,
): Promise<Arn> {
  const known = await findProviderArn(instance, account, context.tx);
  if (known !== undefined && (await isThere(known, { account, as }, context))) return known;
  const provider = { instanceId: instance.id, account, name: `AWSSSO_${newHexId()}_DO_NOT_DELETE` };
  await context.call<IamSdk, "CreateSAMLProvider">({
    service: "iam",
    operation: "CreateSAMLProvider",
    input: { Name: provider.name, SAMLMetadataDocument: metadataOf(instance, await samlKeyOf(instance, context)) },
    as,
    account,
  });
  context.tx.put(providers, provider);
  return arnOf(instance.partition, provider);
}

async function isThere(
  SAMLProviderArn: string,
  who: { readonly account: AccountId; readonly as: Principal },
  context: Context,
): Promise<boolean> {
  try {
    await context.call<IamSdk, "GetSAMLProvider">({
      service: "iam",
      operation: "GetSAMLProvider",
      input: { SAMLProviderArn },
      ...who,
    });
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === "NoSuchEntityException") return false;
    throw error;
  }
}

/** Forgets the provider and takes it away; what is no longer there is well. */
export async function removeProvider(
  instance: Instance,
  who: { readonly account: AccountId; readonly as: Principal },
  context: Context,
): Promise<void> {
  const { account } = who;
  const known = await findProviderArn(instance, account, context.tx);
  if (known === undefined) return;
  if (await isThere(known, who, context)) {
    await context.call<IamSdk, "DeleteSAMLProvider">({
      service: "iam",
      operation: "DeleteSAMLProvider",
      input: { SAMLProviderArn: known },
      ...who,
    });
  }
  context.tx.delete(providers, instance.id, account);
}

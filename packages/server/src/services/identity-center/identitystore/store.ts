/**
 * Who may use which identity store: its owner and its delegate all of it, members of the organization what reads.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/identity-store-access.html
 */
import { formatArn } from "../../../kernel/arn.ts";
import type { Access, ConditionKeys } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { instanceOfStore, standingOf, type Instance } from "../instance-row.ts";
import { accessDenied, storeNotFound } from "./errors.ts";
import type { IdentitystoreAction } from "./kit.ts";

interface InStore {
  readonly IdentityStoreId: string;
}

/** The questions about the store and about what in it is named: `user/ID`, `group/*`. */
export async function ask(
  action: IdentitystoreAction,
  { IdentityStoreId }: InStore,
  context: Context,
  parts: readonly string[] = [],
): Promise<readonly Access[]> {
  const { partition, tx } = context;
  const instance = await instanceOfStore(IdentityStoreId, tx);
  const account = instance?.account ?? context.account;
  const arn = (owner: string, resource: string) =>
    formatArn({ partition, service: "identitystore", region: "", account: owner, resource });
  const store = arn(account, `identitystore/${IdentityStoreId}`);
  const keys: ConditionKeys = {
    "identitystore:IdentityStoreArn": store,
    "identitystore:PrimaryRegion": instance?.region,
  };
  const resources = [store, ...parts.map((part) => arn("", part))];
  return resources.map((resource) => ({ action: `identitystore:${action}`, resource, keys }));
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireReadable({ IdentityStoreId }: InStore, context: Context): Promise<Instance> {
  const instance = await instanceOfStore(IdentityStoreId, context.tx);
  if (!instance || (await standingOf(instance, context)) === "none") throw storeNotFound(context, IdentityStoreId);
  return instance;
}

/** @throws {AwsError} `ResourceNotFoundException`; `AccessDeniedException` for a member account */
export async function requireWritable(input: InStore, context: Context): Promise<Instance> {
  const instance = await requireReadable(input, context);
  if ((await standingOf(instance, context)) === "member") throw accessDenied(context);
  return instance;
}

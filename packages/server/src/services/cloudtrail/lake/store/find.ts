/** The stores that ids and ARNs mean. */
import { parseAccountId, type AccountId, type Arn } from "../../../../kernel/arn.ts";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import type { OperationName } from "../../../../service/sdk.ts";
import { notManagementAccount } from "../../errors.ts";
import type { CloudtrailSdk } from "../../kit.ts";
import { ownerFor } from "../../organization.ts";
import { storeArnInvalid, storeInactive, storeNotFound } from "../errors.ts";
import { arnOfStore, storeArn, stores, type Store } from "./row.ts";

/** Whose store is meant, and where. */
export interface MeantStore {
  readonly account: AccountId;
  readonly region: string;
  readonly id: string;
  readonly arn: Arn;
}

/** An ARN, or the id that it ends with, of the account that owns the store. @throws {AwsError} `EventDataStoreARNInvalidException` */
export function meantStore(idOrArn: string, context: Context, owner: AccountId = context.account): MeantStore {
  const { partition, region } = context;
  if (!idOrArn.startsWith("arn:")) {
    const id = idOrArn.replace(/^eventdatastore\//, "");
    return { account: owner, region, id, arn: storeArn({ partition, region, account: owner }, id) };
  }
  const [, arnRegion, owned = "", id = ""] = ARN.exec(idOrArn) ?? [];
  const account = parseAccountId(owned);
  if (account === undefined || arnRegion !== region) throw storeArnInvalid();
  return { account, region, id, arn: storeArn({ partition, region, account }, id) };
}

const ARN = /^arn:[\w-]+:cloudtrail:([\w-]+):(\d{12}):eventdatastore\/([^/]+)$/;

/** A delegated administrator's are the organization's of the management account, too. */
export async function findStore({ account, region, id }: MeantStore, context: Context): Promise<Store | undefined> {
  const { tx } = context;
  const own = await tx.get(stores, account, region, id);
  if (own !== undefined || account !== context.account) return own;
  const owner = await ownerFor(context);
  const lent = owner === account ? undefined : await tx.get(stores, owner, region, id);
  return lent?.organization === undefined ? undefined : lent;
}

/** @throws {AwsError} `EventDataStoreARNInvalidException`, `EventDataStoreNotFoundException` */
export async function requireStore(idOrArn: string, context: Context): Promise<Store> {
  const store = await findStore(meantStore(idOrArn, context), context);
  if (store === undefined) throw storeNotFound();
  return store;
}

/** One that was not deleted. @throws {AwsError} as `requireStore`, `InactiveEventDataStoreException` */
export async function requireActiveStore(idOrArn: string, context: Context): Promise<Store> {
  const store = await requireStore(idOrArn, context);
  if (store.deletion !== undefined) throw storeInactive();
  return store;
}

/** An organization's store is changed by those who speak for the organization. @throws {AwsError} `NotOrganizationMasterAccountException` */
export async function requireSpokesman(store: Store, context: Context): Promise<void> {
  if (store.organization === undefined || store.account === context.account) return;
  if (store.account !== (await ownerFor(context))) throw notManagementAccount();
}

/** The question about a store, with its tags and its policy where it is there. */
export async function onStore(
  action: OperationName<CloudtrailSdk>,
  meant: MeantStore,
  context: Context,
): Promise<Access> {
  const store = await findStore(meant, context);
  if (store === undefined) return { action: `cloudtrail:${action}`, resource: meant.arn, owner: meant.account };
  return {
    action: `cloudtrail:${action}`,
    resource: arnOfStore(store),
    owner: await askedOwner(store, context),
    resourceTags: store.tags,
    resourcePolicy: store.policy && { name: `resource policy of ${store.name}`, document: store.policy.document },
  };
}

/** Who is trusted with an organization's stores uses them as the account's own. */
async function askedOwner({ account, organization }: Store, context: Context): Promise<AccountId> {
  if (organization === undefined || account === context.account) return account;
  return account === (await ownerFor(context)) ? context.account : account;
}

/** The same, of what a call names. */
export const onNamedStore = (action: OperationName<CloudtrailSdk>, idOrArn: string, context: Context) =>
  onStore(action, meantStore(idOrArn, context), context);

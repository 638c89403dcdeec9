/** Event data stores as they are kept. */
import type { BillingMode, EventDataStoreStatus } from "@aws-sdk/client-cloudtrail";
import type { PinnedPolicy } from "../../../../identity/directory.ts";
import { formatArn, type AccountId, type Arn, type Region } from "../../../../kernel/arn.ts";
import { table, type Transaction } from "../../../../kernel/table.ts";
import type { Tags } from "../../../../kernel/tags.ts";
import { isLogging, type Listener } from "../../trail-row.ts";

export interface Store extends Listener {
  readonly id: string;
  readonly partition: string;
  readonly name: string;
  readonly isProtected: boolean;
  readonly billing: BillingMode;
  readonly retentionDays: number;
  readonly key?: StoreKey | undefined;
  readonly policy?: PinnedPolicy | undefined;
  readonly tags: Tags;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** It was deleted, and can be brought back for a while. */
  readonly deletion?: { readonly wasLogging: boolean } | undefined;
}

/** A key of KMS that events are encrypted with. */
export interface StoreKey {
  readonly arn: string;
  /** A data key of it, as KMS encrypted it: who may have it decrypted may query. */
  readonly probe: string;
}

/** All stores, an account's together. */
export const stores = table<Store>("cloudtrail.event-data-store", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

/** Stores of organizations, for the accounts in them. */
interface OrganizationStore {
  readonly organization: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly id: string;
}

const organizationStores = table<OrganizationStore>(
  "cloudtrail.organization-store",
  "global",
  ({ organization, account, region, id }) => [organization, account, region, id],
);

/** Ten in each of some thirty regions. */
const ACCOUNT_STORES_MAX = 500;

export interface StorePlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const storeArn = ({ partition, region, account }: StorePlace, id: string): Arn =>
  formatArn({ partition, service: "cloudtrail", region, account, resource: `eventdatastore/${id}` });

export const arnOfStore = (store: Store): Arn => storeArn(store, store.id);

export function statusOf(store: Store): EventDataStoreStatus {
  if (store.deletion !== undefined) return "PENDING_DELETION";
  return isLogging(store) ? "ENABLED" : "STOPPED_INGESTION";
}

export function putStore(store: Store, tx: Transaction): void {
  tx.put(stores, store);
  const { organization, account, region, id } = store;
  if (organization !== undefined) tx.put(organizationStores, { organization, account, region, id });
}

/** The store is no longer of that organization. */
export function leaveOrganization({ organization, account, region, id }: Store, tx: Transaction): void {
  if (organization !== undefined) tx.delete(organizationStores, organization, account, region, id);
}

export function deleteStore(store: Store, tx: Transaction): void {
  leaveOrganization(store, tx);
  tx.delete(stores, store.account, store.region, store.id);
}

/** Those of an account's own. */
export const ownStores = (account: string, tx: Transaction): Promise<Store[]> =>
  tx.scan(stores, { prefix: [account], limit: ACCOUNT_STORES_MAX });

/** Those that other accounts have for the whole organization. */
export async function storesOfOrganization(
  organization: string | undefined,
  account: string,
  tx: Transaction,
): Promise<readonly Store[]> {
  if (organization === undefined) return [];
  const rows = await tx.scan(organizationStores, { prefix: [organization], limit: ACCOUNT_STORES_MAX });
  return storesAt(
    rows.filter((row) => row.account !== account),
    tx,
  );
}

export const allOrganizationStores = async (tx: Transaction): Promise<readonly Store[]> =>
  storesAt(await tx.scan(organizationStores, { limit: ACCOUNT_STORES_MAX }), tx);

async function storesAt(rows: readonly OrganizationStore[], tx: Transaction): Promise<readonly Store[]> {
  const found: Store[] = [];
  for (const { account, region, id } of rows) {
    const store = await tx.get(stores, account, region, id);
    if (store !== undefined) found.push(store);
  }
  return found;
}

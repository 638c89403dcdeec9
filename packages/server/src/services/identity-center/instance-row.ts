/** Instances of IAM Identity Center as rows, each with its identity store. All four services of it look here. */
import { formatArn, type AccountId, type Arn, type Region } from "../../kernel/arn.ts";
import { newSecretBytes } from "../../kernel/ids.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";

export interface Instance {
  /** `ssoins-1111222233334444`. */
  readonly id: string;
  /** `d-1111222233`: names the identity store and the access portal too. */
  readonly storeId: string;
  readonly kind: "organization" | "account";
  /** Whether it gives access to accounts: an organization's always does, an account's to that account, once it is told to. */
  readonly permissionSets: boolean;
  readonly account: AccountId;
  /** The only region that knows of it. */
  readonly region: Region;
  readonly partition: string;
  readonly name?: string | undefined;
  /** The client token that it was made with. */
  readonly token?: string | undefined;
  readonly createdAtMs: number;
  readonly tags: Tags;
}

const instances = table<Instance>("sso.instance", "global", ({ id }) => [id]);

/** An account has one instance, whatever the region. */
const instancesOfAccounts = table<Pick<Instance, "account" | "id">>(
  "sso.instance-of-account",
  "global",
  ({ account }) => [account],
);

const instancesOfStores = table<Pick<Instance, "storeId" | "id">>("sso.instance-of-store", "global", ({ storeId }) => [
  storeId,
]);

/** Adds an instance, or puts a changed one in its place. */
export function putInstance(instance: Instance, tx: Transaction): void {
  const { id, account, storeId } = instance;
  tx.put(instances, instance);
  tx.put(instancesOfAccounts, { account, id });
  tx.put(instancesOfStores, { storeId, id });
}

export function dropInstance({ id, account, storeId }: Instance, tx: Transaction): void {
  tx.delete(instances, id);
  tx.delete(instancesOfAccounts, account);
  tx.delete(instancesOfStores, storeId);
}

export const findInstance = (id: string, tx: Transaction): Promise<Instance | undefined> => tx.get(instances, id);

export async function instanceOfStore(storeId: string, tx: Transaction): Promise<Instance | undefined> {
  const found = await tx.get(instancesOfStores, storeId);
  return found && findInstance(found.id, tx);
}

/** The one that the account itself has made, in whichever region. */
export async function instanceOfAccount(account: AccountId, tx: Transaction): Promise<Instance | undefined> {
  const found = await tx.get(instancesOfAccounts, account);
  return found && findInstance(found.id, tx);
}

/** The organization's instance, as any of its accounts sees it. */
export async function instanceOfOrganization({
  account,
  directory,
  tx,
}: Pick<Context, "account" | "directory" | "tx">): Promise<Instance | undefined> {
  const standing = await directory.organizationOf(account, tx);
  const instance = standing && (await instanceOfAccount(standing.managementAccount, tx));
  return instance?.kind === "organization" ? instance : undefined;
}

export const storeArn = ({ partition, account, storeId }: Pick<Instance, "partition" | "account" | "storeId">): Arn =>
  formatArn({ partition, service: "identitystore", region: "", account, resource: `identitystore/${storeId}` });

/** Sixteen hexadecimal digits, as ids of instances and of what is in them have. */
export const newHexId = (digits = 16): string => Buffer.from(newSecretBytes(digits / 2)).toString("hex");

export const instanceArn = ({ partition, id }: Pick<Instance, "partition" | "id">): Arn =>
  formatArn({ partition, service: "sso", region: "", account: "", resource: `instance/${id}` });

/** The principal that IAM Identity Center acts as, and that organizations trust and delegate. */
export const SSO_PRINCIPAL = "sso.amazonaws.com";

/**
 * What an account may do with an instance. `none`: nothing shows that the instance is there.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
 */
export type Standing = "owner" | "delegate" | "member" | "none";

export async function standingOf(
  instance: Instance,
  { account, region, directory, tx }: Pick<Context, "account" | "region" | "directory" | "tx">,
): Promise<Standing> {
  if (region !== instance.region) return "none";
  if (account === instance.account) return "owner";
  if (instance.kind === "account") return "none";
  const standing = await directory.organizationOf(account, tx);
  if (standing?.managementAccount !== instance.account) return "none";
  return standing.delegatedServices.includes(SSO_PRINCIPAL) ? "delegate" : "member";
}

/** Whether an instance can let anybody into an account: its own, and those that are in its organization now. */
export async function givesAccess(
  { account: owner }: Pick<Instance, "account">,
  account: AccountId,
  { directory, tx }: Pick<Context, "tx" | "directory">,
): Promise<boolean> {
  if (account === owner) return true;
  const standing = await directory.organizationOf(account, tx);
  return standing?.managementAccount === owner;
}

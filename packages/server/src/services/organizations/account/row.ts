/** The accounts of an organization as rows. */
import type { AccountJoinedMethod } from "@aws-sdk/client-organizations";
import type { AccountId, Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { accountNotFound } from "../errors.ts";
import { arnIn } from "../kit.ts";
import type { Organization } from "../organization/row.ts";

export interface Account {
  readonly organizationId: string;
  readonly id: AccountId;
  readonly name: string;
  readonly email: string;
  readonly state: "PENDING_ACTIVATION" | "ACTIVE" | "PENDING_CLOSURE" | "SUSPENDED";
  readonly joinedMethod: AccountJoinedMethod;
  readonly joinedAtMs: number;
  /** When it was asked to be closed. */
  readonly closedAtMs?: number | undefined;
  /** The root or unit that it lies in. */
  readonly parentId: string;
}

export const accounts = table<Account>("organizations.account", "global", ({ organizationId, id }) => [
  organizationId,
  id,
]);

/** Whose an address is: an account has one that no other has. */
export interface Address {
  readonly email: string;
  readonly account: AccountId;
}

/** In lower case. */
export const addresses = table<Address>("organizations.address", "global", ({ email }) => [email.toLowerCase()]);

export const findAccount = (organization: Pick<Organization, "id">, id: string, tx: Transaction) =>
  tx.get(accounts, organization.id, id);

/** @throws {AwsError} `AccountNotFoundException` */
export async function requireAccount(
  organization: Pick<Organization, "id">,
  id: string,
  tx: Transaction,
): Promise<Account> {
  const account = await findAccount(organization, id, tx);
  if (!account) throw accountNotFound();
  return account;
}

export const accountArn = (organization: Organization, id: string): Arn =>
  arnIn(organization, `account/${organization.id}/${id}`);

/** The address of an account that nobody gave one. */
export const emailOf = (account: AccountId): string => `${account}@example.com`;

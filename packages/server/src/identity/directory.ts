/** What authentication and authorisation must know of accounts, keys and policies. The IAM service answers it. */
import type { AccountId } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";
import type { AccountPrincipal } from "./principal.ts";

/** A policy as it is attached somewhere. `document` is its text; equal texts are compiled once. */
export interface NamedPolicy {
  /** The ARN of a managed policy, the name of an inline one. */
  readonly name: string;
  readonly document: string;
}

/** The policies that hang on one level of an organization: the root, a unit, the account itself. */
export interface PolicyLevel {
  /** The id of the root, unit or account. */
  readonly level: string;
  readonly policies: readonly NamedPolicy[];
}

/** All that bounds or grants a principal's rights, resource policies apart. */
export interface PrincipalPolicies {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy | undefined;
  /** Session policies, in line and managed; `undefined` where the session has none and is not bounded. */
  readonly session?: readonly NamedPolicy[] | undefined;
  /** From the root down to the account; `undefined` where service control policies do not apply. */
  readonly scps?: readonly PolicyLevel[] | undefined;
  /** The principal's own tags, without the session's. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A long-term access key and whose it is. */
export interface AccessKeyRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly status: "Active" | "Inactive";
  readonly owner: AccountPrincipal;
}

export interface Directory {
  findAccessKey(accessKeyId: string, tx: Transaction): Promise<AccessKeyRecord | undefined>;
  /** `undefined`: the principal no longer exists (its role or user was deleted). */
  policiesOf(principal: AccountPrincipal, tx: Transaction): Promise<PrincipalPolicies | undefined>;
  /** Resource control policies over resources of `account`, from the root down; `undefined` outside an organization. */
  resourceControls(account: AccountId, tx: Transaction): Promise<readonly PolicyLevel[] | undefined>;
  /** Condition keys of the organization (`aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`) that `account` is in. */
  organizationKeys(account: AccountId, tx: Transaction): Promise<Readonly<Record<string, string | readonly string[]>>>;
  /** Notes that a key or role was used; written behind, so that reads stay reads. */
  used(use: KeyUse, tx: Transaction): Promise<void>;
}

export interface KeyUse {
  readonly principal: AccountPrincipal;
  readonly service: string;
  readonly region: string;
  readonly atMs: number;
}

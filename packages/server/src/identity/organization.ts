/** What decisions rest on of the organization that an account is in. The Organizations service answers it. */
import type { AccountId } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";
import type { PolicyLevel } from "./directory.ts";
import type { OrganizationKeys } from "./key-facts.ts";
import type { TagRule } from "./tag-policy.ts";

/** An account's place in its organization. */
export interface OrganizationStanding {
  /** `o-a1b2c3d4e5`. */
  readonly organizationId: string;
  readonly managementAccount: AccountId;
  /** `o-a1b2c3d4e5/r-ab12/ou-ab12-a1b2c3d4/`. */
  readonly path: string;
  /** Whether all features are enabled, or the bills are one and nothing else is. */
  readonly allFeatures: boolean;
  /** Whether its root has service control policies enabled. */
  readonly scpsEnabled: boolean;
  /** The services that may work across the organization: `iam.amazonaws.com`. */
  readonly trustedServices: readonly string[];
  /** The services that this account administers for the organization. */
  readonly delegatedServices: readonly string[];
  /** Service control policies from the root down; `undefined` where none apply: the type is not enabled, or the account manages the organization. */
  readonly scps: readonly PolicyLevel[] | undefined;
  /** Resource control policies, likewise. */
  readonly rcps: readonly PolicyLevel[] | undefined;
  /** What tag policies enforce, in the management account too. */
  readonly tagRules: readonly TagRule[];
}

/** Condition keys of the organization that an account is in, if it is in one. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid */
export const organizationKeys = (standing: OrganizationStanding | undefined): OrganizationKeys =>
  standing === undefined
    ? NO_ORGANIZATION
    : { "aws:PrincipalOrgID": standing.organizationId, "aws:PrincipalOrgPaths": [standing.path] };

const NO_ORGANIZATION: OrganizationKeys = {};

/** The root of an organization, a unit or an account, with what lies below it. */
export interface OrganizationEntity {
  /** The accounts in it, with their paths: `o-a1b2c3d4e5/r-ab12/111111111111`. The management account is only in itself. */
  readonly accounts: readonly { readonly id: AccountId; readonly path: string }[];
  /** Whether it is the management account, which no policy limits. */
  readonly isManagement: boolean;
  /** Service control policies from the root down to the entity. */
  readonly scps: readonly PolicyLevel[];
}

/** A service control policy, and the ids of what it is attached to. */
export interface AttachedScp {
  readonly document: string;
  readonly targets: readonly string[];
}

export interface OrganizationFacts {
  /** `undefined`: the account is in no organization. */
  standingOf(account: AccountId, tx: Transaction): Promise<OrganizationStanding | undefined>;
  /** What stands at `path`, `o-a1b2c3d4e5/r-ab12/ou-ab12-a1b2c3d4`; `undefined`: nothing does. */
  entityAt(path: string, tx: Transaction): Promise<OrganizationEntity | undefined>;
  /** `undefined`: the organization has no such service control policy. */
  findScp(organizationId: string, policyId: string, tx: Transaction): Promise<AttachedScp | undefined>;
}

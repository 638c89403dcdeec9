/** The rules and conformance packs of organizations, and how far they are in each account. */
import type {
  OrganizationCustomRuleMetadata,
  OrganizationManagedRuleMetadata,
  OrganizationResourceStatus,
} from "@aws-sdk/client-config-service";
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import { configArn } from "../kit.ts";
import type { PackParameter } from "../pack/template.ts";

/** Of the account that put it: the management account, or a delegated administrator. */
export interface Spread {
  readonly kind: SpreadContent["kind"];
  readonly name: string;
  /** The name, and what tells it from others that had the name. */
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly excluded: readonly string[];
  readonly content: SpreadContent;
  readonly status: OrganizationResourceStatus;
  readonly tags: Tags;
  readonly updatedAtMs: number;
}

export type SpreadContent = RuleContent | PackContent;

/** As it was given. */
export interface RuleContent {
  readonly kind: "rule";
  readonly managed?: OrganizationManagedRuleMetadata;
  readonly custom?: OrganizationCustomRuleMetadata;
}

export interface PackContent {
  readonly kind: "pack";
  readonly template: string;
  readonly parameters: readonly PackParameter[];
  readonly bucket?: string;
  readonly prefix?: string;
}

export const spreads = table<Spread>("config.organization", "region", ({ kind, name }) => [kind, name]);

/** How it went in one account. */
export interface Share {
  readonly kind: Spread["kind"];
  readonly name: string;
  readonly member: AccountId;
  readonly status: OrganizationResourceStatus;
  readonly error?: { readonly code: string; readonly message: string };
  readonly updatedAtMs: number;
}

export const shares = table<Share>("config.organization-member", "region", ({ kind, name, member }) => [
  kind,
  name,
  member,
]);

const KINDS = {
  rule: { arn: "organization-config-rule", member: "OrgConfigRule" },
  pack: { arn: "organization-conformance-pack", member: "OrgConformsPack" },
} as const;

export const spreadArn = (spread: Spread): Arn => configArn(spread, `${KINDS[spread.kind].arn}/${spread.id}`);

/** What it is called in the accounts. */
export const memberName = ({ kind, id }: Spread): string => `${KINDS[kind].member}-${id}`;

export const isMoving = ({ status }: Spread): boolean => status.endsWith("IN_PROGRESS");

/** An organization has as many accounts as this at most. */
export const MEMBERS_MAX = 50_000;

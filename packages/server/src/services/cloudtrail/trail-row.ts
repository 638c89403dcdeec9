/** Trails as they are kept, and what is known of their logging. */
import type { AdvancedEventSelector, EventSelector, InsightSelector } from "@aws-sdk/client-cloudtrail";
import type { AccountId, Arn, Region } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import { trailArn } from "./kit.ts";

/** What hears of calls: a trail, or an event data store. */
export interface Listener {
  readonly account: AccountId;
  /** Its home. */
  readonly region: Region;
  readonly hasGlobalEvents: boolean;
  readonly isMultiRegion: boolean;
  /** The id of the organization whose accounts it hears of. */
  readonly organization?: string | undefined;
  readonly selectors: Selectors;
  /** Those before, for events of before that are heard of later. */
  readonly formerSelectors?: { readonly selectors: Selectors; readonly untilMs: number } | undefined;
  /** `undefined` where it was never started. */
  readonly logging?: Logging | undefined;
}

export interface Trail extends Listener {
  readonly partition: string;
  readonly name: string;
  readonly bucket: BucketPlace;
  readonly prefix?: string | undefined;
  readonly topic?: Topic | undefined;
  readonly logs?: LogsPlace | undefined;
  /** The ARN of a key. */
  readonly kmsKey?: string | undefined;
  readonly isValidated: boolean;
  /** Whether it logs CloudTrail's deliveries; it does where nothing is said. */
  readonly isRecursive?: boolean | undefined;
  readonly insights: readonly InsightSelector[];
  readonly tags: Tags;
}

export interface BucketPlace {
  readonly name: string;
  readonly region: Region;
}

export interface Topic {
  /** As it was given. */
  readonly name: string;
  readonly arn: Arn;
}

export interface LogsPlace {
  /** `arn:aws:logs:us-east-1:111111111111:log-group:trail:*` */
  readonly group: string;
  readonly role: Arn;
}

export type Selectors =
  | { readonly kind: "usual" }
  | { readonly kind: "basic"; readonly selectors: readonly EventSelector[] }
  | { readonly kind: "advanced"; readonly selectors: readonly AdvancedEventSelector[] };

export interface Logging {
  readonly isOn: boolean;
  readonly startedAtMs: number;
  readonly stoppedAtMs?: number | undefined;
}

/** All trails, an account's together. */
export const trails = table<Trail>("cloudtrail.trail", "global", ({ account, region, name }) => [
  account,
  region,
  name,
]);

/** Trails of organizations, for the accounts in them. */
export interface OrganizationTrail {
  readonly organization: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly name: string;
}

export const organizationTrails = table<OrganizationTrail>(
  "cloudtrail.organization-trail",
  "global",
  ({ organization, account, region, name }) => [organization, account, region, name],
);

/** Five in each of some thirty regions. */
const ACCOUNT_TRAILS_MAX = 500;

export const arnOf = (trail: Trail): Arn => trailArn(trail, trail.name);

export const isLogging = ({ logging }: Pick<Listener, "logging">): boolean => logging?.isOn === true;

/** Whether it did at that time, though it may be heard of later. */
export function wasLogging({ logging }: Pick<Listener, "logging">, atMs: number): boolean {
  if (logging === undefined || atMs < logging.startedAtMs) return false;
  return logging.isOn || atMs <= (logging.stoppedAtMs ?? 0);
}

/** Those of that time. */
export function selectorsAt({ selectors, formerSelectors: former }: Listener, atMs: number): Selectors {
  return former !== undefined && atMs < former.untilMs ? former.selectors : selectors;
}

export function putTrail(trail: Trail, tx: Transaction): void {
  tx.put(trails, trail);
  const { organization, account, region, name } = trail;
  if (organization !== undefined) tx.put(organizationTrails, { organization, account, region, name });
}

/** Those of an account's own. */
export const ownTrails = (account: string, tx: Transaction): Promise<Trail[]> =>
  tx.scan(trails, { prefix: [account], limit: ACCOUNT_TRAILS_MAX });

/** Those that other accounts have for the whole organization. */
export async function trailsOfOrganization(
  organization: string | undefined,
  account: string,
  tx: Transaction,
): Promise<Trail[]> {
  if (organization === undefined) return [];
  const found: Trail[] = [];
  for (const row of await tx.scan(organizationTrails, { prefix: [organization], limit: ACCOUNT_TRAILS_MAX })) {
    const trail = row.account === account ? undefined : await tx.get(trails, row.account, row.region, row.name);
    if (trail !== undefined) found.push(trail);
  }
  return found;
}

export async function allOrganizationTrails(tx: Transaction): Promise<Trail[]> {
  const found: Trail[] = [];
  for (const { account, region, name } of await tx.scan(organizationTrails, { limit: ACCOUNT_TRAILS_MAX })) {
    const trail = await tx.get(trails, account, region, name);
    if (trail !== undefined) found.push(trail);
  }
  return found;
}

/** Aggregators, and who lets whom gather what is on record. */
import { asRegion, parseAccountId, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { REGIONS } from "../../../kernel/region.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import { aggregatorNotFound } from "../errors.ts";
import { configArn, ITSELF, type Place } from "../kit.ts";
import { accountsOf } from "../organization/access.ts";

export interface Aggregator {
  readonly name: string;
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly source: AggregatorSource;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly tags: Tags;
}

export type AggregatorSource =
  | ({ readonly kind: "accounts"; readonly accounts: readonly string[] } & Regions)
  | ({ readonly kind: "organization"; readonly roleArn: string } & Regions);

export interface Regions {
  /** All of them where left out. */
  readonly regions?: readonly string[];
}

export const aggregators = table<Aggregator>("config.aggregator", "region", ({ name }) => [name]);

export const aggregatorArn = (aggregator: Aggregator): Arn =>
  configArn(aggregator, `config-aggregator/${aggregator.id}`);

/** @throws {AwsError} `NoSuchConfigurationAggregatorException` */
export async function requireAggregator(name: string, { tx }: Context): Promise<Aggregator> {
  const aggregator = await tx.get(aggregators, name);
  if (aggregator === undefined) throw aggregatorNotFound();
  return aggregator;
}

/** An account lets the aggregators of another gather, in one region of that. */
export interface Authorization {
  readonly account: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly tags: Tags;
}

export const authorizations = table<Authorization>("config.authorization", "region", ({ account, region }) => [
  account,
  region,
]);

export const authorizationArn = (place: Place, { account, region }: Pick<Authorization, "account" | "region">): Arn =>
  configArn(place, `aggregation-authorization/${account}/${region}`);

interface Asking {
  readonly roleArn: string;
  readonly account: AccountId;
}

/** Where an aggregator gathers from. */
export interface SourcePlace {
  readonly account: AccountId;
  readonly region: Region;
  /** Whether it may: its own account always lets it. */
  readonly isAuthorized: boolean;
}

export async function placesOf({ source, account, region }: Aggregator, context: Context): Promise<SourcePlace[]> {
  const regions = (source.regions ?? REGIONS).map(asRegion);
  const accounts =
    source.kind === "accounts" ? source.accounts : await membersOf({ roleArn: source.roleArn, account }, context);
  const places: SourcePlace[] = [];
  for (const id of accounts) {
    const owner = parseAccountId(id);
    if (owner === undefined) continue;
    for (const from of regions) {
      const home = context.tx.in({ account: owner, region: from });
      const isOwn = owner === account || source.kind === "organization";
      const isAuthorized = isOwn || (await home.get(authorizations, account, region)) !== undefined;
      places.push({ account: owner, region: from, isAuthorized });
    }
  }
  return places;
}

/**
 * Asked by the role that the aggregator has for it.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_OrganizationAggregationSource.html (RoleArn)
 */
async function membersOf({ roleArn, account }: Asking, context: Context): Promise<readonly string[]> {
  const use = { roleArn, service: ITSELF.service, sessionName: "AWSConfig-Aggregator", account };
  const accounts = await accountsOf(await roleSession(use, context), context);
  return accounts.map(({ Id = "" }) => Id);
}

/**
 * Access grants: who may use which part of an account's data, by roles that are lent for it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-concepts.html
 */
import type { Permission } from "@aws-sdk/client-s3-control";
import type { AccountId, Arn, Region } from "../../../../kernel/arn.ts";
import { table } from "../../../../kernel/table.ts";
import type { Tags } from "../../../../kernel/tags.ts";
import type { Context } from "../../../../service/context.ts";
import type { BucketPolicy } from "../../bucket/row.ts";
import { noGrantsInstance, noSuchGrant, noSuchLocation } from "../errors.ts";
import { arn } from "../kit.ts";

/** An account has one in a region, or none. */
export interface GrantsInstance {
  readonly account: AccountId;
  readonly region: Region;
  readonly createdAtMs: number;
  readonly policy?: BucketPolicy & { readonly createdAtMs: number };
  readonly tags: Tags;
  /** Absent where an earlier version has kept its grants: they cannot yet be found by who has them. */
  readonly held?: Held;
}

/** How much an instance has. */
export interface Held {
  readonly grants: number;
  readonly locations: number;
}

export const grantsInstances = table<GrantsInstance>("s3.access-grants", "global", ({ account, region }) => [
  account,
  region,
]);

/** A part of the data, and the role that reaches it. */
export interface Location {
  readonly account: AccountId;
  readonly region: Region;
  /** `default` for all of the region's data. */
  readonly id: string;
  /** `s3://`, `s3://bucket/`, `s3://bucket/prefix*` */
  readonly scope: string;
  readonly roleArn: string;
  readonly createdAtMs: number;
  readonly tags: Tags;
  /** How many grants are about it. Absent in an instance whose `held` is. */
  readonly grants?: number;
}

export const locations = table<Location>("s3.access-grants-location", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

export interface AccessGrant {
  readonly account: AccountId;
  readonly region: Region;
  readonly id: string;
  readonly location: string;
  readonly subPrefix: string | undefined;
  /** `s3://bucket/prefix*`, or one object. */
  readonly scope: string;
  /** A user's or a role's ARN. */
  readonly grantee: string;
  readonly permission: Permission;
  readonly createdAtMs: number;
  readonly tags: Tags;
}

export const accessGrants = table<AccessGrant>("s3.access-grant", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

export type Place = Pick<Context, "account" | "region">;

type Asker = Pick<Context, "tx"> & Place;

export const instanceArn = (place: Place, { partition }: Pick<Context, "partition">): Arn =>
  arn({ ...place, partition }, "access-grants/default");

export const locationArn = (place: Place & { readonly id: string }, { partition }: Pick<Context, "partition">): Arn =>
  arn({ ...place, partition }, `access-grants/default/location/${place.id}`);

export const grantArn = (place: Place & { readonly id: string }, { partition }: Pick<Context, "partition">): Arn =>
  arn({ ...place, partition }, `access-grants/default/grant/${place.id}`);

/** @throws {AwsError} `AccessGrantsInstanceNotExistsError` */
export async function requireInstance({ tx, account, region }: Asker): Promise<GrantsInstance> {
  const instance = await tx.get(grantsInstances, account, region);
  if (instance === undefined) throw noGrantsInstance();
  return instance;
}

/** @throws {AwsError} `NoSuchAccessGrantsLocationError` */
export async function requireLocation(id: string, { tx, account, region }: Asker): Promise<Location> {
  const location = await tx.get(locations, account, region, id);
  if (location === undefined) throw noSuchLocation();
  return location;
}

/** @throws {AwsError} `NoSuchAccessGrantError` */
export async function requireGrant(id: string, { tx, account, region }: Asker): Promise<AccessGrant> {
  const grant = await tx.get(accessGrants, account, region, id);
  if (grant === undefined) throw noSuchGrant();
  return grant;
}

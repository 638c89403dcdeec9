/** Identity pools as rows. An id names its region and nobody's account: who knows it may come without credentials. */
import type { CognitoIdentityProvider, IdentityPool } from "@aws-sdk/client-cognito-identity";
import type { AccountId, Arn, Region } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { poolNotFound } from "./errors.ts";
import { arn } from "./kit.ts";

export interface Pool {
  /** `us-east-1:9c1d…`. */
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly name: string;
  readonly allowsGuests: boolean;
  /** Left out where the pool was made without saying: the classic flow works then. */
  readonly allowsClassicFlow?: boolean | undefined;
  /** Application ids by the names of public providers. */
  readonly publicProviders?: Readonly<Record<string, string>> | undefined;
  readonly developerProvider?: string | undefined;
  readonly oidcProviderArns?: readonly string[] | undefined;
  readonly userPools?: readonly CognitoIdentityProvider[] | undefined;
  readonly samlProviderArns?: readonly string[] | undefined;
  readonly tags: Tags;
}

/** The pools of an account in a region. */
export const pools = table<Pool>("cognito-identity.pool", "region", ({ id }) => [id]);

/** Whose each pool is. */
export const poolOwners = table<Pick<Pool, "id" | "account" | "region">>(
  "cognito-identity.pool-owner",
  "global",
  ({ id }) => [id],
);

/** The caller's own pool. @throws {AwsError} `ResourceNotFoundException` */
export async function requireOwnPool(id: string, tx: Transaction): Promise<Pool> {
  const pool = await tx.get(pools, id);
  if (!pool) throw poolNotFound(id);
  return pool;
}

/** Anybody's pool: for calls that nobody signs. @throws {AwsError} `ResourceNotFoundException` */
export async function requirePool(id: string, tx: Transaction): Promise<Pool> {
  const owner = await tx.get(poolOwners, id);
  const pool = owner && (await tx.in(owner).get(pools, id));
  if (!pool) throw poolNotFound(id);
  return pool;
}

export const poolArn = (context: Pick<Context, "partition" | "region" | "account">, id: string): Arn =>
  arn(context, `identitypool/${id}`);

/** The question about the caller's pool of that id, whether it is there or not. */
export async function onPool(
  action: string,
  id: string,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<Access> {
  const pool = await context.tx.get(pools, id);
  return {
    ...more,
    action: `cognito-identity:${action}`,
    resource: poolArn(context, id),
    resourceTags: pool?.tags,
  };
}

/** Members that were never set are left out. */
export const formatPool = (pool: Pool): IdentityPool => ({
  IdentityPoolId: pool.id,
  IdentityPoolName: pool.name,
  AllowUnauthenticatedIdentities: pool.allowsGuests,
  AllowClassicFlow: pool.allowsClassicFlow,
  SupportedLoginProviders: pool.publicProviders,
  DeveloperProviderName: pool.developerProvider,
  OpenIdConnectProviderARNs: pool.oidcProviderArns?.slice(),
  CognitoIdentityProviders: pool.userPools?.slice(),
  SamlProviderARNs: pool.samlProviderArns?.slice(),
  IdentityPoolTags: pool.tags,
});

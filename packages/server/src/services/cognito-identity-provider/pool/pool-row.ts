/** User pools as they are kept: by their id, which is unique in the world, since tokens and sign-ins name no account. */
import type {
  CreateUserPoolRequest,
  SchemaAttributeType,
  SetUserPoolMfaConfigRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { OperationName } from "../../../service/sdk.ts";
import { poolNotFound } from "../errors.ts";
import { poolArn, type CognitoIdentityProviderSdk } from "../kit.ts";

/** What callers set, as they said it. */
export type PoolSettings = Omit<CreateUserPoolRequest, "PoolName" | "Schema" | "UserPoolTags">;

/** What SetUserPoolMfaConfig sets beside `MfaConfiguration` and the SMS of the pool. */
export type PoolFactors = Pick<
  SetUserPoolMfaConfigRequest,
  "EmailMfaConfiguration" | "SoftwareTokenMfaConfiguration" | "WebAuthnConfiguration"
> & { readonly sms?: boolean };

export interface Pool {
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly name: string;
  readonly createdMs: number;
  readonly changedMs: number;
  readonly settings: PoolSettings;
  readonly factors: PoolFactors;
  readonly schema: readonly SchemaAttributeType[];
  readonly tags: Tags;
}

export const pools = table<Pool>("cognito-idp.pool", "global", ({ id }) => [id]);

/** The pools of a region, for lists. */
export const poolsOfRegion = table<Pick<Pool, "id">>("cognito-idp.pool-of-region", "region", ({ id }) => [id]);

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** `us-east-1_` and nine letters and digits. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html */
export const newPoolId = (region: Region): string => `${region}_${randomLetters(9, LETTERS)}`;

export function randomLetters(length: number, letters: string): string {
  const bytes = newSecretBytes(length * 2);
  return Array.from({ length }, (_, index) => {
    const number = (bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0);
    return letters[number % letters.length] ?? "";
  }).join("");
}

export const findPool = (id: string, tx: Transaction): Promise<Pool | undefined> => tx.get(pools, id);

/** @throws {AwsError} `ResourceNotFoundException`, for a pool of another account or region too. */
export async function requirePool(
  id: string,
  { tx, account, region }: Pick<Context, "tx" | "account" | "region">,
): Promise<Pool> {
  const pool = await findPool(id, tx);
  if (pool?.account !== account || pool.region !== region) throw poolNotFound(id);
  return pool;
}

export const arnOf = (pool: Pool): Arn => poolArn(pool, pool.id);

/** `https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE`: what the pool's tokens are issued by. */
export function issuerOf({ region, id, partition, settings }: Pool): string {
  const host = settings.IssuerConfiguration?.Type === "UPDATED" ? "issuer-cognito-idp" : "cognito-idp";
  return `https://${host}.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/${id}`;
}

/** The question of an operation on the pool that its input names. */
export const onPool =
  (action: OperationName<CognitoIdentityProviderSdk>) =>
  ({ UserPoolId: id }: { readonly UserPoolId: string }, context: Context): Promise<Access> =>
    askOfPool(action, id, context);

/** The same for inputs that name it otherwise. */
export async function askOfPool(
  action: OperationName<CognitoIdentityProviderSdk>,
  id: string,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<Access> {
  const pool = await findPool(id, context.tx);
  const resourceTags = pool?.account === context.account ? pool.tags : undefined;
  return { ...more, action: `cognito-idp:${action}`, resource: poolArn(context, id), resourceTags };
}

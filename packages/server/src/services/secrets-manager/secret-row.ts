/** The rows of secrets, and how calls name them. */
import type { PinnedPolicy } from "../../identity/directory.ts";
import { parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { nameInvalid, replicaRefused, secretLeaving, secretNotFound } from "./errors.ts";
import { secretArn } from "./kit.ts";
import type { Rotation } from "./rotation-row.ts";

export interface Secret {
  readonly name: string;
  /** The name, a hyphen and six characters: one that is made again under the name has another. */
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** Midnight of the day. */
  readonly accessedAtMs?: number;
  readonly description?: string;
  /** As it was named; the account's own key for Secrets Manager where left out. */
  readonly kmsKeyId?: string;
  readonly tags?: Tags;
  /** The service that keeps it for its own use: `events`. */
  readonly owningService?: string;
  readonly policy?: PinnedPolicy;
  /** The labels of each version that has any. */
  readonly stages: Stages;
  readonly deletion?: Deletion;
  readonly rotation?: Rotation;
  readonly lastRotatedAtMs?: number;
  /** Where it is a copy of another region's. */
  readonly primary?: { readonly region: Region };
  /** Its copies in other regions. */
  readonly replicas?: readonly Replica[];
}

export type Stages = Readonly<Record<string, readonly string[]>>;

interface Deletion {
  readonly askedAtMs: number;
  readonly dueAtMs: number;
}

export interface Replica {
  readonly region: Region;
  readonly kmsKeyId?: string;
  readonly state: { readonly kind: "InSync" } | { readonly kind: "Failed"; readonly message: string };
}

export const secrets = table<Secret>("secrets-manager.secret", "region", ({ name }) => [name]);

/** In the order in which they were made. */
export const secretsByAge = table<Pick<Secret, "createdAtMs" | "name">>("secrets-manager.created", "region", (row) => [
  row.createdAtMs,
  row.name,
]);
export const arnOf = (secret: Pick<Secret, "partition" | "region" | "account" | "id">): Arn =>
  secretArn(secret, secret.id);
export const homeOf = ({ account, region }: Pick<Secret, "account" | "region">, tx: Transaction): Transaction =>
  tx.in({ account, region });

export function putNewSecret(secret: Secret, tx: Transaction): void {
  const home = homeOf(secret, tx);
  home.put(secrets, secret);
  home.put(secretsByAge, { createdAtMs: secret.createdAtMs, name: secret.name });
}

export function putSecret(secret: Secret, tx: Transaction): void {
  homeOf(secret, tx).put(secrets, secret);
}

export function deleteSecretRow(secret: Secret, tx: Transaction): void {
  const home = homeOf(secret, tx);
  home.delete(secrets, secret.name);
  home.delete(secretsByAge, secret.createdAtMs, secret.name);
}

/** Where a call says that a secret is. */
export interface SecretPlace {
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  /** A name, or what an ARN has behind `secret:`. */
  readonly named: string;
  readonly byArn: boolean;
}

/**
 * Of a secret that is made or asked for.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.snapshot.json (test_invalid_secret_name)
 * @throws {AwsError} `ValidationException`
 */
export function requireName(name: string): void {
  if (!/^[\w/+=.@!-]+$/.test(name)) throw nameInvalid();
}

/** A name is of the caller's own account; an ARN may be another's, with the six characters or without. */
export function placeOf(secretId: string, context: Pick<Context, "account" | "region" | "partition">): SecretPlace {
  const { account, region, partition } = context;
  const parts = parseArn(secretId);
  if (parts === undefined) requireName(secretId);
  if (parts === undefined) return { account, region, partition, named: secretId, byArn: false };
  const owner = parseAccountId(parts.account);
  const isHere = parts.service === "secretsmanager" && parts.region === region && owner !== undefined;
  if (!isHere || !parts.resource.startsWith("secret:")) throw secretNotFound();
  return { account: owner, region, partition, named: parts.resource.slice("secret:".length), byArn: true };
}

const WHOLE = /^(.+)-[\dA-Za-z]{6}$/s;

/**
 * The secret of that name or ARN, whosever it is. An ARN that ends like a whole one is taken for one.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export async function findSecret(
  secretId: string,
  context: Pick<Context, "account" | "region" | "partition" | "tx">,
): Promise<Secret | undefined> {
  const place = placeOf(secretId, context);
  const home = homeOf(place, context.tx);
  const [, name] = place.byArn ? (WHOLE.exec(place.named) ?? []) : [];
  if (name === undefined) return home.get(secrets, place.named);
  const secret = await home.get(secrets, name);
  return secret?.id === place.named ? secret : undefined;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireSecret(secretId: string, context: Context): Promise<Secret> {
  const secret = await findSecret(secretId, context);
  if (secret === undefined) throw secretNotFound();
  return secret;
}

/**
 * A secret that is there to stay.
 * @throws {AwsError} `InvalidRequestException` where it is on its way out
 */
export async function requireStaying(secretId: string, context: Context): Promise<Secret> {
  const secret = await requireSecret(secretId, context);
  if (secret.deletion !== undefined) throw secretLeaving();
  return secret;
}

/**
 * The same of one that is no replica.
 * @throws {AwsError} `InvalidParameterException`
 */
export async function requirePrimary(secretId: string, context: Context): Promise<Secret> {
  const secret = await requireSecret(secretId, context);
  if (secret.primary !== undefined) throw replicaRefused();
  if (secret.deletion !== undefined) throw secretLeaving();
  return secret;
}

/** App clients as they are kept: by their id, which alone names them in sign-ins. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type {
  CreateUserPoolClientRequest,
  ExplicitAuthFlowsType,
  TimeUnitsType,
} from "@aws-sdk/client-cognito-identity-provider";
import { assert } from "../../../kernel/assert.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { clientNotFound, secretHashMissing, wrongClientSecret, wrongSecretHash } from "../errors.ts";
import { AUTH_SESSION_MINUTES_USUAL, REFRESH_TOKEN_DAYS_USUAL, TOKEN_SECONDS_USUAL } from "../limits.ts";
import { findPool, issuerOf, type Pool } from "../pool/pool-row.ts";

/** What callers set, as they said it. */
export type ClientSettings = Omit<
  CreateUserPoolClientRequest,
  "UserPoolId" | "ClientName" | "GenerateSecret" | "ClientSecret"
>;

export interface ClientSecret {
  readonly id: string;
  /** Sealed: DescribeUserPoolClient shows it again. */
  readonly sealed: string;
  readonly createdMs: number;
}

export interface Client {
  readonly id: string;
  readonly poolId: string;
  readonly name: string;
  /** One, or two while they are changed. */
  readonly secrets: readonly ClientSecret[];
  readonly settings: ClientSettings;
  readonly createdMs: number;
  readonly changedMs: number;
}

export const clients = table<Client>("cognito-idp.client", "global", ({ id }) => [id]);
export const clientsOfPool = table<Pick<Client, "poolId" | "id" | "name">>(
  "cognito-idp.client-of-pool",
  "global",
  (row) => [row.poolId, row.id],
);

const SECRET_PURPOSE = "cognito-idp client secret";

export const sealSecret = (secret: string, { keys }: Pick<Context, "keys">): string =>
  keys.seal(secret, SECRET_PURPOSE);

export function openSecret({ sealed }: ClientSecret, { keys }: Pick<Context, "keys">): string {
  const secret = keys.open(sealed, SECRET_PURPOSE);
  assert(secret !== undefined, "a client's secret was sealed here");
  return Buffer.from(secret).toString("utf8");
}

/** A client, and the pool that it signs in to. */
export interface ClientInPool {
  readonly client: Client;
  readonly pool: Pool;
}

export async function findClient(id: string, tx: Transaction): Promise<ClientInPool | undefined> {
  const client = await tx.get(clients, id);
  const pool = client && (await findPool(client.poolId, tx));
  return client && pool && { client, pool };
}

/**
 * The client that a call without credentials names.
 * @throws {AwsError} `ResourceNotFoundException`
 */
export async function requireClient(id: string, context: Context): Promise<ClientInPool> {
  const found = await findClient(id, context.tx);
  if (!found) throw clientNotFound(id);
  recordAt(found.pool, context);
  return found;
}

/** Has a call without credentials recorded where the pool is. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html */
export function recordAt(pool: Pool, context: Pick<Context, "identified">): void {
  const caller = { type: "Unknown", principalId: "Anonymous", userName: "Anonymous" } as const;
  context.identified({ ...caller, identityProvider: issuerOf(pool) }, pool.account);
}

/** @throws {AwsError} `ResourceNotFoundException`, for a client of another pool too. */
export async function requireClientOf(pool: Pool, id: string, tx: Transaction): Promise<Client> {
  const client = await tx.get(clients, id);
  if (client?.poolId !== pool.id) throw clientNotFound(id);
  return client;
}

const same = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

interface Hashed {
  readonly username: string;
  readonly secretHash: string | undefined;
}

/**
 * Whether a hash is made with a secret of the client.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash
 */
export const fitsSecretHash = (
  client: Client,
  { username, secretHash }: Hashed,
  context: Pick<Context, "keys">,
): boolean =>
  client.secrets.some((secret) => {
    const mac = createHmac("sha256", openSecret(secret, context)).update(username + client.id);
    return same(mac.digest("base64"), secretHash ?? "");
  });

/** @throws {AwsError} `NotAuthorizedException` where the client has a secret and the hash is not made with it. */
export function requireSecretHash(client: Client, hashed: Hashed, context: Pick<Context, "keys">): void {
  const isWanted = client.secrets.length > 0;
  if (!isWanted && hashed.secretHash === undefined) return;
  if (isWanted && hashed.secretHash === undefined) throw secretHashMissing(client.id);
  if (!fitsSecretHash(client, hashed, context)) throw wrongSecretHash(client.id);
}

/** @throws {AwsError} `NotAuthorizedException` */
export function requireClientSecret(client: Client, given: string | undefined, context: Pick<Context, "keys">): void {
  if (client.secrets.length === 0 && given === undefined) return;
  if (given === undefined || !client.secrets.some((secret) => same(openSecret(secret, context), given))) {
    throw wrongClientSecret();
  }
}

/** Flows by their older names. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
const OLDER_NAMES: Readonly<Partial<Record<ExplicitAuthFlowsType, ExplicitAuthFlowsType>>> = {
  ALLOW_ADMIN_USER_PASSWORD_AUTH: "ADMIN_NO_SRP_AUTH",
  ALLOW_USER_PASSWORD_AUTH: "USER_PASSWORD_AUTH",
};

/** A client that names no flows allows those that send no password. */
const FLOWS_USUAL: readonly ExplicitAuthFlowsType[] = [
  "ALLOW_REFRESH_TOKEN_AUTH",
  "ALLOW_USER_SRP_AUTH",
  "ALLOW_CUSTOM_AUTH",
];

export function allowsFlow({ settings }: Client, flow: ExplicitAuthFlowsType): boolean {
  const flows = settings.ExplicitAuthFlows ?? [];
  if (flows.length === 0) return FLOWS_USUAL.includes(flow);
  const older = OLDER_NAMES[flow];
  if (flows.some((name) => name === flow || name === older)) return true;
  // flows named the older way leave refreshing and SRP as they are
  const isOld = !flows.some((name) => name.startsWith("ALLOW_"));
  return isOld && FLOWS_USUAL.includes(flow);
}

const UNIT_MS: Readonly<Record<TimeUnitsType, number>> = {
  seconds: SECOND_MS,
  minutes: MINUTE_MS,
  hours: HOUR_MS,
  days: DAY_MS,
};

/** How long what a client is given is good for. */
export interface Validity {
  readonly accessMs: number;
  readonly idMs: number;
  readonly refreshMs: number;
  readonly authSessionMs: number;
}

export function validityOf({ settings }: Pick<Client, "settings">): Validity {
  const { TokenValidityUnits: units = {}, AccessTokenValidity: access, IdTokenValidity: id } = settings;
  const usualMs = TOKEN_SECONDS_USUAL * SECOND_MS;
  const days = settings.RefreshTokenValidity;
  return {
    accessMs: access === undefined ? usualMs : access * UNIT_MS[units.AccessToken ?? "hours"],
    idMs: id === undefined ? usualMs : id * UNIT_MS[units.IdToken ?? "hours"],
    // zero is the usual
    refreshMs:
      (days === undefined || days === 0 ? REFRESH_TOKEN_DAYS_USUAL : days) * UNIT_MS[units.RefreshToken ?? "days"],
    authSessionMs: (settings.AuthSessionValidity ?? AUTH_SESSION_MINUTES_USUAL) * MINUTE_MS,
  };
}

export const revokesTokens = ({ settings }: Client): boolean => settings.EnableTokenRevocation ?? true;

/** Whether the client keeps to itself which users there are. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html */
export const hidesUsers = ({ settings }: Client): boolean => settings.PreventUserExistenceErrors === "ENABLED";

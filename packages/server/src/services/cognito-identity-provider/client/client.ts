/** App clients. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html */
import type { UserPoolClientType } from "@aws-sdk/client-cognito-identity-provider";
import { page } from "../../../kernel/page.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { dropBranding } from "../branding/branding.ts";
import { dropTerms } from "../branding/terms.ts";
import { customizations } from "../branding/ui-customization.ts";
import { invalidParameter, invalidToken, tooMany } from "../errors.ts";
import { operation, plain } from "../kit.ts";
import { CLIENTS_PER_POOL_MAX, PAGE_ROWS_MAX } from "../limits.ts";
import { onPool, randomLetters, requirePool, type Pool } from "../pool/pool-row.ts";
import { dropRisk } from "../protection/risk-row.ts";
import { silentReuses } from "../token/session-tracking.ts";
import { clients, clientsOfPool, openSecret, requireClientOf, type Client, type ClientSettings } from "./client-row.ts";
import { newSecret } from "./client-secret.ts";
import { requireClientSettings, settledClient } from "./client-settings.ts";

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
const ID_LETTERS = 26;

export const createUserPoolClient = operation("CreateUserPoolClient", {
  authorize: onPool("CreateUserPoolClient"),

  async handle({ UserPoolId, ClientName: name, GenerateSecret, ClientSecret, ...asked }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    const present = await tx.scan(clientsOfPool, { prefix: [pool.id], limit: CLIENTS_PER_POOL_MAX });
    if (present.length >= CLIENTS_PER_POOL_MAX) throw tooMany("Exceeded the number of clients per user pool.");
    if (GenerateSecret === true && ClientSecret !== undefined) {
      throw invalidParameter("GenerateSecret and ClientSecret cannot be set together.");
    }
    const hasSecret = GenerateSecret === true || ClientSecret !== undefined;
    const settings = settledClient(plain<ClientSettings>(asked));
    await requireClientSettings({ pool, settings, hasSecret }, tx);
    const nowMs = context.now().getTime();
    const client: Client = {
      id: randomLetters(ID_LETTERS, LETTERS),
      poolId: pool.id,
      name,
      secrets: hasSecret ? [newSecret(ClientSecret, context)] : [],
      settings,
      createdMs: nowMs,
      changedMs: nowMs,
    };
    tx.put(clients, client);
    tx.put(clientsOfPool, { poolId: pool.id, id: client.id, name });
    return { UserPoolClient: formatClient(client, context) };
  },
});

export const describeUserPoolClient = operation("DescribeUserPoolClient", {
  authorize: onPool("DescribeUserPoolClient"),

  async handle({ UserPoolId, ClientId }, context) {
    const pool = await requirePool(UserPoolId, context);
    return { UserPoolClient: formatClient(await requireClientOf(pool, ClientId, context.tx), context) };
  },
});

/** What is not said goes back to what AWS says; the name stays. */
export const updateUserPoolClient = operation("UpdateUserPoolClient", {
  authorize: onPool("UpdateUserPoolClient"),

  async handle({ UserPoolId, ClientId, ClientName, ...asked }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    const before = await requireClientOf(pool, ClientId, tx);
    const settings = settledClient(plain<ClientSettings>(asked));
    await requireClientSettings({ pool, settings, hasSecret: before.secrets.length > 0 }, tx);
    const client: Client = {
      ...before,
      name: ClientName ?? before.name,
      settings,
      changedMs: context.now().getTime(),
    };
    tx.put(clients, client);
    tx.put(clientsOfPool, { poolId: pool.id, id: client.id, name: client.name });
    return { UserPoolClient: formatClient(client, context) };
  },
});

export const deleteUserPoolClient = operation("DeleteUserPoolClient", {
  authorize: onPool("DeleteUserPoolClient"),

  async handle({ UserPoolId, ClientId }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    await drop(pool, client.id, context);
    return {};
  },
});

async function drop(pool: Pick<Pool, "id">, id: string, context: Pick<Context, "tx">): Promise<void> {
  await dropBranding(id, context);
  await dropTerms(pool.id, id, context);
  dropRisk(pool.id, id, context.tx);
  context.tx.delete(customizations, pool.id, id);
  context.tx.delete(silentReuses, pool.id, id);
  context.tx.delete(clients, id);
  context.tx.delete(clientsOfPool, pool.id, id);
}

export const listUserPoolClients = operation("ListUserPoolClients", {
  authorize: onPool("ListUserPoolClients"),

  async handle({ UserPoolId, NextToken: token, MaxResults: limit, ClientType = "REGULAR" }, context) {
    const { id } = await requirePool(UserPoolId, context);
    // none registers itself
    if (ClientType !== "REGULAR") return { UserPoolClients: [] };
    const max = PAGE_ROWS_MAX;
    const { rows, next } = await page(context.tx, clientsOfPool, { prefix: [id], token, limit, max, invalidToken });
    const UserPoolClients = rows.map((row) => ({ ClientId: row.id, UserPoolId: row.poolId, ClientName: row.name }));
    return { UserPoolClients, ...(next !== undefined && { NextToken: next }) };
  },
});

/** All clients of a pool that is deleted. */
export async function clearClients(poolId: string, tx: Transaction): Promise<void> {
  const rows = await tx.scan(clientsOfPool, { prefix: [poolId], limit: CLIENTS_PER_POOL_MAX });
  for (const { id } of rows) await drop({ id: poolId }, id, { tx });
}

function formatClient(client: Client, context: Context): UserPoolClientType {
  const { id, poolId, name, secrets, settings, createdMs, changedMs } = client;
  const [secret] = secrets;
  return {
    ...settings,
    UserPoolId: poolId,
    ClientName: name,
    ClientId: id,
    ...(secret && { ClientSecret: openSecret(secret, context) }),
    CreationDate: new Date(createdMs),
    LastModifiedDate: new Date(changedMs),
  };
}

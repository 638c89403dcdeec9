/** The rows of apps on devices. */
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Settings } from "../topic/row.ts";

export interface PlatformEndpoint {
  /** `GCM/shop`. */
  readonly application: string;
  readonly id: string;
  /** `Enabled`, `Token`, `CustomUserData`. */
  readonly settings: Settings;
}

export const endpoints = table<PlatformEndpoint>("sns.endpoint", "region", ({ application, id }) => [application, id]);

interface TokenRow {
  readonly application: string;
  readonly token: string;
  readonly id: string;
}

const byToken = table<TokenRow>("sns.endpoint-token", "region", ({ application, token }) => [application, token]);

export async function findByToken(
  application: string,
  token: string,
  tx: Transaction,
): Promise<PlatformEndpoint | undefined> {
  const row = await tx.get(byToken, application, token);
  return row && tx.get(endpoints, application, row.id);
}

export async function putEndpoint(
  endpoint: PlatformEndpoint,
  was: PlatformEndpoint | undefined,
  tx: Transaction,
): Promise<void> {
  const { application, id, settings } = endpoint;
  const { Token: token = "" } = settings;
  if (was !== undefined && was.settings["Token"] !== token) await forgetToken(was, tx);
  tx.put(endpoints, endpoint);
  tx.put(byToken, { application, token, id });
}

export async function removeEndpoint(endpoint: PlatformEndpoint, tx: Transaction): Promise<void> {
  tx.delete(endpoints, endpoint.application, endpoint.id);
  await forgetToken(endpoint, tx);
}

/** Earlier versions gave one token to two: it stays found by the other. */
async function forgetToken({ application, id, settings }: PlatformEndpoint, tx: Transaction): Promise<void> {
  const { Token: token = "" } = settings;
  const row = await tx.get(byToken, application, token);
  if (row?.id === id) tx.delete(byToken, application, token);
}

const ENDPOINTS_MAX = 1_000_000;

export async function forgetEndpoints(application: string, tx: Transaction): Promise<void> {
  await tx.clear(endpoints, { prefix: [application], limit: ENDPOINTS_MAX });
  await tx.clear(byToken, { prefix: [application], limit: ENDPOINTS_MAX });
}

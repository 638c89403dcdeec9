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

export function putEndpoint(endpoint: PlatformEndpoint, was: PlatformEndpoint | undefined, tx: Transaction): void {
  const { application, id, settings } = endpoint;
  const { Token: token = "" } = settings;
  if (was !== undefined && was.settings["Token"] !== token)
    tx.delete(byToken, application, was.settings["Token"] ?? "");
  tx.put(endpoints, endpoint);
  tx.put(byToken, { application, token, id });
}

export function removeEndpoint({ application, id, settings }: PlatformEndpoint, tx: Transaction): void {
  tx.delete(endpoints, application, id);
  tx.delete(byToken, application, settings["Token"] ?? "");
}

const ENDPOINTS_MAX = 1_000_000;

export async function forgetEndpoints(application: string, tx: Transaction): Promise<void> {
  await tx.clear(endpoints, { prefix: [application], limit: ENDPOINTS_MAX });
  await tx.clear(byToken, { prefix: [application], limit: ENDPOINTS_MAX });
}

/** What is to happen where a sign-in looks risky, as it is kept: for a pool, or for one of its clients. */
import type { RiskConfigurationType, SetRiskConfigurationRequest } from "@aws-sdk/client-cognito-identity-provider";
import { contains, parseAddress, parseRange } from "../../identity/policy/ip-address.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { ClientInPool } from "./client-row.ts";
import { requestBlocked } from "./errors.ts";

/** What callers set, as they said it. */
export type RiskSettings = Omit<SetRiskConfigurationRequest, "UserPoolId" | "ClientId">;

export interface Risk {
  readonly poolId: string;
  /** `undefined`: of all clients that have none of their own. */
  readonly clientId: string | undefined;
  readonly settings: RiskSettings;
  readonly changedMs: number;
}

const EVERY_CLIENT = "*";

const keyOf = (poolId: string, clientId: string | undefined) => [poolId, clientId ?? EVERY_CLIENT] as const;

export const risks = table<Risk>("cognito-idp.risk", "global", ({ poolId, clientId }) => [...keyOf(poolId, clientId)]);

export const findRisk = (poolId: string, clientId: string | undefined, tx: Transaction): Promise<Risk | undefined> =>
  tx.get(risks, ...keyOf(poolId, clientId));

export const dropRisk = (poolId: string, clientId: string | undefined, tx: Transaction): void =>
  tx.delete(risks, ...keyOf(poolId, clientId));

export const formatRisk = ({ poolId, clientId, settings, changedMs }: Risk): RiskConfigurationType => ({
  ...settings,
  UserPoolId: poolId,
  ...(clientId !== undefined && { ClientId: clientId }),
  LastModifiedDate: new Date(changedMs),
});

/**
 * Differs: the addresses that are always blocked are all that is ever found risky: no password is known to have become
 * public, and nobody's ways are learnt.
 * @param address where the request comes from; the caller's own where left out
 * @throws {AwsError} `NotAuthorizedException`
 */
export async function requireUnblocked(
  { pool, client }: ClientInPool,
  { tx, request }: Pick<Context, "tx" | "request">,
  address = request.sourceIp,
): Promise<void> {
  if (pool.settings.UserPoolAddOns?.AdvancedSecurityMode !== "ENFORCED") return;
  const risk = (await findRisk(pool.id, client.id, tx)) ?? (await findRisk(pool.id, undefined, tx));
  const parsed = parseAddress(address);
  if (parsed === undefined) return;
  for (const text of risk?.settings.RiskExceptionConfiguration?.BlockedIPRangeList ?? []) {
    const range = parseRange(text);
    if (range !== undefined && contains(range, parsed)) throw requestBlocked();
  }
}

/** What is to happen where a sign-in looks risky, as it is kept: for a pool, or for one of its clients. */
import type {
  EventType,
  RiskConfigurationType,
  SetRiskConfigurationRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { MarkingRefusal } from "../../../kernel/aws-error.ts";
import { contains, parseAddress, parseRange } from "../../../kernel/ip-address.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { ClientInPool } from "../client/client-row.ts";
import { requestBlocked } from "../errors.ts";
import { findUser } from "../user/user-row.ts";
import { recordAuthEvent } from "./auth-event-row.ts";

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

interface Attempt {
  readonly type: EventType;
  /** Of the user, as it was typed in. */
  readonly name: string | undefined;
  /** Where the request comes from; the caller's own where left out. */
  readonly address?: string | undefined;
  /** What the app says of who uses it: it is believed where its client may say so. */
  readonly said?: { readonly IpAddress?: string | undefined } | undefined;
}

/**
 * Differs: the addresses that are always blocked are all that is ever found risky: no password is known to have become
 * public, and nobody's ways are learnt.
 * @throws {AwsError} `NotAuthorizedException`; the attempt is in the user's history
 */
export async function requireUnblocked(at: ClientInPool, attempt: Attempt, context: Context): Promise<void> {
  const { type, name } = attempt;
  const { pool, client } = at;
  const isBelieved = client.settings.EnablePropagateAdditionalUserContextData === true;
  const said = isBelieved ? attempt.said?.IpAddress : undefined;
  const address = attempt.address ?? said ?? context.request.sourceIp;
  if (pool.settings.UserPoolAddOns?.AdvancedSecurityMode !== "ENFORCED") return;
  if (!(await isBlocked(at, address, context.tx))) return;
  const user = name === undefined ? undefined : await findUser(pool, name, context.tx);
  if (user)
    await recordAuthEvent(
      pool,
      user,
      { type, response: "Fail", isBlocked: true, clientId: client.id },
      context,
      address,
    );
  throw new MarkingRefusal(requestBlocked());
}

/** The client's own settings count before the pool's. */
async function isBlocked({ pool, client }: ClientInPool, address: string, tx: Transaction): Promise<boolean> {
  const risk = (await findRisk(pool.id, client.id, tx)) ?? (await findRisk(pool.id, undefined, tx));
  const parsed = parseAddress(address);
  if (parsed === undefined) return false;
  const ranges = risk?.settings.RiskExceptionConfiguration?.BlockedIPRangeList ?? [];
  return ranges.map(parseRange).some((range) => range !== undefined && contains(range, parsed));
}

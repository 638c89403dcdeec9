/** Threat protection. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html */
import { parseRange } from "../../../kernel/ip-address.ts";
import type { Context } from "../../../service/context.ts";
import { requireClientOf } from "../client/client-row.ts";
import { invalidParameter } from "../errors.ts";
import { operation, plain } from "../kit.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { dropRisk, findRisk, formatRisk, risks, type Risk, type RiskSettings } from "./risk-row.ts";

/** With nothing but ids the settings go back to what they were at first. */
export const setRiskConfiguration = operation("SetRiskConfiguration", {
  authorize: onPool("SetRiskConfiguration"),

  async handle({ UserPoolId, ClientId: clientId, ...asked }, context) {
    const pool = await requirePlace(UserPoolId, clientId, context);
    const settings = plain<RiskSettings>(asked);
    requireRanges(settings);
    const risk: Risk = { poolId: pool.id, clientId, settings, changedMs: context.now().getTime() };
    if (Object.keys(settings).length === 0) dropRisk(pool.id, clientId, context.tx);
    else context.tx.put(risks, risk);
    return { RiskConfiguration: formatRisk(risk) };
  },
});

export const describeRiskConfiguration = operation("DescribeRiskConfiguration", {
  authorize: onPool("DescribeRiskConfiguration"),

  async handle({ UserPoolId, ClientId: clientId }, context) {
    const { id } = await requirePlace(UserPoolId, clientId, context);
    const risk = await findRisk(id, clientId, context.tx);
    const unset = { UserPoolId: id, ...(clientId !== undefined && { ClientId: clientId }) };
    return { RiskConfiguration: risk ? formatRisk(risk) : unset };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requirePlace(poolId: string, clientId: string | undefined, context: Context): Promise<Pool> {
  const pool = await requirePool(poolId, context);
  if (clientId !== undefined) await requireClientOf(pool, clientId, context.tx);
  return pool;
}

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RiskExceptionConfigurationType.html (CIDR notation) */
function requireRanges({ RiskExceptionConfiguration: exceptions }: RiskSettings): void {
  const ranges = [...(exceptions?.BlockedIPRangeList ?? []), ...(exceptions?.SkippedIPRangeList ?? [])];
  const wrong = ranges.find((range) => !range.includes("/") || parseRange(range) === undefined);
  if (wrong !== undefined) throw invalidParameter(`Invalid IP range: ${wrong}`);
}

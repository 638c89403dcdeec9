/** Which tier a parameter is of. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
import type { Context } from "../../service/context.ts";
import { policiesNeedAdvanced, tierLowered, tooManyParameters } from "./errors.ts";
import { ADVANCED_PARAMETERS_MAX, STANDARD_CHARACTERS_MAX, STANDARD_PARAMETERS_MAX } from "./limits.ts";
import { countOf, noteCount, type ParameterCount } from "./parameter-count.ts";
import type { Parameter, ParameterTier } from "./parameter-row.ts";
import { settingOf } from "./service-setting.ts";

interface Given {
  readonly Tier?: string | undefined;
  readonly Value: string;
}

interface Needs {
  readonly before: Parameter | undefined;
  readonly hasPolicies: boolean;
}

const PARAMETERS_MAX = { Standard: STANDARD_PARAMETERS_MAX, Advanced: ADVANCED_PARAMETERS_MAX } as const;

/** @throws {AwsError} `ParameterLimitExceeded` */
export async function tierOf(given: Given, needs: Needs, context: Context): Promise<ParameterTier> {
  const { before, hasPolicies } = needs;
  const asked = given.Tier ?? before?.tier ?? (await settingOf("/ssm/parameter-store/default-parameter-tier", context));
  if (asked === "Standard" && before?.tier === "Advanced") throw tierLowered();
  if (asked === "Standard" && hasPolicies) throw policiesNeedAdvanced();
  const count = await countOf(context);
  const chosen = asked === "Intelligent-Tiering" ? cheapestOf(given, needs, count) : asked;
  const tier = chosen === "Advanced" ? "Advanced" : "Standard";
  requireRoom(tier, before, count);
  return tier;
}

function requireRoom(tier: ParameterTier, before: Parameter | undefined, count: ParameterCount): void {
  if (before?.tier !== tier && count[tier] >= PARAMETERS_MAX[tier]) throw tooManyParameters();
}

/** The tier that will do. Advanced ones stay what they are. */
function cheapestOf({ Value }: Given, { before, hasPolicies }: Needs, count: ParameterCount): ParameterTier {
  const isFull = before === undefined && count.Standard >= STANDARD_PARAMETERS_MAX;
  const needsAdvanced = hasPolicies || isFull || Value.length > STANDARD_CHARACTERS_MAX;
  return needsAdvanced || before?.tier === "Advanced" ? "Advanced" : "Standard";
}

/** Counts a parameter that is put, new or in the place of another. */
export async function noteTier(tier: ParameterTier, before: Parameter | undefined, context: Context): Promise<void> {
  if (before?.tier === tier) return;
  noteCount({ [tier]: 1, ...(before && { [before.tier]: -1 }) }, await countOf(context), context);
}

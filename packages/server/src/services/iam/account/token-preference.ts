/**
 * The version of the tokens that the global endpoint of STS gives an account.
 * Differs: the version is kept and shown; tokens have one form here, good in all regions.
 */
import { table, type Transaction } from "../../../kernel/table.ts";
import { operation } from "../kit.ts";

interface TokenPreference {
  readonly version: 1 | 2;
}

const tokenPreferences = table<TokenPreference>("iam.token-preference", "account", () => []);

export const setSecurityTokenServicePreferences = operation("SetSecurityTokenServicePreferences", {
  authorize: () => ({ action: "iam:SetSecurityTokenServicePreferences", resource: "*" }),

  async handle({ GlobalEndpointTokenVersion }, { tx }) {
    tx.put(tokenPreferences, { version: GlobalEndpointTokenVersion === "v2Token" ? 2 : 1 });
    return {};
  },
});

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetSecurityTokenServicePreferences.html (version 1 until set) */
export const tokenVersion = async (tx: Transaction): Promise<1 | 2> => (await tx.get(tokenPreferences))?.version ?? 1;

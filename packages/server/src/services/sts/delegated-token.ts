/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetDelegatedAccessToken.html */
import { tradeInTokenExpired } from "./errors.ts";
import { operation } from "./kit.ts";
import { requireOwnKeysOrRole } from "./session-rights.ts";

/**
 * Trade-in tokens come from AWS's partner programme for temporary delegation, which has no API to
 * make one here. Differs: so every token is one that has run out.
 */
export const getDelegatedAccessToken = operation("GetDelegatedAccessToken", {
  authorize(_input, context) {
    requireOwnKeysOrRole(context, "GetDelegatedAccessToken");
    return { action: "sts:GetDelegatedAccessToken", resource: "*" };
  },

  async handle() {
    throw tradeInTokenExpired();
  },
});

/** Users part with a login. */
import { loginsDoNotMatch } from "./errors.ts";
import { withoutLogins } from "./identity-link.ts";
import { isSame, requireIdentity } from "./identity-row.ts";
import { streaming } from "./kit.ts";
import { verifyLogins } from "./login.ts";
import { requirePool } from "./pool-row.ts";

export const unlinkIdentity = streaming("UnlinkIdentity", {
  callers: "open",
  authorize: () => [],

  async receive({ IdentityId, Logins }, context) {
    const { poolId } = await requireIdentity(IdentityId, context.tx);
    return verifyLogins(await requirePool(poolId, context.tx), Logins, context);
  },

  async handle({ IdentityId, LoginsToRemove }, context, shown) {
    const identity = await requireIdentity(IdentityId, context.tx);
    const isTheirs = shown.length > 0 && shown.every((login) => identity.logins.some((own) => isSame(own, login)));
    if (!isTheirs) throw loginsDoNotMatch();
    withoutLogins(identity, ({ provider }) => LoginsToRemove.includes(provider), context);
    return {};
  },
});

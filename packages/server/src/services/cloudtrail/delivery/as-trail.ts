/** Calls that CloudTrail makes for a trail: as itself, with the trail as their source. */
import type { Arn } from "../../../kernel/arn.ts";
import type { AccountId } from "../../../kernel/arn.ts";
import type { ServicePrincipal } from "../../../identity/principal.ts";
import { PRINCIPAL } from "../kit.ts";
import { arnOf, type Trail } from "../trail-row.ts";

interface AsTrail {
  readonly as: ServicePrincipal;
  readonly source: { readonly arn: Arn; readonly account: AccountId };
}

export const asTrail = (trail: Trail): AsTrail => ({
  as: PRINCIPAL,
  source: { arn: arnOf(trail), account: trail.account },
});

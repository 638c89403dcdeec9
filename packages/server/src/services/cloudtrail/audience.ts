/** Says where records of calls are wanted, so that they cost nothing elsewhere. */
import type { AudiencePlace } from "../../service/audience.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { wantsData } from "./choice.ts";
import { ACCOUNT_TRAILS_MAX, isLogging, organizationTrails, ownTrails, trails, type Trail } from "./trail-row.ts";

const ALL = "*";

/** After every change of a trail, its end included. */
export async function tellAudience({ account, region }: Trail, context: Context): Promise<void> {
  const own = (await ownTrails(account, context.tx)).filter(isLogging);
  const wide = (await allOfOrganizations(context.tx)).filter(isLogging);
  const places = [
    { place: { account, region }, there: own.filter((trail) => trail.region === region && !isWide(trail)) },
    { place: { account, region: ALL }, there: own.filter(isWide) },
    { place: { account: ALL, region: ALL }, there: wide },
  ];
  for (const { place, there } of places) tell(place, there, context);
}

/** Global services may be called anywhere. */
const isWide = ({ isMultiRegion, hasGlobalEvents, region }: Trail): boolean =>
  isMultiRegion || (hasGlobalEvents && region === "us-east-1");

function tell(place: AudiencePlace, there: readonly Trail[], { audience }: Context): void {
  audience.set("calls", place, there.length > 0);
  audience.set("data-calls", place, there.some(wantsData));
}

async function allOfOrganizations(tx: Transaction): Promise<Trail[]> {
  const found: Trail[] = [];
  for (const { account, region, name } of await tx.scan(organizationTrails, { limit: ACCOUNT_TRAILS_MAX })) {
    const trail = await tx.get(trails, account, region, name);
    if (trail !== undefined) found.push(trail);
  }
  return found;
}

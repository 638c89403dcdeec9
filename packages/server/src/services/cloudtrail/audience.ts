/** Says where records of calls are wanted, so that they cost nothing elsewhere. */
import type { AudiencePlace } from "../../service/audience.ts";
import { asRegion, parseAccountId } from "../../kernel/arn.ts";
import { MINUTE_MS } from "../../kernel/duration.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { Job } from "../../service/service.ts";
import { wantsData } from "./choice.ts";
import { allOrganizationStores, ownStores } from "./lake/store/row.ts";
import { allOrganizationTrails, isLogging, ownTrails, type Listener } from "./trail-row.ts";

const ALL = "*";

/**
 * After every change of a trail or an event data store, its end included. Who begins to listen hears at once; who ends does so a little later,
 * since calls from before are recorded behind their answers.
 */
export async function tellAudience({ account, region }: Listener, context: Context): Promise<void> {
  for (const { place, there } of await audiencesOf({ account, region }, context.tx)) {
    if (there.length > 0) context.audience.set("calls", place, true);
    if (there.some(wantsData)) context.audience.set("data-calls", place, true);
  }
  context.at(context.now().getTime() + MINUTE_MS, "quieten", `${account}/${region}`);
}

/** Ends what nobody wants any more. */
export const quieten: Job = async ({ tx, audience }, key) => {
  const [account = "", region = ""] = key.split("/");
  const id = parseAccountId(account);
  if (id === undefined) return;
  for (const { place, there } of await audiencesOf({ account: id, region: asRegion(region) }, tx)) {
    audience.set("calls", place, there.length > 0);
    audience.set("data-calls", place, there.some(wantsData));
  }
};

interface Listeners {
  readonly place: AudiencePlace;
  readonly there: readonly Listener[];
}

async function audiencesOf({ account, region }: AudiencePlace, tx: Transaction): Promise<readonly Listeners[]> {
  const own = [...(await ownTrails(account, tx)), ...(await ownStores(account, tx))].filter(isLogging);
  const wide = [...(await allOrganizationTrails(tx)), ...(await allOrganizationStores(tx))].filter(isLogging);
  return [
    { place: { account, region }, there: own.filter((one) => one.region === region && !isWide(one)) },
    { place: { account, region: ALL }, there: own.filter(isWide) },
    { place: { account: ALL, region: ALL }, there: wide },
  ];
}

/** Global services may be called anywhere. */
const isWide = ({ isMultiRegion, hasGlobalEvents, region }: Listener): boolean =>
  isMultiRegion || (hasGlobalEvents && region === "us-east-1");

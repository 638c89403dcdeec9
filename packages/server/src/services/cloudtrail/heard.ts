/**
 * What CloudTrail does with calls that it hears of: it puts them aside for the trails that log them, takes them into event
 * data stores, and tells the default event bus.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
import { asRegion, parseAccountId } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import type { RecordedCall } from "../../service/recorded-calls.ts";
import type { Job } from "../../service/service.ts";
import { logs } from "./choice.ts";
import { putAside, type Part } from "./delivery/pending.ts";
import { eventsOf, formatEvent, type TrailEvent } from "./event/event.ts";
import { takeIn, type LakeEvent } from "./lake/event/intake.ts";
import { PRINCIPAL } from "./kit.ts";
import { ownStores, storesOfOrganization, type Store } from "./lake/store/row.ts";
import { ownTrails, trailsOfOrganization, type Trail } from "./trail-row.ts";

/** `key` names calls that were recorded together. */
export const heard: Job = async (context, key) => {
  const found = new Listening(context);
  const forTrails = new Map<Trail, Told[]>();
  const forStores = new Map<Store, Told[]>();
  for (const event of (await context.recorded.batch(key)).filter(isTold).flatMap(eventsOf)) {
    const all = await found.of(event.recipient);
    const trails = all.trails.filter(
      (trail) => logs(trail, event) && (trail.isRecursive !== false || !isDelivery(event)),
    );
    const stores = all.stores.filter((store) => logs(store, event));
    if (trails.length + stores.length === 0) continue;
    const told = { event, text: JSON.stringify(formatEvent(event, context.operations)) };
    for (const trail of trails) keep(told, trail, forTrails);
    for (const store of stores) keep(told, store, forStores);
    if (trails.some((trail) => trail.account === event.recipient || trail.organization !== undefined)) {
      await tellBus(told, context);
    }
  }
  for (const [trail, told] of forTrails) await putAside(trail, partsOf(told), context);
  for (const [store, told] of forStores) await takeIn(store, told.map(lakeEventOf), context);
};

function keep<For>(told: Told, one: For, kept: Map<For, Told[]>): void {
  const before = kept.get(one);
  if (before === undefined) kept.set(one, [told]);
  else before.push(told);
}

const lakeEventOf = ({ event: { atMs }, text }: Told): LakeEvent => ({ atMs, text });

/** An event with its text. */
interface Told {
  readonly event: TrailEvent;
  readonly text: string;
}

/** Telling the bus is a call too, and so is what rules send on: of that nothing is told, or there would be no end to it. */
const isTold = ({ service, userIdentity: { type, invokedBy } }: RecordedCall): boolean =>
  service !== "eventbridge" || (type !== "AWSService" && invokedBy !== "events.amazonaws.com");

/** Files and log events that CloudTrail puts. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (RecursiveLogging) */
const isDelivery = ({ call: { userIdentity } }: TrailEvent): boolean =>
  userIdentity.type === "AWSService" && userIdentity.invokedBy === PRINCIPAL.service;

function partsOf(told: readonly Told[]): Part[] {
  const groups = Map.groupBy(told, ({ event }) => `${event.recipient}/${event.region}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { recipient: account, region } = first.event;
    return [{ account, region, events: group.map(({ event: { atMs, id }, text }) => ({ atMs, id, text })) }];
  });
}

interface Found {
  readonly trails: readonly Trail[];
  readonly stores: readonly Store[];
}

/** The trails and stores of accounts, each account's read once. */
class Listening {
  readonly #context: Context;
  readonly #found = new Map<string, Promise<Found>>();

  constructor(context: Context) {
    this.#context = context;
  }

  of(account: string): Promise<Found> {
    let found = this.#found.get(account);
    if (found === undefined) this.#found.set(account, (found = listeningTo(account, this.#context)));
    return found;
  }
}

async function listeningTo(account: string, { directory, tx }: Context): Promise<Found> {
  const id = parseAccountId(account);
  const organization = (id && (await directory.organizationOf(id, tx)))?.organizationId;
  return {
    trails: [...(await ownTrails(account, tx)), ...(await trailsOfOrganization(organization, account, tx))],
    stores: [...(await ownStores(account, tx)), ...(await storesOfOrganization(organization, account, tx))],
  };
}

/** Only where a rule is waiting for it. Rules hear of what only reads where they say so. */
async function tellBus({ event, text }: Told, context: Context): Promise<void> {
  const account = parseAccountId(event.recipient);
  if (account === undefined) return;
  // a rule for everything would hear of what it does itself
  if (event.call.userIdentity.invokedBy === "events.amazonaws.com") return;
  const place = { account, region: asRegion(event.region) };
  if (!context.audience.has("events", place)) return;
  const detail: object = JSON.parse(text);
  const source = `aws.${event.source.replace(/\.amazonaws\.com$/, "")}`;
  await context.announce({ source, detailType: DETAIL_TYPES[event.type], resources: [], detail }, place);
}

const DETAIL_TYPES: Readonly<Record<TrailEvent["type"], string>> = {
  AwsApiCall: "AWS API Call via CloudTrail",
  AwsConsoleSignIn: "AWS Console Sign In via CloudTrail",
  AwsServiceEvent: "AWS Service Event via CloudTrail",
};

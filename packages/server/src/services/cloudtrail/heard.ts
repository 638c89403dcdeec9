/**
 * What CloudTrail does with calls that it hears of: it puts them aside for the trails that log them, and tells the default
 * event bus.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
import { asRegion, parseAccountId } from "../../kernel/arn.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { RecordedCall } from "../../service/recorded-calls.ts";
import type { Job } from "../../service/service.ts";
import { logs } from "./choice.ts";
import { putAside, type Part } from "./delivery/pending.ts";
import { eventsOf, formatEvent, type TrailEvent } from "./event/event.ts";
import { ownTrails, trailsOfOrganization, type Trail } from "./trail-row.ts";

/** `key` names calls that were recorded together. */
export const heard: Job = async (context, key) => {
  const found = new Trails(context);
  const kept = new Map<Trail, Told[]>();
  for (const event of (await context.recorded.batch(key)).filter(isTold).flatMap(eventsOf)) {
    const all = await found.of(event.recipient);
    const wanting = all.filter((trail) => logs(trail, event));
    if (wanting.length === 0) continue;
    const told = { event, text: JSON.stringify(formatEvent(event)) };
    for (const trail of wanting) kept.set(trail, [...(kept.get(trail) ?? []), told]);
    if (wanting.some((trail) => trail.account === event.recipient || trail.organization !== undefined)) {
      await tellBus(told, context);
    }
  }
  for (const [trail, told] of kept) await putAside(trail, partsOf(told), context);
};

/** An event with its text. */
interface Told {
  readonly event: TrailEvent;
  readonly text: string;
}

/** Telling the bus is a call too, and so is what rules send on: of that nothing is told, or there would be no end to it. */
const isTold = ({ service, userIdentity: { type, invokedBy } }: RecordedCall): boolean =>
  service !== "eventbridge" || (type !== "AWSService" && invokedBy !== "events.amazonaws.com");

function partsOf(told: readonly Told[]): Part[] {
  const groups = Map.groupBy(told, ({ event }) => `${event.recipient}/${event.region}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { recipient: account, region } = first.event;
    return [{ account, region, events: group.map(({ event: { atMs, id }, text }) => ({ atMs, id, text })) }];
  });
}

/** The trails of accounts, each account's read once. */
class Trails {
  readonly #context: Context;
  readonly #found = new Map<string, Promise<readonly Trail[]>>();

  constructor(context: Context) {
    this.#context = context;
  }

  of(account: string): Promise<readonly Trail[]> {
    let found = this.#found.get(account);
    if (found === undefined) this.#found.set(account, (found = trailsOf(account, this.#context.tx, this.#context)));
    return found;
  }
}

async function trailsOf(account: string, tx: Transaction, { directory }: Context): Promise<readonly Trail[]> {
  const id = parseAccountId(account);
  const standing = id && (await directory.organizationOf(id, tx));
  return [...(await ownTrails(account, tx)), ...(await trailsOfOrganization(standing?.organizationId, account, tx))];
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

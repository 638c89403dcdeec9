/**
 * What services send to the queues, topics, functions and event buses of their users: kept in the transaction that has
 * it sent, delivered right behind it by a call like any other, so that the receiver's own policy is asked. Each is an
 * errand of its own, so that none waits for another that fails; but those of one group follow each other.
 */
import type { Scope, Transaction } from "../kernel/table.ts";
import { setTimer } from "../clock/timer.ts";
import { formatArn, partitionOf, type Arn } from "../kernel/arn.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../kernel/duration.ts";
import { newUuid } from "../kernel/ids.ts";
import { table } from "../kernel/table.ts";
import type { Context, DeadLetter, Delivery, DeliveryRetry, MessageContent } from "../service/context.ts";
import type { HearDelivered } from "../service/delivered.ts";
import type { ErrandContext } from "../service/errand.ts";
import { failureOf, isRefusal, OUR_FAULT, type DeliveryFailure } from "./delivery-failure.ts";
import { hand, type FindReceiver } from "./handing.ts";

/** A delivery that is under way, or that failed. */
export interface KeptDelivery extends Delivery, Scope {
  /** In the order of time. */
  readonly id: string;
  /** When it was sent; virtual epoch milliseconds. */
  readonly atMs: number;
  /** The model's id of the service that sends it. */
  readonly service: string;
  /** How often it was tried in vain. */
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly error?: string;
  /** It is not tried any more. */
  readonly failed?: true;
  /** Those that follow each other. */
  readonly lane?: string;
  /** When it is tried again; virtual epoch milliseconds. */
  readonly againMs?: number;
}

/** One that arrived; of long messages the beginning, of long events nothing of their detail. */
interface ArrivedDelivery extends KeptDelivery {
  readonly arrivedAtMs: number;
  /** So many are kept, each in a place that chance gives it. */
  readonly slot: number;
}

interface LaneEntry {
  readonly lane: string;
  readonly id: string;
}

const deliveries = table<KeptDelivery>("delivery", "global", ({ id }) => [id]);
const lanes = table<LaneEntry>("delivery.lane", "global", ({ lane, id }) => [lane, id]);
const arrived = table<ArrivedDelivery>("delivery.arrived", "global", ({ slot }) => [slot]);

export const DELIVERY_JOB = "deliver";

const RETRY: DeliveryRetry = { retriesMax: 4, ageMsMax: DAY_MS };
/** Virtual time before the second attempt; doubled each time after. */
const RETRY_AFTER_MS = SECOND_MS;
const RETRY_AFTER_MS_MAX = 10 * MINUTE_MS;
const KEPT_DAYS = 30;
/** The oldest that are taken out whenever one more is put in. */
const TRIMMED_AT_ONCE = 20;
const TIME_DIGITS = 15;
const PLACE_DIGITS = 8;
const ARRIVED_MAX = 1024;
const SHOWN_CHARACTERS_MAX = 2048;
/** What the key of a timer begins with that is for a lane, not for a single delivery. */
const LANE = "lane ";

/** Has `sent` delivered once `tx` is through. */
export async function begin(
  sent: Omit<KeptDelivery, "id" | "attempts" | "lane" | "againMs">,
  tx: Transaction,
): Promise<void> {
  const lane = laneOf(sent);
  const id = `${timeOf(sent.atMs)}-${nextPlace()}-${newUuid()}`;
  const delivery: KeptDelivery = { ...sent, id, attempts: 0, ...(lane !== undefined && { lane }) };
  tx.put(deliveries, delivery);
  if (lane !== undefined) tx.put(lanes, { lane, id });
  schedule(delivery, sent.atMs, tx);
  await tx.clear(deliveries, { before: [timeOf(sent.atMs - KEPT_DAYS * DAY_MS)], limit: TRIMMED_AT_ONCE });
}

/** Many are sent in one millisecond, and in one transaction. */
let sentCount = 0;
const nextPlace = (): string => String(sentCount++ % 10 ** PLACE_DIGITS).padStart(PLACE_DIGITS, "0");
const timeOf = (atMs: number): string => String(Math.max(0, atMs)).padStart(TIME_DIGITS, "0");

/** FIFO queues and topics keep the order of a group; streams of data have keys, and no such promise. */
function laneOf({ to, content }: Pick<Delivery, "to" | "content">): string | undefined {
  if (content.kind !== "message" || content.groupId === undefined || !to.endsWith(".fifo")) return undefined;
  return JSON.stringify([to, content.groupId]);
}

function schedule({ account, region, service, id, lane }: KeptDelivery, dueMs: number, tx: Transaction): void {
  const key = lane === undefined ? id : LANE + lane;
  setTimer(tx, { account, region, service, job: DELIVERY_JOB, key, dueMs });
}

/** The default event bus of a place. */
export const busOf = (place: Scope): Arn =>
  formatArn({ partition: partitionOf(place.region), service: "events", ...place, resource: "event-bus/default" });

/** What carries. */
interface Carrier {
  readonly find: FindReceiver;
  /** Hears of failures that are ours. */
  readonly report: (error: unknown) => void;
  /** Of the service that sends. */
  readonly hear: HearDelivered | undefined;
}

/** The errand: delivers one, or those of a lane; or puts it off. */
export async function carry(context: ErrandContext, key: string, carrier: Carrier): Promise<void> {
  if (!key.startsWith(LANE)) {
    await carryOne(key, context, carrier);
    return;
  }
  const lane = key.slice(LANE.length);
  for (;;) {
    const [first] = await context.tx.scan(lanes, { prefix: [lane], limit: 1 });
    if (first === undefined) return;
    if ((await context.tx.get(deliveries, first.id)) === undefined) {
      // it was dropped for its age
      await context.transact(async ({ tx }) => tx.delete(lanes, lane, first.id));
    } else if (!(await carryOne(first.id, context, carrier))) return;
  }
}

/** Whether there is nothing more to do about it. */
async function carryOne(id: string, context: ErrandContext, { find, report, hear }: Carrier): Promise<boolean> {
  const delivery = await context.tx.get(deliveries, id);
  if (delivery === undefined || delivery.failed) return true;
  const { againMs = 0 } = delivery;
  if (againMs > context.now().getTime()) {
    // another of its lane has come meanwhile
    await context.transact(async ({ tx }) => schedule(delivery, againMs, tx));
    return false;
  }
  try {
    await hand(delivery, context, find);
  } catch (error) {
    const failure = failureOf(error);
    // a fault of ours is a failure like any other: what follows in its lane does not wait for ever
    const isOver = await context.transact(async (inner) => {
      const isGivenUp = await putOff(delivery, failure ?? OUR_FAULT, inner);
      hear?.({ ...attemptOf(delivery), outcome: isGivenUp ? "given-up" : "waiting" }, inner);
      return isGivenUp;
    });
    if (failure === undefined) report(error);
    return isOver;
  }
  await context.transact(async (inner) => {
    end(delivery, inner.tx);
    hear?.({ ...attemptOf(delivery), outcome: "arrived" }, inner);
    inner.tx.put(arrived, { ...shortened(delivery), arrivedAtMs: inner.now().getTime(), slot: slotOf(id) });
  });
  return true;
}

function end({ id, lane }: KeptDelivery, tx: Transaction): void {
  tx.delete(deliveries, id);
  if (lane !== undefined) tx.delete(lanes, lane, id);
}

const attemptOf = ({ source, atMs, attempts, isLetter }: KeptDelivery) => ({
  source: source.arn,
  sentAtMs: atMs,
  failures: attempts,
  isLetter: isLetter === true,
});

const slotOf = (id: string): number => Number.parseInt(id.slice(-4), 16) % ARRIVED_MAX;

function shortened(delivery: KeptDelivery): KeptDelivery {
  const { content, deadLetter: _letter, ...rest } = delivery;
  if (content.kind === "event") {
    const isLong = JSON.stringify(content.detail).length > SHOWN_CHARACTERS_MAX;
    return { ...rest, content: isLong ? { ...content, detail: {} } : content };
  }
  return { ...rest, content: { ...content, text: content.text.slice(0, SHOWN_CHARACTERS_MAX) } };
}

/** Whether it is given up. */
async function putOff(delivery: KeptDelivery, failure: DeliveryFailure, context: Context): Promise<boolean> {
  const { tx } = context;
  const { retriesMax, ageMsMax, refusedOnce } = delivery.retry ?? RETRY;
  const attempts = delivery.attempts + 1;
  const waitMs = Math.min(RETRY_AFTER_MS * 2 ** delivery.attempts, RETRY_AFTER_MS_MAX);
  const againMs = context.now().getTime() + waitMs;
  const kept = { ...delivery, attempts, error: `${failure.code}: ${failure.message}` };
  const condition = attempts > retriesMax ? "MaximumRetryAttempts" : "MaximumEventAgeInSeconds";
  const isOver = attempts > retriesMax || againMs > delivery.atMs + ageMsMax;
  // where the receiver's service is not built, no patience helps
  const isHopeless = failure.kind === "unbuilt" || (refusedOnce === true && isRefusal(failure));
  if (!isOver && !isHopeless) {
    tx.put(deliveries, { ...kept, againMs });
    schedule(kept, againMs, tx);
    return false;
  }
  end(kept, tx);
  tx.put(deliveries, { ...kept, failed: true });
  const ended = { ...failure, ...(!isHopeless && { condition }) };
  if (delivery.deadLetter !== undefined) await bury(kept, delivery.deadLetter, ended, context);
  return true;
}

interface Ended extends DeliveryFailure {
  readonly condition?: string;
}

/** To the queue for what could not be delivered: once, and where that fails too it is only kept to be looked at. */
function bury(
  { content, source, account, region, attempts }: KeptDelivery,
  { to, text, attributes, told = {} }: DeadLetter,
  { kind, code, message, condition }: Ended,
  context: Context,
): Promise<void> {
  const words = [
    [told.code, told.words?.[kind] ?? code],
    [told.message, message],
    [told.condition, condition],
  ] as const;
  const why = words.flatMap(([name, value]) =>
    name === undefined || value === undefined ? [] : [[name, { type: "String", value }] as const],
  );
  const retries = told.retries === undefined ? {} : { [told.retries]: { type: "Number", value: `${attempts - 1}` } };
  const letter: MessageContent = {
    kind: "message",
    text: text ?? (content.kind === "event" ? JSON.stringify(content) : content.text),
    attributes: { ...attributes, ...Object.fromEntries(why), ...retries },
  };
  return context.deliver({ to, source, content: letter, isLetter: true }, { account, region });
}

/** The newest that are under way or failed, newest first. */
export const newestDeliveries = (limit: number, tx: Transaction): Promise<KeptDelivery[]> =>
  tx.scan(deliveries, { reverse: true, limit });

/** A delivery, and what became of it. */
export interface SentDelivery extends KeptDelivery {
  readonly state: "under way" | "given up" | "arrived";
  readonly arrivedAtMs?: number;
}

/** The newest deliveries, newest first; of those that arrived there are only some, the latest mostly. */
export async function newestSent(limit: number, tx: Transaction): Promise<readonly SentDelivery[]> {
  const kept = await newestDeliveries(limit, tx);
  const there = await tx.scan(arrived, { limit: ARRIVED_MAX });
  const states = [
    ...kept.map((delivery) => ({
      ...delivery,
      state: delivery.failed ? ("given up" as const) : ("under way" as const),
    })),
    ...there.map(({ slot: _slot, ...delivery }) => ({ ...delivery, state: "arrived" as const })),
  ];
  return states.toSorted((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
}

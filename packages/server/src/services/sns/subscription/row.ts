/** The rows of subscriptions, what they are found by, and how many there are. */
import { parseAccountId, parseArn, asRegion, type AccountId, type Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { replays } from "./replay-row.ts";
import { ARN_ELEMENTS, arnOf, homeOf, placeOf, topicAt, type Settings, type Topic } from "../topic/row.ts";

export const PROTOCOLS = [
  "application",
  "email",
  "email-json",
  "firehose",
  "http",
  "https",
  "lambda",
  "sms",
  "sqs",
] as const;

export type Protocol = (typeof PROTOCOLS)[number];

export interface Subscription {
  readonly topicId: string;
  readonly id: string;
  readonly arn: Arn;
  readonly protocol: Protocol;
  /** As it is shown: without a password. */
  readonly endpoint: string;
  /** What it is found by, where that is not the endpoint. */
  readonly endpointKey?: string;
  /** The address with its password, sealed. */
  readonly sealedUrl?: string;
  /** Whose account it belongs to: of who subscribed, or confirmed. */
  readonly owner: AccountId;
  /** Who subscribed. */
  readonly principal: string;
  readonly state: "pending" | "confirmed";
  /** Whether a signed call confirmed it. */
  readonly wasAuthenticated: boolean;
  /** Only signed calls may end it. */
  readonly isGuarded: boolean;
  /** Where the subscriber reached the cloud: what links in messages begin with. */
  readonly cloudUrl: string;
  /** Attributes that were set, by name, as they are read back. */
  readonly settings: Settings;
  readonly createdAtMs: number;
}

export const subscriptions = table<Subscription>("sns.subscription", "region", ({ topicId, id }) => [topicId, id]);

interface EndpointRow {
  readonly topicId: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly id: string;
}

/** A topic has one subscription for each endpoint. */
const byEndpoint = table<EndpointRow>("sns.subscription-endpoint", "region", ({ topicId, protocol, endpoint }) => [
  topicId,
  protocol,
  endpoint,
]);

/** What an account has subscribed to, in that account. */
export interface OwnSubscription {
  readonly arn: Arn;
}

export const ownSubscriptions = table<OwnSubscription>("sns.own-subscription", "region", ({ arn }) => [arn]);

export interface SubscriptionCount {
  readonly topicId: string;
  readonly confirmed: number;
  readonly pending: number;
  readonly deleted: number;
  /** Those with a filter policy. */
  readonly filtered: number;
}

const counts = table<SubscriptionCount>("sns.subscription-count", "region", ({ topicId }) => [topicId]);

export const countOf = async (topic: Topic, tx: Transaction): Promise<SubscriptionCount> =>
  (await homeOf(topic, tx).get(counts, topic.id)) ?? {
    topicId: topic.id,
    confirmed: 0,
    pending: 0,
    deleted: 0,
    filtered: 0,
  };

/** `arn:…:topic:id` without its id. */
export const topicArnOf = (subscriptionArn: string): string =>
  subscriptionArn.split(":").length > ARN_ELEMENTS
    ? subscriptionArn.slice(0, subscriptionArn.lastIndexOf(":"))
    : subscriptionArn;

const idOf = (subscriptionArn: string): string => subscriptionArn.slice(subscriptionArn.lastIndexOf(":") + 1);

/** @throws {AwsError} `InvalidParameter` where it is no ARN of this region */
export async function findSubscription(
  subscriptionArn: string,
  context: Pick<Context, "region" | "tx">,
): Promise<Subscription | undefined> {
  const place = placeOf(topicArnOf(subscriptionArn), "SubscriptionArn", context);
  const topic = await topicAt(place);
  return topic && place.tx.get(subscriptions, topic.id, idOf(subscriptionArn));
}

export async function findByEndpoint(
  topic: Topic,
  { protocol, endpoint, endpointKey = endpoint }: Pick<Subscription, "protocol" | "endpoint" | "endpointKey">,
  tx: Transaction,
): Promise<Subscription | undefined> {
  const home = homeOf(topic, tx);
  const row = await home.get(byEndpoint, topic.id, protocol, endpointKey);
  return row && home.get(subscriptions, topic.id, row.id);
}

const isFiltered = (subscription: Subscription | undefined): boolean =>
  subscription?.settings["FilterPolicy"] !== undefined;

/** Puts a subscription in, or what changed of it. */
export async function putSubscription(topic: Topic, subscription: Subscription, tx: Transaction): Promise<void> {
  const home = homeOf(topic, tx);
  const was = await home.get(subscriptions, topic.id, subscription.id);
  home.put(subscriptions, subscription);
  await recount(topic, { was, is: subscription }, tx);
  if (was === undefined) {
    const { topicId, protocol, endpoint, endpointKey = endpoint, id } = subscription;
    home.put(byEndpoint, { topicId, protocol, endpoint: endpointKey, id });
  }
  if (was?.owner === subscription.owner) return;
  if (was !== undefined) ownerOf(topic, was, tx).delete(ownSubscriptions, was.arn);
  ownerOf(topic, subscription, tx).put(ownSubscriptions, { arn: subscription.arn });
}

const ownerOf = ({ region }: Topic, { owner }: Subscription, tx: Transaction): Transaction =>
  tx.in({ account: owner, region });

export async function removeSubscription(topic: Topic, subscription: Subscription, tx: Transaction): Promise<void> {
  forgetSubscription(topic, subscription, tx);
  await recount(topic, { was: subscription, is: undefined }, tx);
}

/** The same for one whose topic is gone. */
export function forgetSubscription(
  topic: Pick<Topic, "account" | "region">,
  subscription: Subscription,
  tx: Transaction,
): void {
  const home = homeOf(topic, tx);
  const { topicId, id, protocol, endpoint, endpointKey = endpoint, owner, arn } = subscription;
  home.delete(subscriptions, topicId, id);
  home.delete(byEndpoint, topicId, protocol, endpointKey);
  home.delete(replays, id);
  tx.in({ account: owner, region: topic.region }).delete(ownSubscriptions, arn);
}

export const forgetCount = ({ id, ...topic }: Pick<Topic, "id" | "account" | "region">, tx: Transaction): void =>
  homeOf(topic, tx).delete(counts, id);

interface Change {
  readonly was: Subscription | undefined;
  readonly is: Subscription | undefined;
}

async function recount(topic: Topic, { was, is }: Change, tx: Transaction): Promise<void> {
  const filtered = Number(isFiltered(is)) - Number(isFiltered(was));
  if (was?.state === is?.state && filtered === 0) return;
  const count = await countOf(topic, tx);
  const change = (state: Subscription["state"]) => Number(is?.state === state) - Number(was?.state === state);
  homeOf(topic, tx).put(counts, {
    topicId: topic.id,
    confirmed: count.confirmed + change("confirmed"),
    pending: count.pending + change("pending"),
    deleted: count.deleted + Number(is === undefined && was?.state === "confirmed"),
    filtered: count.filtered + filtered,
  });
}

/** The topic of a subscription whose account need not be the call's. */
export async function topicOf({ arn }: Pick<Subscription, "arn">, tx: Transaction): Promise<Topic | undefined> {
  const parts = parseArn(topicArnOf(arn));
  const account = parseAccountId(parts?.account ?? "");
  if (parts === undefined || account === undefined) return undefined;
  return topicAt({ ...placeOf(topicArnOf(arn), "TopicArn", { region: asRegion(parts.region), tx }) });
}

export const subscriptionArnOf = (topic: Topic, id: string): Arn => arnOf({ ...topic, name: `${topic.name}:${id}` });

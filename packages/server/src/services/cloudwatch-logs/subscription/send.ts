/** Events on their way to those who subscribe to them. */
import { hash } from "node:crypto";
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Scope } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { accountSubscription } from "../account-policy-row.ts";
import { destinationArn, destinationOf } from "../destination-row.ts";
import type { StoredEvent } from "../event/walk.ts";
import { homeOf, type LogGroup } from "../group-row.ts";
import type { LogStream } from "../stream-row.ts";
import { SUBSCRIPTION_FILTERS_PER_GROUP_MAX } from "../limits.ts";
import { matches, parsePattern } from "../pattern/pattern.ts";
import { subscriptions, type Subscription } from "./filter-row.ts";
import { versionsFor, versionsOf } from "../transformer/version.ts";
import { packedEvents } from "./message.ts";

interface Stored {
  readonly group: LogGroup;
  readonly stream: LogStream;
}

export async function sendToSubscribers(
  events: readonly StoredEvent[],
  { group, stream }: Stored,
  context: Context,
): Promise<void> {
  const subscribed = await subscriptionsOf(group, context);
  const versions = subscribed.some(({ onTransformed }) => onTransformed) ? await versionsOf(group, context) : undefined;
  for (const subscription of subscribed) {
    const pattern = await parsePattern(subscription.pattern);
    const wanted = versionsFor(events, subscription.onTransformed, versions).filter(({ message }) =>
      matches(pattern, message),
    );
    if (wanted.length === 0) continue;
    const origin = { owner: group.account, group: group.name, stream: stream.name, filter: subscription.name };
    const named = subscription.pattern.trim().startsWith("[") ? pattern : undefined;
    await send(packedEvents(origin, wanted, named), subscription, { group, stream }, context);
  }
}

/** Those of the group, and the one that its account has for all. */
async function subscriptionsOf(group: LogGroup, { tx }: Context): Promise<readonly Subscription[]> {
  const home = homeOf(group, tx);
  const ofAll = await accountSubscription(group, home);
  const own =
    group.subscriptionFilters === 0
      ? []
      : await home.scan(subscriptions, { prefix: [group.id], limit: SUBSCRIPTION_FILTERS_PER_GROUP_MAX });
  return ofAll === undefined ? own : [...own, ofAll];
}

/** Where messages go in the end, and with whose rights. */
interface Way extends Scope {
  readonly to: Arn;
  readonly source: Arn;
  readonly role: string | undefined;
}

/** A destination that is gone gets nothing. */
async function wayOf(
  { destination: text, role }: Subscription,
  group: LogGroup,
  context: Context,
): Promise<Way | undefined> {
  const parts = parseArn(text);
  if (parts === undefined) return undefined;
  if (parts.service !== "logs") return { to: formatArn(parts), source: sourceOf(group), role, ...scopeOf(group) };
  const destination = await destinationOf(text, context.tx);
  const target = parseArn(destination?.target ?? "");
  if (destination === undefined || target === undefined) return undefined;
  const { role: own } = destination;
  return { to: formatArn(target), source: destinationArn(destination), role: own, ...scopeOf(destination) };
}

const scopeOf = ({ account, region }: Scope): Scope => ({ account, region });

/** As functions' policies name it. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample */
export const sourceOf = (group: LogGroup): Arn =>
  formatArn({ ...arnParts(group), resource: `log-group:${group.name}:*` });

const arnParts = ({ partition, region, account }: LogGroup) => ({ partition, service: "logs", region, account });

/** Sends what is gzipped and in base64. */
export async function send(message: string, subscription: Subscription, { group, stream }: Stored, context: Context) {
  const way = await wayOf(subscription, group, context);
  if (way === undefined) return;
  const role = parseArn(way.role ?? "");
  const isFunction = parseArn(way.to)?.service === "lambda";
  const text = isFunction ? JSON.stringify({ awslogs: { data: message } }) : message;
  const key = subscription.distribution === "Random" ? context.newId() : hash("sha256", stream.id, "hex");
  await context.deliver(
    {
      to: way.to,
      source: { arn: way.source, account: way.account },
      content: { kind: "message", text, ...(!isFunction && { encoding: "base64", groupId: key }) },
      ...(role !== undefined && { role: formatArn(role) }),
    },
    way,
  );
}

/** Subscriptions: made, confirmed and ended. */
import { asRegion, parseAccountId, parseArn, type AccountId } from "../../../kernel/arn.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { callerName } from "../../../service/caller.ts";
import type { Context } from "../../../service/context.ts";
import { onSubscription, onTopic } from "../access.ts";
import { askToConfirm, tellOfEnd, type Asked } from "./confirmation.ts";
import { hideSecret, maskedEndpoint } from "./endpoint-secret.ts";
import { requireEndpoint, requireProtocol } from "./endpoint.ts";
import {
  confirmationTokenInvalid,
  invalid,
  missing,
  arnTooShort,
  endpointGone,
  subscriptionDiffers,
  subscriptionNotFound,
  tooManyFilters,
  tooManySubscriptions,
  unsubscribeNeedsOwner,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { FIFO_SUBSCRIPTIONS_MAX, FILTERS_PER_TOPIC_MAX } from "../limits.ts";
import { endpointArnAccount, findEndpoint } from "../app/push.ts";
import { replayChanged } from "./replay.ts";
import {
  countOf,
  findByEndpoint,
  findSubscription,
  putSubscription,
  removeSubscription,
  subscriptionArnOf,
  topicArnOf,
  topicOf,
  type Protocol,
  type Subscription,
} from "./row.ts";
import { changedSettings, USUAL_SETTINGS } from "./setting.ts";
import { findToken } from "./token.ts";
import { ARN_ELEMENTS, isFifo, placeOf, requireTopic, type Settings, type Topic } from "../topic/row.ts";
import { passedRoles } from "../passed-roles.ts";

export const subscribe = operation("Subscribe", {
  async authorize({ TopicArn, Protocol, Endpoint = "", Attributes }, context) {
    const keys = { "sns:Protocol": Protocol, "sns:Endpoint": maskedEndpoint(Endpoint) };
    return [await onTopic("Subscribe", TopicArn, context, { keys }), ...passedRoles(Attributes)];
  },

  async handle({ TopicArn, Protocol, Endpoint, Attributes = {}, ReturnSubscriptionArn }, context) {
    const topic = await requireTopic(TopicArn, context);
    const protocol = requireProtocol(Protocol);
    if (Endpoint === undefined || Endpoint === "") throw missing("Endpoint");
    const endpoint = requireEndpoint(protocol, Endpoint, topic);
    const settings = changedSettings({}, Attributes, { topic, protocol, endpoint, prefix: "Attributes Reason: " });
    const shown = hideSecret(endpoint, context);
    const there = await findByEndpoint(topic, { protocol, ...shown }, context.tx);
    const shownArn = ({ arn, state }: Subscription): string =>
      state === "pending" && ReturnSubscriptionArn !== true ? PENDING : arn;
    if (there !== undefined) {
      await again({ there, settings, topic }, context);
      return { SubscriptionArn: shownArn(there) };
    }
    await requireRoom(topic, settings, context);
    if (protocol === "application" && (await findEndpoint(endpoint, context)) === undefined)
      throw endpointGone(endpoint);
    const subscription = newSubscription(topic, { protocol, ...shown, settings }, context);
    await putSubscription(topic, subscription, context.tx);
    await replayChanged(topic, subscription, context);
    if (subscription.state === "pending") await askToConfirm({ topic, subscription }, context);
    return { SubscriptionArn: shownArn(subscription) };
  },
});

const PENDING = "pending confirmation";

interface Again {
  readonly there: Subscription;
  readonly settings: Settings;
  readonly topic: Topic;
}

/** What is not said again may be different. A pending endpoint is asked once more. */
async function again({ there, settings, topic }: Again, context: Context): Promise<void> {
  const known: Settings = { ...USUAL_SETTINGS, ...there.settings };
  if (Object.entries(settings).some(([name, value]) => known[name] !== value)) throw subscriptionDiffers();
  if (there.state === "pending") await askToConfirm({ topic, subscription: there }, context);
}

/** @throws {AwsError} `SubscriptionLimitExceeded`, `FilterPolicyLimitExceeded` */
async function requireRoom(topic: Topic, settings: Settings, context: Context): Promise<void> {
  const { confirmed, pending, filtered } = await countOf(topic, context.tx);
  if (isFifo(topic) && confirmed + pending >= FIFO_SUBSCRIPTIONS_MAX) throw tooManySubscriptions();
  if (settings["FilterPolicy"] !== undefined && filtered >= FILTERS_PER_TOPIC_MAX) throw tooManyFilters();
}

type Wanted = Pick<Subscription, "protocol" | "endpoint" | "endpointKey" | "sealedUrl" | "settings">;

function newSubscription(topic: Topic, wanted: Wanted, context: Context): Subscription {
  const id = context.newId();
  const isConfirmed = needsNoConfirmation(wanted, context.account);
  return {
    ...wanted,
    topicId: topic.id,
    id,
    arn: subscriptionArnOf(topic, id),
    owner: context.account,
    principal: callerName(context.principal),
    state: isConfirmed ? "confirmed" : "pending",
    wasAuthenticated: isConfirmed,
    isGuarded: false,
    cloudUrl: context.request.endpoint,
    createdAtMs: context.now().getTime(),
  };
}

/** Whoever subscribes what is of their own account has agreed. */
function needsNoConfirmation({ protocol, endpoint }: Wanted, caller: AccountId): boolean {
  const owner: Readonly<Record<Protocol, () => string | undefined>> = {
    sqs: () => parseArn(endpoint)?.account,
    lambda: () => parseArn(endpoint)?.account,
    application: () => endpointArnAccount(endpoint),
    firehose: () => parseArn(endpoint)?.account,
    sms: () => caller,
    email: () => undefined,
    "email-json": () => undefined,
    http: () => undefined,
    https: () => undefined,
  };
  return parseAccountId(owner[protocol]() ?? "") === caller;
}

/** Somebody follows a link of a message: nobody signs. */
const isByLink = ({ principal }: Context): boolean => principal.type === "anonymous";

/** A link on this machine names no region but that of its ARN. */
function lookingFrom(arn: string, context: Context): Pick<Context, "region" | "tx"> {
  const region = isByLink(context) ? parseArn(arn)?.region : undefined;
  return { region: region === undefined ? context.region : asRegion(region), tx: context.tx };
}

export const confirmSubscription = operation("ConfirmSubscription", {
  callers: "open",

  /** Whoever has the token may. */
  authorize: ({ TopicArn }, context) => (isByLink(context) ? [] : onTopic("ConfirmSubscription", TopicArn, context)),

  async handle({ TopicArn, Token, AuthenticateOnUnsubscribe: guard = "" }, context) {
    const place = lookingFrom(TopicArn, context);
    if (isByLink(context) && parseArn(TopicArn)?.service !== "sns") throw invalid("Topic");
    const { tx } = placeOf(TopicArn, "TopicArn", place);
    const { topic, subscription } = await requireToken(Token, tx, context);
    const there = await findSubscription(subscription.arn, place);
    const current = there ?? (await findByEndpoint(topic, subscription, context.tx)) ?? subscription;
    const isSigned = !isByLink(context);
    const confirmed: Subscription = {
      ...current,
      state: "confirmed",
      wasAuthenticated: isSigned,
      isGuarded: isSigned && guard.toLowerCase() === "true",
      ...(isSigned && current.state === "pending" && { owner: context.account }),
    };
    await putSubscription(topic, confirmed, context.tx);
    context.cancel("expire", confirmed.arn);
    return { SubscriptionArn: confirmed.arn };
  },
});

/** What a token stands for. @throws {AwsError} `InvalidParameter` */
async function requireToken(token: string, tx: Transaction, context: Context): Promise<Asked> {
  if (!/^[\da-f]+$/i.test(token)) throw confirmationTokenInvalid();
  const row = await findToken(token, tx, context.now().getTime());
  const topic = row && (await topicOf(row.subscription, context.tx));
  if (row === undefined || topic === undefined || topic.id !== row.subscription.topicId) throw invalid("Token");
  return { topic, subscription: row.subscription };
}

export const unsubscribe = operation("Unsubscribe", {
  callers: "open",

  async authorize({ SubscriptionArn }, context) {
    requireSubscriptionArn(SubscriptionArn);
    if (!isByLink(context)) return onSubscription("Unsubscribe", SubscriptionArn, context);
    // Source: https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html (AuthenticateOnUnsubscribe)
    const subscription = await findSubscription(SubscriptionArn, lookingFrom(SubscriptionArn, context));
    if (subscription?.isGuarded === true) throw unsubscribeNeedsOwner();
    return [];
  },

  /** One that is gone already is no error. */
  async handle({ SubscriptionArn }, context) {
    const subscription = await findSubscription(SubscriptionArn, lookingFrom(SubscriptionArn, context));
    const topic = subscription && (await topicOf(subscription, context.tx));
    if (subscription === undefined || topic === undefined) return {};
    await removeSubscription(topic, subscription, context.tx);
    context.cancel("expire", subscription.arn);
    if (subscription.state === "confirmed") await tellOfEnd({ topic, subscription }, context);
    return {};
  },
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_unsubscribe_wrong_arn_format) */
function requireSubscriptionArn(arn: string): void {
  if (arn === "") throw missing("SubscriptionArn");
  const elements = arn.split(":").length;
  if (elements < ARN_ELEMENTS) throw arnTooShort("SubscriptionArn", elements);
  if (topicArnOf(arn) === arn) throw invalid("SubscriptionId");
}

/** @throws {AwsError} `NotFound`, `InvalidParameter` */
export async function requireSubscription(arn: string, context: Context): Promise<Asked> {
  requireSubscriptionArn(arn);
  const subscription = await findSubscription(arn, context);
  const topic = subscription && (await topicOf(subscription, context.tx));
  if (subscription === undefined || topic === undefined) throw subscriptionNotFound();
  return { topic, subscription };
}

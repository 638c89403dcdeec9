/**
 * How often, and when, deliveries to HTTP endpoints are tried again.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
import { SECOND_MS } from "../../../kernel/duration.ts";
import { invalid } from "../errors.ts";
import { asObject, parseObject, type JsonObject } from "../json-object.ts";
import { RETRIES_MAX, RETRY_SECONDS_TOTAL_MAX } from "../limits.ts";
import type { Subscription } from "../subscription/row.ts";
import type { Topic } from "./row.ts";

const BACKOFFS = ["arithmetic", "exponential", "geometric", "linear"] as const;

type Backoff = (typeof BACKOFFS)[number];

/** In the order in which AWS shows them; delays are seconds. */
interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numMaxDelayRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly backoffFunction: Backoff;
}

const USUAL: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: "linear",
};

const CONTENT_TYPE = "text/plain; charset=UTF-8";

const REFUSED = (why: string) => invalid(`DeliveryPolicy: ${why}`);

const isBackoff = (value: unknown): value is Backoff => BACKOFFS.some((name) => name === value);

/** @throws {AwsError} `InvalidParameter` */
function requireRetries(given: JsonObject): RetryPolicy {
  const numbers = { ...USUAL, numRetries: USUAL.numRetries };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(USUAL, name)) throw REFUSED(`unexpected JSON member: ${name}`);
    if (name === "backoffFunction") continue;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
      throw REFUSED(`healthyRetryPolicy.${name} must be a non-negative integer`);
    }
    Object.assign(numbers, { [name]: value });
  }
  const backoffFunction = given["backoffFunction"] ?? USUAL.backoffFunction;
  if (!isBackoff(backoffFunction)) {
    throw REFUSED("healthyRetryPolicy.backoffFunction must be one of arithmetic, exponential, geometric or linear");
  }
  const policy = { ...numbers, backoffFunction };
  requirePhases(policy);
  return policy;
}

function requirePhases(policy: RetryPolicy): void {
  const { minDelayTarget: min, maxDelayTarget: max, numRetries } = policy;
  if (numRetries > RETRIES_MAX) throw REFUSED(`healthyRetryPolicy.numRetries must be at most ${RETRIES_MAX}`);
  if (min < 1) throw REFUSED("healthyRetryPolicy.minDelayTarget must be at least 1");
  if (max < min || max > RETRY_SECONDS_TOTAL_MAX) {
    throw REFUSED(
      "healthyRetryPolicy.maxDelayTarget must be greater than or equal to minDelayTarget, and at most 3600",
    );
  }
  if (backoffRetries(policy) < 0) {
    throw REFUSED(
      "healthyRetryPolicy.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries",
    );
  }
  let seconds = 0;
  for (let retry = 1; retry <= numRetries; retry++) seconds += delayOf(policy, retry) / SECOND_MS;
  if (seconds > RETRY_SECONDS_TOTAL_MAX) throw REFUSED("the delays together must be at most 3600 seconds");
}

const backoffRetries = (policy: RetryPolicy): number =>
  policy.numRetries - policy.numNoDelayRetries - policy.numMinDelayRetries - policy.numMaxDelayRetries;

/** Milliseconds before the retry of that number, the first being 1: at once, then briefly, then longer, then long. */
function delayOf(policy: RetryPolicy, retry: number): number {
  const { minDelayTarget: min, maxDelayTarget: max, numNoDelayRetries, numMinDelayRetries } = policy;
  if (retry <= numNoDelayRetries) return 0;
  const afterMin = retry - numNoDelayRetries - numMinDelayRetries;
  if (afterMin <= 0) return min * SECOND_MS;
  const steps = backoffRetries(policy);
  if (afterMin > steps) return max * SECOND_MS;
  const share = steps === 1 ? 0 : (afterMin - 1) / (steps - 1);
  return Math.round((min + (max - min) * GROWTH[policy.backoffFunction](share)) * SECOND_MS);
}

const EXPONENT = 4;

/** How far from the least delay to the most, when a share of the phase is over. */
const GROWTH: Readonly<Record<Backoff, (share: number) => number>> = {
  linear: (share) => share,
  arithmetic: (share) => (share * (share + 1)) / 2,
  geometric: (share) => (2 ** (share * EXPONENT) - 1) / (2 ** EXPONENT - 1),
  exponential: (share) => (Math.exp(share * EXPONENT) - 1) / (Math.exp(EXPONENT) - 1),
};

interface WebPolicy {
  readonly retries: RetryPolicy | undefined;
  readonly contentType: string | undefined;
  readonly throttle: JsonObject | undefined;
}

/** The members of a policy, of which AWS knows no others. */
function read(
  policy: JsonObject,
  names: { readonly retry: string; readonly throttle: string; readonly request: string },
): WebPolicy {
  const retries = asObject(policy[names.retry]);
  const request = asObject(policy[names.request]);
  const contentType = request?.["headerContentType"];
  const throttle = asObject(policy[names.throttle]);
  const perSecond = throttle?.["maxReceivesPerSecond"];
  if (perSecond !== undefined && (typeof perSecond !== "number" || perSecond < 1)) {
    throw REFUSED("throttlePolicy.maxReceivesPerSecond must be at least 1");
  }
  return {
    retries: retries && requireRetries(retries),
    contentType: typeof contentType === "string" ? contentType : undefined,
    throttle,
  };
}

const OF_TOPIC = {
  retry: "defaultHealthyRetryPolicy",
  throttle: "defaultThrottlePolicy",
  request: "defaultRequestPolicy",
};
const OF_SUBSCRIPTION = { retry: "healthyRetryPolicy", throttle: "throttlePolicy", request: "requestPolicy" };

/** The policy as it is read back. @throws {AwsError} `InvalidParameter` */
export function requireTopicDeliveryPolicy(text: string): string {
  const http = asObject(parseObject(text)?.["http"]);
  if (http === undefined) throw REFUSED("failed to parse JSON");
  const { contentType, throttle } = read(http, OF_TOPIC);
  const retries = asObject(http[OF_TOPIC.retry]);
  return JSON.stringify({
    http: {
      ...(retries && { defaultHealthyRetryPolicy: inOrder(retries) }),
      disableSubscriptionOverrides: http["disableSubscriptionOverrides"] === true,
      ...(throttle && { defaultThrottlePolicy: throttle }),
      ...(contentType !== undefined && { defaultRequestPolicy: { headerContentType: contentType } }),
    },
  });
}

/** Only what was said. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_topic_delivery_policy_crud) */
const inOrder = (retries: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(USUAL).flatMap((name) => (name in retries ? [[name, retries[name]]] : [])));

/**
 * The same for a subscription.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sns/topic_subscription_test.go (deliveryPolicy)
 */
export function requireDeliveryPolicy(text: string): string {
  const policy = parseObject(text);
  if (policy === undefined) throw REFUSED("failed to parse JSON");
  const { contentType, throttle } = read(policy, OF_SUBSCRIPTION);
  const retries = asObject(policy[OF_SUBSCRIPTION.retry]);
  return shown({ retries: retries && inOrder(retries), throttle, contentType });
}

interface ShownPolicy extends Omit<WebPolicy, "retries"> {
  readonly retries: RetryPolicy | JsonObject | undefined;
}

const shown = ({ retries, throttle, contentType }: ShownPolicy): string =>
  JSON.stringify({
    healthyRetryPolicy: retries ?? null,
    sicklyRetryPolicy: null,
    throttlePolicy: throttle ?? null,
    requestPolicy: contentType === undefined ? null : { headerContentType: contentType },
    guaranteed: false,
  });

const ofTopic = (topic: Topic): WebPolicy & { readonly isFinal: boolean } => {
  const http = asObject(parseObject(topic.settings["DeliveryPolicy"] ?? "{}")?.["http"]) ?? {};
  return { ...read(http, OF_TOPIC), isFinal: http["disableSubscriptionOverrides"] === true };
};

/** What holds for the topic's subscriptions that say nothing themselves, as AWS shows it. */
export function effectivePolicyOfTopic(topic: Topic): string {
  const { retries, contentType, throttle, isFinal } = ofTopic(topic);
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: retries ?? USUAL,
      disableSubscriptionOverrides: isFinal,
      ...(throttle && { defaultThrottlePolicy: throttle }),
      defaultRequestPolicy: { headerContentType: contentType ?? CONTENT_TYPE },
    },
  });
}

function effectiveOf({ settings }: Pick<Subscription, "settings">, topic: Topic): WebPolicy {
  const general = ofTopic(topic);
  const own = general.isFinal ? undefined : parseObject(settings["DeliveryPolicy"] ?? "{}");
  const { retries, throttle, contentType } = read(own ?? {}, OF_SUBSCRIPTION);
  return {
    retries: retries ?? general.retries ?? USUAL,
    throttle: throttle ?? general.throttle,
    contentType: contentType ?? general.contentType ?? CONTENT_TYPE,
  };
}

export const effectivePolicyOf = (subscription: Pick<Subscription, "settings">, topic: Topic): string =>
  shown(effectiveOf(subscription, topic));

export interface WebManner {
  readonly contentType: string;
  /** Milliseconds before the retry of that number; `undefined`: it is given up. */
  readonly delayBefore: (retry: number) => number | undefined;
}

export function webMannerOf(subscription: Pick<Subscription, "settings">, topic: Topic): WebManner {
  const { retries = USUAL, contentType = CONTENT_TYPE } = effectiveOf(subscription, topic);
  return {
    contentType,
    delayBefore: (retry) => (retry <= retries.numRetries ? delayOf(retries, retry) : undefined),
  };
}

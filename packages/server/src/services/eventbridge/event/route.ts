/** What happens to an event on a bus: it goes to the targets of the rules that are for it. */
import { SECOND_MS } from "../../../kernel/duration.ts";
import { parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Context, DeadLetter, Delivery, MessageContent } from "../../../service/context.ts";
import { keepInArchive } from "../archive/archived-event.ts";
import type { BusPlace } from "../bus/row.ts";
import { exactEvent, type SentEvent } from "./event.ts";
import { inputOf } from "../target/input.ts";
import { parsePath, valueAt } from "../../../kernel/json-path.ts";
import { AGE_SECONDS_USUAL, RETRIES_USUAL } from "../limits.ts";
import { measureCreated, measureFailed, measureMatched, measureTriggered } from "../measure.ts";
import { requireArn } from "../target/pass-role.ts";
import { arnOfRule, rules, type Rule } from "../rule/row.ts";
import { matchedBy } from "../rule/rulebook.ts";
import { targetsOf, type GivenTarget } from "../target/row.ts";

/** Brings an event to all rules of a bus that are for it, or to those of `only` alone. */
export async function route(
  sent: SentEvent,
  place: BusPlace,
  context: Context,
  only?: ReadonlySet<string>,
): Promise<void> {
  const matched: Rule[] = [];
  for (const name of await matchedBy(sent.event, { bus: place.name, tx: place.tx })) {
    if (only !== undefined && !only.has(name)) continue;
    const rule = await place.tx.get(rules, place.name, name);
    if (rule !== undefined && isToldOf(rule, sent)) matched.push(rule);
  }
  measureMatched(matched, place, context);
  for (const rule of matched) {
    if (rule.archive === undefined) await sendToTargets(rule, sent, context);
    else await keepInArchive(rule.archive, sent, place, context);
  }
}

/**
 * Calls that only read are for rules that want all of CloudTrail's.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
function isToldOf({ state }: Rule, { event }: SentEvent): boolean {
  if (event["detail-type"] !== "AWS API Call via CloudTrail") return true;
  const isRead = "readOnly" in event.detail && event.detail.readOnly === true;
  const isManagement = !("managementEvent" in event.detail) || event.detail.managementEvent === true;
  return !(isRead && isManagement) || state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
}

export async function sendToTargets(rule: Rule, sent: SentEvent, context: Context): Promise<void> {
  const atMs = context.now().getTime();
  measureTriggered(rule, context);
  for (const { given } of await targetsOf(rule.bus, rule.name, context.tx.in(rule))) {
    if (isThirdBus(given, rule, sent)) continue;
    const text = inputOf(sent, given, { rule: { name: rule.name, arn: arnOfRule(rule) }, atMs });
    measureCreated(rule, context);
    if (text === undefined) measureFailed(rule, context);
    else await context.deliver(deliveryTo(given, { rule, sent, text }), rule);
  }
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html (a third event bus), https://repost.aws/questions/QUWhy9TX9_T7O83wO2o9A0Gg/eventbridge-max-eventbuses-on-event-path */
function isThirdBus({ Arn }: GivenTarget, rule: Rule, { isRelayed }: SentEvent): boolean {
  const to = parseArn(Arn);
  if (isRelayed !== true || to?.service !== "events" || !to.resource.startsWith("event-bus/")) return false;
  return to.account === rule.account && to.region === rule.region;
}

interface Sending {
  readonly rule: Rule;
  readonly sent: SentEvent;
  /** What the target gets of it. */
  readonly text: string;
}

function deliveryTo(target: GivenTarget, { rule, sent, text }: Sending): Delivery {
  const to = requireArn(target.Arn);
  const arn = arnOfRule(rule);
  const retries = target.RetryPolicy?.MaximumRetryAttempts ?? RETRIES_USUAL;
  const ageSeconds = target.RetryPolicy?.MaximumEventAgeInSeconds ?? AGE_SECONDS_USUAL;
  const deadLetter = target.DeadLetterConfig?.Arn;
  return {
    to,
    source: { arn, account: rule.account },
    content: { kind: "message", text, ...partsOf(target, sent) },
    ...(sent.trace !== undefined && { trace: sent.trace }),
    ...(target.RoleArn !== undefined && { role: requireArn(target.RoleArn) }),
    retry: { retriesMax: retries, ageMsMax: ageSeconds * SECOND_MS, refusedOnce: true },
    ...(deadLetter !== undefined && { deadLetter: letterTo(requireArn(deadLetter), { rule: arn, target: to, sent }) }),
  };
}

/** What some targets get besides the text. */
function partsOf(target: GivenTarget, sent: SentEvent): Partial<MessageContent> {
  const { SqsParameters, KinesisParameters, HttpParameters } = target;
  if (HttpParameters !== undefined) {
    const event = exactEvent(sent);
    const { PathParameterValues = [], HeaderParameters = {}, QueryStringParameters = {} } = HttpParameters;
    const pathValues = PathParameterValues.map((value) => filledIn(value, event));
    const headers = mapped(HeaderParameters, (value) => filledIn(value, event));
    return {
      request: { pathValues, headers, query: mapped(QueryStringParameters, (value) => filledIn(value, event)) },
    };
  }
  if (KinesisParameters?.PartitionKeyPath !== undefined) {
    return { groupId: filledIn(KinesisParameters.PartitionKeyPath, exactEvent(sent)) };
  }
  return SqsParameters?.MessageGroupId === undefined ? {} : { groupId: SqsParameters.MessageGroupId };
}

/** A path is what stands there in the event. */
function filledIn(text: string, event: unknown): string {
  const path = text.startsWith("$") ? parsePath(text) : undefined;
  if (path === undefined) return text;
  const value = valueAt(event, path);
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}

const mapped = (of: Readonly<Record<string, string>>, change: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]));

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq (considerations) */
const letterTo = (to: Arn, { rule, target, sent }: { rule: Arn; target: Arn; sent: SentEvent }): DeadLetter => ({
  to,
  text: sent.text,
  attributes: {
    RULE_ARN: { type: "String", value: rule },
    TARGET_ARN: { type: "String", value: target },
  },
  told: {
    code: "ERROR_CODE",
    message: "ERROR_MESSAGE",
    retries: "RETRY_ATTEMPTS",
    condition: "EXHAUSTED_RETRY_CONDITION",
    words: {
      denied: "NO_PERMISSIONS",
      gone: "NO_RESOURCE",
      role: "FAILED_TO_ASSUME_ROLE",
      throttled: "THROTTLING",
      invalid: "INVALID_PARAMETER",
      timeout: "TIMEOUT",
      unreachable: "CONNECTION_FAILURE",
      unbuilt: "SDK_CLIENT_ERROR",
      other: "ERROR_FROM_TARGET",
    },
  },
});

/**
 * What of a notification configuration may be asked for, and which of its parts cannot stand beside each other.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
import type {
  Event,
  LambdaFunctionConfiguration,
  NotificationConfiguration,
  QueueConfiguration,
  TopicConfiguration,
} from "@aws-sdk/client-s3";
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import type { Bucket } from "../bucket/row.ts";
import {
  arnNotParsed,
  arnNotWellFormed,
  configurationsAmbiguous,
  configurationsOverlap,
  configurationsTooMany,
  destinationElsewhere,
  eventNotSupported,
  idRepeated,
} from "./errors.ts";
import { isKnownEvent, shareEvents } from "./event-name.ts";
import { NOTIFICATION_RULES_MAX } from "../limits.ts";
import { requireKeyFilter, shareKeys, type KeyFilter } from "./key-filter.ts";

export type DestinationKind = "queue" | "topic" | "function";

/** Which events of which keys go where. */
export interface NotificationRule {
  readonly id: string;
  readonly kind: DestinationKind;
  readonly arn: Arn;
  /** As asked for: `s3:ObjectCreated:*`. */
  readonly events: readonly Event[];
  readonly filter?: KeyFilter;
}

/** The element that names the destination, and the service that it is of. */
const DESTINATIONS = {
  queue: { element: "Queue", service: "sqs" },
  topic: { element: "Topic", service: "sns" },
  function: { element: "CloudFunction", service: "lambda" },
} as const satisfies Record<DestinationKind, object>;

/** @throws {AwsError} `InvalidArgument`, `MalformedXML` */
export function requireRules(
  asked: Validated<NotificationConfiguration>,
  bucket: Bucket,
  context: Pick<Context, "newId">,
): readonly NotificationRule[] {
  const askedFor = askedRules(asked);
  if (askedFor.length > NOTIFICATION_RULES_MAX) throw configurationsTooMany(NOTIFICATION_RULES_MAX);
  const rules = askedFor.map((rule) => requireRule(rule, bucket, context));
  const ids = new Set<string>();
  for (const { id } of rules) {
    if (ids.has(id)) throw idRepeated(id);
    ids.add(id);
  }
  requireApart(rules);
  return rules;
}

interface AskedRule extends Pick<Validated<QueueConfiguration>, "Id" | "Events" | "Filter"> {
  readonly kind: DestinationKind;
  readonly arn: string;
}

function askedRules(asked: Validated<NotificationConfiguration>): readonly AskedRule[] {
  const { QueueConfigurations = [], TopicConfigurations = [], LambdaFunctionConfigurations = [] } = asked;
  return [
    ...TopicConfigurations.map((rule) => ofTopic(rule)),
    ...QueueConfigurations.map((rule) => ofQueue(rule)),
    ...LambdaFunctionConfigurations.map((rule) => ofFunction(rule)),
  ];
}

const ofTopic = ({ TopicArn: arn, ...rule }: Validated<TopicConfiguration>): AskedRule => ({
  ...rule,
  kind: "topic",
  arn,
});
const ofQueue = ({ QueueArn: arn, ...rule }: Validated<QueueConfiguration>): AskedRule => ({
  ...rule,
  kind: "queue",
  arn,
});
const ofFunction = ({ LambdaFunctionArn: arn, ...rule }: Validated<LambdaFunctionConfiguration>): AskedRule => ({
  ...rule,
  kind: "function",
  arn,
});

function requireRule(rule: AskedRule, bucket: Bucket, context: Pick<Context, "newId">): NotificationRule {
  const { kind, Id, Events } = rule;
  const filter = requireKeyFilter(rule.Filter);
  const arn = requireArn(rule, bucket);
  const events = Events.map((event) => requireEvent(event));
  const id = Id ?? Buffer.from(context.newId()).toString("base64");
  return { id, kind, arn, events, ...(filter && { filter }) };
}

function requireEvent(name: string): Event {
  if (!isKnownEvent(name)) throw eventNotSupported(name);
  return name;
}

function requireArn({ kind, arn: value }: AskedRule, { region }: Bucket): Arn {
  const { element: name, service } = DESTINATIONS[kind];
  const parts = parseArn(value);
  if (parts === undefined) throw arnNotParsed({ name, value });
  if (parts.service !== service || parts.account === "") throw arnNotWellFormed({ name, value });
  if (parts.region !== region) throw destinationElsewhere({ name, value });
  return formatArn(parts);
}

/** No event may be meant by two rules. */
function requireApart(rules: readonly NotificationRule[]): void {
  const distinct = rules.map((rule) => ({ ...rule, events: [...new Set(rule.events)] }));
  for (const [at, rule] of distinct.entries()) {
    for (const other of distinct.slice(at + 1)) requirePairApart(rule, other);
  }
}

function requirePairApart(one: NotificationRule, other: NotificationRule): void {
  const shared = one.events.flatMap((event) =>
    other.events.filter((also) => shareEvents(event, also)).map((also) => `${event}, ${also}`),
  );
  const [first] = shared;
  if (first === undefined || !shareKeys(one.filter, other.filter)) return;
  throw one.filter || other.filter ? configurationsAmbiguous() : configurationsOverlap(first);
}

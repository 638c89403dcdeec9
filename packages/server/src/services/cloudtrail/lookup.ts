/**
 * The event history: management events of the last ninety days, looked up by one attribute.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 * Differs: AWS answers two lookups a second; here they are not throttled, since time that stands still would never let
 * another through.
 */
import type { Event, LookupAttribute } from "@aws-sdk/client-cloudtrail";
import { DAY_MS } from "../../kernel/duration.ts";
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import type { Context } from "../../service/context.ts";
import type { RecordedPlace } from "../../service/recorded-calls.ts";
import type { InputOf } from "../../service/sdk.ts";
import { eventsOf, formatEvent, type TrailEvent } from "./event/event.ts";
import { userNameOf } from "./event/identity.ts";
import type { MemberNames } from "./event/parameters.ts";
import { lookupAttributesInvalid, lookupValueInvalid, timeRangeInvalid, tokenInvalid } from "./errors.ts";
import { operation, type CloudtrailSdk } from "./kit.ts";
import { LOOKUP_DAYS_MAX, LOOKUP_EVENTS_PER_PAGE_MAX } from "./limits.ts";
import { onAll } from "./trail-name.ts";

type Input = InputOf<CloudtrailSdk, "LookupEvents">;

export const lookupEvents = operation("LookupEvents", {
  authorize: () => onAll("LookupEvents"),

  async handle(input, context) {
    const { LookupAttributes: attributes = [], EventCategory } = input;
    const { StartTime, EndTime, MaxResults: limit = LOOKUP_EVENTS_PER_PAGE_MAX } = input;
    if (attributes.length > 1) throw lookupAttributesInvalid();
    if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime) throw timeRangeInvalid();
    const [attribute] = attributes;
    const query = { times: timesOf(input, context), limit, place: placeOf(input), attribute: wantedBy(attribute) };
    // nothing unusual is looked for yet
    if (EventCategory === "insight") return { Events: [] };
    const { found, next } = await search(query, context);
    const Events = found.map((event) => formatFound(event, context.operations));
    return { Events, ...(next !== undefined && { NextToken: tokenOf(input, next) }) };
  },
});

/** Where a page ends: within the records that follow a place, at an event. */
interface Place {
  readonly after: RecordedPlace | undefined;
  readonly event: string;
}

interface Query {
  readonly times: { readonly sinceMs: number; readonly untilMs: number };
  readonly limit: number;
  readonly place: Place | undefined;
  readonly attribute: (event: TrailEvent) => boolean;
}

/** So many records are looked through for one page at the most. */
const RECORDS_SEEN_MAX = 20_000;

async function search(query: Query, context: Context) {
  const { place, limit, attribute } = query;
  const found: TrailEvent[] = [];
  let after = place?.after;
  for (let seen = 0; seen < RECORDS_SEEN_MAX;) {
    const page = await context.recorded.find({ ...query.times, concerning: context.account, after, newestFirst: true });
    const events = page.calls.flatMap(eventsOf).filter((event) => isHere(event, context) && attribute(event));
    // what the page before has given is not given again
    const given = events.findIndex(({ id }) => id === place?.event && samePlace(after, place.after)) + 1;
    for (const event of events.slice(given)) {
      found.push(event);
      if (found.length === limit) return { found, next: { after, event: event.id } };
    }
    if (page.next === undefined) return { found, next: undefined };
    after = page.next;
    seen += Math.max(page.calls.length, 1);
  }
  return { found, next: { after, event: "" } };
}

const samePlace = (one: RecordedPlace | undefined, other: RecordedPlace | undefined): boolean =>
  one?.[0] === other?.[0] && one?.[1] === other?.[1];

const isHere = ({ recipient, region, dataType }: TrailEvent, context: Context): boolean =>
  recipient === context.account && region === context.region && dataType === undefined;

function timesOf({ StartTime, EndTime }: Input, context: Context): Query["times"] {
  const nowMs = context.now().getTime();
  const oldestMs = nowMs - LOOKUP_DAYS_MAX * DAY_MS;
  const sinceMs = Math.max(StartTime?.getTime() ?? oldestMs, oldestMs);
  // the second of the end belongs to it
  return { sinceMs, untilMs: Math.max(sinceMs, (EndTime?.getTime() ?? nowMs) + 1000) };
}

/** @throws {AwsError} `InvalidLookupAttributesException` */
function wantedBy(attribute: LookupAttribute | undefined): (event: TrailEvent) => boolean {
  if (attribute === undefined) return () => true;
  const { AttributeKey: key, AttributeValue: value = "" } = attribute;
  if (key === "ReadOnly" && value !== "true" && value !== "false") throw lookupValueInvalid(value);
  return (event) => key !== undefined && valuesOf(event, key).includes(value);
}

function valuesOf(
  event: TrailEvent,
  key: NonNullable<LookupAttribute["AttributeKey"]>,
): readonly (string | undefined)[] {
  const { call, resources } = event;
  switch (key) {
    case "EventId":
      return [event.id];
    case "EventName":
      return [event.name];
    case "EventSource":
      return [event.source];
    case "ReadOnly":
      return [String(event.isReadOnly)];
    case "Username":
      return [userNameOf(call)];
    case "AccessKeyId":
      return [call.userIdentity.accessKeyId];
    case "ResourceType":
      return resources.map(({ type }) => type);
    case "ResourceName":
      return resources.flatMap(({ name, arn }) => [name, arn]);
  }
}

function formatFound(event: TrailEvent, names: MemberNames): Event {
  const { call, resources } = event;
  const { accessKeyId } = call.userIdentity;
  const userName = userNameOf(call);
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.isReadOnly),
    ...(accessKeyId !== undefined && { AccessKeyId: accessKeyId }),
    EventTime: new Date(Math.floor(event.atMs / 1000) * 1000),
    EventSource: event.source,
    ...(userName !== undefined && { Username: userName }),
    Resources: resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify(formatEvent(event, names)),
  };
}

/** A token is good for the same question alone. */
const questionOf = ({ NextToken: _token, MaxResults: _limit, ...asked }: Input): string => JSON.stringify(asked);

const tokenOf = (input: Input, { after, event }: Place): string =>
  encodeToken([questionOf(input), event, ...(after ?? [])]);

/** @throws {AwsError} `InvalidNextTokenException` */
function placeOf(input: Input): Place | undefined {
  const { NextToken: token } = input;
  if (token === undefined) return undefined;
  const [question, event, atMs, id] = decodeToken(token, tokenInvalid);
  if (question !== questionOf(input) || typeof event !== "string") throw tokenInvalid();
  const after = typeof atMs === "number" && typeof id === "string" ? ([atMs, id] as const) : undefined;
  return { after, event };
}

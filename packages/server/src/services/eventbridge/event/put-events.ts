/** Events that are put on buses. */
import type { Access, ConditionKeys } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onBusAt } from "../access.ts";
import { isKeyUsable } from "../bus/key.ts";
import { busAt, placeOf, type BusPlace } from "../bus/row.ts";
import { answerTo, detailFailureOf, eventOf, failureOf, parsedDetail, sizeOfAll, type EntryAnswer } from "./entry.ts";
import { endpointsUnbuilt, entriesTooLarge, ENTRY_FAILURES, eventInvalid } from "../errors.ts";
import { operation, type EventBridgeSdk } from "../kit.ts";
import { ENTRIES_BYTES_MAX } from "../limits.ts";
import { noteRequest } from "../measure.ts";
import { route } from "./route.ts";
import { requirePattern } from "../rule/asked-pattern.ts";
import { matches } from "../../../kernel/event-pattern/match.ts";
import { valuesOf } from "../../../kernel/event-pattern/event-values.ts";

type Entry = InputOf<EventBridgeSdk, "PutEvents">["Entries"][number];

export const putEvents = operation("PutEvents", {
  async authorize({ Entries }, context): Promise<readonly Access[]> {
    noteRequest({ operation: "PutEvents", entries: Entries }, context);
    const asked: Access[] = [];
    for (const entry of Entries) {
      if (isOwnNews(entry, context)) continue;
      const place = placeOf(entry.EventBusName, context);
      asked.push({ ...onBusAt("PutEvents", place, await busAt(place)), keys: keysOf(entry) });
    }
    return asked;
  },

  async handle({ Entries, EndpointId }, context) {
    if (EndpointId !== undefined) throw endpointsUnbuilt();
    const isService = context.principal.type === "service";
    if (sizeOfAll(Entries) > ENTRIES_BYTES_MAX && !isService) throw entriesTooLarge();
    const answers: EntryAnswer[] = [];
    for (const entry of Entries) answers.push(failureFor(entry, context) ?? { EventId: await put(entry, context) });
    return answerTo(answers);
  },
});

/** AWS's own news need nobody's leave: no user can speak for AWS. */
const isOwnNews = ({ Source = "" }: Entry, { principal }: Context): boolean =>
  principal.type === "service" && isReserved(Source);

const isReserved = (source: string): boolean => source.startsWith("aws.");

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
const keysOf = ({ Source, DetailType }: Entry): ConditionKeys => ({
  ...(Source !== undefined && { "events:source": Source }),
  ...(DetailType !== undefined && { "events:detail-type": DetailType }),
  "events:eventBusInvocation": "false",
});

/** The source is looked at before the detail. */
function failureFor(entry: Entry, { principal }: Context): EntryAnswer | undefined {
  const failure = failureOf(entry);
  if (failure !== undefined) return failure;
  if (isReserved(entry.Source ?? "") && principal.type !== "service") return ENTRY_FAILURES.reserved();
  return detailFailureOf(entry);
}

/** What goes to a bus that there is not, goes nowhere. Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/events (test_put_events_nonexistent_event_bus) */
async function put(entry: Entry, context: Context): Promise<string> {
  const place = placeOf(entry.EventBusName, context);
  const id = context.newId();
  const origin = { id, account: senderOf(place, context), region: context.region, now: context.now() };
  const sent = eventOf(entry, { ...origin, trace: traceOf(entry, context) });
  const bus = await busAt(place);
  if (bus !== undefined && (await isKeyUsable(bus, sent, context))) await route(sent, place, context);
  return id;
}

/** Without the functions that it has been through: Lambda sees no loops through a bus. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
const traceOf = ({ TraceHeader }: Entry, { request }: Context): string | undefined =>
  (TraceHeader ?? request.headers["x-amzn-trace-id"])?.replace(/;?Lineage=[^;]*/, "");

/** The account of who sends it; AWS's news are of the account that they are about. */
const senderOf = (place: BusPlace, { principal }: Context) =>
  "account" in principal ? principal.account : place.account;

const REQUIRED = ["id", "account", "source", "time", "region", "detail-type"] as const;

export const testEventPattern = operation("TestEventPattern", {
  authorize: () => ({ action: "events:TestEventPattern", resource: "*" }),

  async handle({ Event, EventPattern }) {
    const event = parsedDetail(Event);
    // Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html (Event)
    if (event === undefined || !REQUIRED.every((name) => name in event)) throw eventInvalid();
    return { Result: matches(requirePattern(EventPattern), valuesOf(event)) };
  },
});

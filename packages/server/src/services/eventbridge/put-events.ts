/** Events that are put on buses. */
import { parseBounded } from "../../kernel/bounded-json.ts";
import type { Access, ConditionKeys } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { onBusAt } from "./access.ts";
import { isKeyUsable } from "./bus-key.ts";
import { busAt, placeOf, type BusPlace } from "./bus-row.ts";
import { entriesTooLarge, ENTRY_FAILURES, eventInvalid } from "./errors.ts";
import { sentEvent, timeOf, type BusEvent } from "./event.ts";
import { operation, type EventBridgeSdk } from "./kit.ts";
import { ENTRIES_BYTES_MAX, TIME_BYTES } from "./limits.ts";
import { route } from "./route.ts";
import { requirePattern } from "./asked-pattern.ts";
import { matches } from "../../kernel/event-pattern/match.ts";
import { valuesOf } from "../../kernel/event-pattern/event-values.ts";

type Entry = InputOf<EventBridgeSdk, "PutEvents">["Entries"][number];

export const putEvents = operation("PutEvents", {
  async authorize({ Entries }, context): Promise<readonly Access[]> {
    const asked: Access[] = [];
    for (const entry of Entries) {
      if (isOwnNews(entry, context)) continue;
      const place = placeOf(entry.EventBusName, context);
      asked.push({ ...onBusAt("PutEvents", place, await busAt(place)), keys: keysOf(entry) });
    }
    return asked;
  },

  async handle({ Entries }, context) {
    const isService = context.principal.type === "service";
    const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (bytes > ENTRIES_BYTES_MAX && !isService) throw entriesTooLarge();
    const answers: { EventId?: string; ErrorCode?: string; ErrorMessage?: string }[] = [];
    for (const entry of Entries) answers.push(failureOf(entry, context) ?? { EventId: await put(entry, context) });
    const FailedEntryCount = answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    return { FailedEntryCount, Entries: answers };
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

function sizeOf({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text, "utf8"), 0);
  return bytes + (Time === undefined ? 0 : TIME_BYTES);
}

function failureOf(entry: Entry, { principal }: Context): { ErrorCode: string; ErrorMessage: string } | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if ((entry[name] ?? "") === "") return ENTRY_FAILURES.missing(name);
  }
  if (isReserved(entry.Source ?? "") && principal.type !== "service") return ENTRY_FAILURES.reserved();
  return parsedDetail(entry.Detail ?? "") === undefined ? ENTRY_FAILURES.malformed() : undefined;
}

/** `undefined`: it is no JSON object. */
function parsedDetail(text: string): object | undefined {
  try {
    const detail = parseBounded(text);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

/** What goes to a bus that there is not, goes nowhere. Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/events (test_put_events_nonexistent_event_bus) */
async function put(entry: Entry, context: Context): Promise<string> {
  const { Source = "", DetailType = "", Detail = "", Resources = [], Time } = entry;
  const place = placeOf(entry.EventBusName, context);
  const id = context.newId();
  const event: BusEvent = {
    version: "0",
    id,
    "detail-type": DetailType,
    source: Source,
    account: senderOf(place, context),
    time: timeOf((Time ?? context.now()).getTime()),
    region: context.region,
    resources: Resources,
    detail: parsedDetail(Detail) ?? {},
  };
  const bus = await busAt(place);
  const sent = sentEvent(event, Detail, entry.TraceHeader ?? context.request.headers["x-amzn-trace-id"]);
  if (bus !== undefined && (await isKeyUsable(bus, sent, context))) await route(sent, place, context);
  return id;
}

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

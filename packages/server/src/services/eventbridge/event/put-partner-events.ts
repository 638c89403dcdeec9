/** Events that a partner puts on the buses of its customers. Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPartnerEvents.html */
import type { Context } from "../../../service/context.ts";
import { onAll } from "../access.ts";
import { isKeyUsable } from "../bus/key.ts";
import { busAt, placeOf } from "../bus/row.ts";
import { answerTo, detailFailureOf, eventOf, failureOf, sizeOfAll, type Entry, type EntryAnswer } from "./entry.ts";
import { ENTRY_FAILURES, entriesTooLarge } from "../errors.ts";
import type { EventSource } from "../event-source/row.ts";
import { busArn, operation } from "../kit.ts";
import { ENTRIES_BYTES_MAX } from "../limits.ts";
import { findOwnSource } from "../event-source/partner-event-source.ts";
import { noteRequest } from "../measure.ts";
import { route } from "./route.ts";

const askForAll = onAll("PutPartnerEvents");

export const putPartnerEvents = operation("PutPartnerEvents", {
  authorize(input, context) {
    noteRequest({ operation: "PutPartnerEvents", entries: input.Entries }, context);
    return askForAll();
  },

  async handle({ Entries }, context) {
    if (sizeOfAll(Entries) > ENTRIES_BYTES_MAX) throw entriesTooLarge();
    const answers: EntryAnswer[] = [];
    for (const entry of Entries) answers.push(await put(entry, context));
    return answerTo(answers);
  },
});

async function put(entry: Entry, context: Context): Promise<EntryAnswer> {
  const failure = failureOf(entry) ?? detailFailureOf(entry);
  if (failure !== undefined) return failure;
  const source = await findOwnSource(entry.Source ?? "", context);
  if (source === undefined) return ENTRY_FAILURES.reserved();
  const id = context.newId();
  if (source.state === "ACTIVE") await send(entry, id, source, context);
  return { EventId: id };
}

/** The event is one of the customer's account. */
async function send(entry: Entry, id: string, source: EventSource, context: Context): Promise<void> {
  const { account, region, name } = source;
  const place = placeOf(busArn({ partition: context.partition, account, region }, name), context);
  const bus = await busAt(place);
  const sent = eventOf(entry, { id, account, region, now: context.now() });
  if (bus !== undefined && (await isKeyUsable(bus, sent, context))) await route(sent, place, context);
}

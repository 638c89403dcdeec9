/** What is put on a bus: the entries of `PutEvents` and `PutPartnerEvents`. */
import type { AccountId, Region } from "../../../kernel/arn.ts";
import { parseBounded } from "../../../kernel/bounded-json.ts";
import { isoSeconds } from "../../../kernel/iso-seconds.ts";
import { ENTRY_FAILURES } from "../errors.ts";
import { sentEvent, type SentEvent } from "./event.ts";
import { DETAIL_TYPE_CHARACTERS_MAX, TIME_BYTES } from "../limits.ts";

export interface Entry {
  readonly Time?: Date | undefined;
  readonly Source?: string | undefined;
  readonly DetailType?: string | undefined;
  readonly Detail?: string | undefined;
  readonly Resources?: readonly string[] | undefined;
}

/** What becomes of an entry. */
export interface EntryAnswer {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

export const sizeOfAll = (entries: readonly Entry[]): number => entries.reduce((sum, entry) => sum + sizeOf(entry), 0);

function sizeOf({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text, "utf8"), 0);
  return bytes + (Time === undefined ? 0 : TIME_BYTES);
}

/** Why an entry is none, whoever puts it. */
export function failureOf(entry: Entry): EntryAnswer | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if ((entry[name] ?? "") === "") return ENTRY_FAILURES.missing(name);
  }
  const isLong = (entry.DetailType ?? "").length > DETAIL_TYPE_CHARACTERS_MAX;
  return isLong ? ENTRY_FAILURES.tooLong("DetailType", DETAIL_TYPE_CHARACTERS_MAX) : undefined;
}

export const detailFailureOf = ({ Detail = "" }: Entry): EntryAnswer | undefined =>
  parsedDetail(Detail) === undefined ? ENTRY_FAILURES.malformed() : undefined;

/** `undefined`: it is no JSON object. */
export function parsedDetail(text: string): object | undefined {
  try {
    const detail = parseBounded(text);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

interface Origin {
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly now: Date;
  readonly trace?: string | undefined;
}

export function eventOf(entry: Entry, { id, account, region, now, trace }: Origin): SentEvent {
  const { Source = "", DetailType = "", Detail = "", Resources = [], Time = now } = entry;
  const event = {
    version: "0",
    id,
    "detail-type": DetailType,
    source: Source,
    account,
    time: isoSeconds(Time.getTime()),
    region,
    resources: Resources,
    detail: parsedDetail(Detail) ?? {},
  } as const;
  return sentEvent(event, Detail, trace);
}

export const answerTo = (answers: readonly EntryAnswer[]) => ({
  FailedEntryCount: answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
  Entries: [...answers],
});

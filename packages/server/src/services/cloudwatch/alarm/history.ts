/** What became of alarms: changes of their state and configuration, and what they did. */
import type { AlarmHistoryItem, HistoryItemType } from "@aws-sdk/client-cloudwatch";
import { DAY_MS } from "../../../kernel/duration.ts";
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import { table, type Key } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { invalidToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { HISTORY_DAYS, HISTORY_PER_PAGE_MAX } from "../limits.ts";
import { onAlarms } from "./access.ts";
import type { Alarm } from "./alarm.ts";

interface HistoryItem {
  readonly alarm: string;
  readonly kind: Alarm["kind"];
  readonly atMs: number;
  /** Of those of one moment. */
  readonly order: number;
  readonly type: HistoryItemType;
  readonly summary: string;
  /** JSON */
  readonly text: string;
}

const items = table<HistoryItem>("cloudwatch.history", "region", ({ alarm, atMs, order }) => [alarm, atMs, order]);
/** The same in the order of time alone. */
const times = table<Pick<HistoryItem, "alarm" | "atMs" | "order">>(
  "cloudwatch.history-time",
  "region",
  ({ atMs, order }) => [atMs, order],
);

/** The oldest that go whenever one more comes. */
const TRIMMED_AT_ONCE = 10;

export async function noteHistory(
  alarm: Pick<Alarm, "name" | "kind">,
  { type, summary, text }: { readonly type: HistoryItemType; readonly summary: string; readonly text: object },
  context: Context,
): Promise<void> {
  const atMs = context.now().getTime();
  const [last] = await context.tx.scan(times, { prefix: [atMs], reverse: true, limit: 1 });
  const item = { alarm: alarm.name, kind: alarm.kind, atMs, order: (last?.order ?? 0) + 1, type, summary };
  context.tx.put(items, { ...item, text: JSON.stringify(text) });
  context.tx.put(times, { alarm: item.alarm, atMs, order: item.order });
  for (const old of await context.tx.scan(times, { before: [atMs - HISTORY_DAYS * DAY_MS], limit: TRIMMED_AT_ONCE })) {
    context.tx.delete(items, old.alarm, old.atMs, old.order);
    context.tx.delete(times, old.atMs, old.order);
  }
}

export const describeAlarmHistory = operation("DescribeAlarmHistory", {
  authorize: ({ AlarmName }, context) =>
    onAlarms("DescribeAlarmHistory", AlarmName === undefined ? undefined : [AlarmName], context),

  async handle(input, context) {
    const {
      AlarmName,
      AlarmTypes = ["MetricAlarm"],
      HistoryItemType: type,
      StartDate,
      EndDate,
      NextToken,
      ScanBy,
    } = input;
    const max = input.MaxRecords ?? HISTORY_PER_PAGE_MAX;
    const oldestMs = context.now().getTime() - HISTORY_DAYS * DAY_MS;
    // the alarm alone has a history, none of its contributors
    const isWanted = (item: HistoryItem): boolean =>
      input.AlarmContributorId === undefined &&
      AlarmTypes.some((each) => each === typeOf(item)) &&
      (type === undefined || item.type === type);
    const { found, next } = await walk(
      {
        alarm: AlarmName,
        fromMs: Math.max(StartDate?.getTime() ?? 0, oldestMs),
        // the end counts
        toMs: (EndDate?.getTime() ?? Number.MAX_SAFE_INTEGER - 1) + 1,
        reverse: ScanBy !== "TimestampAscending",
        token: NextToken,
        max,
        isWanted,
      },
      context,
    );
    return { AlarmHistoryItems: found.map(shown), ...(next !== undefined && { NextToken: encodeToken(next) }) };
  },
});

const typeOf = ({ kind }: HistoryItem) => (kind === "metric" ? "MetricAlarm" : "CompositeAlarm");

const shown = (item: HistoryItem): AlarmHistoryItem => ({
  AlarmName: item.alarm,
  AlarmType: typeOf(item),
  Timestamp: new Date(item.atMs),
  HistoryItemType: item.type,
  HistorySummary: item.summary,
  HistoryData: item.text,
});

interface Walk {
  readonly alarm: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reverse: boolean;
  readonly token: string | undefined;
  readonly max: number;
  readonly isWanted: (item: HistoryItem) => boolean;
}

const ROWS = 200;
/** Looked at for one page. */
const LOOKED_AT_MAX = 5000;

async function walk(asked: Walk, context: Context): Promise<{ found: HistoryItem[]; next?: Key }> {
  const found: HistoryItem[] = [];
  let place = asked.token === undefined ? undefined : decodeToken(asked.token, invalidToken);
  for (let seen = 0; seen < LOOKED_AT_MAX;) {
    const rows = await stretch(asked, place, context);
    for (const row of rows) {
      if (found.length === asked.max && place !== undefined) return { found, next: place };
      place = [row.atMs, row.order];
      if (asked.isWanted(row)) found.push(row);
    }
    seen += rows.length;
    if (rows.length < ROWS) return { found };
  }
  return place === undefined ? { found } : { found, next: place };
}

/** The next rows after `place`, which is a time and an order, in the order that is asked for. */
async function stretch(
  { alarm, fromMs, toMs, reverse }: Walk,
  place: Key | undefined,
  { tx }: Context,
): Promise<HistoryItem[]> {
  const [from, before]: readonly [Key, Key] = reverse ? [[fromMs], place ?? [toMs]] : [place ?? [fromMs], [toMs]];
  const prefixed = (key: Key): Key => (alarm === undefined ? key : [alarm, ...key]);
  const range = {
    from: prefixed(from),
    before: prefixed(before),
    ...(!reverse && place !== undefined && { after: prefixed(place) }),
    reverse,
    limit: ROWS,
  };
  if (alarm !== undefined) return tx.scan(items, range);
  const found: HistoryItem[] = [];
  for (const each of await tx.scan(times, range)) {
    const item = await tx.get(items, each.alarm, each.atMs, each.order);
    if (item !== undefined) found.push(item);
  }
  return found;
}

/**
 * The messages that a FIFO topic keeps for replays.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import { table, type Key, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { archiveDaysOf } from "./archive-policy.ts";
import type { Message } from "../message/message.ts";
import { goneKey, goneOf, homeOf, type Gone, type Topic } from "./row.ts";

export interface Archived {
  readonly topic: string;
  readonly atMs: number;
  readonly sequence: number;
  readonly id: string;
  /** The message, sealed. */
  readonly sealed: string;
}

const archived = table<Archived>("sns.archived", "region", ({ topic, atMs, sequence, id }) => [
  topic,
  atMs,
  sequence,
  id,
]);

/** Since when a topic keeps messages. */
interface Begin {
  readonly topic: string;
  readonly atMs: number;
}

const begins = table<Begin>("sns.archive-begin", "region", ({ topic }) => [topic]);

export const PURPOSE = "sns archived message";
const TRIMMED_AT_ONCE = 20;

export async function archive(topic: Topic, message: Message, context: Context): Promise<void> {
  const days = archiveDaysOf(topic.settings);
  if (days === undefined || message.order === undefined) return;
  const home = homeOf(topic, context.tx);
  const sealed = context.keys.seal(JSON.stringify(message), PURPOSE);
  const { id, atMs, order } = message;
  home.put(archived, { topic: topic.id, atMs, sequence: order.sequence, id, sealed });
  const before = [topic.id, atMs - days * DAY_MS];
  await home.clear(archived, { prefix: [topic.id], before, limit: TRIMMED_AT_ONCE });
}

/** A new policy begins an archive, none ends it. */
export async function archiveChanged(topic: Topic, context: Context): Promise<void> {
  const home = homeOf(topic, context.tx);
  const isKept = archiveDaysOf(topic.settings) !== undefined;
  const begin = await home.get(begins, topic.id);
  if (isKept && begin === undefined) home.put(begins, { topic: topic.id, atMs: context.now().getTime() });
  if (isKept) return;
  home.delete(begins, topic.id);
  await emptySome(topic, context);
}

/** The job: the rest of an archive that nobody wants any more; one that was begun since stays. */
export async function empty(context: Context, key: string): Promise<void> {
  const gone = goneOf(key);
  if (gone !== undefined) await emptySome(gone, context);
}

async function emptySome(gone: Gone, context: Context): Promise<void> {
  if (await forgetMessages(gone, context.tx)) context.at(context.now().getTime(), "empty", goneKey(gone));
}

export async function archiveBegin(topic: Topic, tx: Transaction, nowMs: number): Promise<number | undefined> {
  const days = archiveDaysOf(topic.settings);
  if (days === undefined) return undefined;
  const begin = await homeOf(topic, tx).get(begins, topic.id);
  return begin && Math.max(begin.atMs, nowMs - days * DAY_MS);
}

export interface ArchivePart {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly after?: Key | undefined;
  readonly limit: number;
}

export const archivedIn = (
  topic: Topic,
  { fromMs, untilMs, after, limit }: ArchivePart,
  tx: Transaction,
): Promise<Archived[]> =>
  homeOf(topic, tx).scan(archived, {
    prefix: [topic.id],
    ...(after === undefined ? { from: [topic.id, fromMs] } : { after }),
    before: [topic.id, untilMs],
    limit,
  });

export const keyOf = archived.keyOf;

const CLEARED_AT_ONCE = 1000;

/** Whether there may be more. */
export function forgetArchive(topic: Gone, tx: Transaction): Promise<boolean> {
  homeOf(topic, tx).delete(begins, topic.id);
  return forgetMessages(topic, tx);
}

/** What lies there from before the archive began. */
async function forgetMessages({ id, ...place }: Gone, tx: Transaction): Promise<boolean> {
  const home = homeOf(place, tx);
  const begin = await home.get(begins, id);
  const before = begin && [id, begin.atMs];
  return (
    (await home.clear(archived, { prefix: [id], ...(before && { before }), limit: CLEARED_AT_ONCE })) ===
    CLEARED_AT_ONCE
  );
}

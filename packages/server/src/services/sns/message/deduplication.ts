/**
 * What was published to a FIFO topic in the last minutes: published again, it counts as published and comes once.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { PassingRows } from "../../../kernel/passing-rows.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { DEDUPLICATION_MINUTES } from "../limits.ts";
import { homeOf, type Gone, type Topic } from "../topic/row.ts";

interface End {
  readonly topic: string;
  /** The group, where each group stands by itself; empty for the topic as a whole. */
  readonly scope: string;
  readonly id: string;
  readonly untilMs: number;
}

interface Published extends End {
  readonly messageId: string;
  readonly sequence: number;
}

const published = new PassingRows<Published, End>("sns.published", {
  keyOf: ({ topic, scope, id }) => [topic, scope, id],
  endOf: ({ topic, scope, id, untilMs }) => ({ topic, scope, id, untilMs }),
});

interface Ordered {
  readonly group: string;
  readonly deduplicationId: string;
}

/** Source: https://docs.aws.amazon.com/sns/latest/dg/fifo-high-throughput.html (FifoThroughputScope) */
const scopeOf = ({ settings }: Topic, group: string): string =>
  settings["FifoThroughputScope"] === "MessageGroup" ? group : "";

interface Now {
  readonly tx: Transaction;
  readonly nowMs: number;
}

export const findPublished = (
  topic: Topic,
  { group, deduplicationId }: Ordered,
  { tx, nowMs }: Now,
): Promise<Pick<Published, "messageId" | "sequence"> | undefined> =>
  published.find([topic.id, scopeOf(topic, group), deduplicationId], { tx: homeOf(topic, tx), nowMs });

interface Noted extends Ordered, Pick<Published, "messageId" | "sequence"> {}

export async function notePublished(
  topic: Topic,
  { group, deduplicationId: id, messageId, sequence }: Noted,
  { tx, nowMs }: Now,
): Promise<void> {
  const untilMs = nowMs + DEDUPLICATION_MINUTES * MINUTE_MS;
  const row = { topic: topic.id, scope: scopeOf(topic, group), id, messageId, sequence, untilMs };
  await published.put(row, { tx: homeOf(topic, tx), nowMs });
}

interface LastSequence {
  readonly topic: string;
  readonly sequence: number;
}

const lastSequences = table<LastSequence>("sns.sequence", "region", ({ topic }) => [topic]);

/** Higher than any before it in the topic, or in the group where each group stands by itself. */
export async function nextSequence(topic: Topic, group: string, tx: Transaction): Promise<number> {
  const home = homeOf(topic, tx);
  const scope = scopeOf(topic, group);
  const key = scope === "" ? topic.id : `${topic.id} ${scope}`;
  const sequence = ((await home.get(lastSequences, key))?.sequence ?? 0) + 1;
  home.put(lastSequences, { topic: key, sequence });
  return sequence;
}

const SEQUENCE_BASE = 10_000_000_000_000_000_000n;

/** Twenty digits. Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (SequenceNumber) */
export const formatSequence = (sequence: number): string => String(SEQUENCE_BASE + BigInt(sequence));

/** Takes away so many rows of each table of a topic that is gone. */
export async function forgetPublished(topic: Gone, limit: number, tx: Transaction): Promise<readonly number[]> {
  const home = homeOf(topic, tx);
  home.delete(lastSequences, topic.id);
  return [
    await published.forget(topic.id, limit, home),
    await home.clear(lastSequences, { startsWith: `${topic.id} `, limit }),
  ];
}

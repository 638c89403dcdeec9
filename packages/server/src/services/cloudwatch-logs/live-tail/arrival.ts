/** What has come for those who watch: kept while somebody does. */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Head } from "../event/chunk.ts";
import { homeOf, type LogGroup } from "../group-row.ts";

/** Somebody watches a group. */
interface Session {
  readonly group: string;
  readonly id: string;
  readonly untilMs: number;
}

export const sessions = table<Session>("cloudwatch-logs.tail-session", "region", ({ group, id }) => [group, id]);

/** A chunk that came, by when it did. */
export interface Arrival {
  readonly group: string;
  readonly head: Head;
}

export const arrivals = table<Arrival>("cloudwatch-logs.arrival", "region", ({ group, head }) => [
  group,
  head.ingestedMs,
  head.stream,
  head.sequence,
]);

const KEPT_MS = MINUTE_MS;
const TRIMMED_AT_ONCE = 20;

/** Tells those who watch the group. */
export async function announceChunks(found: readonly Head[], group: LogGroup, context: Context): Promise<void> {
  const tx = homeOf(group, context.tx);
  const [session] = await tx.scan(sessions, { prefix: [group.id], limit: 1 });
  if (session === undefined) return;
  const nowMs = context.now().getTime();
  if (session.untilMs <= nowMs) tx.delete(sessions, group.id, session.id);
  await tx.clear(arrivals, { prefix: [group.id], before: [group.id, nowMs - KEPT_MS], limit: TRIMMED_AT_ONCE });
  for (const head of found) tx.put(arrivals, { group: group.id, head });
}

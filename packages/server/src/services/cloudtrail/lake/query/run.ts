/** The errand of a query: it looks at events outside of any transaction, and keeps what it found. */
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { Context } from "../../../../service/context.ts";
import type { ErrandContext } from "../../../../service/errand.ts";
import { eventsIn } from "../event/chunk.ts";
import { keptSinceMs } from "../event/expiry.ts";
import type { EventTable } from "../sql/relation.ts";
import { askStatement, type Answer } from "../sql/statement.ts";
import { QueryFailure } from "../sql/value.ts";
import { stores, type Store } from "../store/row.ts";
import { deliver } from "./delivery.ts";
import { isOver, openQueries, putResults, queries, type Query } from "./row.ts";

export const RUN = "runQuery";

export async function runQuery(context: ErrandContext, key: string): Promise<void> {
  const [account = "", region = "", id = ""] = key.split("/");
  const query = await context.tx.get(queries, account, region, id);
  if (query === undefined || isOver(query)) return;
  await change(query, { status: "RUNNING" }, context);
  const startedAtMs = context.now().getTime();
  const answer = await tryAnswer(query, context);
  const tookMs = context.now().getTime() - startedAtMs;
  if ("failure" in answer) {
    const delivery = query.delivery && { ...query.delivery, status: "FAILED" as const };
    return end(query, { status: "FAILED", error: answer.failure, delivery }, context);
  }
  const delivery = query.delivery && {
    ...query.delivery,
    status: await deliver(query, query.delivery, answer, context),
  };
  await end(query, finished(answer, { tookMs, delivery }), context, answer);
}

interface Failed {
  readonly failure: string;
}

/** What is found, or why it could not be. */
async function tryAnswer(query: Query, context: ErrandContext): Promise<Answer | Failed> {
  try {
    const tables = await tablesOf(query, context);
    const nowMs = context.now().getTime();
    return await askStatement(query.statement, { nowMs, table: (name) => tables.get(name.toLowerCase()) });
  } catch (error) {
    if (error instanceof AwsError || error instanceof QueryFailure) return { failure: error.message };
    throw error;
  }
}

async function tablesOf(query: Query, context: ErrandContext): Promise<ReadonlyMap<string, EventTable>> {
  const tables = new Map<string, EventTable>();
  for (const id of query.stores) {
    const store = await context.tx.get(stores, query.account, query.region, id);
    if (store !== undefined) tables.set(id, tableOf(store, query, context));
  }
  return tables;
}

const tableOf = (store: Store, query: Query, context: ErrandContext): EventTable => ({
  async *events({ fromMs, beforeMs }) {
    const keptMs = keptSinceMs(store, context);
    for await (const texts of eventsIn(store, { fromMs: Math.max(fromMs, keptMs), beforeMs }, context)) {
      if (await isCancelled(query, context)) return;
      yield texts;
    }
  },
});

async function isCancelled({ account, region, id }: Query, { tx }: Context): Promise<boolean> {
  return (await tx.get(queries, account, region, id))?.status !== "RUNNING";
}

type Ended = Partial<Omit<Query, "id">>;

const finished = (answer: Answer, { tookMs, delivery }: { tookMs: number; delivery: Query["delivery"] }): Ended => ({
  status: "FINISHED",
  results: answer.rows.length,
  statistics: {
    eventsMatched: answer.eventsMatched,
    eventsScanned: answer.eventsScanned,
    bytesScanned: answer.bytesScanned,
    tookMs,
  },
  delivery,
});

/** One that was cancelled stays so. */
const change = ({ account, region, id }: Query, changed: Ended, context: ErrandContext, more?: (tx: Context) => void) =>
  context.transact(async (inner) => {
    const query = await inner.tx.get(queries, account, region, id);
    if (query === undefined || isOver(query)) return;
    inner.tx.put(queries, { ...query, ...changed });
    more?.(inner);
  });

const end = (query: Query, changed: Ended, context: ErrandContext, answer?: Answer): Promise<void> =>
  change(query, changed, context, (inner) => {
    inner.tx.delete(openQueries, query.account, query.region, query.id);
    if (answer !== undefined) putResults(query.id, answer, inner);
  });

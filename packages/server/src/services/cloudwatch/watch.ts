/** Which alarms watch which metrics. An alarm that saw no data for long sleeps until there is some. */
import { everyRow } from "../../kernel/every-row.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";

interface Watch {
  /** Of the metric. */
  readonly id: string;
  readonly alarm: string;
  /** Milliseconds between two evaluations. */
  readonly stepMs: number;
  readonly isAsleep: boolean;
}

const watches = table<Watch>("cloudwatch.watch", "region", ({ id, alarm }) => [id, alarm]);

export const EVALUATE_ERRAND = "evaluate";

/** Stands for all metrics of a namespace, where an alarm watches those. */
export const namespaceId = (namespace: string): string => `namespace/${namespace}`;

/** The next time at which an alarm with that step is evaluated. */
export const nextStep = (nowMs: number, stepMs: number): number => (Math.floor(nowMs / stepMs) + 1) * stepMs;

export function watch(ids: Iterable<string>, { alarm, stepMs, isAsleep }: Omit<Watch, "id">, context: Context): void {
  for (const id of ids) context.tx.put(watches, { id, alarm, stepMs, isAsleep });
}

export function unwatch(ids: Iterable<string>, alarm: string, context: Context): void {
  for (const id of ids) context.tx.delete(watches, id, alarm);
}

/** Has those that sleep evaluated again: there is data of the metric. */
export async function wakeWatching(id: string, context: Context): Promise<void> {
  for await (const row of watching(id, context)) {
    if (!row.isAsleep) continue;
    context.tx.put(watches, { ...row, isAsleep: false });
    context.at(nextStep(context.now().getTime(), row.stepMs), EVALUATE_ERRAND, row.alarm);
  }
}

export const watching = (id: string, { tx }: Pick<Context, "tx">): AsyncGenerator<Watch> =>
  everyRow(tx, watches, { prefix: [id] });

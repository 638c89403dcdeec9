/**
 * Metrics of which no data came for so long that nothing lists them are forgotten; their data stays its own time.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
 */
import { DAY_MS } from "../../kernel/duration.ts";
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { invalidToken } from "./errors.ts";
import { isListed, metrics } from "./metric.ts";

/** There is one where the metrics are gone through every day. */
interface Round {
  readonly of: string;
}

const rounds = table<Round>("cloudwatch.metric-round", "region", ({ of }) => [of]);
const ALL = "all";

export const FORGET_METRICS_JOB = "forgetMetrics";
const FROM_START = "";
/** Of one run. */
const ROWS = 500;

/** After a metric came that was not there. */
export async function forgetMetricsLater(context: Context): Promise<void> {
  if ((await context.tx.get(rounds, ALL)) !== undefined) return;
  context.tx.put(rounds, { of: ALL });
  context.at(context.now().getTime() + DAY_MS, FORGET_METRICS_JOB, FROM_START);
}

/** The job. The key is behind which metric it goes on. */
export async function forgetMetrics(context: Context, cursor: string): Promise<void> {
  const { tx } = context;
  const nowMs = context.now().getTime();
  const after = cursor === FROM_START ? undefined : decodeToken(cursor, invalidToken);
  const rows = await tx.scan(metrics, { after, limit: ROWS });
  for (const row of rows) {
    if (!isListed(row, nowMs)) tx.delete(metrics, ...metrics.keyOf(row));
  }
  const last = rows.at(-1);
  if (last !== undefined && rows.length === ROWS) {
    return context.at(nowMs, FORGET_METRICS_JOB, encodeToken(metrics.keyOf(last)));
  }
  const left = await tx.scan(metrics, { limit: 1 });
  if (left.length === 0) tx.delete(rounds, ALL);
  else context.at(nowMs + DAY_MS, FORGET_METRICS_JOB, FROM_START);
}

/** Which metrics there are. */
import type { DimensionFilter } from "@aws-sdk/client-cloudwatch";
import { HOUR_MS } from "../../kernel/duration.ts";
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import type { Key } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { Validated } from "../../service/sdk.ts";
import { invalidToken } from "./errors.ts";
import { streaming } from "./kit.ts";
import { METRICS_PER_PAGE_MAX, RECENTLY_ACTIVE_HOURS } from "./limits.ts";
import { lookAt, samplesOf } from "./look.ts";
import { isListed, metrics, type Metric } from "./metric.ts";

/** Looked at for one page: where few are of interest, pages are short. */
const LOOKED_AT_MAX = 5000;
const ROWS = 500;

export const listMetrics = streaming("ListMetrics", {
  authorize: () => ({ action: "cloudwatch:ListMetrics", resource: "*" }),

  async receive(input, context) {
    await context.measured();
    return samplesOf(await gaugesOf(input, context), context.now().getTime(), context);
  },

  async handle({ NextToken: token, RecentlyActive, IncludeLinkedAccounts, OwningAccount, ...asked }, context, samples) {
    await lookAt(samples, context);
    const nowMs = context.now().getTime();
    const isWanted = (metric: Metric): boolean =>
      matches(metric, asked) &&
      isListed(metric, nowMs) &&
      (RecentlyActive === undefined || nowMs - metric.activeAtMs <= RECENTLY_ACTIVE_HOURS * HOUR_MS);
    const isOfOthers = OwningAccount !== undefined && OwningAccount !== context.account;
    const after = token === undefined ? undefined : decodeToken(token, invalidToken);
    const { found, next } = isOfOthers
      ? { found: [] }
      : await walk({ prefix: prefixOf(asked), after, isWanted }, context);
    return {
      Metrics: found.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: [...dimensions],
      })),
      ...(IncludeLinkedAccounts === true && { OwningAccounts: found.map(() => context.account) }),
      ...(next !== undefined && { NextToken: encodeToken(next) }),
    };
  },
});

interface Asked {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?: readonly Validated<DimensionFilter>[] | undefined;
}

/** What a service knows at any time of the resource that somebody asks about. */
async function gaugesOf({ Namespace: namespace = "", MetricName, Dimensions = [] }: Asked, context: Context) {
  const dimensions = Dimensions.flatMap(({ Name, Value }) => (Value === undefined ? [] : [{ Name, Value }]));
  if (dimensions.length === 0) return [];
  const names = await context.gauges(namespace);
  return names
    .filter((name) => MetricName === undefined || name === MetricName)
    .map((name) => ({ namespace, name, dimensions }));
}

function prefixOf({ Namespace, MetricName }: Asked): Key {
  if (Namespace === undefined) return [];
  return MetricName === undefined ? [Namespace] : [Namespace, MetricName];
}

const matches = ({ namespace, name, dimensions }: Metric, { Namespace, MetricName, Dimensions = [] }: Asked): boolean =>
  (Namespace === undefined || Namespace === namespace) &&
  (MetricName === undefined || MetricName === name) &&
  Dimensions.every(({ Name, Value }) =>
    dimensions.some((dimension) => dimension.Name === Name && (Value === undefined || dimension.Value === Value)),
  );

interface Walk {
  readonly prefix: Key;
  readonly after: Key | undefined;
  readonly isWanted: (metric: Metric) => boolean;
}

async function walk({ prefix, after: start, isWanted }: Walk, { tx }: Context) {
  const found: Metric[] = [];
  let after = start;
  for (let seen = 0; seen < LOOKED_AT_MAX;) {
    const rows: Metric[] = await tx.scan(metrics, { prefix, after, limit: ROWS });
    for (const row of rows) {
      if (isWanted(row)) {
        if (found.length === METRICS_PER_PAGE_MAX) return { found, next: after };
        found.push(row);
      }
      after = metrics.keyOf(row);
    }
    seen += rows.length;
    if (rows.length < ROWS) return { found };
  }
  return { found, next: after };
}

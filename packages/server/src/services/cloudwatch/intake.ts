/** Data as it comes in: kept, its metric listed, and the alarms that watch it woken. */
import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { Distribution } from "../../kernel/distribution.ts";
import type { Context } from "../../service/context.ts";
import { namespaceId, wakeWatching } from "./watch.ts";
import { keepValues, type Resolution } from "./datum.ts";
import { forgetMetricsLater } from "./metric-expiry.ts";
import { metricId, noteActive, type MetricName } from "./metric.ts";

export interface NewData {
  readonly metric: MetricName;
  readonly resolution: Resolution;
  readonly atMs: number;
  readonly unit: StandardUnit;
  readonly values: Distribution;
}

export async function noteData(all: readonly NewData[], context: Context): Promise<void> {
  const active = new Set<string>();
  for (const { metric, ...values } of all) {
    const id = metricId(metric);
    await keepValues({ id, ...values }, context);
    if (active.has(id)) continue;
    active.add(id);
    if (await noteActive(metric, id, context)) await forgetMetricsLater(context);
    await wakeWatching(id, context);
  }
  const namespaces = new Set(all.map(({ metric: { namespace } }) => namespace));
  for (const namespace of namespaces) await wakeWatching(namespaceId(namespace), context);
}

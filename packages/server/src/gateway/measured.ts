/** How CloudWatch comes to know what services measured of themselves. */
import { Measures } from "../events/measures.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Scope, Transaction } from "../kernel/table.ts";
import type { AskedMetric, Gauge, MeasuredMinute } from "../service/measure.ts";
import type { Service } from "../service/service.ts";
import type { CallSurroundings } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { NO_REQUEST, ownContext } from "./own-context.ts";

/** `cloud` is asked for once something is measured: it has this as a part. */
export function measuring(cloud: () => Cloud): Measuring {
  return {
    measures: new Measures({
      now: () => cloud().now(),
      keep: (minutes, scope) => keep(minutes, scope, cloud()),
      onLoss: (cause) => cloud().report(cause, "measures"),
    }),
    gauge: (metric, scope, tx) => findGauge(metric, { scope, tx }, cloud()),
    gauges: async (namespace) => (await serviceOf(namespace, cloud()))?.gauges ?? [],
  };
}

interface Measuring extends Pick<CallSurroundings, "gauge" | "gauges"> {
  readonly measures: Measures;
}

async function keep(minutes: readonly MeasuredMinute[], scope: Scope, cloud: Cloud): Promise<void> {
  const service = await cloud.service("cloudwatch");
  const take = service?.measured;
  if (service === undefined || take === undefined) return;
  await cloud.store.transact(scope, (tx) =>
    take(minutes, ownContext({ service, ...scope, facts: NO_REQUEST }, tx, cloud)),
  );
}

interface Place {
  readonly scope: Scope;
  readonly tx: Transaction;
}

/** `AWS/SQS` is the namespace of `sqs`. */
function serviceOf(namespace: string, cloud: Cloud): Soon<Service | undefined> {
  const [, id = ""] = /^AWS\/(.+)$/.exec(namespace) ?? [];
  return cloud.service(id.toLowerCase());
}

/** Asks the service whose metric it is. */
async function findGauge(metric: AskedMetric, { scope, tx }: Place, cloud: Cloud): Promise<Gauge | undefined> {
  const service = await serviceOf(metric.namespace, cloud);
  if (service?.gauge === undefined) return undefined;
  return service.gauge(metric, ownContext({ service, ...scope, facts: NO_REQUEST }, tx, cloud));
}

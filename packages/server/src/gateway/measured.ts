/** How CloudWatch comes to know what services measured of themselves. */
import type { Scope, Transaction } from "../kernel/table.ts";
import type { AskedMetric, Gauge, MeasuredMinute } from "../service/measure.ts";
import type { Cloud } from "./cloud.ts";
import { NO_REQUEST, ownContext } from "./own-context.ts";

export const measureKeeper =
  (cloud: Cloud) =>
  async (minutes: readonly MeasuredMinute[], scope: Scope): Promise<void> => {
    const service = await cloud.service("cloudwatch");
    const take = service?.measured;
    if (service === undefined || take === undefined) return;
    await cloud.store.transact(scope, (tx) =>
      take(minutes, ownContext({ service, ...scope, facts: NO_REQUEST }, tx, cloud)),
    );
  };

/** Asks the service whose metric it is: `AWS/SQS` is the namespace of `sqs`. */
export const gaugeReader =
  (cloud: Cloud) =>
  async (metric: AskedMetric, scope: Scope, tx: Transaction): ReturnType<Gauge> => {
    const [, id = ""] = /^AWS\/(.+)$/.exec(metric.namespace) ?? [];
    const service = await cloud.service(id.toLowerCase());
    if (service?.gauge === undefined) return undefined;
    return service.gauge(metric, ownContext({ service, ...scope, facts: NO_REQUEST }, tx, cloud));
  };

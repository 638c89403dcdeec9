/** How CloudWatch comes to know what services measured of themselves. */
import type { Scope } from "../kernel/table.ts";
import type { MeasuredMinute } from "../service/measure.ts";
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

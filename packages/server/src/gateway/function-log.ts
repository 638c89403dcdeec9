/** How the service of functions gets what their processes wrote. */
import type { FunctionLog, LogEvent } from "../service/function-host.ts";
import type { Cloud } from "./cloud.ts";
import { NO_REQUEST, ownContext } from "./own-context.ts";

export const functionLogWriter =
  (cloud: Cloud) =>
  async (log: FunctionLog, events: readonly LogEvent[]): Promise<void> => {
    const service = await cloud.service("lambda");
    const take = service?.logged;
    if (service === undefined || take === undefined) return;
    const { account, region } = log;
    const work = { service, account, region, facts: NO_REQUEST };
    await cloud.store.transact(log, (tx) => take(log, events, ownContext(work, tx, cloud)));
  };

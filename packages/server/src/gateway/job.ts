/** A service's job that came due. */
import type { RunTimer } from "../clock/timers.ts";
import { DELIVERY_JOB } from "../events/delivery.ts";
import { assert } from "../kernel/assert.ts";
import type { Cloud } from "./cloud.ts";
import type { Errands } from "./errands.ts";
import { NO_REQUEST, ownContext } from "./own-context.ts";

/** How the cloud's timers run. */
export const jobRunner =
  (cloud: Cloud, errands: Errands): RunTimer =>
  async (timer, tx) => {
    const { account, region, key, payload } = timer;
    const service = await cloud.service(timer.service);
    if (timer.job === DELIVERY_JOB || service?.errands[timer.job] !== undefined) return errands.begin(timer, tx);
    const job = service?.jobs[timer.job];
    assert(service !== undefined && job !== undefined, `the job ${timer.service}.${timer.job} exists`);
    return job(ownContext({ service, account, region, facts: NO_REQUEST }, tx, cloud), key, payload);
  };

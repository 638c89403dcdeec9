/** A service's job that came due: it runs in a context like a call's, as the service itself. */
import type { RunTimer } from "../clock/timers.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { assert } from "../kernel/assert.ts";
import { newUuid } from "../kernel/ids.ts";
import type { RequestFacts } from "../service/context.ts";
import { NO_BODY } from "./arrival.ts";
import { CallContext, type Call } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";

const NO_REQUEST: RequestFacts = {
  endpoint: "http://localhost",
  sourceIp: "127.0.0.1",
  userAgent: undefined,
  secureTransport: true,
  headers: {},
  body: NO_BODY,
  trailers: new Map(),
};

/** How the cloud's timers run. */
export const jobRunner =
  (cloud: Cloud): RunTimer =>
  async (timer, tx) => {
    const service = await cloud.service(timer.service);
    const job = service?.jobs[timer.job];
    assert(service !== undefined && job !== undefined, `the job ${timer.service}.${timer.job} exists`);
    const call: Call = {
      requestId: newUuid(),
      caller: {
        principal: { type: "service", service: `${timer.service}.amazonaws.com` },
        account: timer.account,
        region: timer.region,
      },
      service,
      facts: NO_REQUEST,
      asked: () => {},
      identified: () => {},
      refusal: ({ action }) => new AwsError("AccessDenied", `a job may not do ${action}`),
    };
    await job(new CallContext(call, tx, cloud), timer.key, timer.payload);
  };

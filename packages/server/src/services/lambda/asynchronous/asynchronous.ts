/**
 * Asynchronous invocations: queued, tried up to three times, and then handed to where failures go.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { MINUTE_MS, SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Errand } from "../../../service/errand.ts";
import { longestWaiting, queuedEvents, waitingEvents, type QueuedEvent } from "./row.ts";
import { sendOutcome, type Condition } from "./destination.ts";
import { failure } from "../invocation/failure.ts";
import { functionArn, LATEST, placeOf, type FunctionPlace } from "../function/name.ts";
import { findTarget, type Target } from "../function/row.ts";
import { invokeConfigs, type InvokeConfig } from "./invoke-config-row.ts";
import { EVENT_AGE_SECONDS_USUAL, RETRIES_USUAL, RETRY_MINUTES, THROTTLED_WAIT_SECONDS_MAX } from "../limits.ts";
import { measureEvent, measureRun } from "../invocation/measured.ts";
import { routed } from "../invocation/routing.ts";
import { run, type Ran } from "../invocation/run.ts";
import { traceOf } from "../invocation/trace.ts";

const PURPOSE = "lambda.event";
export const ASYNCHRONOUS = "asynchronous";

interface Queued {
  readonly place: FunctionPlace;
  readonly payload: Uint8Array;
  readonly clientContext: string | undefined;
}

/** In the transaction of the call, where the call acts. */
export async function enqueue({ place, payload, clientContext }: Queued, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const event: QueuedEvent = {
    id: context.requestId,
    functionArn: functionArn(place, place.qualifier),
    payload: context.keys.seal(payload, PURPOSE),
    traceId: traceOf(context),
    queuedAtMs: nowMs,
    failures: 0,
    throttles: 0,
    ...(clientContext !== undefined && { clientContext }),
  };
  context.tx.put(queuedEvents, event);
  context.at(nowMs, ASYNCHRONOUS, event.id);
  measureEvent(place, { name: "AsyncEventsReceived", value: 1 }, context);
}

/** One attempt. */
export const asynchronous: Errand = async (context, id) => {
  const event = await context.tx.get(queuedEvents, id);
  if (event === undefined) return;
  const place = placeOf(event.functionArn, context);
  const found = await findTarget(place);
  // with its function its events are gone
  if (found === undefined) return context.transact(async ({ tx }) => tx.delete(queuedEvents, id));
  const target = await routed(found, context);
  const config = await place.tx.get(invokeConfigs, target.function.name, place.qualifier ?? LATEST);
  const attempt = { event, place, target, config };
  const over = overBefore(attempt, context);
  const payload = context.keys.open(event.payload, PURPOSE) ?? new Uint8Array();
  if (over !== undefined) {
    return context.transact(async (inner) => {
      await letNextIn(attempt, inner);
      await end({ ...attempt, payload, condition: over }, inner);
    });
  }
  const ran = await runQueued({ ...attempt, payload }, context);
  await context.transact((inner) => settle({ ...attempt, payload, ran }, inner));
};

interface Attempt {
  readonly event: QueuedEvent;
  readonly place: FunctionPlace;
  readonly target: Target;
  readonly config: InvokeConfig | undefined;
}

interface Ended extends Attempt {
  readonly payload: Uint8Array;
  readonly ran: Ran;
}

/** What cannot be run, as when its role is gone, is a failure like any other. */
async function runQueued(
  { event, place, target, payload }: Attempt & { readonly payload: Uint8Array },
  context: Context,
): Promise<Ran> {
  const { id: requestId, traceId, clientContext } = event;
  try {
    return await run({ target, qualifier: place.qualifier, requestId, payload, clientContext, traceId }, context);
  } catch (error) {
    if (error instanceof AwsError) return failure(error);
    throw error;
  }
}

/** Why it is not tried any more. */
function overBefore({ event, config, target }: Attempt, context: Context): Condition | undefined {
  if (target.function.reservedConcurrency === 0) return "ZeroReservedConcurrency";
  return ageMs(event, context) > ageMsMaxOf(config) ? "EventAgeExceeded" : undefined;
}

const ageMsMaxOf = (config: InvokeConfig | undefined): number =>
  (config?.ageSecondsMax ?? EVENT_AGE_SECONDS_USUAL) * SECOND_MS;

const ageMs = ({ queuedAtMs }: QueuedEvent, context: Context): number => context.now().getTime() - queuedAtMs;

async function settle(attempt: Ended, context: Context): Promise<void> {
  const { event, ran, target, config } = attempt;
  measureRun(target, ran, context);
  measureEvent(target.function, { name: "AsyncEventAge", value: ageMs(event, context) }, context);
  if (ran.kind === "throttled") return wait(attempt, context);
  await letNextIn(attempt, context);
  if (!ran.failed) return end({ ...attempt, condition: "Success" }, context);
  const failures = event.failures + 1;
  if (failures > (config?.retriesMax ?? RETRIES_USUAL))
    return end({ ...attempt, condition: "RetriesExhausted" }, context);
  const waitMs = (RETRY_MINUTES[event.failures] ?? RETRY_MINUTES[0]) * MINUTE_MS;
  // what would be too old by then is given up at once.
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_destinations.snapshot.json (test_maxeventage)
  if (ageMs(event, context) + waitMs >= ageMsMaxOf(config))
    return end({ ...attempt, condition: "EventAgeExceeded" }, context);
  return again(event, { failures, waitMs }, context);
}

async function wait({ event, target }: Attempt, context: Context): Promise<void> {
  const { id, queuedAtMs, throttles } = event;
  context.tx.put(waitingEvents, { functionName: target.function.name, queuedAtMs, id });
  return again(event, { throttles: throttles + 1, waitMs: throttledWaitMs(event) }, context);
}

/** Who is done leaves room, and nobody waits longer than for that: a queue drains as fast as its function works. */
async function letNextIn({ event, target }: Attempt, context: Context): Promise<void> {
  const { name } = target.function;
  if (event.throttles > 0) context.tx.delete(waitingEvents, name, event.queuedAtMs, event.id);
  const next = await longestWaiting(name, context.tx);
  if (next !== undefined) context.at(context.now().getTime(), ASYNCHRONOUS, next);
}

/** From a second to five minutes, doubled each time. */
const throttledWaitMs = ({ throttles }: QueuedEvent): number =>
  Math.min(2 ** throttles, THROTTLED_WAIT_SECONDS_MAX) * SECOND_MS;

async function again(
  event: QueuedEvent,
  { waitMs, ...change }: Partial<QueuedEvent> & { readonly waitMs: number },
  context: Context,
): Promise<void> {
  context.tx.put(queuedEvents, { ...event, ...change });
  context.at(context.now().getTime() + waitMs, ASYNCHRONOUS, event.id);
}

interface End extends Attempt {
  readonly payload: Uint8Array;
  readonly condition: Condition;
  readonly ran?: Ran;
}

async function end({ event, ...outcome }: End, context: Context): Promise<void> {
  context.tx.delete(queuedEvents, event.id);
  if (outcome.condition !== "Success")
    measureEvent(outcome.target.function, { name: "AsyncEventsDropped", value: 1 }, context);
  await sendOutcome(
    {
      ...outcome,
      requestId: event.id,
      traceId: event.traceId,
      attempts: event.failures + (outcome.ran === undefined ? 0 : 1),
    },
    context,
  );
}

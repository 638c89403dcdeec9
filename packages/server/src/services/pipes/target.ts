/**
 * Hands events to a pipe's target, in as few calls as it takes.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
 */
import type { Principal } from "../../identity/principal.ts";
import { asRegion, parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import type { ErrandContext } from "../../service/errand.ts";
import { requested } from "./destination.ts";
import { parsedJson } from "./filter.ts";
import { invokeFunction } from "./function.ts";
import { rendered } from "./input-template.ts";
import { LOG_EVENTS_PER_CALL, MESSAGES_PER_CALL } from "./limits.ts";
import { parameter, textOf } from "./parameter.ts";
import type { Pipe } from "./pipe-row.ts";
import { targetKindOf } from "./resource-kind.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type SnsSdk = typeof import("@aws-sdk/client-sns");
type EventBridgeSdk = typeof import("@aws-sdk/client-eventbridge");
type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

export interface Handover {
  readonly pipe: Pipe;
  readonly as: Principal;
}

/** An event before and after the target's template. */
interface Given {
  readonly at: number;
  readonly event: unknown;
  readonly input: unknown;
}

/** What did not arrive: places in the batch, or ids of messages as functions name them. */
export interface Failures {
  readonly places: readonly number[];
  readonly ids: readonly string[];
}

const NONE: Failures = { places: [], ids: [] };

/** @throws {AwsError} where nothing arrived */
export async function handOver(
  events: readonly unknown[],
  handover: Handover,
  context: ErrandContext,
): Promise<Failures> {
  const { pipe } = handover;
  const rendering = { pipe, nowMs: context.now().getTime() };
  const given = events.map((event, at) => ({
    at,
    event,
    input: rendered(pipe.targetParameters.InputTemplate, event, rendering),
  }));
  const kind = targetKindOf(pipe.target);
  switch (kind) {
    case "function":
      return toFunction(given, handover, context);
    case "queue":
      return inPieces(given, MESSAGES_PER_CALL, (some) => toQueue(some, handover, context));
    case "topic":
      return inPieces(given, MESSAGES_PER_CALL, (some) => toTopic(some, handover, context));
    case "bus":
      return inPieces(given, MESSAGES_PER_CALL, (some) => toBus(some, handover, context));
    case "log":
      return inPieces(given, LOG_EVENTS_PER_CALL, (some) => toLog(some, handover, context));
    case "destination":
      return inPieces(given, 1, (some) => toDestination(some, handover, context));
    case undefined:
      return NONE;
  }
}

/** `send` gives the places that failed. */
async function inPieces(
  given: readonly Given[],
  size: number,
  send: (some: readonly Given[]) => Promise<readonly number[]>,
): Promise<Failures> {
  const places: number[] = [];
  for (let at = 0; at < given.length; at += size) places.push(...(await send(given.slice(at, at + size))));
  return { places, ids: [] };
}

const regionOf = (pipe: Pipe) => asRegion(parseArn(pipe.target)?.region ?? pipe.region);

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-targets-specifics.html (Lambda) */
async function toFunction(given: readonly Given[], { pipe, as }: Handover, context: Context): Promise<Failures> {
  const waits = pipe.targetParameters.LambdaFunctionParameters?.InvocationType !== "FIRE_AND_FORGET";
  const payload = given.map(({ input }) => input);
  const answer = parsedJson(await invokeFunction({ arn: pipe.target, payload, waits, as }, context));
  return waits ? { places: [], ids: failedIds(answer) } : NONE;
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html (partial batch failures) */
function failedIds(answer: unknown): readonly string[] {
  if (typeof answer !== "object" || answer === null || !("batchItemFailures" in answer)) return [];
  const { batchItemFailures: failures } = answer;
  if (!Array.isArray(failures)) return [];
  return failures.map((failure: unknown) =>
    typeof failure === "object" && failure !== null && "itemIdentifier" in failure
      ? String(failure.itemIdentifier)
      : "",
  );
}

async function toQueue(some: readonly Given[], { pipe, as }: Handover, context: Context): Promise<readonly number[]> {
  const { account = "", resource = "" } = parseArn(pipe.target) ?? {};
  const region = regionOf(pipe);
  const { MessageGroupId, MessageDeduplicationId } = pipe.targetParameters.SqsQueueParameters ?? {};
  const Entries = some.map(({ event, input, at }) => {
    const group = parameter(MessageGroupId, event);
    const deduplication = parameter(MessageDeduplicationId, event);
    return {
      Id: String(at),
      MessageBody: textOf(input),
      ...(group !== undefined && { MessageGroupId: group }),
      ...(deduplication !== undefined && { MessageDeduplicationId: deduplication }),
    };
  });
  const { Failed = [] } = await context.call<SqsSdk, "SendMessageBatch">({
    service: "sqs",
    operation: "SendMessageBatch",
    input: { QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${resource}`, Entries },
    as,
    region,
  });
  return Failed.map(({ Id }) => Number(Id));
}

async function toTopic(some: readonly Given[], { pipe, as }: Handover, context: Context): Promise<readonly number[]> {
  const { Failed = [] } = await context.call<SnsSdk, "PublishBatch">({
    service: "sns",
    operation: "PublishBatch",
    input: {
      TopicArn: pipe.target,
      PublishBatchRequestEntries: some.map(({ input, at }) => ({ Id: String(at), Message: textOf(input) })),
    },
    as,
    region: regionOf(pipe),
  });
  return Failed.map(({ Id }) => Number(Id));
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetEventBridgeEventBusParameters.html */
async function toBus(some: readonly Given[], { pipe, as }: Handover, context: Context): Promise<readonly number[]> {
  const { Source, DetailType, Resources, Time } = pipe.targetParameters.EventBridgeEventBusParameters ?? {};
  const timed = some.map((given) => ({ ...given, time: timeOf(parameter(Time, given.event)) }));
  const [good, bad] = [timed.filter(({ time }) => time !== "none"), timed.filter(({ time }) => time === "none")];
  const unsent = bad.map(({ at }) => at);
  if (good.length === 0) return unsent;
  const Entries = good.map(({ event, input, time }) => ({
    EventBusName: pipe.target,
    Source: parameter(Source, event) ?? `Pipe ${pipe.name}`,
    DetailType: parameter(DetailType, event) ?? "Event from aws:sqs",
    Detail: textOf(input),
    Resources: (Resources ?? []).flatMap((text) => parameter(text, event) ?? []),
    ...(time instanceof Date && { Time: time }),
  }));
  const answer = await context.call<EventBridgeSdk, "PutEvents">({
    service: "eventbridge",
    operation: "PutEvents",
    input: { Entries },
    as,
    region: regionOf(pipe),
  });
  const refused = good.filter((_, index) => answer.Entries?.[index]?.ErrorCode !== undefined);
  return [...unsent, ...refused.map(({ at }) => at)];
}

/** Nobody takes an event whose time is none. */
function timeOf(text: string | undefined): Date | "none" | undefined {
  const time = text === undefined ? undefined : new Date(text);
  return Number.isNaN(time?.getTime()) ? "none" : time;
}

/** All of it or nothing. Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetCloudWatchLogsParameters.html */
async function toLog(some: readonly Given[], { pipe, as }: Handover, context: Context): Promise<readonly number[]> {
  const { LogStreamName = "", Timestamp } = pipe.targetParameters.CloudWatchLogsParameters ?? {};
  const nowMs = context.now().getTime();
  const byStream = Map.groupBy(some, ({ event }) => parameter(LogStreamName, event) ?? LogStreamName);
  for (const [logStreamName, given] of byStream) {
    const logEvents = given.map(({ event, input }) => ({
      timestamp: Number(parameter(Timestamp, event) ?? nowMs),
      message: textOf(input),
    }));
    const { resource = "" } = parseArn(pipe.target) ?? {};
    await context.call<LogsSdk, "PutLogEvents">({
      service: "cloudwatch-logs",
      operation: "PutLogEvents",
      input: {
        logGroupName: resource.replace(/^log-group:/, "").replace(/:\*$/, ""),
        logStreamName,
        logEvents: logEvents.toSorted((one, other) => one.timestamp - other.timestamp),
      },
      as,
      region: regionOf(pipe),
    });
  }
  return [];
}

async function toDestination(
  some: readonly Given[],
  { pipe }: Handover,
  context: ErrandContext,
): Promise<readonly number[]> {
  const parameters = pipe.targetParameters.HttpParameters;
  for (const { event, input } of some) await requested({ arn: pipe.target, parameters, pipe, event, input }, context);
  return [];
}

/**
 * What a pipe can lead from, through and to: by the service in the ARN, and how the resource begins.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html, eb-pipes-enrichment.html,
 * eb-pipes-event-target.html
 */
import { parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { enrichmentUnsupported, notBuilt, sourceUnsupported, targetUnsupported } from "./errors.ts";

const SOURCES = { sqs: "sqs:" } as const;
const SOURCES_TO_COME = ["kinesis:stream/", "dynamodb:table/", "mq:broker:", "kafka:cluster/"];

const TARGETS = {
  function: "lambda:function:",
  queue: "sqs:",
  topic: "sns:",
  bus: "events:event-bus/",
  log: "logs:log-group:",
  destination: "events:api-destination/",
} as const;
const TARGETS_TO_COME = [
  "execute-api:",
  "batch:job-queue/",
  "ecs:cluster/",
  "firehose:deliverystream/",
  "inspector:",
  "kinesis:stream/",
  "redshift:cluster:",
  "redshift-serverless:workgroup/",
  "sagemaker:pipeline/",
  "states:stateMachine:",
  "timestream:database/",
];

const ENRICHMENTS_TO_COME = ["execute-api:", "states:stateMachine:"];

export type TargetKind = keyof typeof TARGETS;

/** The operation that each kind of target is called with. */
const CALLED: Readonly<Record<Exclude<TargetKind, "destination">, readonly [service: string, action: string]>> = {
  function: ["lambda", "invoke"],
  queue: ["sqs", "sendMessage"],
  topic: ["sns", "publish"],
  bus: ["eventbridge", "putEvents"],
  log: ["cloudwatchlogs", "putLogEvents"],
};

function startOf(arn: string): string {
  const { service = "", resource = "" } = parseArn(arn) ?? {};
  return `${service}:${resource}`;
}

const beginsAny = (arn: string, starts: readonly string[]): boolean =>
  starts.some((start) => startOf(arn).startsWith(start));

/** @throws {AwsError} `ValidationException`, `NotImplemented` */
export function requireSource(arn: string): void {
  if (startOf(arn).startsWith(SOURCES.sqs)) return;
  if (beginsAny(arn, SOURCES_TO_COME) || arn.startsWith("smk://")) throw notBuilt(`the source ${arn}`);
  throw sourceUnsupported(arn);
}

/** @throws {AwsError} `ValidationException`, `NotImplemented` */
export async function requireEnrichmentKind(arn: string, context: Context): Promise<EnrichmentKind> {
  if (beginsAny(arn, ENRICHMENTS_TO_COME)) throw notBuilt(`the enrichment ${arn}`);
  const kind = enrichmentKindOf(arn);
  if (kind === undefined) throw enrichmentUnsupported(arn);
  await requireBuilt(kind, arn, context);
  return kind;
}

export type EnrichmentKind = "function" | "destination";

const ENRICHMENT_KINDS: readonly EnrichmentKind[] = ["function", "destination"];

export const enrichmentKindOf = (arn: string): EnrichmentKind | undefined =>
  ENRICHMENT_KINDS.find((kind) => startOf(arn).startsWith(TARGETS[kind]));

/** @throws {AwsError} `ValidationException`, `NotImplemented` */
export async function requireTargetKind(arn: string, context: Context): Promise<TargetKind> {
  const kind = targetKindOf(arn);
  if (kind === undefined) {
    throw beginsAny(arn, TARGETS_TO_COME) ? notBuilt(`the target ${arn}`) : targetUnsupported(arn);
  }
  await requireBuilt(kind, arn, context);
  return kind;
}

async function requireBuilt(kind: TargetKind, arn: string, { operations }: Context): Promise<void> {
  // requests over HTTP are no operation
  if (kind === "destination") return;
  const found = await operations.find(...CALLED[kind]);
  if (found.kind !== "known" || !found.isBuilt) throw notBuilt(`the target ${arn}`);
}

const TARGET_KINDS: readonly TargetKind[] = ["function", "queue", "topic", "bus", "log", "destination"];

export const targetKindOf = (arn: string): TargetKind | undefined =>
  TARGET_KINDS.find((kind) => startOf(arn).startsWith(TARGETS[kind]));

/** What somebody asks of a pipe, held to the rules, as it is kept. */
import { parsePattern } from "../../kernel/event-pattern/pattern.ts";
import { PatternError } from "../../kernel/event-pattern/pattern-error.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { destinationMissing, notBuilt, parametersMisplaced, parametersMissing, patternInvalid } from "./errors.ts";
import type { PipesSdk } from "./kit.ts";
import { USUAL_BATCH_SIZE } from "./limits.ts";
import type { HttpParameters, LogSetting, Order, Pipe, SourceParameters, TargetParameters } from "./pipe-row.ts";
import {
  requireEnrichmentKind,
  requireSource,
  requireTargetKind,
  type EnrichmentKind,
  type TargetKind,
} from "./resource-kind.ts";

type Update = InputOf<PipesSdk, "UpdatePipe">;

/** What a call may say about a pipe that is new, or about one that is there. */
type Said = Pick<
  Update,
  | "EnrichmentParameters"
  | "TargetParameters"
  | "LogConfiguration"
  | "Description"
  | "DesiredState"
  | "Enrichment"
  | "KmsKeyIdentifier"
> & {
  readonly SourceParameters?: Order["SourceParameters"] | Update["SourceParameters"];
};

export type Settings = Pick<
  Pipe,
  | "description"
  | "desired"
  | "sourceParameters"
  | "enrichment"
  | "enrichmentTemplate"
  | "enrichmentHttp"
  | "target"
  | "targetParameters"
  | "log"
>;

interface Ends {
  readonly source: string;
  readonly target: string;
  /** The pipe that is changed. */
  readonly there?: Pipe;
}

/**
 * What is not said stays as it was, but members of one kind of resource are said as one.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_UpdatePipe.html
 *
 * @throws {AwsError} `ValidationException`, `NotImplemented`
 */
export async function settingsOf(said: Said, ends: Ends, context: Context): Promise<Settings> {
  if (said.KmsKeyIdentifier !== undefined && said.KmsKeyIdentifier !== "") throw notBuilt("keys of one's own");
  const { source, target, there } = ends;
  requireSource(source);
  const kind = await requireTargetKind(target, context);
  return {
    ...descriptionOf(said, there),
    desired: said.DesiredState ?? there?.desired ?? "RUNNING",
    sourceParameters: sourceParametersOf(said.SourceParameters, there?.sourceParameters),
    ...(await enrichmentOf(said, there, context)),
    target,
    targetParameters: targetParametersOf(said.TargetParameters, kind, there?.targetParameters),
    ...logOf(said.LogConfiguration, there),
  };
}

function descriptionOf({ Description }: Said, there: Pipe | undefined): Pick<Settings, "description"> {
  const description = Description ?? there?.description;
  return description === undefined ? {} : { description };
}

/** An empty ARN takes an enrichment away. */
async function enrichmentOf(
  { Enrichment, EnrichmentParameters: parameters }: Said,
  there: Pipe | undefined,
  context: Context,
): Promise<Pick<Settings, "enrichment" | "enrichmentTemplate" | "enrichmentHttp">> {
  const enrichment = Enrichment ?? there?.enrichment ?? "";
  if (enrichment === "") return {};
  const kind = await requireEnrichmentKind(enrichment, context);
  const template = parameters?.InputTemplate ?? there?.enrichmentTemplate ?? "";
  return {
    enrichment,
    ...(template !== "" && { enrichmentTemplate: template }),
    ...enrichmentHttpOf(parameters?.HttpParameters, kind, there?.enrichmentHttp),
  };
}

/** What is kept of a destination is forgotten with it. @throws {AwsError} `ValidationException` */
function enrichmentHttpOf(
  said: HttpParameters | undefined,
  kind: EnrichmentKind,
  there: HttpParameters | undefined,
): Pick<Settings, "enrichmentHttp"> {
  if (kind !== "destination") {
    if (said !== undefined) throw parametersMisplaced("HttpParameters");
    return {};
  }
  const http = said ?? there;
  return http === undefined ? {} : { enrichmentHttp: http };
}

/** @throws {AwsError} `ValidationException` */
function sourceParametersOf(said: Said["SourceParameters"], there: SourceParameters | undefined): SourceParameters {
  const { FilterCriteria = there?.FilterCriteria, SqsQueueParameters: queue, ...others } = said ?? {};
  requireNone(others);
  const filters = FilterCriteria?.Filters ?? [];
  for (const { Pattern } of filters) if (Pattern !== undefined) requirePattern(Pattern);
  return {
    ...(filters.length > 0 && { FilterCriteria }),
    SqsQueueParameters: { ...USUAL_QUEUE, ...(queue ?? there?.SqsQueueParameters) },
  };
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeSourceSqsQueueParameters.html */
const USUAL_QUEUE = { BatchSize: USUAL_BATCH_SIZE, MaximumBatchingWindowInSeconds: 0 };

function requirePattern(pattern: string): void {
  try {
    parsePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) throw patternInvalid(error.message);
    throw error;
  }
}

const PARAMETERS: Readonly<Record<TargetKind, string | undefined>> = {
  function: "LambdaFunctionParameters",
  queue: "SqsQueueParameters",
  topic: undefined,
  bus: "EventBridgeEventBusParameters",
  log: "CloudWatchLogsParameters",
  destination: "HttpParameters",
};

/** @throws {AwsError} `ValidationException` */
function targetParametersOf(
  said: Order["TargetParameters"],
  kind: TargetKind,
  there: TargetParameters | undefined,
): TargetParameters {
  const merged = { ...there, ...said };
  const misplaced = Object.entries(merged).find(
    ([name, value]) => value !== undefined && name !== "InputTemplate" && name !== PARAMETERS[kind],
  );
  if (misplaced !== undefined) throw parametersMisplaced(misplaced[0]);
  if (kind === "log" && merged.CloudWatchLogsParameters?.LogStreamName === undefined) {
    throw parametersMissing("TargetParameters.CloudWatchLogsParameters.LogStreamName");
  }
  if (merged.EventBridgeEventBusParameters?.EndpointId !== undefined) throw notBuilt("global endpoints of EventBridge");
  // an empty template takes one away
  const { InputTemplate, ...rest } = merged;
  return InputTemplate === undefined || InputTemplate === "" ? rest : { ...rest, InputTemplate };
}

/** @throws {AwsError} `ValidationException`, `NotImplemented` */
function logOf(said: Said["LogConfiguration"], there: Pipe | undefined): Pick<Settings, "log"> {
  if (said === undefined) return there?.log === undefined ? {} : { log: there.log };
  const { S3LogDestination, FirehoseLogDestination, CloudwatchLogsLogDestination, Level, IncludeExecutionData } = said;
  if (S3LogDestination ?? FirehoseLogDestination) throw notBuilt("logs in buckets and streams");
  const group = CloudwatchLogsLogDestination?.LogGroupArn;
  if (Level !== "OFF" && group === undefined) throw destinationMissing();
  const log: LogSetting = {
    level: Level,
    ...(group !== undefined && { group }),
    withData: (IncludeExecutionData ?? []).includes("ALL"),
  };
  return { log };
}

function requireNone(parameters: Readonly<Record<string, unknown>>): void {
  const found = Object.keys(parameters).find((name) => parameters[name] !== undefined);
  if (found !== undefined) throw parametersMisplaced(found);
}

/**
 * Event source mappings: made, changed, listed and taken away. Queues are read; streams and brokers are refused until
 * they are built.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
import { page } from "../../../kernel/page.ts";
import { formatArn, parseArn } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import {
  filterInvalid,
  tooManyFilters,
  functionMissingForMapping,
  mappingExists,
  nextTokenInvalid,
  notBuilt,
  parameterUnsupported,
  sourceUnknown,
  startUnsupported,
  windowNeeded,
  windowOfFifo,
} from "../errors.ts";
import { arnOf, functionArn, placeOf } from "../function/name.ts";
import { findTarget } from "../function/row.ts";
import { operation, type LambdaSdk } from "../kit.ts";
import { MAPPING_FILTERS_MAX, PAGE_ROWS_MAX } from "../limits.ts";
import { isFilter } from "./filter.ts";
import { requireQueue } from "./queue.ts";
import { mappingArn, mappings, requireMapping, findMapping, type Mapping } from "./row.ts";
import { startReading } from "./schedule.ts";
import { requireTags } from "../tag-rules.ts";
import { onAll } from "../access.ts";

type Create = InputOf<LambdaSdk, "CreateEventSourceMapping">;
type Update = InputOf<LambdaSdk, "UpdateEventSourceMapping">;

const BATCH_SIZE_USUAL = 10;

export const createEventSourceMapping = operation("CreateEventSourceMapping", {
  authorize: async ({ FunctionName, Tags }, context) => {
    const keys = { "lambda:FunctionArn": arnOf(placeOf(FunctionName, context)) };
    return onAll("CreateEventSourceMapping", { keys, requestTags: Tags });
  },

  async handle(input, context) {
    const { FunctionName, EventSourceArn, Tags = {} } = input;
    requireQueueSource(input);
    const place = placeOf(FunctionName, context);
    const target = await findTarget(place);
    if (target === undefined) throw functionMissingForMapping();
    const functionNamed = functionArn(place, place.qualifier);
    await requireNew({ source: EventSourceArn ?? "", functionNamed }, context);
    const { account, region, partition } = context;
    const bare: Mapping = {
      id: context.newId(),
      account,
      region,
      partition,
      functionArn: functionNamed,
      sourceArn: EventSourceArn ?? "",
      enabled: true,
      batchSize: BATCH_SIZE_USUAL,
      windowSeconds: 0,
      filters: [],
      responseTypes: [],
      metrics: false,
      modifiedAtMs: context.now().getTime(),
      tags: requireTags(Tags, {}),
    };
    const mapping = changed(bare, input, context);
    await requireQueue(mapping, target, context);
    context.tx.put(mappings, mapping);
    startReading(mapping, context);
    return shown(mapping, "Creating");
  },
});

export const getEventSourceMapping = operation("GetEventSourceMapping", {
  authorize: ({ UUID }, context) => onMapping("GetEventSourceMapping", UUID, context),

  async handle({ UUID }, context) {
    return shown(await requireMapping(UUID, context));
  },
});

export const updateEventSourceMapping = operation("UpdateEventSourceMapping", {
  authorize: ({ UUID }, context) => onMapping("UpdateEventSourceMapping", UUID, context),

  async handle(input, context) {
    const was = await requireMapping(input.UUID, context);
    requireBuilt(input);
    const mapping = changed(was, input, context);
    const target = await targetOf(mapping, input.FunctionName, context);
    const renamed = { ...mapping, functionArn: target.arn };
    await requireQueue(renamed, target.target, context);
    context.tx.put(mappings, renamed);
    startReading(renamed, context);
    return shown(renamed, "Updating");
  },
});

async function targetOf(mapping: Mapping, named: string | undefined, context: Context) {
  const place = placeOf(named ?? mapping.functionArn, context);
  const target = await findTarget(place);
  if (target === undefined) throw functionMissingForMapping();
  return { target, arn: functionArn(place, place.qualifier) };
}

export const deleteEventSourceMapping = operation("DeleteEventSourceMapping", {
  authorize: ({ UUID }, context) => onMapping("DeleteEventSourceMapping", UUID, context),

  async handle({ UUID }, context) {
    const mapping = await requireMapping(UUID, context);
    context.tx.delete(mappings, mapping.id);
    return shown(mapping, "Deleting");
  },
});

export const listEventSourceMappings = operation("ListEventSourceMappings", {
  authorize: () => onAll("ListEventSourceMappings"),

  async handle({ EventSourceArn, FunctionName, Marker, MaxItems }, context) {
    const { rows, next } = await page(context.tx, mappings, {
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    const named = FunctionName === undefined ? undefined : placeOf(FunctionName, context);
    const found = rows.filter(
      ({ sourceArn, functionArn: arn }) =>
        (EventSourceArn === undefined || sourceArn === EventSourceArn) &&
        (named === undefined || arn === functionArn(named, named.qualifier)),
    );
    return {
      EventSourceMappings: found.map((mapping) => shown(mapping)),
      ...(next !== undefined && { NextMarker: next }),
    };
  },
});

async function onMapping(
  action: "GetEventSourceMapping" | "UpdateEventSourceMapping" | "DeleteEventSourceMapping",
  named: string,
  context: Context,
): Promise<Access> {
  const { partition, region, account } = context;
  const found = await findMapping(named, context);
  const resource =
    found === undefined
      ? formatArn({ partition, service: "lambda", region, account, resource: `event-source-mapping:${named}` })
      : mappingArn(found);
  return {
    action: `lambda:${action}`,
    resource,
    resourceTags: found?.tags,
    keys: { "lambda:FunctionArn": found?.functionArn },
  };
}

/** @throws {AwsError} it is no queue, or something is said that only others have. */
function requireQueueSource(input: Create): void {
  const service = parseArn(input.EventSourceArn ?? "")?.service;
  if (service === "kinesis" || service === "dynamodb") throw notBuilt("An event source mapping of a stream");
  if (input.SelfManagedEventSource !== undefined || service === "kafka" || service === "mq" || service === "rds") {
    throw notBuilt("An event source mapping of a broker or a database");
  }
  if (input.EventSourceArn === undefined) throw sourceUnknown();
  if (service !== "sqs") throw sourceUnknown();
  if (input.StartingPosition !== undefined) throw startUnsupported(input.EventSourceArn);
  requireNoneOf(OF_OTHER_NEW_SOURCES, input);
  requireBuilt(input);
}

/** What is said of streams, brokers and databases alone: of any, and of new ones. */
const OF_OTHER_SOURCES = [
  "AmazonManagedKafkaEventSourceConfig",
  "BisectBatchOnFunctionError",
  "DocumentDBEventSourceConfig",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
  "ParallelizationFactor",
  "SelfManagedKafkaEventSourceConfig",
  "SourceAccessConfigurations",
  "TumblingWindowInSeconds",
] as const;
const OF_OTHER_NEW_SOURCES = ["Queues", "StartingPositionTimestamp", "Topics"] as const;

/**
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 *
 * @throws {AwsError} `InvalidParameterValueException`
 */
function requireNoneOf<Name extends string>(
  names: readonly Name[],
  input: { readonly [Each in Name]?: unknown },
): void {
  const given = names.find((name) => input[name] !== undefined);
  if (given !== undefined) throw parameterUnsupported(given);
}

function requireBuilt(input: Omit<Update, "UUID">): void {
  const { OnSuccess, OnFailure } = input.DestinationConfig ?? {};
  if ((OnSuccess ?? OnFailure)?.Destination !== undefined) throw parameterUnsupported("DestinationConfig");
  requireNoneOf(OF_OTHER_SOURCES, input);
  if (input.KMSKeyArn !== undefined) throw notBuilt("A key for the filters of an event source mapping");
  if (input.ProvisionedPollerConfig !== undefined) throw notBuilt("Provisioned pollers");
}

/** @throws {AwsError} `ResourceConflictException` */
async function requireNew(
  wanted: { readonly source: string; readonly functionNamed: string },
  context: Context,
): Promise<void> {
  const rows = await context.tx.scan(mappings, { limit: MAPPINGS_LOOKED_AT });
  const same = rows.find(
    ({ sourceArn, functionArn: arn }) => sourceArn === wanted.source && arn === wanted.functionNamed,
  );
  if (same !== undefined) throw mappingExists(wanted.source, placeOf(wanted.functionNamed, context).name, same.id);
}

const MAPPINGS_LOOKED_AT = 1000;

/** Larger batches have to be waited for. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const UNWAITED_BATCH_MAX = 10;

function changed(was: Mapping, input: Omit<Update, "UUID">, context: Context): Mapping {
  const batchSize = input.BatchSize ?? was.batchSize;
  const windowSeconds = input.MaximumBatchingWindowInSeconds ?? was.windowSeconds;
  requireWindow({ ...was, batchSize, windowSeconds });
  const { concurrencyMax: _was, ...bare } = was;
  const concurrencyMax =
    input.ScalingConfig === undefined ? was.concurrencyMax : input.ScalingConfig.MaximumConcurrency;
  return {
    ...bare,
    batchSize,
    windowSeconds,
    enabled: input.Enabled ?? was.enabled,
    filters: input.FilterCriteria === undefined ? was.filters : filtersOf(input.FilterCriteria),
    responseTypes: input.FunctionResponseTypes ?? was.responseTypes,
    metrics: input.MetricsConfig === undefined ? was.metrics : (input.MetricsConfig.Metrics ?? []).length > 0,
    modifiedAtMs: context.now().getTime(),
    ...(concurrencyMax !== undefined && { concurrencyMax }),
  };
}

/** @throws {AwsError} large batches without a window, or a window where the queue has an order. */
function requireWindow({ batchSize, windowSeconds, sourceArn }: Mapping): void {
  if (batchSize > UNWAITED_BATCH_MAX && windowSeconds === 0) throw windowNeeded();
  if (windowSeconds > 0 && sourceArn.endsWith(".fifo")) throw windowOfFifo();
}

function filtersOf({ Filters = [] }: NonNullable<Update["FilterCriteria"]>): readonly string[] {
  const patterns = Filters.flatMap(({ Pattern }) => (Pattern === undefined ? [] : [Pattern]));
  if (patterns.length > MAPPING_FILTERS_MAX) throw tooManyFilters();
  if (!patterns.every(isFilter)) throw filterInvalid();
  return patterns;
}

function shown(mapping: Mapping, state?: "Creating" | "Updating" | "Deleting") {
  const {
    id,
    functionArn: FunctionArn,
    sourceArn,
    batchSize,
    windowSeconds,
    enabled,
    filters,
    concurrencyMax,
  } = mapping;
  return {
    UUID: id,
    EventSourceMappingArn: mappingArn(mapping),
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: windowSeconds,
    EventSourceArn: sourceArn,
    FunctionArn,
    LastModified: new Date(mapping.modifiedAtMs),
    State: state ?? (enabled ? "Enabled" : "Disabled"),
    StateTransitionReason: "USER_INITIATED",
    FunctionResponseTypes: [...mapping.responseTypes],
    ...(filters.length > 0 && { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
    ...(concurrencyMax !== undefined && { ScalingConfig: { MaximumConcurrency: concurrencyMax } }),
    ...(mapping.metrics && { MetricsConfig: { Metrics: ["EventCount" as const] } }),
  };
}

/**
 * Queries that are asked again and again.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateScheduledQuery.html
 */
import type {
  CreateScheduledQueryRequest,
  DestinationConfiguration,
  GetScheduledQueryResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { hasBucketShape } from "../../../kernel/bucket-name.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { page } from "../../../kernel/page.ts";
import { nextAfter, parseSchedule } from "../../../kernel/schedule/schedule.ts";
import { isTimeZone } from "../../../kernel/schedule/zone.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import {
  invalidToken,
  languageNotBuilt,
  scheduleInvalid,
  scheduledExists,
  scheduledInvalid,
  scheduledNotFound,
} from "../errors.ts";
import { parseQuery } from "../insights/parser.ts";
import { arn, operation } from "../kit.ts";
import { QUERY_GROUPS_MAX, SCHEDULED_LOOKBACK_SECONDS, SCHEDULED_PER_PAGE_MAX } from "../limits.ts";
import { passing } from "../passing.ts";
import { requireNewTags } from "../tag-rules.ts";
import { notBuilt } from "../unbuilt.ts";
import {
  findScheduled,
  runs,
  scheduledNames,
  scheduledQueries,
  type QueryDestination,
  type ScheduledQuery,
} from "./row.ts";

export const SCHEDULED = "scheduled-query";

export const scheduledArn = (context: Pick<Context, "partition" | "region" | "account">, id: string) =>
  arn(context, `scheduled-query:${id}`);

async function onScheduled(action: string, identifier: string, context: Context): Promise<Access> {
  const found = await findScheduled(identifier, context.tx);
  return {
    action: `logs:${action}`,
    resource: scheduledArn(context, found?.id ?? "*"),
    resourceTags: found?.tags,
  };
}

const rolesOf = ({
  executionRoleArn,
  destinationConfiguration,
}: Pick<Given, "executionRoleArn" | "destinationConfiguration">) => [
  ...passing(executionRoleArn),
  ...passing(destinationConfiguration?.s3Configuration?.roleArn),
];

type Given = Validated<Omit<CreateScheduledQueryRequest, "name" | "tags">>;

export const createScheduledQuery = operation("CreateScheduledQuery", {
  authorize: (input, context) => [
    { action: "logs:CreateScheduledQuery", resource: scheduledArn(context, "*"), requestTags: input.tags },
    ...rolesOf(input),
  ],

  async handle(input, context) {
    const { tx } = context;
    const { name, tags = {} } = input;
    if ((await tx.get(scheduledNames, name)) !== undefined) throw scheduledExists(name);
    const nowMs = context.now().getTime();
    const query: ScheduledQuery = {
      id: context.newId(),
      name,
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      tags: requireNewTags(tags, {}),
      ...(await settingsOf(input)),
    };
    tx.put(scheduledNames, { id: query.id, name });
    keep(query, context);
    return { scheduledQueryArn: scheduledArn(context, query.id), state: query.state };
  },
});

/** @throws {AwsError} `ValidationException` */
async function settingsOf(input: Given) {
  const { queryLanguage, logGroupIdentifiers: groups = [], state = "ENABLED" } = input;
  if (queryLanguage !== "CWLI") throw languageNotBuilt(queryLanguage);
  if (groups.length === 0) throw notBuilt("scheduled queries that name their log groups in the query");
  if (groups.length > QUERY_GROUPS_MAX) throw scheduledInvalid("logGroupIdentifiers");
  await parseQuery(input.queryString);
  return {
    description: input.description,
    text: input.queryString,
    groups,
    ...requireTimes(input),
    ...requireLookback(input),
    destination: input.destinationConfiguration && destinationOf(input.destinationConfiguration),
    role: input.executionRoleArn,
    state,
  };
}

/** @throws {AwsError} `ValidationException` */
function requireTimes({
  scheduleExpression: expression,
  timezone: timeZone,
  scheduleStartTime,
  scheduleEndTime,
}: Given) {
  if (parseSchedule(expression)?.kind !== "cron") throw scheduleInvalid(expression);
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw scheduledInvalid("timezone");
  const [startMs, endMs] = [momentOf(scheduleStartTime), momentOf(scheduleEndTime)];
  if (startMs !== undefined && endMs !== undefined && startMs >= endMs) throw scheduledInvalid("scheduleEndTime");
  return { expression, timeZone, startMs, endMs };
}

/** @throws {AwsError} `ValidationException` where it ends before it begins */
function requireLookback({ startTimeOffset = SCHEDULED_LOOKBACK_SECONDS, endTimeOffset }: Given) {
  if (endTimeOffset !== undefined && endTimeOffset >= startTimeOffset) throw scheduledInvalid("endTimeOffset");
  return { offsetSeconds: startTimeOffset, endOffsetSeconds: endTimeOffset };
}

const YEAR_5138_SECONDS = 1e11;

/** Epoch seconds or milliseconds: AWS says neither. */
export const epochMsOf = (given: number): number => (given >= YEAR_5138_SECONDS ? given : given * SECOND_MS);

const momentOf = (given: number | undefined): number | undefined =>
  given === undefined ? undefined : epochMsOf(given);

function destinationOf(given: Validated<DestinationConfiguration>): QueryDestination {
  const { s3Configuration, lookupTableConfiguration } = given;
  if (lookupTableConfiguration !== undefined) throw notBuilt("lookup tables of scheduled queries");
  if (s3Configuration === undefined) throw scheduledInvalid("destinationConfiguration");
  const { destinationIdentifier: uri, roleArn: role, ownerAccountId: owner, kmsKeyId } = s3Configuration;
  const [, bucket = ""] = /^s3:\/\/([^/]*)(?:\/.*)?$/.exec(uri) ?? [];
  if (!hasBucketShape(bucket)) throw scheduledInvalid("destinationIdentifier");
  return { uri, role, owner, kmsKeyId };
}

/** Keeps it, and has it asked when it is due. */
function keep(query: ScheduledQuery, context: Context): void {
  context.tx.put(scheduledQueries, query);
  const dueMs = query.state === "ENABLED" ? dueOf(query, context.now().getTime()) : undefined;
  if (dueMs === undefined) context.cancel(SCHEDULED, query.id);
  else context.at(dueMs, SCHEDULED, query.id, dueMs);
}

/** When it is asked next; `undefined`: never again. */
export function dueOf({ expression, timeZone, startMs = 0, endMs }: ScheduledQuery, nowMs: number): number | undefined {
  const schedule = parseSchedule(expression);
  const afterMs = Math.max(nowMs, startMs - 1);
  const dueMs = schedule && nextAfter(schedule, { afterMs, timeZone });
  return dueMs === undefined || (endMs !== undefined && dueMs >= endMs) ? undefined : dueMs;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireScheduled(identifier: string, { tx }: Pick<Context, "tx">): Promise<ScheduledQuery> {
  const found = await findScheduled(identifier, tx);
  if (found === undefined) throw scheduledNotFound(identifier);
  return found;
}

export const updateScheduledQuery = operation("UpdateScheduledQuery", {
  authorize: async (input, context) => [
    await onScheduled("UpdateScheduledQuery", input.identifier, context),
    ...rolesOf(input),
  ],

  async handle(input, context) {
    const was = await requireScheduled(input.identifier, context);
    const state = input.state ?? was.state;
    const changed = { ...was, ...(await settingsOf({ ...input, state })), changedAtMs: context.now().getTime() };
    keep(changed, context);
    return show(changed, context);
  },
});

export const getScheduledQuery = operation("GetScheduledQuery", {
  authorize: ({ identifier }, context) => onScheduled("GetScheduledQuery", identifier, context),

  async handle({ identifier }, context) {
    return show(await requireScheduled(identifier, context), context);
  },
});

const RUNS_AT_ONCE = 500;
export const FORGET_RUNS = "forget-runs";

export const deleteScheduledQuery = operation("DeleteScheduledQuery", {
  authorize: ({ identifier }, context) => onScheduled("DeleteScheduledQuery", identifier, context),

  async handle({ identifier }, context) {
    const { id, name } = await requireScheduled(identifier, context);
    context.tx.delete(scheduledQueries, id);
    context.tx.delete(scheduledNames, name);
    context.cancel(SCHEDULED, id);
    await forgetRuns(context, id);
    return {};
  },
});

/** The job: takes away what became of a query that is gone. */
export async function forgetRuns(context: Context, id: string): Promise<void> {
  const count = await context.tx.clear(runs, { prefix: [id], limit: RUNS_AT_ONCE });
  if (count === RUNS_AT_ONCE) context.at(context.now().getTime(), FORGET_RUNS, id);
}

export const listScheduledQueries = operation("ListScheduledQueries", {
  authorize: (_input, context) => ({ action: "logs:ListScheduledQueries", resource: scheduledArn(context, "*") }),

  async handle({ maxResults: limit, nextToken: token, state, scheduleType = "CUSTOMER_MANAGED" }, context) {
    // AWS's own services have none here
    if (scheduleType !== "CUSTOMER_MANAGED") return { scheduledQueries: [] };
    const paging = { limit, token, max: SCHEDULED_PER_PAGE_MAX, invalidToken };
    const { rows, next } = await page(context.tx, scheduledNames, paging);
    const found: ScheduledQuery[] = [];
    for (const { id } of rows) {
      const query = await context.tx.get(scheduledQueries, id);
      if (query !== undefined && (state === undefined || state === query.state)) found.push(query);
    }
    return {
      scheduledQueries: found.map((query) => summaryOf(query, context)),
      ...(next !== undefined && { nextToken: next }),
    };
  },
});

const summaryOf = (query: ScheduledQuery, context: Context) => ({
  scheduledQueryArn: scheduledArn(context, query.id),
  name: query.name,
  state: query.state,
  ...(query.last !== undefined && { lastTriggeredTime: query.last.atMs, lastExecutionStatus: query.last.status }),
  scheduleType: "CUSTOMER_MANAGED" as const,
  scheduleExpression: query.expression,
  timezone: query.timeZone,
  destinationConfiguration: query.destination && {
    s3Configuration: {
      destinationIdentifier: query.destination.uri,
      roleArn: query.destination.role,
      ownerAccountId: query.destination.owner,
      kmsKeyId: query.destination.kmsKeyId,
    },
  },
  creationTime: query.createdAtMs,
  lastUpdatedTime: query.changedAtMs,
});

const show = (query: ScheduledQuery, context: Context): GetScheduledQueryResponse => ({
  ...summaryOf(query, context),
  description: query.description,
  queryLanguage: "CWLI",
  queryString: query.text,
  logGroupIdentifiers: [...query.groups],
  startTimeOffset: query.offsetSeconds,
  endTimeOffset: query.endOffsetSeconds,
  scheduleStartTime: query.startMs,
  scheduleEndTime: query.endMs,
  executionRoleArn: query.role,
});

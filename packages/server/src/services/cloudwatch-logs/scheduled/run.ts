/**
 * The errand of a scheduled query: asks it in the name of its role, and puts what it found into a bucket in the name of
 * the destination's role.
 */
import type { GetQueryResultsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../../kernel/aws-error.ts";
import { DAY_MS, SECOND_MS } from "../../../kernel/duration.ts";
import type { Principal } from "../../../identity/principal.ts";
import type { Errand, ErrandContext } from "../../../service/errand.ts";
import { roleSession } from "../../../service/role-session.ts";
import type { LogsSdk } from "../kit.ts";
import { SCHEDULED_RUNS_KEPT_DAYS } from "../limits.ts";
import { runs, scheduledQueries, type Delivered, type Run, type ScheduledQuery } from "./row.ts";
import { dueOf, SCHEDULED, scheduledArn } from "./scheduled-query.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

/** `payload`: when it was due. */
export const askScheduled: Errand = async (context, id, payload) => {
  const query = await context.tx.get(scheduledQueries, id);
  if (query?.state !== "ENABLED") return;
  const dueMs = typeof payload === "number" ? payload : context.now().getTime();
  const run = await tryRun(query, dueMs, context);
  await context.transact(async (inner) => {
    const is = await inner.tx.get(scheduledQueries, id);
    if (is === undefined) return;
    inner.tx.put(runs, run);
    inner.tx.put(scheduledQueries, { ...is, last: { atMs: run.atMs, status: run.status } });
    const before = [id, dueMs - SCHEDULED_RUNS_KEPT_DAYS * DAY_MS];
    for (const old of await inner.tx.scan(runs, { prefix: [id], before, limit: FORGOTTEN_AT_ONCE })) {
      inner.tx.delete(runs, id, old.atMs);
    }
    const nextMs = is.state === "ENABLED" ? dueOf(is, dueMs) : undefined;
    if (nextMs !== undefined) inner.at(nextMs, SCHEDULED, id, nextMs);
  });
};

const FORGOTTEN_AT_ONCE = 5;

async function tryRun(query: ScheduledQuery, atMs: number, context: ErrandContext): Promise<Run> {
  const run = { of: query.id, atMs };
  try {
    const found = await ask(query, atMs, context);
    const delivered = query.destination && (await tryDeliver(query, { ...found, atMs }, context));
    return { ...run, queryId: found.queryId, status: "Complete", delivered };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const status = error.code === "MalformedQueryException" ? "InvalidQuery" : "Failed";
    return { ...run, status, error: `${error.code}: ${error.message}` };
  }
}

const takeOn = (roleArn: string, { id }: ScheduledQuery, context: ErrandContext): Promise<Principal> =>
  roleSession(
    {
      roleArn,
      service: "logs.amazonaws.com",
      sessionName: "scheduled-query",
      account: context.account,
      sourceArn: scheduledArn(context, id),
    },
    context,
  );

interface Found {
  readonly queryId: string;
  readonly results: NonNullable<GetQueryResultsResponse["results"]>;
}

/** @throws {AwsError} */
async function ask(query: ScheduledQuery, atMs: number, context: ErrandContext): Promise<Found> {
  const as = await takeOn(query.role, query, context);
  const service = "cloudwatch-logs";
  const askedAt = Math.floor(atMs / SECOND_MS);
  const { queryId = "" } = await context.call<LogsSdk, "StartQuery">({
    service,
    operation: "StartQuery",
    input: {
      logGroupIdentifiers: [...query.groups],
      queryString: query.text,
      startTime: Math.max(0, askedAt - query.offsetSeconds),
      endTime: Math.max(0, askedAt - (query.endOffsetSeconds ?? 0)),
    },
    as,
  });
  const { results = [] } = await context.call<LogsSdk, "GetQueryResults">({
    service,
    operation: "GetQueryResults",
    input: { queryId },
    as,
  });
  return { queryId, results };
}

/** What cannot be put there is told of in the history. */
async function tryDeliver(
  query: ScheduledQuery,
  found: Found & { readonly atMs: number },
  context: ErrandContext,
): Promise<Delivered> {
  const { uri = "", role = "", owner, kmsKeyId } = query.destination ?? {};
  const [, bucket = "", folder = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(uri) ?? [];
  const day = new Date(found.atMs).toISOString().slice(0, 10).replaceAll("-", "/");
  const key = [...(folder === "" ? [] : [folder]), query.name, day, `${found.queryId}.json`].join("/");
  try {
    await context.call<S3Sdk, "PutObject">({
      service: "s3",
      operation: "PutObject",
      input: {
        Bucket: bucket,
        Key: key,
        ContentType: "application/json",
        ...(owner !== undefined && { ExpectedBucketOwner: owner }),
        ...(kmsKeyId !== undefined && { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKeyId }),
      },
      body: Buffer.from(JSON.stringify({ queryId: found.queryId, results: found.results.map(rowOf) })),
      as: await takeOn(role, query, context),
    });
    return { uri, at: `s3://${bucket}/${key}` };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { uri, error: `${error.code}: ${error.message}` };
  }
}

const rowOf = (row: Found["results"][number]): Record<string, string> =>
  Object.fromEntries(row.map(({ field = "", value = "" }) => [field, value]));

/**
 * Policies made from what a user or role really did.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html
 * Differs: what was done is read from this cloud's own record of calls, whatever trails are named: it has data events
 * too, and the resources that were meant.
 */
import type { JobDetails, JobStatus, PolicyGeneration, TrailProperties } from "@aws-sdk/client-accessanalyzer";
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import { DAY_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { table } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import {
  generationEnded,
  generationNotFound,
  invalidTimeRange,
  principalElsewhere,
  principalNotFound,
  tooManyGenerations,
} from "../errors.ts";
import { formatPolicy } from "./generated.ts";
import { operation, SERVICE_PRINCIPAL, type AccessAnalyzerAction, type AccessAnalyzerSdk } from "../kit.ts";
import {
  POLICY_GENERATION_LISTED_DAYS,
  POLICY_GENERATION_RANGE_DAYS_MAX,
  POLICY_GENERATIONS_AT_ONCE_MAX,
  POLICY_GENERATIONS_PER_DAY_MAX,
} from "../limits.ts";
import { listOf } from "../paging.ts";
import { actionsDoneBy } from "./recorded-action.ts";

interface Generation {
  readonly jobId: string;
  readonly principalArn: string;
  readonly status: JobStatus;
  readonly startedAtMs: number;
  readonly completedAtMs?: number;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** As named; none where no trail was. */
  readonly trails?: readonly TrailProperties[];
  readonly clientToken?: string;
  /** What was done, in order; there once the generation has succeeded. */
  readonly actions?: readonly string[];
}

const generations = table<Generation>("accessanalyzer.policy-generation", "region", ({ jobId }) => [jobId]);

/** A time in which a generation can still be cancelled. */
const GENERATION_MS = 10 * SECOND_MS;

const anywhere = (action: AccessAnalyzerAction): Access => ({ action: `access-analyzer:${action}`, resource: "*" });

export const startPolicyGeneration = operation("StartPolicyGeneration", {
  authorize: ({ cloudTrailDetails }) => [
    anywhere("StartPolicyGeneration"),
    ...(cloudTrailDetails === undefined ? [] : [passing(cloudTrailDetails.accessRole)]),
  ],

  async handle(input, context) {
    const all = await Array.fromAsync(everyRow(context.tx, generations));
    const { clientToken } = input;
    const repeated = clientToken === undefined ? undefined : all.find((known) => known.clientToken === clientToken);
    if (repeated !== undefined) return { jobId: repeated.jobId };
    const { principalArn } = input.policyGenerationDetails;
    await requirePrincipal(principalArn, context);
    requireRoom(all, context);
    const startedAtMs = context.now().getTime();
    const generation: Generation = {
      jobId: context.newId(),
      principalArn,
      status: "IN_PROGRESS",
      startedAtMs,
      ...rangeOf(input, startedAtMs),
      ...(clientToken !== undefined && { clientToken }),
    };
    context.tx.put(generations, generation);
    context.at(startedAtMs + GENERATION_MS, "finish-policy-generation", generation.jobId);
    return { jobId: generation.jobId };
  },
});

const passing = (role: string): Access => ({
  action: "iam:PassRole",
  resource: arnGiven(role),
  keys: { "iam:PassedToService": SERVICE_PRINCIPAL },
});

function arnGiven(text: string): Arn | "*" {
  const parts = parseArn(text);
  return parts === undefined ? "*" : formatArn(parts);
}

/** @throws {AwsError} `ValidationException` for a principal of another account, or none at all. */
async function requirePrincipal(arn: string, context: Context): Promise<void> {
  if (parseArn(arn)?.account !== context.account) throw principalElsewhere();
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: arn }, Action: "sts:*" }] };
  const pinned = await context.directory.pinPrincipals(JSON.stringify(policy), context);
  if (pinned.kind === "unknown") throw principalNotFound(arn);
}

/** @throws {AwsError} `ServiceQuotaExceededException` */
function requireRoom(all: readonly Generation[], context: Context): void {
  const nowMs = context.now().getTime();
  const running = all.filter(({ status }) => status === "IN_PROGRESS").length;
  const today = all.filter(({ startedAtMs }) => nowMs - startedAtMs < DAY_MS).length;
  if (running >= POLICY_GENERATIONS_AT_ONCE_MAX || today >= POLICY_GENERATIONS_PER_DAY_MAX) {
    throw tooManyGenerations(context.account);
  }
}

type StartInput = InputOf<AccessAnalyzerSdk, "StartPolicyGeneration">;

/** @throws {AwsError} `ValidationException` */
function rangeOf({ cloudTrailDetails }: StartInput, nowMs: number): Pick<Generation, "sinceMs" | "untilMs" | "trails"> {
  if (cloudTrailDetails === undefined) {
    return { sinceMs: nowMs - POLICY_GENERATION_RANGE_DAYS_MAX * DAY_MS, untilMs: nowMs };
  }
  const { startTime, endTime, trails } = cloudTrailDetails;
  const sinceMs = startTime.getTime();
  const untilMs = endTime?.getTime() ?? nowMs;
  if (sinceMs >= untilMs || untilMs - sinceMs > POLICY_GENERATION_RANGE_DAYS_MAX * DAY_MS) throw invalidTimeRange();
  const shown = trails.map(({ cloudTrailArn, regions = [], allRegions }) => ({
    cloudTrailArn,
    regions: regions.slice(),
    ...(allRegions !== undefined && { allRegions }),
  }));
  return { sinceMs, untilMs, trails: shown };
}

/** The job: what was done is known now. */
export async function finishGeneration(context: Context, jobId: string): Promise<void> {
  const generation = await context.tx.get(generations, jobId);
  if (generation?.status !== "IN_PROGRESS") return;
  const actions = await actionsDoneBy(generation, context);
  const completedAtMs = context.now().getTime();
  context.tx.put(generations, { ...generation, status: "SUCCEEDED", completedAtMs, actions });
}

export const cancelPolicyGeneration = operation("CancelPolicyGeneration", {
  authorize: () => anywhere("CancelPolicyGeneration"),

  async handle({ jobId }, context) {
    const generation = await requireGeneration(jobId, context);
    if (generation.status !== "IN_PROGRESS") throw generationEnded();
    context.cancel("finish-policy-generation", jobId);
    context.tx.put(generations, { ...generation, status: "CANCELED", completedAtMs: context.now().getTime() });
    return {};
  },
});

/** `includeServiceLevelTemplate` has no effect: the actions of every service are on record. */
export const getGeneratedPolicy = operation("GetGeneratedPolicy", {
  authorize: () => anywhere("GetGeneratedPolicy"),

  async handle({ jobId, includeResourcePlaceholders }, context) {
    const generation = await requireGeneration(jobId, context);
    const { actions, principalArn } = generation;
    const placeholders = includeResourcePlaceholders === true ? context.actions : undefined;
    return {
      jobDetails: formatJob(generation),
      generatedPolicyResult: {
        properties: {
          principalArn,
          isComplete: actions !== undefined,
          ...(generation.trails && { cloudTrailProperties: formatTrails(generation, generation.trails) }),
        },
        ...(actions && { generatedPolicies: [{ policy: formatPolicy(actions, placeholders) }] }),
      },
    };
  },
});

export const listPolicyGenerations = operation("ListPolicyGenerations", {
  authorize: () => anywhere("ListPolicyGenerations"),

  async handle({ principalArn, ...paging }, context) {
    const oldestMs = context.now().getTime() - POLICY_GENERATION_LISTED_DAYS * DAY_MS;
    const all = await Array.fromAsync(everyRow(context.tx, generations));
    const asked = all.filter(
      (generation) =>
        generation.startedAtMs >= oldestMs && (principalArn ?? generation.principalArn) === generation.principalArn,
    );
    const { rows, rest } = listOf(asked, paging, {
      orderOf: ({ startedAtMs, jobId }) => [new Date(startedAtMs).toISOString(), jobId],
      descending: true,
    });
    return { policyGenerations: rows.map(formatGeneration), ...rest };
  },
});

/** @throws {AwsError} `ValidationException` */
async function requireGeneration(jobId: string, { tx }: Context): Promise<Generation> {
  const generation = await tx.get(generations, jobId);
  if (!generation) throw generationNotFound();
  return generation;
}

const formatJob = ({ jobId, status, startedAtMs, completedAtMs }: Generation): JobDetails => ({
  jobId,
  status,
  startedOn: new Date(startedAtMs),
  ...(completedAtMs !== undefined && { completedOn: new Date(completedAtMs) }),
});

const formatGeneration = (generation: Generation): PolicyGeneration => ({
  principalArn: generation.principalArn,
  jobId: generation.jobId,
  status: generation.status,
  startedOn: new Date(generation.startedAtMs),
  ...(generation.completedAtMs !== undefined && { completedOn: new Date(generation.completedAtMs) }),
});

const formatTrails = ({ sinceMs, untilMs }: Generation, trails: readonly TrailProperties[]) => ({
  trailProperties: trails.slice(),
  startTime: new Date(sinceMs),
  endTime: new Date(untilMs),
});

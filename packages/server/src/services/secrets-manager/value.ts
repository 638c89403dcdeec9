/** Values of secrets: put, read, and read many at once. */
import type { SecretValueEntry } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../../kernel/aws-error.ts";
import { DAY_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import { onSecret } from "./access.ts";
import { openValue } from "./encryption.ts";
import {
  idsAndFilters,
  pageWithoutFilters,
  stageNotFound,
  stageOfAnother,
  valueMissing,
  versionNotFound,
} from "./errors.ts";
import { requireFilters } from "./filter.ts";
import { operation, type SecretsManagerSdk } from "./kit.ts";
import { VALUES_PER_PAGE } from "./limits.ts";
import { secretsInOrder } from "./listing.ts";
import { addVersion, plainValue, requireToken } from "./new-value.ts";
import { rotatedByHand } from "./rotation-window.ts";
import { replicate } from "./replication.ts";
import { arnOf, putSecret, requirePrimary, requireStaying, type Secret } from "./secret-row.ts";
import { CURRENT, versionWith } from "./stage.ts";
import { findVersion, putVersion, type Version } from "./version-row.ts";

export const putSecretValue = operation("PutSecretValue", {
  authorize: ({ SecretId }, context) => onSecret("PutSecretValue", SecretId, context),

  async handle({ SecretId, VersionStages = [CURRENT], ...given }, context) {
    if (plainValue(given) === undefined) throw valueMissing();
    requireToken(given.ClientRequestToken);
    const secret = await requirePrimary(SecretId, context);
    const added = await addVersion(secret, { ...given, stages: VersionStages }, context);
    const names = { ARN: arnOf(secret), Name: secret.name, VersionId: added.version };
    if (added.kind === "known") return { ...names, VersionStages: [...(secret.stages[added.version] ?? [])] };
    const changed = rotatedByHand(secret, added.secret, context);
    putSecret(changed, context.tx);
    await replicate(changed, context);
    return { ...names, VersionStages: [...added.stages] };
  },
});

export const getSecretValue = operation("GetSecretValue", {
  authorize: ({ SecretId, VersionId, VersionStage = VersionId === undefined ? CURRENT : undefined }, context) =>
    onSecret("GetSecretValue", SecretId, context, {
      keys: { "secretsmanager:VersionId": VersionId, "secretsmanager:VersionStage": VersionStage },
    }),

  async handle({ SecretId, VersionId, VersionStage }, context) {
    const secret = await requireStaying(SecretId, context);
    const version = await requireVersion(secret, { id: VersionId, stage: VersionStage }, context);
    return valueOf(version, secret, context);
  },
});

interface Wanted {
  readonly id?: string | undefined;
  readonly stage?: string | undefined;
}

/** @throws {AwsError} `ResourceNotFoundException`, `InvalidRequestException` */
async function requireVersion(secret: Secret, { id, stage }: Wanted, { tx }: Context): Promise<Version> {
  if (id === undefined) {
    const label = stage ?? CURRENT;
    const labelled = versionWith(secret.stages, label);
    const version = labelled === undefined ? undefined : await findVersion(secret, labelled, tx);
    if (version === undefined || version.value === "pending") throw stageNotFound(label);
    return version;
  }
  const version = await findVersion(secret, id, tx);
  if (version === undefined) throw versionNotFound(id);
  if (stage !== undefined && !(secret.stages[id] ?? []).includes(stage)) throw stageOfAnother();
  if (version.value === "pending") throw stage === undefined ? versionNotFound(id) : stageNotFound(stage);
  return version;
}

async function valueOf(version: Version, secret: Secret, context: Context) {
  const { value, id } = version;
  if (value === "pending") throw versionNotFound(id);
  const bytes = await openValue(value, { secret, version: id }, context);
  noteAccess(version, secret, context);
  return {
    ARN: arnOf(secret),
    Name: secret.name,
    VersionId: id,
    ...(value.kind === "string"
      ? { SecretString: Buffer.from(bytes).toString("utf8") }
      : { SecretBinary: new Uint8Array(bytes) }),
    VersionStages: [...(secret.stages[id] ?? [])],
    CreatedDate: new Date(version.createdAtMs),
  };
}

/** To the day, so that most reads write nothing. */
function noteAccess(version: Version, secret: Secret, context: Context): void {
  const { tx } = context;
  const accessedAtMs = Math.floor(context.now().getTime() / DAY_MS) * DAY_MS;
  if (secret.accessedAtMs !== accessedAtMs) putSecret({ ...secret, accessedAtMs }, tx);
  if (version.accessedAtMs !== accessedAtMs) putVersion({ ...version, accessedAtMs }, secret, tx);
}

export const batchGetSecretValue = operation("BatchGetSecretValue", {
  authorize: () => ({ action: "secretsmanager:BatchGetSecretValue", resource: "*" }),

  async handle({ SecretIdList: ids, Filters: filters, MaxResults: limit, NextToken: token }, context) {
    if ((ids === undefined) === (filters === undefined)) throw idsAndFilters();
    if (filters === undefined) {
      if (limit !== undefined) throw pageWithoutFilters();
      return valuesOf(ids ?? [], context);
    }
    const listing = { token, limit, size: VALUES_PER_PAGE, matches: requireFilters(filters), leaving: false };
    const { rows, next } = await secretsInOrder(listing, context);
    const found = await valuesOf(rows.map(arnOf), context);
    return { ...found, ...(next !== undefined && { NextToken: next }) };
  },
});

interface Refusal {
  readonly SecretId: string;
  readonly ErrorCode: string;
  readonly Message: string;
}

/**
 * Each is a call to GetSecretValue of its own, which may be refused.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 */
async function valuesOf(ids: readonly string[], context: Context) {
  const SecretValues: SecretValueEntry[] = [];
  const Errors: Refusal[] = [];
  for (const SecretId of ids) {
    try {
      SecretValues.push(
        await context.call<SecretsManagerSdk, "GetSecretValue">({
          service: "secrets-manager",
          operation: "GetSecretValue",
          input: { SecretId },
          passesOn: true,
        }),
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors };
}

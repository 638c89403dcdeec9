/** Secrets on their way out. Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html */
import { DAY_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import type { Job } from "../../service/service.ts";
import { onSecret } from "./access.ts";
import {
  replicaRefused,
  replicasLeft,
  secretLeaving,
  secretNotFound,
  windowAndForce,
  windowInvalid,
} from "./errors.ts";
import { operation, secretArn } from "./kit.ts";
import { RECOVERY_DAYS } from "./limits.ts";
import { recordDeletion } from "./own-event.ts";
import {
  arnOf,
  deleteSecretRow,
  findSecret,
  placeOf,
  putSecret,
  requireSecret,
  secrets,
  type Secret,
} from "./secret-row.ts";
import { scheduleRotation, unscheduleRotation } from "./rotation-window.ts";
import { clearVersions } from "./version-row.ts";

const JOB = "delete";

export const deleteSecret = operation("DeleteSecret", {
  authorize: ({ SecretId, RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force }, context) =>
    onSecret("DeleteSecret", SecretId, context, {
      keys: {
        "secretsmanager:RecoveryWindowInDays": days === undefined ? undefined : String(days),
        "secretsmanager:ForceDeleteWithoutRecovery": String(force ?? false),
      },
    }),

  async handle({ SecretId, RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force = false }, context) {
    requireWindow(days, force);
    const secret = await findSecret(SecretId, context);
    const now = context.now();
    if (secret === undefined) {
      if (!force) throw secretNotFound();
      // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html (ForceDeleteWithoutRecovery)
      const place = placeOf(SecretId, context);
      return { ARN: secretArn(place, place.named), Name: place.named, DeletionDate: now };
    }
    requireDeletable(secret, force);
    const names = { ARN: arnOf(secret), Name: secret.name };
    unscheduleRotation(secret, context);
    if (secret.deletion === undefined) recordDeletion("Start", secret, context);
    if (force) {
      context.cancel(JOB, secret.id);
      await remove(secret, context);
      return { ...names, DeletionDate: now };
    }
    const dueAtMs = now.getTime() + (days ?? RECOVERY_DAYS.usual) * DAY_MS;
    putSecret({ ...secret, deletion: { askedAtMs: now.getTime(), dueAtMs } }, context.tx);
    context.at(dueAtMs, JOB, secret.id, secret.name);
    return { ...names, DeletionDate: new Date(dueAtMs) };
  },
});

/** @throws {AwsError} `InvalidParameterException` */
function requireWindow(days: number | undefined, force: boolean): void {
  if (days !== undefined && (days < RECOVERY_DAYS.min || days > RECOVERY_DAYS.max)) throw windowInvalid();
  if (days !== undefined && force) throw windowAndForce();
}

/** @throws {AwsError} `InvalidParameterException`, `InvalidRequestException` */
function requireDeletable(secret: Secret, force: boolean): void {
  if (secret.primary !== undefined) throw replicaRefused();
  if (secret.deletion !== undefined && !force) throw secretLeaving();
  const regions = (secret.replicas ?? []).map(({ region }) => region);
  if (regions.length > 0) throw replicasLeft(arnOf(secret), regions);
}

async function remove(secret: Secret, context: Context): Promise<void> {
  await clearVersions(secret, context.tx);
  deleteSecretRow(secret, context.tx);
  recordDeletion("End", secret, context);
}

/** The recovery window has closed. */
export const deleteLeaving: Job = async (context, id, name) => {
  const secret = typeof name === "string" ? await context.tx.get(secrets, name) : undefined;
  if (secret?.id === id && secret.deletion !== undefined) await remove(secret, context);
};

export const restoreSecret = operation("RestoreSecret", {
  authorize: ({ SecretId }, context) => onSecret("RestoreSecret", SecretId, context),

  async handle({ SecretId }, context) {
    const { deletion, ...secret } = await requireSecret(SecretId, context);
    if (secret.primary !== undefined) throw replicaRefused();
    if (deletion !== undefined) {
      context.cancel(JOB, secret.id);
      putSecret(secret, context.tx);
      recordDeletion("Cancel", secret, context);
      scheduleRotation(secret, context);
    }
    return { ARN: arnOf(secret), Name: secret.name };
  },
});

/** Labels moved by hand, as rotation functions do at their end. */
import { onSecret } from "./access.ts";
import { currentKept, removeFromMissing, removeFromWrong, stageMoveEmpty, versionNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { replicate } from "./replication.ts";
import { arnOf, putSecret, requirePrimary, type Secret } from "./secret-row.ts";
import { attach, CURRENT, detach, versionWith } from "./stage.ts";
import { findVersion } from "./version-row.ts";

export const updateSecretVersionStage = operation("UpdateSecretVersionStage", {
  authorize: ({ SecretId, VersionStage }, context) =>
    onSecret("UpdateSecretVersionStage", SecretId, context, {
      keys: { "secretsmanager:VersionStage": VersionStage },
    }),

  async handle({ SecretId, VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to }, context) {
    const secret = await requirePrimary(SecretId, context);
    requireMove(secret, { stage, from, to });
    if (to !== undefined && (await findVersion(secret, to, context.tx)) === undefined) throw versionNotFound(to);
    const stages = to === undefined ? detach(secret.stages, stage) : attach(secret.stages, stage, to);
    const changed = { ...secret, stages, changedAtMs: context.now().getTime() };
    putSecret(changed, context.tx);
    await replicate(changed, context);
    return { ARN: arnOf(secret), Name: secret.name };
  },
});

interface Move {
  readonly stage: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** @throws {AwsError} `InvalidParameterException` */
function requireMove({ stages }: Secret, { stage, from, to }: Move): void {
  if (from === undefined && to === undefined) throw stageMoveEmpty();
  if (to === undefined && stage === CURRENT) throw currentKept();
  const holder = versionWith(stages, stage);
  if (from !== undefined && from !== holder) throw removeFromWrong(stage, from);
  if (holder !== undefined && from === undefined && holder !== to) throw removeFromMissing(stage, holder);
}

/** Labels of versions, and where they go. */
import { tooManyStages } from "./errors.ts";
import { STAGES_PER_VERSION_MAX } from "./limits.ts";
import type { Stages } from "./secret-row.ts";

export const CURRENT = "AWSCURRENT";
export const PREVIOUS = "AWSPREVIOUS";
export const PENDING = "AWSPENDING";

export const versionWith = (stages: Stages, stage: string): string | undefined =>
  Object.keys(stages).find((id) => stages[id]?.includes(stage));

export const detach = (stages: Stages, stage: string): Stages =>
  Object.fromEntries(
    Object.entries(stages)
      .map(([id, labels]) => [id, labels.filter((label) => label !== stage)] as const)
      .filter(([, labels]) => labels.length > 0),
  );

const withStage = (stages: Stages, stage: string, version: string): Stages => ({
  ...stages,
  [version]: [...(stages[version] ?? []), stage].toSorted(),
});

/**
 * `stages` with the label on `version` alone. What was current becomes the previous version, and is no longer pending.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 * @throws {AwsError} `LimitExceededException`
 */
export function attach(stages: Stages, stage: string, version: string): Stages {
  const before = versionWith(stages, stage);
  if (before === version) return stages;
  const moved = withStage(detach(stages, stage), stage, version);
  if ((moved[version]?.length ?? 0) > STAGES_PER_VERSION_MAX) throw tooManyStages(STAGES_PER_VERSION_MAX);
  if (stage !== CURRENT || before === undefined) return moved;
  const isPending = versionWith(moved, PENDING) === before;
  return withStage(detach(isPending ? detach(moved, PENDING) : moved, PREVIOUS), PREVIOUS, before);
}

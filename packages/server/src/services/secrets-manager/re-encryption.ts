/**
 * A secret under another key: the versions that are in use are encrypted again.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html (KmsKeyId)
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { openValue, sealValue, type Sealed } from "./encryption.ts";
import type { Secret } from "./secret-row.ts";
import { CURRENT, PENDING, PREVIOUS, versionWith } from "./stage.ts";
import { findVersion, putVersion, type Value, type Version } from "./version-row.ts";

/**
 * Of a caller who may not use one of the keys they stay as they are.
 * @throws {AwsError} that there is no such key, or that it cannot be used
 */
export async function encryptAgain(secret: Secret, context: Context): Promise<void> {
  for (const stage of [CURRENT, PENDING, PREVIOUS]) {
    const id = versionWith(secret.stages, stage);
    const version = id === undefined ? undefined : await findVersion(secret, id, context.tx);
    if (version === undefined || version.value === "pending") continue;
    const { value } = version;
    if (value.kmsKeyId === secret.kmsKeyId) continue;
    const sealed = await sealedAgain(value, { secret, version }, context);
    putVersion({ ...version, value: { ...sealed, kind: value.kind } }, secret, context.tx);
  }
}

async function sealedAgain(
  value: Value,
  { secret, version }: { readonly secret: Secret; readonly version: Version },
  context: Context,
): Promise<Sealed> {
  const place = { secret, version: version.id };
  try {
    return await sealValue(await openValue(value, place, context), place, context);
  } catch (error) {
    if (error instanceof AwsError && error.code === "AccessDeniedException") return value;
    throw error;
  }
}

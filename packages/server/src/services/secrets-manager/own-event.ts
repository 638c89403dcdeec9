/**
 * What Secrets Manager records of what it does of itself.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
import type { Context } from "../../service/context.ts";
import { arnOf, secrets, type Secret } from "./secret-row.ts";

const BY = "secretsmanager.amazonaws.com";

interface Told {
  readonly name: string;
  readonly token: string;
  readonly kind: "rotation" | "test";
  readonly failure?: string;
}

const NAMES = { rotation: "Rotation", test: "TestRotation" } as const;

export async function recordRotation(
  what: "Started" | "Succeeded" | "Failed",
  { name, token, kind, failure }: Told,
  context: Context,
): Promise<void> {
  const secret = await context.tx.get(secrets, name);
  if (secret === undefined) return;
  const additional = { SecretId: arnOf(secret), ClientRequestToken: token };
  const event = { name: NAMES[kind] + what, by: BY, additional };
  context.recordOwn(failure === undefined ? event : { ...event, failure }, secret);
}

/** A new value has taken the place of the version that a rotation was about to make current. */
export const recordAbandoned = (secret: Secret, token: string, context: Context): void =>
  context.recordOwn(
    { name: "RotationAbandoned", by: BY, additional: { SecretId: arnOf(secret), ClientRequestToken: token } },
    secret,
  );

/** Of all versions of the secret together. */
export const recordDeletion = (what: "Start" | "Cancel" | "End", secret: Secret, context: Context): void =>
  context.recordOwn({ name: `${what}SecretVersionDelete`, by: BY, additional: { SecretId: arnOf(secret) } }, secret);

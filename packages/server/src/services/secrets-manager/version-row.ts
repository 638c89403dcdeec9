/** The versions of a secret, with their values. */
import { table, type Transaction } from "../../kernel/table.ts";
import { HOUR_MS } from "../../kernel/duration.ts";
import type { Sealed } from "./encryption.ts";
import { tooManyVersions } from "./errors.ts";
import { DEPRECATED_HOURS_MIN, VERSIONS_MAX } from "./limits.ts";
import { homeOf, type Secret } from "./secret-row.ts";

export interface Version {
  /** The secret's. */
  readonly secret: string;
  readonly id: string;
  readonly createdAtMs: number;
  /** Midnight of the day. */
  readonly accessedAtMs?: number;
  /** A rotation has named the version, and its function has not given it a value yet. */
  readonly value: Value | "pending";
}

export interface Value extends Sealed {
  readonly kind: "string" | "binary";
}

export const versions = table<Version>("secrets-manager.version", "region", ({ secret, id }) => [secret, id]);

export const findVersion = (secret: Secret, id: string, tx: Transaction): Promise<Version | undefined> =>
  homeOf(secret, tx).get(versions, secret.id, id);

export function putVersion(version: Version, secret: Secret, tx: Transaction): void {
  homeOf(secret, tx).put(versions, version);
}

/** All of a secret, the oldest first. There are about a hundred at most. */
export async function versionsOf(secret: Secret, tx: Transaction): Promise<readonly Version[]> {
  const rows = await homeOf(secret, tx).scan(versions, { prefix: [secret.id], limit: VERSIONS_MAX * 2 });
  return rows.toSorted((one, other) => one.createdAtMs - other.createdAtMs);
}

export const clearVersions = (secret: Secret, tx: Transaction): Promise<number> =>
  homeOf(secret, tx).clear(versions, { prefix: [secret.id], limit: VERSIONS_MAX * 2 });

/**
 * Makes room for one more: of those without a label the oldest go.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
 * @throws {AwsError} `LimitExceededException`
 */
export async function makeRoom(secret: Secret, nowMs: number, tx: Transaction): Promise<void> {
  const all = await versionsOf(secret, tx);
  if (all.length < VERSIONS_MAX) return;
  const before = nowMs - DEPRECATED_HOURS_MIN * HOUR_MS;
  const spare = all.find(({ id, createdAtMs }) => secret.stages[id] === undefined && createdAtMs <= before);
  if (spare === undefined) throw tooManyVersions(VERSIONS_MAX);
  homeOf(secret, tx).delete(versions, secret.id, spare.id);
}

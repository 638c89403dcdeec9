/** A new version of a secret, or the one that a repeated request made before. */
import { assert } from "../../kernel/assert.ts";
import type { Context } from "../../service/context.ts";
import { openValue, sealValue } from "./encryption.ts";
import { tokenLength, tokenMissing, tokenTaken, twoValues, valueMissing } from "./errors.ts";
import { arnOf, type Secret, type Stages } from "./secret-row.ts";
import { attach, CURRENT, versionWith } from "./stage.ts";
import { findVersion, makeRoom, putVersion, type Version } from "./version-row.ts";

export interface GivenValue {
  readonly ClientRequestToken?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

interface NewVersion extends GivenValue {
  readonly stages: readonly string[];
}

interface PlainValue {
  readonly kind: "string" | "binary";
  readonly bytes: Uint8Array;
}

/** What came of it. `secret` is for the caller to put. */
export type Added =
  | { readonly kind: "known"; readonly version: string }
  | { readonly kind: "added"; readonly version: string; readonly secret: Secret; readonly stages: readonly string[] };

/**
 * Puts the version, not yet the secret.
 * @throws {AwsError} `ResourceExistsException` where the token stands for another value
 */
export async function addVersion(secret: Secret, given: NewVersion, context: Context): Promise<Added> {
  const value = plainValue(given);
  if (value === undefined) throw valueMissing();
  const token = requireToken(given.ClientRequestToken);
  const before = await findVersion(secret, token, context.tx);
  if (before !== undefined && before.value !== "pending") {
    if (!(await isSame(before, value, secret, context))) throw tokenTaken(token, arnOf(secret));
    return { kind: "known", version: token };
  }
  const nowMs = context.now().getTime();
  if (before === undefined) await makeRoom(secret, nowMs, context.tx);
  const sealed = await sealValue(value.bytes, { secret, version: token }, context);
  const createdAtMs = before?.createdAtMs ?? nowMs;
  putVersion({ secret: secret.id, id: token, createdAtMs, value: { ...sealed, kind: value.kind } }, secret, context.tx);
  const labels = labelsOf(secret.stages, given.stages);
  const stages = labels.reduce((all, stage) => attach(all, stage, token), secret.stages);
  return { kind: "added", version: token, secret: { ...secret, stages, changedAtMs: nowMs }, stages: labels };
}

/** The first version is the current one, whatever else it is. */
const labelsOf = (stages: Stages, wanted: readonly string[]): readonly string[] =>
  versionWith(stages, CURRENT) === undefined && !wanted.includes(CURRENT) ? [...wanted, CURRENT] : wanted;

/** `undefined`: none is given. @throws {AwsError} `InvalidParameterException` where both are. */
export function plainValue({ SecretString, SecretBinary }: GivenValue): PlainValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) throw twoValues();
  if (SecretString !== undefined) return { kind: "string", bytes: Buffer.from(SecretString, "utf8") };
  return SecretBinary && { kind: "binary", bytes: SecretBinary };
}

/** SDKs make one up. @throws {AwsError} `InvalidRequestException`, or the one of `missing` */
export function requireToken(token: string | undefined, missing = tokenMissing): string {
  if (token === undefined) throw missing();
  if (token.length < 32 || token.length > 64) throw tokenLength();
  return token;
}

async function isSame({ id, value }: Version, given: PlainValue, secret: Secret, context: Context): Promise<boolean> {
  assert(value !== "pending", "the version has a value");
  if (value.kind !== given.kind) return false;
  const bytes = await openValue(value, { secret, version: id }, context);
  return Buffer.compare(bytes, given.bytes) === 0;
}

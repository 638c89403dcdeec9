/**
 * A rotation under way: four calls of the secret's function, one behind the other, outside of any transaction.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
import { MINUTE_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import type { Errand, ErrandContext } from "../../service/errand.ts";
import { openValue, sealValue } from "./encryption.ts";
import { ROTATION_ATTEMPTS_MAX } from "./limits.ts";
import { recordRotation } from "./own-event.ts";
import { invokeStep, STEPS, type Step } from "./rotation-function.ts";
import { ROTATE, withNextWindow } from "./rotation-window.ts";
import { homeOf, putSecret, secrets, type Secret } from "./secret-row.ts";
import { attach, CURRENT, detach, PENDING, versionWith } from "./stage.ts";
import { findVersion, makeRoom, putVersion, versions } from "./version-row.ts";

/** What the errand knows of the rotation that it goes on with. */
interface Underway {
  readonly name: string;
  readonly token: string;
  readonly kind: "rotation" | "test";
  /** From 1 on. */
  readonly attempt: number;
}

/** A window has opened: nothing has begun yet. */
interface Opening {
  readonly name: string;
  readonly window: number;
}

/**
 * Names a version that the function is to give a value; not put.
 * @throws {AwsError} `LimitExceededException`
 */
export async function beginRotation(secret: Secret, token: string, context: Context): Promise<Secret> {
  const nowMs = context.now().getTime();
  if ((await findVersion(secret, token, context.tx)) === undefined) await makeRoom(secret, nowMs, context.tx);
  const stages = attach(secret.stages, PENDING, token);
  putVersion({ secret: secret.id, id: token, createdAtMs: nowMs, value: "pending" }, secret, context.tx);
  goOn({ ...secret, stages }, { name: secret.name, token, kind: "rotation", attempt: 1 }, { atMs: nowMs, context });
  return { ...secret, stages };
}

/**
 * A copy of the current version that the function tests, and nothing more.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (RotateImmediately)
 */
export async function beginTest(secret: Secret, token: string, context: Context): Promise<Secret> {
  const current = versionWith(secret.stages, CURRENT);
  const version = current === undefined ? undefined : await findVersion(secret, current, context.tx);
  if (version === undefined || version.value === "pending") return secret;
  const nowMs = context.now().getTime();
  const { kind } = version.value;
  await makeRoom(secret, nowMs, context.tx);
  const bytes = await openValue(version.value, { secret, version: version.id }, context);
  const sealed = await sealValue(bytes, { secret, version: token }, context);
  putVersion({ secret: secret.id, id: token, createdAtMs: nowMs, value: { ...sealed, kind } }, secret, context.tx);
  const stages = attach(secret.stages, PENDING, token);
  goOn(secret, { name: secret.name, token, kind: "test", attempt: 1 }, { atMs: nowMs, context });
  return { ...secret, stages };
}

/** Under a key of its own: the timer of the next window stays. */
function goOn({ id }: Secret, underway: Underway, { atMs, context }: { atMs: number; context: Context }): void {
  context.at(atMs, ROTATE, `${id} ${underway.token}`, underway);
}

const isUnderway = (payload: unknown): payload is Underway =>
  typeof payload === "object" && payload !== null && "token" in payload && "name" in payload && "attempt" in payload;
const isOpening = (payload: unknown): payload is Opening =>
  typeof payload === "object" && payload !== null && "window" in payload && "name" in payload;

export const rotate: Errand = async (context, key, payload) => {
  if (isUnderway(payload)) return perform(payload, context);
  if (isOpening(payload)) await context.transact((inner) => openWindow(key, payload, inner));
};

/** Where a rotation that failed is still pending, it is that which is tried again. */
async function openWindow(id: string, { name, window }: Opening, context: Context): Promise<void> {
  const secret = await context.tx.get(secrets, name);
  if (secret?.id !== id || secret.deletion !== undefined || secret.rotation?.next?.startMs !== window) return;
  const planned = withNextWindow(secret, context);
  const pending = versionWith(planned.stages, PENDING);
  const isOpen = pending !== undefined && pending !== versionWith(planned.stages, CURRENT);
  putSecret(await beginRotation(planned, isOpen ? pending : context.newId(), context), context.tx);
}

async function perform(underway: Underway, context: ErrandContext): Promise<void> {
  const steps: readonly Step[] = underway.kind === "test" ? ["testSecret"] : STEPS;
  if (!(await context.transact((inner) => isStarted(underway, inner)))) return;
  const failure = await failureOf(steps, underway, context);
  await context.transact((inner) => end(underway, failure, inner));
}

async function isStarted(underway: Underway, context: Context): Promise<boolean> {
  const secret = await context.tx.get(secrets, underway.name);
  if (secret === undefined || isAbandoned(secret, underway)) return false;
  await recordRotation("Started", underway, context);
  return true;
}

/** Somebody has put a value meanwhile. */
const isAbandoned = ({ stages }: Secret, { token }: Underway): boolean =>
  versionWith(stages, PENDING) !== token && versionWith(stages, CURRENT) !== token;

async function failureOf(
  steps: readonly Step[],
  { name, token }: Underway,
  context: ErrandContext,
): Promise<string | undefined> {
  for (const step of steps) {
    const secret = await context.tx.get(secrets, name);
    if (secret?.rotation === undefined || secret.deletion !== undefined) return undefined;
    const { functionArn } = secret.rotation;
    const failure = await invokeStep({ step, token }, { secret, functionArn }, context);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

async function end(underway: Underway, failure: string | undefined, context: Context): Promise<void> {
  const secret = await context.tx.get(secrets, underway.name);
  if (secret?.rotation === undefined) return;
  if (failure !== undefined) await recordRotation("Failed", { ...underway, failure }, context);
  if (underway.kind === "test") {
    if (failure === undefined) await recordRotation("Succeeded", underway, context);
    return dropTest(secret, underway, context);
  }
  const nowMs = context.now().getTime();
  if (failure === undefined && versionWith(secret.stages, CURRENT) === underway.token) {
    putSecret(withNextWindow({ ...secret, lastRotatedAtMs: nowMs }, context), context.tx);
    await recordRotation("Succeeded", underway, context);
    return;
  }
  const attempt = underway.attempt + 1;
  if (isAbandoned(secret, underway) || attempt > ROTATION_ATTEMPTS_MAX) return;
  goOn(secret, { ...underway, attempt }, { atMs: nowMs + 2 ** underway.attempt * MINUTE_MS, context });
}

function dropTest(secret: Secret, { token }: Underway, { tx }: Context): void {
  if (versionWith(secret.stages, PENDING) !== token) return;
  homeOf(secret, tx).delete(versions, secret.id, token);
  putSecret({ ...secret, stages: detach(secret.stages, PENDING) }, tx);
}

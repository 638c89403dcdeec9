/** Time-based one-time passwords, as authenticator apps show them. Source: https://www.rfc-editor.org/rfc/rfc6238 */
import { createHmac } from "node:crypto";
import { assert } from "../../../kernel/assert.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { base32, newSecretBytes } from "../../../kernel/ids.ts";
import type { Context } from "../../../service/context.ts";
import type { User } from "../user/user-row.ts";

const STEP_MS = 30 * SECOND_MS;
const DIGITS = 6;
/** 52 letters of base32, as AWS's. */
const SEED_BYTES = 32;
const SEED_PURPOSE = "cognito-idp authenticator seed";

/** How many steps an app may be ahead or behind. Source: https://www.rfc-editor.org/rfc/rfc6238#section-5.2 */
const SPREAD_STEPS = 1;

type Keys = Pick<Context, "keys">;

/** A new seed: as people type it into their app, and as it is kept. */
export function newSeed({ keys }: Keys): { readonly shown: string; readonly sealed: string } {
  const seed = newSecretBytes(SEED_BYTES);
  return { shown: base32(seed), sealed: keys.seal(seed, SEED_PURPOSE) };
}

function codeAt(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", seed).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The step whose code this is, near now. */
export function stepOf(sealed: string, code: string, context: Context): number | undefined {
  const seed = context.keys.open(sealed, SEED_PURPOSE);
  assert(seed !== undefined, "a seed was sealed here");
  const now = Math.floor(context.now().getTime() / STEP_MS);
  const near = Array.from({ length: 2 * SPREAD_STEPS + 1 }, (_, index) => now - SPREAD_STEPS + index);
  return near.find((step) => codeAt(seed, step) === code);
}

/** Whether the code of a step was shown before: each is good once. */
export const isUsed = ({ stepsUsed = [] }: User, step: number): boolean => stepsUsed.includes(step);

/** The user who has used one more code; older ones fit no longer anyway. */
export const withStep = (user: User, step: number): User => ({
  ...user,
  stepsUsed: [...(user.stepsUsed ?? []), step].slice(-(2 * SPREAD_STEPS + 1)),
});

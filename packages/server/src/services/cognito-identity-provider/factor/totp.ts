/** The seeds of authenticator apps, and the codes that were used. */
import { assert } from "../../../kernel/assert.ts";
import { base32, newSecretBytes } from "../../../kernel/ids.ts";
import { codeAt, SPREAD_STEPS, stepsAround } from "../../../kernel/totp.ts";
import type { Context } from "../../../service/context.ts";
import type { User } from "../user/user-row.ts";

/** 52 letters of base32, as AWS's. */
const SEED_BYTES = 32;
const SEED_PURPOSE = "cognito-idp authenticator seed";

type Keys = Pick<Context, "keys">;

/** A new seed: as people type it into their app, and as it is kept. */
export function newSeed({ keys }: Keys): { readonly shown: string; readonly sealed: string } {
  const seed = newSecretBytes(SEED_BYTES);
  return { shown: base32(seed), sealed: keys.seal(seed, SEED_PURPOSE) };
}

/** The step whose code this is, near now. */
export function stepOf(sealed: string, code: string, context: Context): number | undefined {
  const seed = context.keys.open(sealed, SEED_PURPOSE);
  assert(seed !== undefined, "a seed was sealed here");
  return stepsAround([context.now().getTime()], SPREAD_STEPS).find((step) => codeAt(seed, step) === code);
}

/** Whether the code of a step was shown before: each is good once. */
export const isUsed = ({ stepsUsed = [] }: User, step: number): boolean => stepsUsed.includes(step);

/** The user who has used one more code; older ones fit no longer anyway. */
export const withStep = (user: User, step: number): User => ({
  ...user,
  stepsUsed: [...(user.stepsUsed ?? []), step].slice(-(2 * SPREAD_STEPS + 1)),
});

/** Codes that second factors show: whether they fit, each good once. */
import type { MfaProof, MfaVerdict } from "../../../identity/directory.ts";
import type { AccountPrincipal } from "../../../identity/principal.ts";
import { assert } from "../../../kernel/assert.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { codeAt, SPREAD_STEPS, stepAt, stepsAround } from "../../../kernel/totp.ts";
import type { Context } from "../../../service/context.ts";
import {
  findMfaDevice,
  isAssigned,
  MFA_SEED_PURPOSE,
  mfaDevices,
  type Assigned,
  type MfaDevice,
} from "./mfa-device.ts";

/** How far off a device may be that is synchronized anew: ten minutes. (assumed) */
const RESYNC_SPREAD_STEPS = 20;

/** More steps than a device can show codes for at one time. */
const USED_STEPS_KEPT = 2 * RESYNC_SPREAD_STEPS;

type Sealed = Pick<Context, "keys">;

/** Two codes in a row, as a device is enabled or synchronized with. */
export interface CodePair {
  readonly AuthenticationCode1: string;
  readonly AuthenticationCode2: string;
}

/**
 * Whether a caller holds the device: the code fits its seed at this time and was not used before.
 * Uses the code up.
 */
export async function verifyMfaCode(
  { principal, serialNumber, code, ...at }: MfaProof,
  { tx, keys }: Sealed & { readonly tx: Transaction },
): Promise<MfaVerdict> {
  const home = tx.in({ account: principal.account });
  const device = await findMfaDevice(serialNumber, home);
  if (!device || !isAssigned(device) || device.assignment.ownerId !== ownerOf(principal)) return "no-device";
  const { driftSteps, usedSteps } = device.assignment;
  const seed = seedOf(device, { keys });
  const steps = stepsAround(momentsOf(at), SPREAD_STEPS).map((step) => step + driftSteps);
  const step = steps.find((each) => !usedSteps.includes(each) && codeAt(seed, each) === code);
  if (step === undefined) return "wrong-code";
  home.put(mfaDevices, { ...device, assignment: withUsed(device.assignment, [step]) });
  return "verified";
}

/**
 * What a device is found to be by two codes that follow each other near now; `undefined` where they do not.
 * A device within the usual spread does not drift.
 */
export function synchronize(
  device: MfaDevice,
  { AuthenticationCode1, AuthenticationCode2 }: CodePair,
  context: Context,
): Pick<Assigned, "usedSteps" | "driftSteps"> | undefined {
  const seed = seedOf(device, context);
  const fits = (step: number) =>
    codeAt(seed, step - 1) === AuthenticationCode1 && codeAt(seed, step) === AuthenticationCode2;
  const moments = momentsOf({
    atMs: context.now().getTime(),
    clientAtMs: context.request.signature?.signedAtMs,
  });
  for (const moment of moments) {
    const step = stepsAround([moment], RESYNC_SPREAD_STEPS).find(fits);
    if (step === undefined) continue;
    const drift = step - stepAt(moment);
    return { usedSteps: [step, step - 1], driftSteps: Math.abs(drift) <= SPREAD_STEPS ? 0 : drift };
  }
  return undefined;
}

/** Virtual time, and the client's own where it says it. */
const momentsOf = ({ atMs, clientAtMs }: Pick<MfaProof, "atMs" | "clientAtMs">): number[] =>
  clientAtMs === undefined ? [atMs] : [atMs, clientAtMs];

export const withUsed = (assignment: Assigned, steps: readonly number[]): Assigned => ({
  ...assignment,
  usedSteps: [...steps, ...assignment.usedSteps].slice(0, USED_STEPS_KEPT),
});

function seedOf(device: MfaDevice, { keys }: Sealed): Uint8Array {
  const seed = keys.open(device.seed, MFA_SEED_PURPOSE);
  assert(seed, "a seed opens with the key that it was sealed with");
  return seed;
}

function ownerOf(principal: AccountPrincipal): string | undefined {
  if (principal.type === "user") return principal.userId;
  return principal.type === "root" ? principal.account : undefined;
}

/** Time-based one-time passwords, as authenticator apps and virtual devices show them. Source: https://www.rfc-editor.org/rfc/rfc6238 */
import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const DIGITS = 6;

/** How many steps a device may be ahead or behind. Source: https://www.rfc-editor.org/rfc/rfc6238#section-5.2 */
export const SPREAD_STEPS = 1;

/** The number of the step that a moment lies in. */
export const stepAt = (epochMs: number): number => Math.floor(epochMs / STEP_MS);

/** The code that a device with that seed shows during a step. */
export function codeAt(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", seed).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** All steps at most `spread` away from one of the moments, the nearest first. */
export function stepsAround(momentsMs: readonly number[], spread: number): number[] {
  const distances = Array.from({ length: spread }, (_, index) => index + 1);
  const offsets = [0, ...distances.flatMap((distance) => [-distance, distance])];
  return momentsMs.flatMap((moment) => offsets.map((offset) => stepAt(moment) + offset));
}

/**
 * Whether a token is good now. An issuer inside of the simulation counts in virtual time, one that
 * knows nothing of it in real time: either will do, as with signatures.
 */
import type { Clock } from "../../clock/clock.ts";
import { tokenExpired, tokenNotYetValid } from "./refusals.ts";

/** The instants that a token names, in seconds since 1970. */
export interface TokenTimes {
  readonly issuedAt: number;
  readonly notBefore: number | undefined;
  readonly expiry: number;
}

/**
 * How far the clocks may be apart.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html (five minutes beyond `exp`)
 */
export const SKEW_SECONDS = 300;

/** @throws {IdentityRefused} */
export function checkTimes(times: TokenTimes, clock: Clock): void {
  const nows = nowsFor(times.issuedAt, clock);
  if (nows.some((now) => isGood(times, now))) return;
  const now = Math.floor(clock.now() / 1000);
  if (times.expiry + SKEW_SECONDS <= now) throw tokenExpired(now, times.expiry);
  throw tokenNotYetValid();
}

function isGood({ issuedAt, notBefore, expiry }: TokenTimes, now: number): boolean {
  const begin = Math.max(issuedAt, notBefore ?? issuedAt);
  return begin <= now + SKEW_SECONDS && now < expiry + SKEW_SECONDS;
}

/**
 * What now may be for whoever made a proof at `issuedAt`, in seconds: virtual time; and for one who
 * counts in real time, that instant plus the proof's age, which no move of the clock has changed. Not
 * so where it was made before the last move, or cannot be real.
 */
export function nowsFor(issuedAt: number, clock: Clock): readonly number[] {
  const nowMs = clock.now();
  const issuedMs = issuedAt * 1000;
  const madeAtMs = issuedMs > clock.realNow() ? undefined : clock.virtualAt?.(issuedMs);
  return madeAtMs === undefined ? [nowMs / 1000] : [nowMs / 1000, (nowMs - madeAtMs + issuedMs) / 1000];
}

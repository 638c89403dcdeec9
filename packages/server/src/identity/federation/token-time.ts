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
const SKEW_SECONDS = 300;

/** @throws {IdentityRefused} */
export function checkTimes(times: TokenTimes, clock: Clock): void {
  const now = clock.now() / 1000;
  if (isGood(times, now)) return;
  const then = issuersNow(times, clock);
  if (then !== undefined && isGood(times, then)) return;
  if (times.expiry + SKEW_SECONDS <= now) throw tokenExpired(Math.floor(now), times.expiry);
  throw tokenNotYetValid();
}

function isGood({ issuedAt, notBefore, expiry }: TokenTimes, now: number): boolean {
  const begin = Math.max(issuedAt, notBefore ?? issuedAt);
  return begin <= now + SKEW_SECONDS && now < expiry + SKEW_SECONDS;
}

/**
 * Now for an issuer that counts in real time: the token's age since it was made, which a move of the
 * clock has not changed. `undefined` where it was made before the last move, or cannot be real.
 */
function issuersNow({ issuedAt }: TokenTimes, clock: Clock): number | undefined {
  const issuedMs = issuedAt * 1000;
  if (issuedMs > clock.realNow()) return undefined;
  const madeAtMs = clock.virtualAt?.(issuedMs);
  return madeAtMs === undefined ? undefined : (clock.now() - (madeAtMs - issuedMs)) / 1000;
}

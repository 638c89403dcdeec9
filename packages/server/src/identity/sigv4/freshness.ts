/**
 * Whether a signature's date is near enough. A client that knows nothing of the virtual clock signs
 * with the real time; one that runs inside the simulation with the virtual one: either will do.
 */
import type { Clock } from "../../clock/clock.ts";
import { compactSeconds, isoSeconds } from "../../kernel/iso-seconds.ts";
import type { Claim, SigV2Claim, SigV4Claim } from "./claim.ts";
import {
  requestTimeTooSkewed,
  signatureExpired,
  signatureNotYetCurrent,
  urlExpired,
  urlNotYetValid,
} from "./errors.ts";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationTimeStamp */
const SKEW_MS_MAX = 900_000;

/** @throws {AuthenticationError} where the claim is too old, or not yet good. */
export function checkFreshness(claim: Claim, clock: Clock): void {
  if (claim.version === 2) checkV2(claim, clock);
  else if (claim.expiresSeconds === undefined) checkSigned(claim, claim.timestamp, claim.signedAtMs, clock);
  else checkPresigned(claim, claim.expiresSeconds, clock);
}

function checkSigned(claim: Claim, date: string, signedAtMs: number, clock: Clock): void {
  if (!isFresh(signedAtMs, clock)) throw skewed(claim, { date, signedAtMs, now: clock.now() });
}

/** By virtual or by real time. */
export const isFresh = (signedAtMs: number, clock: Clock): boolean =>
  Math.abs(clock.now() - signedAtMs) <= SKEW_MS_MAX || Math.abs(clock.realNow() - signedAtMs) <= SKEW_MS_MAX;

function skewed(claim: Claim, { date, signedAtMs, now }: { date: string; signedAtMs: number; now: number }) {
  if (claim.family === "s3") return requestTimeTooSkewed({ requestTime: date, serverTime: isoSeconds(now) });
  const times = { signed: date, now: compactSeconds(now) };
  return signedAtMs < now
    ? signatureExpired(claim.family, { ...times, earliest: compactSeconds(now - SKEW_MS_MAX) })
    : signatureNotYetCurrent(claim.family, { ...times, latest: compactSeconds(now + SKEW_MS_MAX) });
}

/** A URL grows old by the virtual clock, from the moment it was made. */
function checkPresigned(claim: SigV4Claim, expiresSeconds: number, clock: Clock): void {
  const { family, timestamp, signedAtMs } = claim;
  const [now, realNow] = [clock.now(), clock.realNow()];
  const times = (): Readonly<Record<string, string>> => ({
    Expires: isoSeconds(signedAtMs + expiresSeconds * 1000),
    ServerTime: isoSeconds(now),
  });
  if (signedAtMs > Math.max(now, realNow) + SKEW_MS_MAX) {
    throw family === "s3"
      ? urlNotYetValid({ "X-Amz-Date": String(signedAtMs), ...times() })
      : skewed(claim, { date: timestamp, signedAtMs, now });
  }
  const madeAtMs = signedAtMs > realNow + SKEW_MS_MAX ? signedAtMs : virtualMoment(signedAtMs, clock);
  if (now <= madeAtMs + expiresSeconds * 1000) return;
  throw family === "s3"
    ? urlExpired({ "X-Amz-Expires": String(expiresSeconds), ...times() })
    : skewed(claim, { date: timestamp, signedAtMs, now });
}

/**
 * Differs: dates of signatures are whole seconds, so one of the very second in which the clock was
 * moved counts as made before.
 */
const virtualMoment = (realMs: number, clock: Clock): number => clock.virtualAt?.(realMs) ?? realMs;

/** How long a URL lives that boto3 presigns, which does so in version 2 unless told otherwise. */
const V2_LIFE_MS_USUAL = 3_600_000;

/**
 * Differs: a version 2 URL says when it ends and not when it was made. It is taken for one of the usual life, so that one
 * made by real time after the clock was moved does not count as old.
 */
function checkV2(claim: SigV2Claim, clock: Clock): void {
  if (claim.place === "header") return checkSigned(claim, claim.date, claim.atMs, clock);
  const madeAtMs = claim.atMs - V2_LIFE_MS_USUAL;
  const byVirtualTime = madeAtMs > clock.realNow() + SKEW_MS_MAX;
  const endsAtMs = byVirtualTime ? claim.atMs : virtualMoment(madeAtMs, clock) + V2_LIFE_MS_USUAL;
  if (clock.now() > endsAtMs) {
    throw urlExpired({ Expires: isoSeconds(claim.atMs), ServerTime: isoSeconds(clock.now()) });
  }
}

/**
 * Whether what was signed to hold until `expiresAtMs` holds no more. `madeAtMs` is when it was made, by either time; what
 * does not say is taken for one of the usual life.
 */
export function isOver(expiresAtMs: number, madeAtMs: number | undefined, clock: Clock): boolean {
  const made = madeAtMs ?? expiresAtMs - V2_LIFE_MS_USUAL;
  const byVirtualTime = made > clock.realNow() + SKEW_MS_MAX;
  return clock.now() > (byVirtualTime ? expiresAtMs : virtualMoment(made, clock) + expiresAtMs - made);
}

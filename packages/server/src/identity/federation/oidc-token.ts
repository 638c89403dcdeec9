/** A JSON web token: what it claims, and whether its issuer has signed it. */
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from "jose";
import type { IssuerFacts, IssuerKeys } from "./issuer-keys.ts";
import { malformedClaim, missingClaim, noJwt, noVerificationKey, wrongAlgorithm, wrongSignature } from "./refusals.ts";
import type { TokenTimes } from "./token-time.ts";

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (WebIdentityToken) */
const ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

/** What a token says of itself; nothing of it is believed before its signature was checked. */
export interface OidcToken {
  readonly text: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly authorizedParty: string | undefined;
  readonly times: TokenTimes;
  readonly claims: JWTPayload;
}

/** @throws {IdentityRefused} */
export function readToken(text: string): OidcToken {
  const claims = claimsOf(text);
  return {
    text,
    issuer: requireText(claims, "iss"),
    subject: requireText(claims, "sub"),
    audiences: requireAudiences(claims),
    authorizedParty: claims["azp"] === undefined ? undefined : requireText(claims, "azp"),
    times: {
      issuedAt: requireSeconds(claims, "iat"),
      notBefore: claims.nbf === undefined ? undefined : requireSeconds(claims, "nbf"),
      expiry: requireSeconds(claims, "exp"),
    },
    claims,
  };
}

function claimsOf(text: string): JWTPayload {
  try {
    const { alg } = decodeProtectedHeader(text);
    if (alg === undefined || !ALGORITHMS.includes(alg)) throw wrongAlgorithm();
    return decodeJwt(text);
  } catch (error) {
    throw error instanceof errors.JOSEError || error instanceof TypeError ? noJwt() : error;
  }
}

function requireText(claims: JWTPayload, name: string): string {
  const value = claims[name];
  if (value === undefined) throw missingClaim(name);
  if (typeof value !== "string" || value === "") throw malformedClaim(name);
  return value;
}

function requireAudiences({ aud }: JWTPayload): readonly string[] {
  if (aud === undefined) throw missingClaim("aud");
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const texts = audiences.filter((each) => typeof each === "string" && each !== "");
  if (texts.length === 0 || texts.length !== audiences.length) throw malformedClaim("aud");
  return texts.map(String);
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (whole numbers) */
function requireSeconds(claims: JWTPayload, name: "iat" | "nbf" | "exp"): number {
  const value: unknown = claims[name];
  if (value === undefined) throw missingClaim(name);
  if (!Number.isSafeInteger(value)) throw malformedClaim(name);
  return Number(value);
}

/**
 * Checks the signature by keys that are all the issuer has.
 * @throws {IdentityRefused}
 */
export async function checkSignatureBy({ text }: OidcToken, keySet: KeySet): Promise<void> {
  if (!(await isSigned(text, keySet))) throw noVerificationKey();
}

/**
 * Checks the signature by the issuer's keys; where none of those kept is the token's, they are
 * fetched once more, for the issuer may have taken a new one.
 * @throws {IdentityRefused}
 */
export async function checkSignature({ text }: OidcToken, facts: IssuerFacts, keys: IssuerKeys): Promise<void> {
  if (await isSigned(text, await keys.of(facts))) return;
  if (await isSigned(text, await keys.fresh(facts))) return;
  throw noVerificationKey();
}

type KeySet = Parameters<typeof createLocalJWKSet>[0];

/**
 * Whether one of the keys signed it; false where none is meant to.
 * @throws {IdentityRefused} where the key that is named did not
 */
async function isSigned(text: string, keySet: KeySet): Promise<boolean> {
  try {
    await compactVerify(text, createLocalJWKSet(keySet), { algorithms: ALGORITHMS });
    return true;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return false;
    if (error instanceof errors.JWKSMultipleMatchingKeys) return isSignedByAny(text, error);
    if (error instanceof errors.JWKSInvalid) throw noVerificationKey();
    // a broken key of the issuer's fails in the words of the machine's cryptography
    throw wrongSignature();
  }
}

async function isSignedByAny(text: string, several: errors.JWKSMultipleMatchingKeys): Promise<boolean> {
  for await (const key of several) {
    const signed = await compactVerify(text, key, { algorithms: ALGORITHMS }).then(
      () => true,
      () => false,
    );
    if (signed) return true;
  }
  throw wrongSignature();
}

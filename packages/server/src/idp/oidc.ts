/** What the identity provider says as an OpenID Connect provider. */
import { SignJWT, exportJWK, jwtVerify, type JWTPayload } from "jose";
import { newUuid } from "../kernel/ids.ts";
import type { IdpKey } from "./signing-key.ts";

export const TOKEN_SECONDS_USUAL = 3_600;
const ALGORITHM = "RS256";

/** Source: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
export const discovery = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ["code"],
  grant_types_supported: ["authorization_code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: [ALGORITHM],
  scopes_supported: ["openid"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none"],
});

export async function keySet({ publicKey, keyId }: IdpKey): Promise<object> {
  return { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: ALGORITHM, use: "sig" }] };
}

export interface Minting {
  readonly key: IdpKey;
  readonly issuer: string;
  /** Virtual epoch milliseconds. */
  readonly nowMs: number;
}

/** A token that claims what it is told to; what stands in every token may be overridden too. */
export function mintToken(
  claims: JWTPayload,
  { key, issuer, nowMs }: Minting,
  seconds: number = TOKEN_SECONDS_USUAL,
): Promise<string> {
  const iat = Math.floor(nowMs / 1000);
  return new SignJWT({ iss: issuer, iat, exp: iat + seconds, jti: newUuid(), ...claims })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.keyId, typ: "JWT" })
    .sign(key.privateKey);
}

/** What a token of this provider claims; `undefined` where it is none, or has run out. */
export async function readOwnToken(token: string, { key, nowMs }: Minting): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: [ALGORITHM],
      currentDate: new Date(nowMs),
    });
    return payload;
  } catch {
    return undefined;
  }
}

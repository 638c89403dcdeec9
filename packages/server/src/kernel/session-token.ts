/**
 * Session tokens that carry all there is to know of their session, sealed, so that temporary
 * credentials need no row and no clean-up. Here because both who issues them (STS, and services
 * that hand roles on) and who checks them (`identity`) need the one form.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** As much of a sealer as this needs. */
export interface TokenSealer {
  seal(plaintext: Uint8Array, purpose: string): string;
  open(sealed: string, purpose: string): Uint8Array | undefined;
}

/** Temporary credentials, and whose they are. */
export interface IssuedSession<Principal> {
  /** `ASIA…`. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly principal: Principal;
}

const PURPOSE = "session-token";

/** Sessions with every limit exhausted stay far below. */
const TOKEN_PLAINTEXT_BYTES_MAX = 65_536;

/** The session as a token: some 400 characters where it has no policies and tags, and `lengthMin` at the least. */
export function sealSession<Principal>(sealer: TokenSealer, session: IssuedSession<Principal>, lengthMin = 0): string {
  const sealed = sealer.seal(deflateRawSync(JSON.stringify(session)), PURPOSE);
  return sealed.length >= lengthMin ? sealed : `${sealed}.`.padEnd(lengthMin, "A");
}

/** The session in `token`, or `undefined` where it was not made here or was changed. */
export function unsealSession<Principal>(sealer: TokenSealer, token: string): IssuedSession<Principal> | undefined {
  const [sealed = ""] = token.split(".", 1);
  const plaintext = sealer.open(sealed, PURPOSE);
  if (plaintext === undefined) return undefined;
  const text = inflateRawSync(plaintext, { maxOutputLength: TOKEN_PLAINTEXT_BYTES_MAX }).toString("utf8");
  return JSON.parse(text) as IssuedSession<Principal>;
}

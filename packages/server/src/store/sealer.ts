import type { KeyObject } from "node:crypto";

/** Authenticated encryption under the cloud's master key, so that secrets never lie in the store in the clear. */
export interface Sealer {
  /** `purpose` is bound in: what was sealed for one purpose does not open for another. Gives base64url text. */
  seal(plaintext: string | Uint8Array, purpose: string): string;
  /** `undefined` where `sealed` was not made here for this purpose, or was changed. */
  open(sealed: string, purpose: string): Uint8Array | undefined;
  /** The same, of a key that ciphers and the like are used with. */
  openKey(sealed: string, purpose: string): KeyObject | undefined;
  /** What everybody may read and nobody makes up, as base64url. `text` is ASCII. */
  sign(text: string, purpose: string): string;
  /** The text; `undefined` where it was not signed here for this purpose, or was changed. */
  verify(signed: string, purpose: string): string | undefined;
}

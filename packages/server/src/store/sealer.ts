import type { KeyObject } from "node:crypto";

/** Authenticated encryption under the cloud's master key, so that secrets never lie in the store in the clear. */
export interface Sealer {
  /** `purpose` is bound in: what was sealed for one purpose does not open for another. Gives base64url text. */
  seal(plaintext: string | Uint8Array, purpose: string): string;
  /** `undefined` where `sealed` was not made here for this purpose, or was changed. */
  open(sealed: string, purpose: string): Uint8Array | undefined;
  /** The same, of a key that ciphers and the like are used with. */
  openKey(sealed: string, purpose: string): KeyObject | undefined;
}

import { deflateRawSync, inflateRawSync } from "node:zlib";

/** As much of a sealer as texts need. */
export interface TextSealer {
  seal(plaintext: Uint8Array, purpose: string): string;
  open(sealed: string, purpose: string): Uint8Array | undefined;
}

/** What is sealed here is far below. */
const TEXT_BYTES_MAX = 65_536;

/** `text` packed and sealed: base64url, some two thirds of the text's own length where it is JSON. */
export const sealText = (sealer: TextSealer, text: string, purpose: string): string =>
  sealer.seal(deflateRawSync(text), purpose);

/** The text again, or `undefined` where it was not sealed here for this purpose. */
export function openText(sealer: TextSealer, sealed: string, purpose: string): string | undefined {
  const bytes = sealer.open(sealed, purpose);
  return bytes && inflateRawSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }).toString("utf8");
}

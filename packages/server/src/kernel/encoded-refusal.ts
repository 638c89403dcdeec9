/**
 * What a refusal may say to those alone who may decode it: sealed by whoever refuses, opened by
 * `sts:DecodeAuthorizationMessage`. The message itself is made by `identity`.
 */
import { openText, sealText, type TextSealer } from "./sealed-text.ts";

const PURPOSE = "authorization-message";

/** The message as the text that a refusal shows. */
export const encodeRefusal = (sealer: TextSealer, message: object): string =>
  sealText(sealer, JSON.stringify(message), PURPOSE);

/** The message as JSON text, or `undefined` where it was not sealed here. */
export const decodeRefusal = (sealer: TextSealer, encoded: string): string | undefined =>
  openText(sealer, encoded, PURPOSE);

/** What a text must be to become a bucket's policy. */
import { parsePolicy } from "../../identity/policy/parse.ts";
import type { Context } from "../../service/context.ts";
import type { Bucket } from "./bucket-row.ts";
import { malformedPolicy } from "./errors.ts";
import { BUCKET_POLICY_BYTES_MAX } from "./limits.ts";

/** @throws {AwsError} `MalformedPolicy` */
export function requireValidPolicy(text: string, _place: { readonly bucket: Bucket; readonly context: Context }): void {
  if (Buffer.byteLength(text) > BUCKET_POLICY_BYTES_MAX) {
    throw malformedPolicy(`Policies must be less than ${BUCKET_POLICY_BYTES_MAX} bytes`);
  }
  parsePolicy(text);
}

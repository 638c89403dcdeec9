/** What pages of other origins may do with resources whose owners say so themselves. */
import type { AwsError } from "../kernel/aws-error.ts";
import type { Transaction } from "../kernel/table.ts";

/** A request that a browser makes for a page, or asks in advance whether it may make. */
export interface CrossOriginRequest {
  readonly method: string;
  /** S3 only: the bucket that it goes to. */
  readonly bucket: string | undefined;
  /** Raw, without the bucket. */
  readonly path: string;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export type CrossOriginVerdict =
  | { readonly kind: "allowed"; readonly headers: Readonly<Record<string, string>> }
  /** `refusal` answers the question in advance; a request that was made all the same has no headers for its page. */
  | { readonly kind: "refused"; readonly refusal: AwsError };

export type CrossOrigin = (request: CrossOriginRequest, tx: Transaction) => Promise<CrossOriginVerdict>;

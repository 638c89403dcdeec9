/** What a request says of who signed it, before anybody has checked it. */
import type { SigningScope } from "./signing-scope.ts";

/** The form in which a kind of service words its refusals. */
export type Family = "s3" | "query" | "json" | "rest-json";

/** A request without its body, as it came. */
export interface RequestHead {
  readonly method: string;
  /** Percent-encoded as sent, without the query. */
  readonly path: string;
  /** Percent-encoded as sent, without the question mark. */
  readonly query: string;
  /** Lowercase names; several values of one name joined by a comma. Bytes beyond ASCII as latin1. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** How the body takes part in the signature. */
export type Payload =
  /** The signature covers the hash of the whole body, which has to be there to verify. */
  | { readonly type: "buffered" }
  /** The signature covers a hash that the client declared; the body is held to it as it streams. */
  | { readonly type: "declared"; readonly sha256: string }
  | { readonly type: "unsigned" }
  | {
      readonly type: "chunked";
      /** Each chunk has a signature. */
      readonly signed: boolean;
      readonly trailers: boolean;
    };

interface Credentials {
  readonly family: Family;
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  /** Lowercase hexadecimal in version 4, base64 in version 2. */
  readonly signature: string;
}

/** Signature version 4, in the `Authorization` header or in the query of a presigned URL. */
export interface SigV4Claim extends Credentials {
  readonly version: 4;
  /** `form`: what is signed is the policy of a form. */
  readonly place: "header" | "query" | "form";
  readonly scope: SigningScope;
  /** Lowercase, as listed. */
  readonly signedHeaders: readonly string[];
  /** The same, as sent: `host;x-amz-date`. */
  readonly signedHeadersText: string;
  /** `20150830T123600Z`. */
  readonly timestamp: string;
  readonly signedAtMs: number;
  /** Present where the URL is presigned. */
  readonly expiresSeconds: number | undefined;
  readonly payload: Payload;
}

/** Signature version 2, which S3 still takes and boto3 presigns with. */
export interface SigV2Claim extends Credentials {
  readonly version: 2;
  /** `form`: what is signed is the policy of a form. */
  readonly place: "header" | "query" | "form";
  /** The request's own date, or where the URL is presigned the epoch seconds at which it expires; as sent. */
  readonly date: string;
  readonly atMs: number;
  readonly payload: Payload;
}

export type Claim = SigV4Claim | SigV2Claim;

/** Who has no signature at all. */
export interface AnonymousClaim {
  readonly version: "anonymous";
  readonly family: Family;
  readonly payload: Payload;
}

/** Checks of signatures. `SignatureVerifier` is made once by the composition root, as it keeps signing keys at hand. */
import type { Clock } from "../../clock/clock.ts";
import type { ByteStream } from "../../kernel/bytes.ts";
import type { Credential } from "../credentials/credential.ts";
import type { AnonymousClaim, Claim, Family, RequestHead } from "./claim.ts";

export type { AnonymousClaim, Claim, Family, Payload, RequestHead } from "./claim.ts";
export { AuthenticationError } from "./errors.ts";

/** A body as its operation sees it. */
export interface OpenedBody {
  /** Without chunk framing; throws where a hash, signature, length or checksum does not fit. */
  readonly body: ByteStream;
  /** Lowercase names; complete when `body` has ended. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** What the gateway knows about where the request went. */
export interface Expected {
  /** The signing name of the service that was called; unchecked where left out. */
  readonly service?: string | undefined;
  /** The only region that is right; any well-formed one where left out. */
  readonly region?: string | undefined;
}

export interface SignatureVerifier {
  /**
   * What the request says of its signer; `family` gives refusals their form.
   * @throws {AuthenticationError} where it is malformed, or missing and `family` is not S3.
   */
  parse(head: RequestHead, family: Family): Claim | AnonymousClaim;
  /**
   * Holds `claim` true. `body` is needed where `claim.payload.type` is `buffered`.
   * @throws {AuthenticationError}
   */
  verify(claim: Claim, head: RequestHead, credential: Credential, body?: Uint8Array, expected?: Expected): void;
  /**
   * The body of a verified or anonymous request, checked as it streams.
   * @throws {AwsError} while `body` is read.
   */
  open(
    claim: Claim | AnonymousClaim,
    head: RequestHead,
    credential: Credential | undefined,
    stream: ByteStream,
  ): OpenedBody;
}

/** Signature keys are kept by their `Authorization` prefix, so that a repeated caller costs two hashes. */
export declare function signatureVerifier(options: { readonly clock: Clock }): SignatureVerifier;

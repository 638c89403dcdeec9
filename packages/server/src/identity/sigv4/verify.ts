/** Checks of signatures. `SignatureVerifier` is made once, by the composition root, as it keeps signing keys at hand. */
import { hash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { ByteStream } from "../../kernel/bytes.ts";
import { digestHere } from "../../kernel/digest.ts";
import type { Credential } from "../credentials/credential.ts";
import { ALGORITHM, headerClaim, parseAuthorization, splitAuthorization, type Authorization } from "./authorization.ts";
import { openBody, type OpenedBody, type StartDigest } from "./body.ts";
import { canonicalRequest, sha256 } from "./canonical-request.ts";
import type { AnonymousClaim, Claim, Family, RequestHead, SigV2Claim, SigV4Claim } from "./claim.ts";
import {
  authorizationTypeUnsupported,
  authorizationWithoutSpace,
  headersNotSigned,
  hostNotSigned,
  missingAuthenticationToken,
  severalMechanisms,
  signatureDoesNotMatch,
  targetNotSigned,
} from "./errors.ts";
import { checkPolicy, type FileBounds, type SignedForm } from "./form-check.ts";
import { parseFormPolicy } from "./form-policy.ts";
import { checkFreshness } from "./freshness.ts";
import { payloadHash, unsignedPayload } from "./payload.ts";
import { isPresigned, presignedClaim } from "./presigned.ts";
import { checkScope, type Expected } from "./scope-check.ts";
import { headerClaimV2, isPresignedV2, presignedClaimV2, signV2, stringsToSignV2 } from "./signature-v2.ts";

export type { AnonymousClaim, Claim, Family, RequestHead } from "./claim.ts";
export type { OpenedBody } from "./body.ts";
export type { Expected } from "./scope-check.ts";
export { AuthenticationError } from "./errors.ts";

/** About 2 KB each, with the signing key. */
const AUTHORIZATIONS_MAX = 2000;

export class SignatureVerifier {
  readonly #clock: Clock;
  readonly #startDigest: StartDigest;
  /** By all of the `Authorization` header but its signature: a client's next call has the same. */
  readonly #authorizations = new BoundedCache<string, Authorization>(AUTHORIZATIONS_MAX);
  /** The last that was asked for: to compare costs less than to look up. */
  #latest: { readonly prefix: string; readonly authorization: Authorization } | undefined;

  constructor({ clock, startDigest = digestHere }: { readonly clock: Clock; readonly startDigest?: StartDigest }) {
    this.#clock = clock;
    this.#startDigest = startDigest;
  }

  /**
   * What the request says of its signer; `family` gives refusals their form.
   * @throws {AuthenticationError} where it is malformed, or missing and `family` is not S3.
   */
  parse(head: RequestHead, family: Family): Claim | AnonymousClaim {
    const header = head.headers["authorization"] || undefined;
    const queryVersion = head.query === "" ? undefined : presignedVersion(head.query, family);
    if (header !== undefined) {
      if (queryVersion !== undefined && family === "s3") throw severalMechanisms(header);
      return this.#parseHeader(header, head, family);
    }
    if (queryVersion === 4) return presignedClaim(head, family);
    if (queryVersion === 2) return presignedClaimV2(head);
    if (family !== "s3") throw missingAuthenticationToken(family);
    return { version: "anonymous", family, payload: unsignedPayload(head, family) };
  }

  #parseHeader(header: string, head: RequestHead, family: Family): Claim {
    const cut = splitAuthorization(header);
    const known = cut && this.#known(cut.prefix);
    if (cut && known) return headerClaim(known, cut.signature, head, family);
    if (family === "s3" && !header.startsWith(`${ALGORITHM} `)) {
      if (header.startsWith("AWS ")) return headerClaimV2(header, head);
      if (!header.includes(" ")) throw authorizationWithoutSpace(header);
      throw authorizationTypeUnsupported(header);
    }
    const parsed = parseAuthorization(header, family);
    if (cut) this.#authorizations.set(cut.prefix, parsed);
    return headerClaim(parsed, parsed.signature, head, family);
  }

  #known(prefix: string): Authorization | undefined {
    if (this.#latest?.prefix === prefix) return this.#latest.authorization;
    const authorization = this.#authorizations.get(prefix);
    if (authorization !== undefined) this.#latest = { prefix, authorization };
    return authorization;
  }

  /**
   * Holds `claim` true. `body` is needed where `claim.payload.type` is `buffered`.
   * @throws {AuthenticationError}
   */
  verify(claim: Claim, head: RequestHead, credential: Credential, body?: Uint8Array, expected: Expected = {}): void {
    if (credential.type === "unchecked") return;
    if (claim.version === 4) checkScope(claim, expected);
    checkFreshness(claim, this.#clock);
    if (claim.version === 4) checkV4(claim, head, credential.secretAccessKey, body);
    else checkV2(claim, head, credential.secretAccessKey);
  }

  /**
   * Holds the signature of a form's `policy` true, and the policy of the form and its file.
   * @throws {AuthenticationError}
   */
  verifyForm(claim: Claim, credential: Credential, form: SignedForm): FileBounds {
    const stringToSign = form.fields.get("policy") ?? "";
    if (credential.type === "known") {
      const { secretAccessKey } = credential;
      const right =
        claim.version === 4
          ? claim.scope.keyFor(secretAccessKey).sign(stringToSign)
          : signV2(stringToSign, secretAccessKey);
      const { family, accessKeyId, signature } = claim;
      if (!equal(right, signature)) {
        throw signatureDoesNotMatch(family, { accessKeyId, signature, stringToSign, canonicalRequest: undefined });
      }
    }
    const signedAtMs = claim.version === 4 ? claim.signedAtMs : undefined;
    return checkPolicy(parseFormPolicy(stringToSign), { ...form, signedAtMs }, this.#clock);
  }

  /**
   * The body of a verified or anonymous request, checked as it streams: whoever reads it may keep
   * what came only once it has ended.
   * @throws {AuthenticationError} while `body` is read.
   */
  open(
    claim: Claim | AnonymousClaim,
    head: RequestHead,
    credential: Credential | undefined,
    stream: ByteStream,
  ): OpenedBody {
    const key =
      claim.version === 4 && credential?.type === "known" ? claim.scope.keyFor(credential.secretAccessKey) : undefined;
    return openBody(claim, { head, key, startDigest: this.#startDigest }, stream);
  }
}

function presignedVersion(query: string, family: Family): 2 | 4 | undefined {
  if (isPresigned(query)) return 4;
  return family === "s3" && isPresignedV2(query) ? 2 : undefined;
}

const EMPTY = new Uint8Array();

function checkV4(claim: SigV4Claim, head: RequestHead, secretAccessKey: string, body: Uint8Array = EMPTY): void {
  checkSignedHeaders(claim, head);
  const canonical = canonicalRequest(
    claim,
    head,
    payloadHash(claim.payload, () => hash("sha256", body, "hex")),
  );
  const stringToSign = `${ALGORITHM}\n${claim.timestamp}\n${claim.scope.text}\n${sha256(canonical)}`;
  const right = claim.scope.keyFor(secretAccessKey).sign(stringToSign);
  if (!equal(right, claim.signature)) {
    const { family, accessKeyId, signature } = claim;
    throw signatureDoesNotMatch(family, { accessKeyId, signature, stringToSign, canonicalRequest: canonical });
  }
}

function checkSignedHeaders({ family, signedHeaders }: SigV4Claim, { headers }: RequestHead): void {
  if (!signedHeaders.includes("host") && !signedHeaders.includes(":authority")) throw hostNotSigned(family);
  if (family !== "s3") {
    // it names the operation
    if (headers["x-amz-target"] !== undefined && !signedHeaders.includes("x-amz-target")) throw targetNotSigned(family);
    return;
  }
  const unsigned: string[] = [];
  for (const name in headers) {
    if (name.startsWith("x-amz-") && !signedHeaders.includes(name) && !UNSIGNED_OBJECT_HEADERS.has(name)) {
      unsigned.push(name);
    }
  }
  if (unsigned.length > 0) throw headersNotSigned(unsigned);
}

/** A presigned URL's client may say how it sends what it was allowed to send. */
const UNSIGNED_OBJECT_HEADERS: ReadonlySet<string> = new Set(["x-amz-content-sha256"]);

function checkV2(claim: SigV2Claim, head: RequestHead, secretAccessKey: string): void {
  const candidates = stringsToSignV2(claim, head);
  if (candidates.some((stringToSign) => equal(signV2(stringToSign, secretAccessKey), claim.signature))) return;
  const { family, accessKeyId, signature } = claim;
  const stringToSign = candidates.at(-1) ?? candidates[0];
  throw signatureDoesNotMatch(family, { accessKeyId, signature, stringToSign, canonicalRequest: undefined });
}

const SIGNATURE_LENGTH_MAX = 64;
const [ONE, OTHER] = [Buffer.alloc(SIGNATURE_LENGTH_MAX), Buffer.alloc(SIGNATURE_LENGTH_MAX)];

/** In the same time wherever the two differ; `right` has at most 64 characters. */
function equal(right: string, claimed: string): boolean {
  if (right.length !== claimed.length) return false;
  ONE.fill(0).write(right, "latin1");
  OTHER.fill(0).write(claimed, "latin1");
  return timingSafeEqual(ONE, OTHER);
}

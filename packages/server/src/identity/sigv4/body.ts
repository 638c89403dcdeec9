/** From the bytes of a request to those that its operation sees. */
import { hash } from "node:crypto";
import { HeldBytes, type ByteStream } from "../../kernel/bytes.ts";
import type { BodyDigest, DigestAlgorithm } from "../../kernel/digest.ts";
import { canonicalRequest } from "./canonical-request.ts";
import { ChunkSigner } from "./chunk-signer.ts";
import { decodeChunks } from "./chunked.ts";
import type { AnonymousClaim, Claim, Family, Payload, RequestHead } from "./claim.ts";
import { missingContentLength } from "./body-errors.ts";
import { contentHashMismatch } from "./errors.ts";
import { payloadHash } from "./payload.ts";
import type { HmacKey } from "../../kernel/hmac-key.ts";
import { Trailers } from "./trailers.ts";

export interface OpenedBody {
  /** Without chunk framing; throws where a hash, signature, length or checksum does not fit. */
  readonly body: ByteStream;
  /** Lowercase names; complete when `body` has ended. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Begins sums over a body of about so many bytes. */
export type StartDigest = (algorithms: readonly DigestAlgorithm[], bytes: number) => Promise<BodyDigest>;

const NO_TRAILERS: ReadonlyMap<string, string> = new Map();

interface BodyParts {
  readonly head: RequestHead;
  /** Absent where nobody signed, or nobody checks. */
  readonly key: HmacKey | undefined;
  readonly startDigest: StartDigest;
}

export function openBody(
  claim: Claim | AnonymousClaim,
  { head, key, startDigest }: BodyParts,
  stream: ByteStream,
): OpenedBody {
  const { payload } = claim;
  if (payload.type === "declared") {
    if (isBodiless(head)) return { body: stream, trailers: NO_TRAILERS };
    const bytes = Number(head.headers["content-length"] ?? 0);
    const declared = { sha256: payload.sha256, family: claim.family, startDigest, bytes };
    return { body: heldTo(declared, stream), trailers: NO_TRAILERS };
  }
  if (payload.type !== "chunked") return { body: stream, trailers: NO_TRAILERS };
  const values = new Map<string, string>();
  const signer = payload.signed ? signerOf(claim, head, key) : undefined;
  return { body: unchunked({ payload, head, signer, values }, stream), trailers: values };
}

/** What is declared of a body that S3 does not read is signed, and not looked at. Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3) */
const isBodiless = ({ method }: RequestHead): boolean => method === "GET" || method === "HEAD";

function signerOf(claim: Claim | AnonymousClaim, head: RequestHead, key: HmacKey | undefined): ChunkSigner | undefined {
  if (key === undefined || claim.version !== 4) return undefined;
  return new ChunkSigner(key, {
    timestamp: claim.timestamp,
    scope: claim.scope.text,
    seed: claim.signature,
    accessKeyId: claim.accessKeyId,
    canonicalRequest: () => canonicalRequest(claim, head, payloadHash(claim.payload, unhashed)),
  });
}

/** A body in chunks has a name where others have their hash. */
const unhashed = (): string => "";

interface Chunked {
  readonly payload: Extract<Payload, { readonly type: "chunked" }>;
  readonly head: RequestHead;
  readonly signer: ChunkSigner | undefined;
  readonly values: Map<string, string>;
}

async function* unchunked({ payload, head, signer, values }: Chunked, stream: ByteStream): AsyncGenerator<Uint8Array> {
  const declared = head.headers["x-amz-decoded-content-length"];
  if (declared === undefined || !/^\d+$/.test(declared)) throw missingContentLength();
  const trailers = payload.trailers
    ? await Trailers.announce(head.headers["x-amz-trailer"], signer, values)
    : undefined;
  yield* decodeChunks(stream, { signer, trailers, decodedBytes: Number(declared) });
}

interface Declared {
  readonly sha256: string;
  readonly family: Family;
  readonly startDigest: StartDigest;
  /** About how many there will be. */
  readonly bytes: number;
}

const heldTo = (declared: Declared, stream: ByteStream): ByteStream =>
  stream instanceof HeldBytes ? new DeclaredBytes(declared, stream) : heldToInPieces(declared, stream);

const HASH_OF_NOTHING = hash("sha256", "", "hex");

class DeclaredBytes extends HeldBytes {
  readonly #declared: Declared;

  constructor(declared: Declared, bytes: HeldBytes) {
    super(bytes.take());
    this.#declared = declared;
  }

  override take(): Uint8Array {
    const bytes = super.take();
    if (bytes.byteLength > 0 || this.#declared.sha256 !== HASH_OF_NOTHING) {
      requireHash(this.#declared, hash("sha256", bytes, "hex"));
    }
    return bytes;
  }
}

async function* heldToInPieces(declared: Declared, stream: ByteStream): AsyncGenerator<Uint8Array> {
  const digest = await declared.startDigest(["SHA256"], declared.bytes);
  try {
    for await (const piece of stream) {
      const room = digest.update(piece);
      if (room) await room;
      yield piece;
    }
    const sums = await digest.end();
    requireHash(declared, Buffer.from(sums.get("SHA256") ?? "", "base64").toString("hex"));
  } finally {
    digest.abandon();
  }
}

function requireHash({ sha256: declared, family }: Declared, computed: string): void {
  if (computed !== declared.toLowerCase()) throw contentHashMismatch(family, { declared, computed });
}

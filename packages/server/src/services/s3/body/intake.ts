/**
 * The one pass over a body on its way in: it is measured, hashed and held to what the request claims
 * of it while it flows to the blob store.
 */
import { giveBack, held, HeldBytes, OwnPieces, type ByteStream } from "../../../kernel/bytes.ts";
import type { ChecksumAlgorithm } from "../../../kernel/checksum.ts";
import { digestOf, type BodyDigest, type DigestAlgorithm } from "../../../kernel/digest.ts";
import type { Blobs, BlobRef } from "../../../service/context.ts";
import type { ClaimedChecksum } from "./checksum.ts";
import { badChecksum, badMd5, entityTooLarge } from "../errors.ts";
import { requireDigest } from "./integrity.ts";
import { BODY_BYTES_MAX } from "../limits.ts";

/** A body taken in, not yet kept. */
export interface TakenBody {
  readonly blob: BlobRef;
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
  /** By the algorithm that was asked for. */
  readonly checksum: Sum;
  /** What the caller claimed, and what is true. */
  readonly claimed: Sum | undefined;
}

export interface Sum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly value: string;
}

/** What a body is measured by. */
export interface Measure {
  readonly algorithm: ChecksumAlgorithm;
  /** About how many there will be. */
  readonly bytes: number;
  /** May be by another algorithm. */
  readonly claim?: ClaimedChecksum | undefined;
  /** A `Content-MD5` header, base64. */
  readonly contentMd5?: string | undefined;
  /** Whether the body is a whole object, of which S3 writes a wrong digest down in another way. */
  readonly isWhole?: boolean;
  /** What the body is encrypted under besides the cloud's own key. */
  readonly secret?: Uint8Array | undefined;
  /** Complete when the body has ended: a claim that came behind it was checked on its way and is believed. */
  readonly trailers?: ReadonlyMap<string, string>;
}

/** @throws {AwsError} `BadDigest`, `InvalidDigest`, `EntityTooLarge`; then nothing is left of the body. */
export async function takeIn(stream: ByteStream, measure: Measure, blobs: Blobs): Promise<TakenBody> {
  if (measure.contentMd5 !== undefined) requireDigest(measure.contentMd5);
  if (stream instanceof HeldBytes) return takeHeld(stream, measure, blobs);
  const digest = await blobs.digest(algorithmsOf(measure), measure.bytes);
  const measured: Measured = { size: 0, sums: new Map() };
  let blob: BlobRef;
  try {
    blob = await blobs.write(measuring(stream, { measure, digest, measured }), measure.secret);
  } catch (error) {
    digest.abandon();
    throw error;
  }
  return taken(blob, measure, measured);
}

/** A body that is there already flows nowhere. */
async function takeHeld(body: HeldBytes, measure: Measure, blobs: Blobs): Promise<TakenBody> {
  const bytes = body.take();
  const sums = withTrailer(await digestOf(algorithmsOf(measure), bytes), measure);
  requireMd5(measure, sums);
  requireClaim(measure.claim, sums);
  // what was declared of them has been held to: nobody needs to look again
  return taken(await blobs.write(held(bytes), measure.secret), measure, { size: bytes.byteLength, sums });
}

function taken(blob: BlobRef, { algorithm, claim }: Measure, { size, sums }: Measured): TakenBody {
  const sumBy = (by: ChecksumAlgorithm): Sum => ({ algorithm: by, value: sums.get(by) ?? "" });
  const md5 = Buffer.from(sums.get("MD5") ?? "", "base64").toString("hex");
  return { blob, size, md5, checksum: sumBy(algorithm), claimed: claim && sumBy(claim.algorithm) };
}

type Sums = ReadonlyMap<DigestAlgorithm, string>;

interface Measured {
  size: number;
  sums: Sums;
}

interface Measuring {
  readonly measure: Measure;
  readonly digest: BodyDigest;
  readonly measured: Measured;
}

/** The body itself, which throws at its end where it is not what was claimed. */
async function* measuring(stream: ByteStream, { measure, digest, measured }: Measuring): ByteStream {
  const isOwn = stream instanceof OwnPieces;
  for await (const bytes of stream) {
    measured.size += bytes.byteLength;
    if (measured.size > BODY_BYTES_MAX) throw entityTooLarge(measured.size, BODY_BYTES_MAX);
    const room = digest.update(bytes);
    if (room) await room;
    yield bytes;
    if (isOwn) giveBack(bytes);
  }
  measured.sums = withTrailer(await digest.end(), measure);
  requireMd5(measure, measured.sums);
  requireClaim(measure.claim, measured.sums);
}

/** The sums to be worked out: not the one that comes behind the body. */
function algorithmsOf({ algorithm, claim }: Measure): readonly DigestAlgorithm[] {
  const wanted = new Set<DigestAlgorithm>(["MD5", algorithm, ...(claim ? [claim.algorithm] : [])]);
  if (claim && claim.value === undefined) wanted.delete(claim.algorithm);
  return [...wanted];
}

function withTrailer(sums: Sums, { claim, trailers }: Measure): Sums {
  if (!claim || claim.value !== undefined) return sums;
  const value = trailers?.get(`x-amz-checksum-${claim.algorithm.toLowerCase()}`);
  if (value === undefined) throw badChecksum(claim.algorithm);
  return new Map([...sums, [claim.algorithm, value]]);
}

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_invalid_content_md5) */
function requireMd5({ contentMd5, isWhole }: Measure, sums: Sums): void {
  const calculated = sums.get("MD5") ?? "";
  if (contentMd5 === undefined || contentMd5 === calculated) return;
  const expected = isWhole === true ? Buffer.from(contentMd5, "base64").toString("hex") : contentMd5;
  throw badMd5({ expected, calculated });
}

function requireClaim(claim: ClaimedChecksum | undefined, sums: Sums): void {
  if (claim?.value !== undefined && claim.value !== sums.get(claim.algorithm)) throw badChecksum(claim.algorithm);
}

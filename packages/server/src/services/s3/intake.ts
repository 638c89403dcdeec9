/**
 * The one pass over a body on its way in: it is measured, hashed and held to what the request claims
 * of it while it flows to the blob store.
 */
import { createHash } from "node:crypto";
import type { ByteStream } from "../../kernel/bytes.ts";
import { startChecksum, type Checksum, type ChecksumAlgorithm } from "../../kernel/checksum.ts";
import type { Blobs, BlobRef } from "../../service/context.ts";
import type { ClaimedChecksum } from "./checksum.ts";
import { badChecksum, badMd5, entityTooLarge } from "./errors.ts";
import { requireDigest } from "./integrity.ts";
import { BODY_BYTES_MAX } from "./limits.ts";

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
  /** May be by another algorithm. */
  readonly claim?: ClaimedChecksum | undefined;
  /** A `Content-MD5` header, base64. */
  readonly contentMd5?: string | undefined;
  /** Complete when the body has ended: a claim that came behind it was checked on its way and is believed. */
  readonly trailers?: ReadonlyMap<string, string>;
}

/** @throws {AwsError} `BadDigest`, `InvalidDigest`, `EntityTooLarge`; then nothing is left of the body. */
export async function takeIn(stream: ByteStream, measure: Measure, blobs: Blobs): Promise<TakenBody> {
  if (measure.contentMd5 !== undefined) requireDigest(measure.contentMd5);
  const md5 = createHash("md5");
  const sums = await startSums(measure);
  const measured = { md5: "", size: 0, sums: new Map<ChecksumAlgorithm, string>() };
  async function* measuring(): ByteStream {
    for await (const bytes of stream) {
      measured.size += bytes.byteLength;
      if (measured.size > BODY_BYTES_MAX) throw entityTooLarge(measured.size, BODY_BYTES_MAX);
      md5.update(bytes);
      for (const sum of sums.values()) sum.update(bytes);
      yield bytes;
    }
    const digest = md5.digest();
    measured.md5 = digest.toString("hex");
    measured.sums = endSums(sums, measure);
    requireMd5(measure.contentMd5, digest.toString("base64"));
    requireClaim(measure.claim, measured.sums);
  }
  const blob = await blobs.write(measuring());
  const sumBy = (algorithm: ChecksumAlgorithm): Sum => ({ algorithm, value: measured.sums.get(algorithm) ?? "" });
  const { size } = measured;
  const { algorithm, claim } = measure;
  return { blob, size, md5: measured.md5, checksum: sumBy(algorithm), claimed: claim && sumBy(claim.algorithm) };
}

/** The sums to be worked out: not the one that comes behind the body. */
async function startSums({ algorithm, claim }: Measure): Promise<ReadonlyMap<ChecksumAlgorithm, Checksum>> {
  const wanted = new Set([algorithm, ...(claim ? [claim.algorithm] : [])]);
  if (claim && claim.value === undefined) wanted.delete(claim.algorithm);
  const sums = new Map<ChecksumAlgorithm, Checksum>();
  for (const each of wanted) sums.set(each, await startChecksum(each));
  return sums;
}

function endSums(sums: ReadonlyMap<ChecksumAlgorithm, Checksum>, measure: Measure): Map<ChecksumAlgorithm, string> {
  const ended = new Map<ChecksumAlgorithm, string>();
  for (const [algorithm, sum] of sums) ended.set(algorithm, sum.digest());
  const { claim } = measure;
  if (claim && claim.value === undefined) ended.set(claim.algorithm, trailerOf(claim.algorithm, measure));
  return ended;
}

function trailerOf(algorithm: ChecksumAlgorithm, { trailers }: Measure): string {
  const value = trailers?.get(`x-amz-checksum-${algorithm.toLowerCase()}`);
  if (value === undefined) throw badChecksum(algorithm);
  return value;
}

function requireMd5(expected: string | undefined, calculated: string): void {
  if (expected !== undefined && expected !== calculated) throw badMd5({ expected, calculated });
}

function requireClaim(claim: ClaimedChecksum | undefined, sums: ReadonlyMap<ChecksumAlgorithm, string>): void {
  if (claim?.value !== undefined && claim.value !== sums.get(claim.algorithm)) throw badChecksum(claim.algorithm);
}

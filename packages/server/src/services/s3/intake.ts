/**
 * The one pass over a body on its way in: it is measured, hashed and held to what the request claims
 * of it while it flows to the blob store.
 */
import { createHash } from "node:crypto";
import type { ByteStream } from "../../kernel/bytes.ts";
import { startChecksum, type ChecksumAlgorithm } from "../../kernel/checksum.ts";
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
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** What a body is measured by. */
export interface Measure {
  readonly algorithm: ChecksumAlgorithm;
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
  const trailing = measure.claim !== undefined && measure.claim.value === undefined;
  const sum = trailing ? undefined : await startChecksum(measure.algorithm);
  const measured = { md5: "", value: "", size: 0 };
  async function* measuring(): ByteStream {
    for await (const bytes of stream) {
      measured.size += bytes.byteLength;
      if (measured.size > BODY_BYTES_MAX) throw entityTooLarge(measured.size, BODY_BYTES_MAX);
      md5.update(bytes);
      sum?.update(bytes);
      yield bytes;
    }
    const digest = md5.digest();
    measured.md5 = digest.toString("hex");
    measured.value = sum?.digest() ?? trailerOf(measure);
    requireEqual(measure, { md5: digest.toString("base64"), value: measured.value });
  }
  const blob = await blobs.write(measuring());
  const { algorithm } = measure;
  return { blob, size: measured.size, md5: measured.md5, checksum: { algorithm, value: measured.value } };
}

function trailerOf({ algorithm, trailers }: Measure): string {
  const value = trailers?.get(`x-amz-checksum-${algorithm.toLowerCase()}`);
  if (value === undefined) throw badChecksum(algorithm);
  return value;
}

function requireEqual(
  { contentMd5, claim, algorithm }: Measure,
  is: { readonly md5: string; readonly value: string },
): void {
  if (contentMd5 !== undefined && contentMd5 !== is.md5) throw badMd5({ expected: contentMd5, calculated: is.md5 });
  if (claim?.value !== undefined && claim.value !== is.value) throw badChecksum(algorithm);
}

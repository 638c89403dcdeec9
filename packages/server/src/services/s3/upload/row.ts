/** Multi-part uploads under way: their rows, and those of their parts. */
import type { AccountId } from "../../../kernel/arn.ts";
import type { ChecksumAlgorithm } from "../../../kernel/checksum.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { BlobRef, Context } from "../../../service/context.ts";
import type { Owned } from "../acl/decision.ts";
import type { ChecksumType } from "../body/checksum.ts";
import type { Encryption } from "../encryption/encryption.ts";
import { noSuchUpload } from "../errors.ts";
import type { Locked } from "../lock/lock.ts";
import type { Metadata } from "../object/metadata.ts";
import type { Classed } from "../storage-class/storage-class.ts";

export interface Upload extends Metadata, Classed, Owned, Locked {
  readonly bucket: string;
  readonly key: string;
  /** Begins with the time, so that the uploads of one key follow each other as they were begun. */
  readonly id: string;
  readonly startedAtMs: number;
  /** Tells apart the object that was in its place then. */
  readonly over?: string | undefined;
  readonly tags: Tags;
  readonly encryption: Encryption;
  readonly initiator: {
    readonly id: string;
    readonly account: AccountId | undefined;
    /** Of a user. */
    readonly name?: string;
  };
  readonly checksum: {
    readonly algorithm: ChecksumAlgorithm;
    readonly type: ChecksumType;
    /** Whether the caller chose it: then parts have to come with theirs, where they make a composite. */
    readonly chosen: boolean;
  };
}

export const uploads = table<Upload>("s3.upload", "global", ({ bucket, key, id }) => [bucket, key, id]);

export interface Part {
  readonly uploadId: string;
  readonly number: number;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** By the upload's algorithm. */
  readonly checksum: string;
  readonly modifiedAtMs: number;
  readonly blob: BlobRef;
}

export const parts = table<Part>("s3.part", "global", ({ uploadId, number }) => [uploadId, number]);

/** The members by which an operation names the upload it means. */
export interface UploadInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

/** @throws {AwsError} `NoSuchUpload` */
export async function requireUpload(
  { Bucket, Key, UploadId }: UploadInput,
  { tx }: Pick<Context, "tx">,
): Promise<Upload> {
  const upload = await tx.get(uploads, Bucket, Key, UploadId);
  if (!upload) throw noSuchUpload(UploadId);
  return upload;
}

/** All parts of an upload, in order: ten thousand at the most. */
export const partsOf = ({ id }: Upload, { tx }: Pick<Context, "tx">, limit: number): Promise<Part[]> =>
  tx.scan(parts, { prefix: [id], limit });

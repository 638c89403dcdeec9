/** A function's code, or a layer's: taken in from the call itself or from S3, checked, and kept. */
import { hash } from "node:crypto";
import { ArchiveError, readArchive, type ArchiveEntry } from "../../../kernel/archive.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { collectAtMost, held } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import { codeEmpty, codeMissing, codeNoZip, codeTooLarge, codeUnreadable, notBuilt, zipTooLarge } from "../errors.ts";
import type { Code } from "../function/row.ts";
import { UNZIPPED_BYTES_MAX, ZIPPED_BYTES_MAX } from "../limits.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

/** Where the code is, as calls say it. */
export interface CodeSource {
  readonly ZipFile?: Uint8Array | undefined;
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
  readonly S3ObjectVersion?: string | undefined;
  readonly S3ObjectStorageMode?: string | undefined;
  readonly ImageUri?: string | undefined;
}

export interface TakenCode extends Code {
  /** Whether it brings extensions along. */
  readonly hasExtensions: boolean;
}

/** Outside of transactions. @throws {AwsError} it is not to be had, is no zip file or too large. */
export async function takeCode(source: CodeSource, context: Context): Promise<TakenCode> {
  if (source.ImageUri !== undefined) throw notBuilt("A function of a container image");
  if (source.S3ObjectStorageMode === "REFERENCE") throw notBuilt("Code that stays in its bucket");
  const zip = await zipOf(source, context);
  if (zip.byteLength > ZIPPED_BYTES_MAX && source.ZipFile !== undefined) throw zipTooLarge();
  const entries = entriesOf(zip);
  const blob = await context.blobs.write(held(zip));
  return {
    blob,
    sha256: hash("sha256", zip, "base64"),
    bytes: zip.byteLength,
    hasExtensions: entries.some(({ name }) => /^\/?extensions\/[^/]+$/.test(name)),
  };
}

function entriesOf(zip: Uint8Array): readonly ArchiveEntry[] {
  if (zip.byteLength === 0) throw codeEmpty();
  try {
    const entries = readArchive(zip);
    if (entries.length === 0) throw codeEmpty();
    if (entries.reduce((sum, { bytes }) => sum + bytes, 0) > UNZIPPED_BYTES_MAX) throw codeTooLarge();
    return entries;
  } catch (error) {
    throw error instanceof ArchiveError ? codeNoZip() : error;
  }
}

async function zipOf({ ZipFile, S3Bucket, S3Key, S3ObjectVersion }: CodeSource, context: Context): Promise<Uint8Array> {
  if (ZipFile !== undefined) return ZipFile;
  if (S3Bucket === undefined || S3Key === undefined) throw codeMissing();
  const VersionId = S3ObjectVersion === undefined ? {} : { VersionId: S3ObjectVersion };
  try {
    // Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html (with the caller's own rights)
    const { Body } = await context.call<S3Sdk, "GetObject">({
      service: "s3",
      operation: "GetObject",
      input: { Bucket: S3Bucket, Key: S3Key, ...VersionId },
    });
    const zip = Body && (await collectAtMost(Body, UNZIPPED_BYTES_MAX));
    if (zip === undefined) throw codeTooLarge();
    return zip;
  } catch (error) {
    if (error instanceof AwsError && error.code !== "InvalidParameterValueException")
      throw codeUnreadable(error.code, error.message);
    throw error;
  }
}

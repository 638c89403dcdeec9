/**
 * Parts of a body, as requests ask for them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range)
 */
import type { ByteRange } from "../../../service/context.ts";
import { invalidArgument, invalidRange, invalidRequest } from "../errors.ts";

/**
 * The bytes that `header` asks for out of `size`, or `undefined` where all are meant: a header that
 * is malformed or asks for several ranges is ignored.
 *
 * @throws {AwsError} `InvalidRange` where none of the bytes exists.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const asked = readRange(header, size);
  if (asked && asked.start >= size) throw invalidRange(header, size);
  return asked;
}

/** One range, cut off at the end of the body. */
function readRange(header: string, size: number): ByteRange | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (from === "") return to === "" ? undefined : suffixOf(Number(to), size);
  if (to !== "" && Number(to) < Number(from)) return undefined;
  return { start: Number(from), end: to === "" ? size - 1 : Math.min(Number(to), size - 1) };
}

const suffixOf = (length: number, size: number): ByteRange =>
  length === 0 ? { start: size, end: size } : { start: Math.max(0, size - length), end: size - 1 };

/** `bytes 0-9/200` */
export const formatContentRange = ({ start, end }: ByteRange, size: number): string => `bytes ${start}-${end}/${size}`;

/**
 * The bytes that a part is copied from: both ends named, both inside the source.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html (x-amz-copy-source-range)
 *
 * @throws {AwsError} `InvalidArgument`, `InvalidRequest`
 */
export function parseCopyRange(header: string, size: number): ByteRange {
  const argument = { name: "x-amz-copy-source-range", value: header };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const [, from = "", to = ""] = match ?? [];
  const range = { start: Number(from), end: Number(to) };
  if (!match || range.end < range.start) {
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      argument,
    );
  }
  if (range.start >= size) throw invalidRequest("The specified copy range is invalid for the source object size");
  if (range.end >= size) {
    throw invalidArgument(`Range specified is not valid for source object of size: ${size}`, argument);
  }
  return range;
}

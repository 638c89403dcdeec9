/**
 * Parts of multi-part uploads: taken in, listed.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-upload-part.html
 */
import { onVault } from "../access.ts";
import { dropPiece, keepPiece } from "../archive/body.ts";
import { invalidValue, missing, rangeAndLengthDiffer, tooManyParts } from "../errors.ts";
import { claimOf, takeIn } from "../archive/intake.ts";
import { operation, streaming } from "../kit.ts";
import { PARTS_MAX, ROWS_PER_PAGE } from "../limits.ts";
import { pageOf } from "../paging.ts";
import { formatUpload } from "./upload.ts";
import { parts, requireOpenUpload, type Part, type Upload } from "./row.ts";

export const uploadMultipartPart = streaming("UploadMultipartPart", {
  authorize: (input, context) => onVault("UploadMultipartPart", input, context),

  async receive(input, context) {
    const { upload } = await requireOpenUpload(input, context);
    const { start, bytes, text } = requireRange(input.range, upload);
    const { headers, body } = context.request;
    const length = headers["content-length"];
    if (length !== undefined && Number(length) !== bytes) throw rangeAndLengthDiffer(text, Number(length));
    const piece = await takeIn(body, claimOf(input, context.request), context.blobs);
    if (piece.size !== bytes) throw rangeAndLengthDiffer(text, piece.size);
    return { start, piece };
  },

  async handle(input, context, { start, piece }) {
    const { upload, place } = await requireOpenUpload(input, context);
    const earlier = await place.tx.get(parts, upload.id, start);
    if (earlier) dropPiece(earlier, context.blobs);
    keepPiece(piece, context.blobs);
    place.tx.put(parts, { ...piece, uploadId: upload.id, start, atMs: context.now().getTime() });
    return { checksum: piece.treeHash };
  },
});

interface PartRange {
  readonly start: number;
  readonly bytes: number;
  /** As it was sent. */
  readonly text: string;
}

/**
 * Where a part belongs: it begins at a multiple of the part size and is no larger. Whether a smaller one is the last is
 * seen when the upload is completed.
 *
 * @throws {AwsError} `MissingParameterValueException`, `InvalidParameterValueException`
 */
function requireRange(text: string | undefined, { partBytes }: Upload): PartRange {
  if (text === undefined) throw missing("Content-Range");
  const [, from = "", to = ""] = /^bytes (\d+)-(\d+)\/(?:\*|\d+)$/.exec(text) ?? [];
  const start = Number(from);
  const bytes = Number(to) - start + 1;
  if (from === "" || bytes < 1 || bytes > partBytes || start % partBytes !== 0) {
    throw invalidValue("Content-Range", text);
  }
  const number = start / partBytes + 1;
  if (number > PARTS_MAX) throw tooManyParts(number);
  return { start, bytes, text };
}

export const listParts = operation("ListParts", {
  authorize: (input, context) => onVault("ListParts", input, context),

  async handle(input, context) {
    const { upload, place } = await requireOpenUpload(input, context);
    const wanted = { from: parts, prefix: [upload.id], max: ROWS_PER_PAGE };
    const { rows, marker } = await pageOf(input, wanted, place.tx);
    return { ...formatUpload(upload, place), Parts: rows.map(formatPart), Marker: marker };
  },
});

const formatPart = ({ start, size, treeHash }: Part) => ({
  RangeInBytes: `${start}-${start + size - 1}`,
  SHA256TreeHash: treeHash,
});

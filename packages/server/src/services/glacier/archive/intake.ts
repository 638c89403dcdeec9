/** The one pass over a body on its way in: it is measured and hashed while it flows to the blob store. */
import { giveBack, held, OwnPieces, type ByteStream } from "../../../kernel/bytes.ts";
import type { Blobs, RequestFacts } from "../../../service/context.ts";
import type { Piece } from "./body.ts";
import { checksumMismatch, invalidValue, missing } from "../errors.ts";
import { UPLOAD_BYTES_MAX } from "../limits.ts";
import { hexOf, joined, rootOf, TreeHasher } from "./tree-hash.ts";

/** What a request claims of the body that it brings. */
export interface Claim {
  /** Hexadecimal. */
  readonly treeHash: string;
}

/**
 * What can be said before the body has come.
 *
 * @throws {AwsError} `MissingParameterValueException`, `InvalidParameterValueException`
 */
export function claimOf({ checksum }: { readonly checksum?: string | undefined }, request: RequestFacts): Claim {
  const { calling, headers } = request;
  // Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-common-request-headers.html
  if (calling === undefined && headers["x-amz-content-sha256"] === undefined) throw missing("x-amz-content-sha256");
  const length = headers["content-length"];
  if (length !== undefined && !isUploadSize(Number(length))) throw invalidValue("Content-Length", length);
  if (checksum === undefined) throw missing("x-amz-sha256-tree-hash");
  return { treeHash: checksum };
}

/** Nothing is not an archive. */
const isUploadSize = (bytes: number): boolean => bytes >= 1 && bytes <= UPLOAD_BYTES_MAX;

/** @throws {AwsError} `InvalidParameterValueException`; then nothing is left of the body. */
export async function takeIn(stream: ByteStream, claim: Claim, blobs: Blobs): Promise<Piece> {
  const measured: Measured = { size: 0, leaves: [] };
  const blob = await blobs.write(measuring(stream, claim, measured));
  const { size, leaves } = measured;
  const treeHash = hexOf(rootOf(leaves));
  if (leaves.length === 1) return { blob, size, treeHash };
  return { blob, size, treeHash, leaves: await blobs.write(held(joined(leaves))) };
}

interface Measured {
  size: number;
  leaves: readonly Uint8Array[];
}

/** The body itself, which throws at its end where it is not what was claimed. */
async function* measuring(stream: ByteStream, claim: Claim, measured: Measured): ByteStream {
  const hasher = new TreeHasher();
  const isOwn = stream instanceof OwnPieces;
  for await (const bytes of stream) {
    measured.size += bytes.byteLength;
    if (measured.size > UPLOAD_BYTES_MAX) break;
    hasher.update(bytes);
    yield bytes;
    if (isOwn) giveBack(bytes);
  }
  if (!isUploadSize(measured.size)) throw invalidValue("Content-Length", String(measured.size));
  measured.leaves = hasher.end();
  const computed = hexOf(rootOf(measured.leaves));
  if (computed !== claim.treeHash) throw checksumMismatch({ expected: claim.treeHash, computed });
}

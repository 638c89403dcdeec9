import type { FileHandle } from "node:fs/promises";
import { BLOB_HEADER, openRecord, RECORD_BYTES, recordOffset, sealedRecordBytes } from "../blob-record.ts";
import type { ByteRange } from "../blobs.ts";
import { CorruptBlobError } from "../shelf.ts";

/** Records are read so many at a time: 1 MiB. */
const RECORDS_PER_READ = 16;

export interface SealedBody {
  readonly id: string;
  /** Of plaintext. */
  readonly size: number;
  readonly key: Uint8Array;
}

/** Whole records as they lie in the file. */
interface Batch {
  readonly firstIndex: number;
  readonly sealed: Uint8Array;
}

/**
 * The bytes of `range`, record by record, each checked before it is given out. While the consumer
 * takes one batch of records the next is read; no more than the two are held.
 *
 * @throws {CorruptBlobError}
 */
export async function* readRecords(file: FileHandle, body: SealedBody, range: ByteRange): AsyncGenerator<Uint8Array> {
  let coming = readAhead(file, body, Math.floor(range.start / RECORD_BYTES), range);
  try {
    await requireHeader(file, body);
    for (;;) {
      const batch = await coming;
      const nextIndex = batch.firstIndex + RECORDS_PER_READ;
      const more = nextIndex * RECORD_BYTES <= range.end;
      if (more) coming = readAhead(file, body, nextIndex, range);
      yield* openBatch(batch, body, range);
      if (!more) return;
    }
  } finally {
    // The file must not be closed under a read, even if nobody wants its bytes any more.
    await Promise.allSettled([coming]);
  }
}

/** Whoever asks for the batch is told if it fails; until then nobody listens. */
function readAhead(...of: Parameters<typeof readBatch>): Promise<Batch> {
  const coming = readBatch(...of);
  coming.catch(() => {});
  return coming;
}

async function readBatch(file: FileHandle, body: SealedBody, firstIndex: number, range: ByteRange): Promise<Batch> {
  const lastIndex = Math.min(firstIndex + RECORDS_PER_READ - 1, Math.floor(range.end / RECORD_BYTES));
  const position = recordOffset(firstIndex);
  const length = recordOffset(lastIndex) + sealedRecordBytes(lastIndex, body.size) - position;
  return { firstIndex, sealed: await readExactly(file, body, { position, length }) };
}

function* openBatch({ firstIndex, sealed }: Batch, body: SealedBody, range: ByteRange): Generator<Uint8Array> {
  const base = recordOffset(firstIndex);
  for (let index = firstIndex; recordOffset(index) - base < sealed.length; index++) {
    const begin = recordOffset(index) - base;
    const plaintext = openRecord(body.key, index, sealed.subarray(begin, begin + sealedRecordBytes(index, body.size)));
    if (!plaintext) throw new CorruptBlobError(body.id, `record ${index} is not what was written`);
    const offset = index * RECORD_BYTES;
    yield plaintext.subarray(Math.max(range.start - offset, 0), range.end + 1 - offset);
  }
}

async function requireHeader(file: FileHandle, body: SealedBody): Promise<void> {
  const header = await readExactly(file, body, { position: 0, length: BLOB_HEADER.length });
  if (!BLOB_HEADER.equals(header)) throw new CorruptBlobError(body.id, "its header is unknown");
}

async function readExactly(
  file: FileHandle,
  body: SealedBody,
  { position, length }: { readonly position: number; readonly length: number },
): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new CorruptBlobError(body.id, `its file ends after ${position + bytesRead} bytes`);
  return buffer;
}

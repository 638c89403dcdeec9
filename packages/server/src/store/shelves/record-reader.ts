import type { KeyObject } from "node:crypto";
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
  readonly key: KeyObject;
}

/** Whole records as they lie in the file. */
interface Batch {
  readonly firstIndex: number;
  readonly sealed: Uint8Array;
}

/** Reads a range of one body from its open file. */
export class RecordReader {
  readonly #file: FileHandle;
  readonly #body: SealedBody;
  readonly #range: ByteRange;
  /** For ciphertext: one is read into while the other is decrypted. Fresh ones for each batch would cost more than the cipher. */
  readonly #buffers: Buffer[] = [];

  constructor(file: FileHandle, body: SealedBody, range: ByteRange) {
    this.#file = file;
    this.#body = body;
    this.#range = range;
  }

  /**
   * The bytes, record by record, each checked before it is given out. While the consumer takes one
   * batch of records the next is read; no more than the two are held.
   *
   * @throws {CorruptBlobError}
   */
  async *read(): AsyncGenerator<Uint8Array> {
    let coming = this.#readAhead(Math.floor(this.#range.start / RECORD_BYTES));
    try {
      await this.#requireHeader();
      for (;;) {
        const batch = await coming;
        const nextIndex = batch.firstIndex + RECORDS_PER_READ;
        const more = nextIndex * RECORD_BYTES <= this.#range.end;
        if (more) coming = this.#readAhead(nextIndex);
        yield* this.#open(batch);
        if (!more) return;
      }
    } finally {
      // The file must not be closed under a read, even if nobody wants its bytes any more.
      await Promise.allSettled([coming]);
    }
  }

  /** Whoever asks for the batch is told if it fails; until then nobody listens. */
  #readAhead(firstIndex: number): Promise<Batch> {
    const coming = this.#readBatch(firstIndex);
    coming.catch(() => {});
    return coming;
  }

  async #readBatch(firstIndex: number): Promise<Batch> {
    const lastIndex = Math.min(firstIndex + RECORDS_PER_READ - 1, Math.floor(this.#range.end / RECORD_BYTES));
    const position = recordOffset(firstIndex);
    const length = recordOffset(lastIndex) + sealedRecordBytes(lastIndex, this.#body.size) - position;
    return { firstIndex, sealed: await this.#readExactly(this.#bufferFor(firstIndex, length), position) };
  }

  /** Only the last batch is shorter than the others. */
  #bufferFor(firstIndex: number, length: number): Buffer {
    const turn = Math.floor(firstIndex / RECORDS_PER_READ) % 2;
    this.#buffers[turn] ??= Buffer.allocUnsafeSlow(length);
    return this.#buffers[turn].subarray(0, length);
  }

  *#open({ firstIndex, sealed }: Batch): Generator<Uint8Array> {
    const base = recordOffset(firstIndex);
    for (let index = firstIndex; recordOffset(index) - base < sealed.length; index++) {
      const begin = recordOffset(index) - base;
      const record = sealed.subarray(begin, begin + sealedRecordBytes(index, this.#body.size));
      const plaintext = openRecord(this.#body.key, index, record);
      if (!plaintext) throw new CorruptBlobError(this.#body.id, `record ${index} is not what was written`);
      const offset = index * RECORD_BYTES;
      yield plaintext.subarray(Math.max(this.#range.start - offset, 0), this.#range.end + 1 - offset);
    }
  }

  async #requireHeader(): Promise<void> {
    const header = await this.#readExactly(Buffer.alloc(BLOB_HEADER.length), 0);
    if (!BLOB_HEADER.equals(header)) throw new CorruptBlobError(this.#body.id, "its header is unknown");
  }

  async #readExactly(buffer: Buffer, position: number): Promise<Buffer> {
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position);
    if (bytesRead !== buffer.length)
      throw new CorruptBlobError(this.#body.id, `its file ends after ${position + bytesRead} bytes`);
    return buffer;
  }
}

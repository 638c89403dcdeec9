/** The text of an object, in pieces, out of its compression. */
import { createGunzip } from "node:zlib";
import { bunzip2 } from "./bzip2.ts";
import { invalidCompression, truncatedInput } from "./errors.ts";

/** How much was read, and how much that was unpacked. */
export interface Meter {
  scanned: number;
  processed: number;
}

/** @throws {AwsError} `InvalidCompressionFormat`, `TruncatedInput` */
export async function* textOf(
  stream: AsyncIterable<Uint8Array>,
  compression: string,
  meter: Meter,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  for await (const piece of unpacked(counted(stream, meter), compression)) {
    meter.processed += piece.byteLength;
    yield decoder.decode(piece, { stream: true });
  }
  yield decoder.decode();
}

async function* counted(stream: AsyncIterable<Uint8Array>, meter: Meter): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    meter.scanned += piece.byteLength;
    yield piece;
  }
}

function unpacked(stream: AsyncIterable<Uint8Array>, compression: string): AsyncIterable<Uint8Array> {
  if (compression === "NONE") return stream;
  if (compression === "GZIP") return gunzip(stream);
  if (compression === "BZIP2") return bunzip2(stream);
  throw invalidCompression();
}

async function* gunzip(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zip = createGunzip();
  // who stops reading before the end ends the feeding, too: that is no error
  const feeding = feed(stream, zip).catch((error: unknown) => {
    zip.destroy(error instanceof Error ? error : undefined);
  });
  try {
    for await (const piece of zip) if (piece instanceof Uint8Array) yield piece;
    await feeding;
  } catch {
    throw truncatedInput();
  } finally {
    zip.destroy();
  }
}

/** Hands on what comes, one piece after the other. */
async function feed(stream: AsyncIterable<Uint8Array>, zip: ReturnType<typeof createGunzip>): Promise<void> {
  for await (const piece of stream) {
    await new Promise<void>((resolve, reject) => {
      zip.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
  zip.end();
}

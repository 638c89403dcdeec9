/** Bodies in the file store by themselves, without S3 around them. Run: node packages/server/bench/blobs.ts */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteStream } from "../src/kernel/bytes.ts";
import type { BlobStore } from "../src/store/blob-store.ts";
import { openEmbedded } from "../src/store/drivers/open.ts";
import { load } from "./processes.ts";
import { formatTable, median, type Row } from "./table.ts";

const SIZE = 64 * 1024 * 1024;
const PIECE = 65_536;
const ROUNDS = 7;
const REQUEST = Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").toString("base64");

const body = Buffer.alloc(SIZE, "0123456789abcdef");

async function* pieces(see: (piece: Uint8Array) => void): ByteStream {
  for (let at = 0; at < SIZE; at += PIECE) {
    const piece = body.subarray(at, at + PIECE);
    see(piece);
    yield piece;
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** MD5 and SHA-256 of what passes, in this thread, as a PUT has to. */
function hashes(): (piece: Uint8Array) => void {
  const [md5, sha256] = [createHash("md5"), createHash("sha256")];
  return (piece) => {
    md5.update(piece);
    sha256.update(piece);
  };
}

async function drain(stream: ByteStream): Promise<void> {
  for await (const piece of stream) if (piece.length === 0) return;
}

async function writing(blobStore: BlobStore): Promise<Row> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await seconds(() => drain(pieces(hashes())));
    ratios.push(alone / (await seconds(() => blobStore.write(pieces(hashes())))));
  }
  return { name: "hash and write 64 MiB", measured: median(ratios), goal: "≥ 0.60", unit: "× hashing alone" };
}

async function serve(listener: RequestListener): Promise<{ readonly port: number; close(): void }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

async function pour(stream: ByteStream, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-length": SIZE });
  for await (const piece of stream) if (!response.write(piece)) await once(response, "drain");
  response.end();
}

const get = async (port: number) => (await load({ port, requests: [REQUEST], connections: 1, seconds: 0 })).seconds;

async function reading(blobStore: BlobStore, directory: string): Promise<Row> {
  const path = join(directory, "plain");
  await writeFile(path, body);
  const ref = await blobStore.write(pieces(() => {}));
  const floor = await serve((_request, response) => {
    response.writeHead(200, { "content-length": SIZE });
    createReadStream(path).pipe(response);
  });
  const ours = await serve((_request, response) => void pour(blobStore.read(ref), response));
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) ratios.push((await get(floor.port)) / (await get(ours.port)));
  floor.close();
  ours.close();
  return { name: "read 64 MiB over HTTP", measured: median(ratios), goal: "≥ 0.70", unit: "× bare file stream" };
}

const directory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
const { store, blobStore } = await openEmbedded({ directory: join(directory, "cloud") });
console.log(formatTable([await writing(blobStore), await reading(blobStore, directory)]));
await store.close();
await rm(directory, { recursive: true });

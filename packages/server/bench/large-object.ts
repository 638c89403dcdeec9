/** An object of 5 GiB goes in and comes back whole, and memory stays flat. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html (what one part may be) */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { CompleteMultipartUploadCommand, GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { beginUpload, clientOf, partHead, type PartUpload } from "./part-upload.ts";
import { kumobako, load, residentBytes } from "./processes.ts";
import type { Row } from "./table.ts";

const MEBIBYTE = 1024 * 1024;
const PART_BYTES = 64 * MEBIBYTE;
const PARTS = 80;
const CONNECTIONS = 2;

export async function largeObject({ dataDirectory }: { readonly dataDirectory: string }): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const { port } = cloud;
  const s3 = clientOf(cloud);
  const upload = await beginUpload(s3);
  const Body = Buffer.alloc(PART_BYTES, "k");
  const idle = await residentBytes(cloud.pid);
  const start = performance.now();
  let peak = idle;
  for (let first = 1; first <= PARTS; first += CONNECTIONS) {
    const numbers = Array.from({ length: CONNECTIONS }, (_, index) => first + index);
    const requests = await Promise.all(numbers.map((PartNumber) => partHead(cloud, { ...upload, PartNumber, Body })));
    const order = { port, requests, connections: CONNECTIONS, seconds: 0, bodyBytes: PART_BYTES };
    const { failures, firstFailure } = await load(order);
    if (failures > 0) throw new Error(firstFailure);
    peak = Math.max(peak, await residentBytes(cloud.pid));
  }
  const ETag = `"${createHash("md5").update(Body).digest("hex")}"`;
  const Parts = Array.from({ length: PARTS }, (_, index) => ({ PartNumber: index + 1, ETag }));
  await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  const put = (performance.now() - start) / 1000;
  const back = await readBack(s3, upload, Body);
  peak = Math.max(peak, await residentBytes(cloud.pid));
  s3.destroy();
  return [
    {
      name: "5 GiB in, and back as it was",
      measured: put + back,
      unit: "s",
      note: `${put.toFixed(0)} s in, ${back.toFixed(0)} s back`,
    },
    { name: "memory above idle with 5 GiB", measured: (peak - idle) / MEBIBYTE, goal: "≤ 128", unit: "MiB" },
  ];
}

/** Gives the seconds that it took. @throws where a byte is not what was put, or one is missing. */
async function readBack(s3: S3Client, { Bucket, Key }: PartUpload, part: Buffer): Promise<number> {
  const start = performance.now();
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  let size = 0;
  if (!(Body instanceof Readable)) throw new Error("no body came");
  for await (const piece of Body) {
    if (!part.subarray(0, piece.byteLength).equals(piece)) throw new Error(`the object differs about byte ${size}`);
    size += piece.byteLength;
  }
  if (size !== PARTS * PART_BYTES) throw new Error(`${size} bytes came back`);
  return (performance.now() - start) / 1000;
}

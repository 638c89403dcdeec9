/** A page of a thousand keys out of ten thousand, and out of a million: the store is filled directly. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { NOWHERE } from "../src/kernel/table.ts";
import { objects } from "../src/services/s3/object/object.ts";
import { openEmbedded } from "../src/store/drivers/open.ts";
import type { Store } from "../src/store/store.ts";
import { kumobako, load } from "./processes.ts";
import { signedRequest } from "./signed.ts";
import { median, type Row } from "./table.ts";

const ROOT = { accessKeyId: "test", secretAccessKey: "test" };
const SIZES = { few: 10_000, many: 1_000_000 };
const KEYS_PER_TRANSACTION = 20_000;
const PAGES_SECONDS = 1;

export async function listing({ rounds }: { readonly rounds: number }): Promise<Row[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    await makeBuckets(dataDirectory);
    const { store } = await openEmbedded({ directory: dataDirectory });
    for (const [bucket, count] of Object.entries(SIZES)) await fill(store, bucket, count);
    await store.close();
    return await measure(dataDirectory, rounds);
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

const keyOf = (index: number): string => `photos/${String(index).padStart(9, "0")}.jpg`;

async function makeBuckets(dataDirectory: string): Promise<void> {
  await using cloud = await kumobako({ dataDirectory });
  const signed = { port: cloud.port, credentials: ROOT };
  for (const Bucket of Object.keys(SIZES)) {
    await send(cloud.port, await signedRequest(S3Client, new CreateBucketCommand({ Bucket }), signed));
    const put = new PutObjectCommand({ Bucket, Key: keyOf(0), Body: Buffer.alloc(0) });
    await send(cloud.port, await signedRequest(S3Client, put, signed));
  }
}

/** Copies of the object that was put, under other keys. */
async function fill(store: Store, bucket: string, count: number): Promise<void> {
  const first = await store.transact(NOWHERE, (tx) => tx.get(objects, bucket, keyOf(0), 0));
  if (first === undefined) throw new Error("the first object was put");
  for (let from = 1; from < count; from += KEYS_PER_TRANSACTION) {
    const to = Math.min(count, from + KEYS_PER_TRANSACTION);
    await store.transact(NOWHERE, async (tx) => {
      for (let index = from; index < to; index++) tx.put(objects, { ...first, key: keyOf(index) });
    });
  }
}

async function measure(dataDirectory: string, rounds: number): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const seconds = async (Bucket: keyof typeof SIZES): Promise<number> => {
    const list = new ListObjectsV2Command({ Bucket, StartAfter: keyOf(SIZES[Bucket] / 2) });
    const bytes = await signedRequest(S3Client, list, { port: cloud.port, credentials: ROOT });
    return send(cloud.port, bytes, PAGES_SECONDS);
  };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const few = await seconds("few");
    ratios.push((await seconds("many")) / few);
  }
  return [
    {
      name: "ListObjectsV2, 1,000 of 1,000,000 keys (embedded)",
      measured: median(ratios),
      goal: "≤ 2",
      unit: "× its cost out of 10,000",
    },
  ];
}

/** Sends `request` for so long, at least once; the seconds that one answer took. */
async function send(port: number, request: Buffer, seconds = 0): Promise<number> {
  const order = { port, requests: [request.toString("base64")], connections: 1, seconds };
  const { failures, firstFailure, answers, ...took } = await load(order);
  if (failures > 0) throw new Error(firstFailure);
  return took.seconds / answers;
}

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { digestHere, type BodyDigest } from "../../kernel/digest.ts";
import { startDigest } from "./digests.ts";
import { RingEmptier, RingFiller, newRing, SLOT_BYTES } from "./ring.ts";

const MIB = 1_048_576;

/** Bytes of which no two stretches are alike. */
function bodyOf(size: number): Buffer {
  const body = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) body.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
  return body;
}

async function sumsOf(digest: BodyDigest, body: Uint8Array, pieceBytes: number) {
  for (let at = 0; at < body.length; at += pieceBytes) await digest.update(body.subarray(at, at + pieceBytes));
  return digest.end();
}

test("another thread comes to the same sums, whatever the pieces", async () => {
  const body = bodyOf(5 * MIB + 17);
  const algorithms = ["MD5", "CRC64NVME", "CRC32", "SHA256"] as const;
  const here = await sumsOf(await digestHere(algorithms), body, body.length);
  expect(here.get("MD5")).toBe(createHash("md5").update(body).digest("base64"));
  for (const pieceBytes of [1000, SLOT_BYTES, SLOT_BYTES + 1, 3 * MIB]) {
    const there = await startDigest(algorithms, body.length);
    expect(await sumsOf(there, body, pieceBytes)).toEqual(here);
  }
});

test("bodies that come at the same time do not disturb each other", async () => {
  const bodies = Array.from({ length: 6 }, (_, index) => bodyOf(2 * MIB + index * 100));
  const sums = await Promise.all(
    bodies.map(async (body) => sumsOf(await startDigest(["MD5"], body.length), body, 50_000)),
  );
  expect(sums.map((sum) => sum.get("MD5"))).toEqual(
    bodies.map((body) => createHash("md5").update(body).digest("base64")),
  );
});

test("a body that is given up leaves its thread to the next", async () => {
  for (let round = 0; round < 8; round++) {
    const given = await startDigest(["MD5"], 2 * MIB);
    await given.update(bodyOf(100_000));
    given.abandon();
  }
  const sums = await sumsOf(await startDigest(["MD5"], 2 * MIB), Buffer.from("hello"), 5);
  expect(sums.get("MD5")).toBe(createHash("md5").update("hello").digest("base64"));
});

test("a digest that is abandoned after its end leaves the thread to the next", async () => {
  for (let round = 0; round < 3; round++) {
    const given = await startDigest(["MD5"], 2 * MIB);
    const sums = await sumsOf(given, Buffer.from("hello"), 5);
    given.abandon();
    expect(sums.get("MD5")).toBe(createHash("md5").update("hello").digest("base64"));
  }
});

test("a ring gives what was put into it, in order, and makes who fills it wait while it is full", async () => {
  const shared = newRing();
  const [filler, emptier] = [new RingFiller(shared), new RingEmptier(shared)];
  await filler.begin(7, ["MD5"]);
  expect(emptier.take()).toEqual({ body: 7, kind: "begin", algorithms: ["MD5"] });
  let waited = 0;
  const given: number[] = [];
  const take = (): void => {
    const delivery = emptier.take();
    if (delivery.kind === "bytes") given.push(delivery.bytes[0] ?? -1);
  };
  for (let index = 0; index < 80; index++) {
    const room = filler.add(7, new Uint8Array([index]));
    if (!room) continue;
    waited++;
    take();
    await room;
  }
  while (given.length < 80) take();
  expect(given).toEqual(Array.from({ length: 80 }, (_, index) => index));
  expect(waited).toBeGreaterThan(0);
});

test("who waits for room in a ring comes after those who waited before", async () => {
  const shared = newRing();
  const [filler, emptier] = [new RingFiller(shared), new RingEmptier(shared)];
  const rooms = Array.from({ length: 80 }, (_, body) => filler.add(body, new Uint8Array(1)));
  const bodies: number[] = [];
  for (let count = 0; count < 80; count++) {
    await rooms[count];
    bodies.push(emptier.take().body);
  }
  expect(bodies).toEqual(Array.from({ length: 80 }, (_, index) => index));
});

test("whoever waits for a ring that nobody empties any more is told why", async () => {
  const filler = new RingFiller(newRing());
  let room: Promise<void> | undefined;
  while (room === undefined) room = filler.add(0, new Uint8Array(1));
  const ending = filler.end(0);
  filler.fail(new Error("out of memory"));
  await expect(room).rejects.toThrow("out of memory");
  await expect(ending).rejects.toThrow("out of memory");
  await expect(filler.begin(1, [])).rejects.toThrow("out of memory");
});

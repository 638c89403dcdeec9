import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { textOf } from "./text-input.ts";

test("who stops reading a packed text ends its unpacking, and nothing is left that fails", async () => {
  const packed = gzipSync(randomBytes(1_000_000).toString("hex"));
  const failures: unknown[] = [];
  const note = (failure: unknown) => void failures.push(failure);
  process.on("unhandledRejection", note);
  const ended = Promise.withResolvers<void>();
  async function* pieces() {
    try {
      for (let at = 0; at < packed.length; at += 10_000) yield packed.subarray(at, at + 10_000);
    } finally {
      ended.resolve();
    }
  }
  for await (const text of textOf(pieces(), "GZIP", { scanned: 0, processed: 0 })) {
    expect(text).toMatch(/^[\da-f]+$/);
    break;
  }
  await ended.promise;
  // by the next turn whoever was to hear of it has
  await setImmediate();
  process.off("unhandledRejection", note);
  expect(failures).toEqual([]);
});

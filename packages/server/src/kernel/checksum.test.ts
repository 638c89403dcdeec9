import { expect, test } from "vitest";
import {
  CHECKSUM_ALGORITHMS,
  checksumOf,
  combineCrc,
  isChecksum,
  parseChecksumAlgorithm,
  startChecksum,
} from "./checksum.ts";
import type { ChecksumAlgorithm } from "./checksum.ts";

const sumOf = async (algorithm: ChecksumAlgorithm, ...pieces: readonly Uint8Array[]) => {
  const checksum = await startChecksum(algorithm);
  for (const piece of pieces) checksum.update(piece);
  return checksum.digest();
};

// The check values of the catalogue: the sum of "123456789".
// Source: https://reveng.sourceforge.io/crc-catalogue/all.htm
test.each([
  ["CRC32", "cbf43926"],
  ["CRC32C", "e3069283"],
  ["CRC64NVME", "ae8b14860a799888"],
  ["SHA1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
  ["SHA256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
] as const)("%s of 123456789 is %s", async (algorithm, hex) => {
  const digits = Buffer.from("123456789");
  expect(Buffer.from(await sumOf(algorithm, digits), "base64").toString("hex")).toBe(hex);
  expect(await sumOf(algorithm, digits.subarray(0, 4), digits.subarray(4))).toBe(await sumOf(algorithm, digits));
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/PutObject.go (what S3 answers of no bytes)
test.each([
  ["SHA512", "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="],
  ["MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="],
  ["XXHASH64", "70bbN1HY6Zk="],
  ["XXHASH3", "LQaABTjTlMI="],
  ["XXHASH128", "maoG0wFHmNhgAcMkRo1Jfw=="],
] as const)("%s of nothing is %s", async (algorithm, sum) => {
  expect(await sumOf(algorithm)).toBe(sum);
  expect(isChecksum(algorithm, sum)).toBe(true);
  expect(await sumOf(algorithm, Buffer.from("ab"), Buffer.from("c"))).toBe(
    await checksumOf(algorithm, Buffer.from("abc")),
  );
});

test.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("%s of parts combines to that of the whole", async (algorithm) => {
  const whole = Buffer.from(Array.from({ length: 100_003 }, (_, index) => (index * 7919) & 0xff));
  for (const cut of [0, 1, 17, 65_536, whole.length]) {
    const [head, tail] = [whole.subarray(0, cut), whole.subarray(cut)];
    const [first, second] = [await sumOf(algorithm, head), await sumOf(algorithm, tail)];
    expect(combineCrc(algorithm, first, second, tail.length)).toBe(await sumOf(algorithm, whole));
  }
});

test.each(CHECKSUM_ALGORITHMS)("streams of %s do not disturb each other", async (algorithm) => {
  const one = await startChecksum(algorithm);
  const other = await startChecksum(algorithm);
  one.update(Buffer.from("a"));
  other.update(Buffer.from("x"));
  one.update(Buffer.from("b"));
  expect(one.digest()).toBe(await sumOf(algorithm, Buffer.from("ab")));
  expect(other.digest()).toBe(await sumOf(algorithm, Buffer.from("x")));
});

test("a checksum is base64 of the right size", () => {
  expect(isChecksum("CRC32", "y/Q5Jg==")).toBe(true);
  expect(isChecksum("CRC32", "y/Q5Jg")).toBe(false);
  expect(isChecksum("CRC64NVME", "y/Q5Jg==")).toBe(false);
  expect(parseChecksumAlgorithm("crc64nvme")).toBe("CRC64NVME");
  expect(parseChecksumAlgorithm("md4")).toBeUndefined();
});

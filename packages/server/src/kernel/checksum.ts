/**
 * The checksums that S3 keeps with its objects. Each is given and taken as base64 of its bytes, the
 * most significant first.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { IHasher } from "hash-wasm";
import type { Brand } from "./brand.ts";
import { assert } from "./assert.ts";
import type { Soon } from "./soon.ts";

/** In the names of S3. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const CHECKSUM_ALGORITHMS = [
  "CRC32",
  "CRC32C",
  "CRC64NVME",
  "SHA1",
  "SHA256",
  "SHA512",
  "MD5",
  "XXHASH64",
  "XXHASH3",
  "XXHASH128",
] as const;

export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** The algorithms whose sums over parts make the sum over the whole. */
export type CrcAlgorithm = Extract<ChecksumAlgorithm, `CRC${string}`>;

/** One stream's checksum while it runs. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** The sum of all bytes, as base64. Ends this checksum. */
  digest(): string;
}

/** The size of each checksum. */
const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
  XXHASH64: 8,
  XXHASH3: 8,
  XXHASH128: 16,
};

/** The algorithm in any case: headers write `crc32c`, requests `CRC32C`. */
export function parseChecksumAlgorithm(text: string): ChecksumAlgorithm | undefined {
  const name = text.toUpperCase();
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name);
}

/** Whether `text` is base64 of as many bytes as `algorithm` gives. */
export function isChecksum(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === CHECKSUM_BYTES[algorithm] && bytes.toString("base64") === text;
}

/** A checksum to which nothing was added yet; the sum is told in base64. */
export async function startChecksum(algorithm: ChecksumAlgorithm): Promise<Checksum> {
  if (algorithm === "CRC32") return crc32Checksum();
  if (!isNative(algorithm)) return wasmChecksum(algorithm);
  const sum = createHash(algorithm);
  return { update: (bytes) => void sum.update(bytes), digest: () => sum.digest("base64") };
}

/**
 * The checksum of bytes that are all there, as base64. Where a hasher waits it is used at once: calls
 * that come together would otherwise each take one, and a hasher is a megabyte.
 */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Soon<string> {
  if (isNative(algorithm)) return hash(algorithm, bytes, "base64");
  if (algorithm === "CRC32") return finish(crc32Checksum(), bytes);
  const hasher = idleHashers[algorithm].pop();
  if (hasher !== undefined) return finish(runningChecksum(algorithm, hasher), bytes);
  return wasmChecksum(algorithm).then((sum) => finish(sum, bytes));
}

function finish(sum: Checksum, bytes: Uint8Array): string {
  sum.update(bytes);
  return sum.digest();
}

function crc32Checksum(): Checksum {
  let sum = 0;
  return {
    update(bytes) {
      sum = crc32(bytes, sum);
    },
    digest: () => fromNumber(BigInt(sum >>> 0), 4),
  };
}

/** Those that OpenSSL has. */
type NativeAlgorithm = "SHA1" | "SHA256" | "SHA512" | "MD5";

const isNative = (algorithm: ChecksumAlgorithm): algorithm is NativeAlgorithm =>
  algorithm.startsWith("SHA") || algorithm === "MD5";

type WasmAlgorithm = Exclude<ChecksumAlgorithm, NativeAlgorithm | "CRC32">;

const IDLE_HASHERS_MAX = 16;

/** Hashers that wait for their next stream: making one costs more than a small object. Each holds one stream's state. */
const idleHashers: Readonly<Record<WasmAlgorithm, IHasher[]>> = {
  CRC32C: [],
  CRC64NVME: [],
  XXHASH64: [],
  XXHASH3: [],
  XXHASH128: [],
};

async function wasmChecksum(algorithm: WasmAlgorithm): Promise<Checksum> {
  return runningChecksum(algorithm, idleHashers[algorithm].pop() ?? (await createHasher(algorithm)));
}

function runningChecksum(algorithm: WasmAlgorithm, hasher: IHasher): Checksum {
  hasher.init();
  return {
    update: (bytes) => void hasher.update(bytes),
    digest() {
      const sum = Buffer.from(hasher.digest("binary")).toString("base64");
      if (idleHashers[algorithm].length < IDLE_HASHERS_MAX) idleHashers[algorithm].push(hasher);
      return sum;
    },
  };
}

async function createHasher(algorithm: WasmAlgorithm): Promise<IHasher> {
  const wasm = await import("hash-wasm");
  switch (algorithm) {
    case "CRC32C":
      return wasm.createCRC32(0x82f63b78);
    case "CRC64NVME":
      return wasm.createCRC64("9a6c9329ac4bc9b5");
    case "XXHASH64":
      return wasm.createXXHash64();
    case "XXHASH3":
      return wasm.createXXHash3();
    case "XXHASH128":
      return wasm.createXXHash128();
  }
}

/** A polynomial over GF(2), reflected: the highest bit is the coefficient of x⁰. */
type Polynomial = Brand<bigint, "Polynomial">;

interface Field {
  readonly bits: number;
  readonly modulus: Polynomial;
}

const FIELDS: Readonly<Record<CrcAlgorithm, Field>> = {
  CRC32: { bits: 32, modulus: 0xedb88320n as Polynomial },
  CRC32C: { bits: 32, modulus: 0x82f63b78n as Polynomial },
  CRC64NVME: { bits: 64, modulus: 0x9a6c9329ac4bc9b5n as Polynomial },
};

/**
 * The checksum of two pieces on end, from the checksum of each and the length of the second. A
 * following byte multiplies what is before it by x⁸, so the first sum is multiplied by x to the
 * number of bits that follow.
 */
export function combineCrc(algorithm: CrcAlgorithm, first: string, second: string, secondBytes: number): string {
  const field = FIELDS[algorithm];
  const shift = power(field, BigInt(secondBytes) * 8n);
  const sum = multiply(field, toNumber(first), shift) ^ toNumber(second);
  return fromNumber(sum, field.bits / 8);
}

/** x to the `exponent`, by squaring. */
function power(field: Field, exponent: bigint): Polynomial {
  const one = 1n << BigInt(field.bits - 1);
  let product = one as Polynomial;
  let square = (one >> 1n) as Polynomial;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) product = multiply(field, product, square);
    square = multiply(field, square, square);
  }
  return product;
}

function multiply({ bits, modulus }: Field, a: Polynomial, b: Polynomial): Polynomial {
  let product = 0n;
  let shifted: bigint = b;
  for (let bit = 1n << BigInt(bits - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ modulus : shifted >> 1n;
  }
  return product as Polynomial;
}

function toNumber(base64: string): Polynomial {
  const hex = Buffer.from(base64, "base64").toString("hex");
  assert(hex !== "", "a checksum has bytes");
  return BigInt(`0x${hex}`) as Polynomial;
}

const fromNumber = (sum: bigint, bytes: number): string =>
  Buffer.from(sum.toString(16).padStart(bytes * 2, "0"), "hex").toString("base64");

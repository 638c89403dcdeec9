/**
 * Identifiers in AWS's forms. The one file that reaches for chance; everything else is given ids.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
import { randomBytes, randomFillSync, randomUUID } from "node:crypto";
import type { AccountId } from "./arn.ts";

/** What each prefix of a unique id stands for. */
export const ID_PREFIXES = {
  user: "AIDA",
  group: "AGPA",
  role: "AROA",
  policy: "ANPA",
  instanceProfile: "AIPA",
  serverCertificate: "ASCA",
  publicKey: "APKA",
  serviceCredential: "ACCA",
  accessKey: "AKIA",
  temporaryKey: "ASIA",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A lowercase version-4 UUID, as request ids and most resource ids are. */
export const newUuid = (): string => randomUUID();

/** So many milliseconds, over two years, go round in a request id. */
const REQUEST_TIME_MS = 2 ** 36;
const REQUEST_TIME_DIGITS = 9;

/**
 * Makes ids of requests: version-4 UUIDs that carry when the request came, so that the record of it is found without an
 * index. The time stands behind six random digits and in the first half, which is all that S3 shows of it.
 */
export function requestIdMaker(): (atMs: number) => string {
  let lastMs: number | undefined;
  let time = "";
  return (atMs) => {
    // many come in one millisecond
    if (atMs !== lastMs) {
      lastMs = atMs;
      time = timeDigits(atMs);
    }
    const uuid = randomUUID();
    return uuid.slice(0, 6) + time + uuid.slice(18);
  };
}

/** `2a-2946-406c`, the version between. */
function timeDigits(atMs: number): string {
  const digits = (Math.floor(atMs) % REQUEST_TIME_MS).toString(16).padStart(REQUEST_TIME_DIGITS, "0");
  return `${digits.slice(0, 2)}-${digits.slice(2, 6)}-4${digits.slice(6)}`;
}

/** When the request of that id came, if it did in the two years before `nowMs`; `undefined` for what is no request id. */
export function timeOfRequestId(id: string, nowMs: number): number | undefined {
  const [, first = "", second = ""] = /^[\da-f]{6}([\da-f]{6})4([\da-f]{3})/i.exec(id.replaceAll("-", "")) ?? [];
  if (first === "") return undefined;
  const age = (Math.floor(nowMs) - Number.parseInt(first + second, 16)) % REQUEST_TIME_MS;
  return Math.floor(nowMs) - (age < 0 ? age + REQUEST_TIME_MS : age);
}

/** `size` bytes that nobody can guess: for secrets. */
export function newSecretBytes(size: number): Uint8Array {
  if (size > DRAWN_BYTES_MAX) return randomBytes(size);
  if (drawnAt + size > drawn.byteLength) {
    randomFillSync(drawn);
    drawnAt = 0;
  }
  const bytes = drawn.slice(drawnAt, drawnAt + size);
  // nobody else shall find it there
  drawn.fill(0, drawnAt, (drawnAt += size));
  return bytes;
}

/** Drawn together: a draw costs the same for a few bytes as for thousands. */
const drawn = new Uint8Array(4096);
let drawnAt = drawn.byteLength;
const DRAWN_BYTES_MAX = 64;

const NONCE_BYTES = 12;
const NONCES_AT_ONCE = 340;

/** 12 bytes that never come again, for a cipher: they stand in the clear beside what it gives. */
export function newNonce(): Uint8Array {
  if (nonceAt === nonces.byteLength) {
    // new bytes each time, of which each nonce stays a part
    nonces = randomBytes(NONCES_AT_ONCE * NONCE_BYTES);
    nonceAt = 0;
  }
  return nonces.subarray(nonceAt, (nonceAt += NONCE_BYTES));
}

let nonces: Uint8Array = new Uint8Array();
let nonceAt = 0;

/** A unique id that begins with the prefix of its kind, 21 characters: `AIDAJQABLZS4A3QDU576Q`; a key's has 20. */
export function newUniqueId(kind: IdKind): string {
  const characters = kind === "publicKey" ? 16 : 17;
  return ID_PREFIXES[kind] + base32(randomBytes(11)).slice(0, characters);
}

/**
 * An access key id, 20 characters, that carries its account as AWS's own do, so that
 * `GetAccessKeyInfo` needs no look-up.
 * Source: https://awsteele.com/blog/2020/09/26/aws-access-key-format.html (40 bits of account after one bit, base32)
 */
export function newAccessKeyId(kind: "accessKey" | "temporaryKey", account: AccountId): string {
  const bytes = randomBytes(10);
  const head = (BigInt(account) << 7n) | BigInt((bytes[5] ?? 0) & 0x7f) | (1n << 47n);
  for (let index = 0; index < 6; index++) bytes[index] = Number((head >> BigInt(8 * (5 - index))) & 0xffn);
  return ID_PREFIXES[kind] + base32(bytes);
}

/** The account inside an access key id of the present format, or `undefined` where there is none. */
export function accountOfAccessKeyId(id: string): AccountId | undefined {
  if (!/^A[KS]IA[Q-Z2-7][A-Z2-7]{15}$/.test(id)) return undefined;
  let bits = 0n;
  for (const letter of id.slice(4, 14)) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
  const account = (bits >> 9n) & 0xff_ffff_ffffn;
  const digits = account.toString().padStart(12, "0");
  return digits.length === 12 ? (digits as AccountId) : undefined;
}

/** A secret access key: 40 characters of base64. */
export const newSecretAccessKey = (): string => randomBytes(30).toString("base64");

/** RFC 4648, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text;
}

/**
 * Signatures over digests that somebody else took: Node's own take the digest themselves.
 * Source: https://www.rfc-editor.org/rfc/rfc8017 (RSASSA), https://www.rfc-editor.org/rfc/rfc8032#section-5.1 (Ed25519ph)
 */
import { constants, createHash, privateEncrypt, publicDecrypt, timingSafeEqual, type KeyObject } from "node:crypto";
import { newSecretBytes } from "./ids.ts";

/** RSASSA-PKCS1-v1_5, RSASSA-PSS, ECDSA (in DER), and Ed25519ph. */
export type DigestScheme = "pkcs1" | "pss" | "ecdsa" | "ed25519ph";

/** In the names of `node:crypto`. */
export type DigestHash = "sha256" | "sha384" | "sha512";

/** How a digest is signed; `hash` is what it was taken with. */
export interface DigestManner {
  readonly scheme: DigestScheme;
  readonly hash: DigestHash;
}

/** The signature of a digest that somebody else took. `key` is the private one, of the kind that the scheme wants. */
export async function signDigest(
  digest: Uint8Array,
  { scheme, hash }: DigestManner,
  key: KeyObject,
): Promise<Uint8Array> {
  switch (scheme) {
    case "pkcs1":
      return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, withName(digest, hash));
    case "pss":
      return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encodePss(digest, hash, modulusBits(key)));
    case "ecdsa":
      return (await curveOf(key)).sign(digest, scalarOf(key), ECDSA_FORMAT);
    case "ed25519ph":
      return (await import("@noble/curves/ed25519.js")).ed25519ph.sign(digest, scalarOf(key));
  }
}

interface Signed {
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

/** Whether the signature is the digest's: `false` as well for what is no signature at all. `key` is the public one. */
export async function verifyDigest(signed: Signed, { scheme, hash }: DigestManner, key: KeyObject): Promise<boolean> {
  const { digest, signature } = signed;
  if (isRsa(scheme) && signature.byteLength !== Math.ceil(modulusBits(key) / 8)) return false;
  try {
    switch (scheme) {
      case "pkcs1":
        return sameBytes(opened(signature, key, constants.RSA_PKCS1_PADDING), withName(digest, hash));
      case "pss":
        return isPss(opened(signature, key, constants.RSA_NO_PADDING), { digest, hash, bits: modulusBits(key) });
      case "ecdsa":
        return (await curveOf(key)).verify(signature, digest, pointOf(key), ECDSA_FORMAT);
      case "ed25519ph":
        return (await import("@noble/curves/ed25519.js")).ed25519ph.verify(signature, digest, pointOf(key));
    }
  } catch {
    // bytes that are no signature at all
    return false;
  }
}

/** Their signatures are as long as the modulus: without zeros in front they would be the same number. Source: RFC 8017, section 8.1.2, step 1 */
const isRsa = (scheme: DigestScheme): boolean => scheme === "pkcs1" || scheme === "pss";

/** As AWS writes them: DER, and of two signatures that are equally good whichever it was. */
const ECDSA_FORMAT = { prehash: false, format: "der", lowS: false } as const;

async function curveOf(key: KeyObject) {
  const name = key.asymmetricKeyDetails?.namedCurve;
  if (name === "secp256k1") return (await import("@noble/curves/secp256k1.js")).secp256k1;
  const { p256, p384, p521 } = await import("@noble/curves/nist.js");
  if (name === "secp384r1") return p384;
  return name === "secp521r1" ? p521 : p256;
}

const part = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64url");

const scalarOf = (key: KeyObject): Buffer => part(key.export({ format: "jwk" }).d);

/** Uncompressed, where there is a second coordinate. */
function pointOf(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: "jwk" });
  return y === undefined ? part(x) : Buffer.concat([Buffer.from([4]), part(x), part(y)]);
}

const opened = (signature: Uint8Array, key: KeyObject, padding: number): Buffer =>
  publicDecrypt({ key, padding }, signature);

const sameBytes = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);

/** The beginning of a `DigestInfo` in DER, up to the digest. Source: RFC 8017, section 9.2, note 1 */
const NAMES: Readonly<Record<DigestHash, string>> = {
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

const withName = (digest: Uint8Array, hash: DigestHash): Buffer =>
  Buffer.concat([Buffer.from(NAMES[hash], "hex"), digest]);

const modulusBits = (key: KeyObject): number => key.asymmetricKeyDetails?.modulusLength ?? 0;

const TRAILER = 0xbc;
const EMPTY = Buffer.alloc(8);

const sumOf = (hash: DigestHash, ...pieces: readonly Uint8Array[]): Buffer =>
  pieces.reduce((sum, piece) => sum.update(piece), createHash(hash)).digest();

/** RFC 8017, section 9.1.1, with a salt as long as the digest. */
function encodePss(digest: Uint8Array, hash: DigestHash, bits: number): Buffer {
  const salt = Buffer.from(newSecretBytes(digest.byteLength));
  return pssOf({ digest, hash, bits }, salt);
}

interface PssFacts {
  readonly digest: Uint8Array;
  readonly hash: DigestHash;
  readonly bits: number;
}

function pssOf({ digest, hash, bits }: PssFacts, salt: Buffer): Buffer {
  const size = Math.ceil((bits - 1) / 8);
  const sum = sumOf(hash, EMPTY, digest, salt);
  const block = Buffer.alloc(size - sum.length - 1);
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  const masked = mask(block, sum, hash);
  clearLeft(masked, 8 * size - (bits - 1));
  return Buffer.concat([masked, sum, Buffer.from([TRAILER])]);
}

/** RFC 8017, section 9.1.2: the salt is read, and all of it made anew. */
function isPss(encoded: Buffer, facts: PssFacts): boolean {
  const { hash, bits, digest } = facts;
  const size = Math.ceil((bits - 1) / 8);
  const whole = encoded.subarray(encoded.length - size);
  const sum = whole.subarray(-digest.byteLength - 1, -1);
  const block = mask(whole.subarray(0, size - sum.length - 1), sum, hash);
  return sameBytes(whole, pssOf(facts, block.subarray(block.length - digest.byteLength)));
}

/** MGF1. */
function mask(block: Buffer, seed: Buffer, hash: DigestHash): Buffer {
  const masked = Buffer.from(block);
  const counter = Buffer.alloc(4);
  for (let at = 0; at < masked.length; at += seed.length) {
    counter.writeUInt32BE(at / seed.length);
    for (const [index, byte] of sumOf(hash, seed, counter).entries()) {
      const place = at + index;
      if (place < masked.length) masked[place] = (masked[place] ?? 0) ^ byte;
    }
  }
  return masked;
}

function clearLeft(block: Buffer, bits: number): void {
  block[0] = (block[0] ?? 0) & (0xff >> bits);
}

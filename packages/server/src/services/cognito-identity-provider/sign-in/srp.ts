/**
 * The Secure Remote Password protocol as user pools speak it: the server's side, and the verifiers that passwords are
 * kept as. Source: https://www.rfc-editor.org/rfc/rfc5054 (the group of 3,072 bits, SHA-256 for SHA-1), and the
 * clients of AWS for the derived key
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { assert } from "../../../kernel/assert.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import type { Context } from "../../../service/context.ts";

const N_HEX =
  "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
  "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
  "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
  "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
  "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
  "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
  "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
  "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";
const N = BigInt(`0x${N_HEX}`);
const G = 2n;

/** Source: https://www.rfc-editor.org/rfc/rfc5054#section-3.1 (256 bits at least) */
const EPHEMERAL_BYTES = 32;
const SALT_BYTES = 16;
const KEY_BYTES = 16;
const KEY_LABEL = "Caldera Derived Key";
const SECRET_BLOCK_BYTES = 256;

/** A password, as much of it as is kept. */
export interface PasswordVerifier {
  /** Hexadecimal. */
  readonly salt: string;
  /** Sealed: with it one could try passwords out. */
  readonly sealed: string;
}

type Keys = Pick<Context, "keys">;

const VERIFIER_PURPOSE = "cognito-idp password verifier";

/** Who a verifier is for: a user in a pool, or a device in a group of devices. */
export interface SrpIdentity {
  /** The part of the pool's id after its region, or the group key of devices. */
  readonly realm: string;
  readonly name: string;
  readonly password: string;
}

export function makeVerifier(identity: SrpIdentity, context: Keys): PasswordVerifier {
  const salt = saltFrom(newSecretBytes(SALT_BYTES));
  return sealVerifier({ salt, verifier: toHex(verifierOf(identity, salt)) }, context);
}

/** A number, as clients read it: zeros that it begins with would be lost on them, and with them the proof. */
export const saltFrom = (bytes: Uint8Array): string =>
  toHex(fromHex(Buffer.from(bytes.subarray(0, SALT_BYTES)).toString("hex")));

/** Hexadecimal numbers, as a device says them. */
export const sealVerifier = (made: { salt: string; verifier: string }, { keys }: Keys): PasswordVerifier => ({
  salt: made.salt,
  sealed: keys.seal(Buffer.from(evenHex(made.verifier), "hex"), VERIFIER_PURPOSE),
});

function openVerifier({ sealed }: PasswordVerifier, { keys }: Keys): bigint {
  const bytes = keys.open(sealed, VERIFIER_PURPOSE);
  assert(bytes !== undefined, "a verifier was sealed here");
  return fromHex(Buffer.from(bytes).toString("hex"));
}

/** Whether a password that was sent is the one. */
export function fitsPassword(kept: PasswordVerifier, identity: SrpIdentity, context: Keys): boolean {
  return verifierOf(identity, kept.salt) === openVerifier(kept, context);
}

/** What the server keeps of an exchange that it answered. */
export interface SrpExchange {
  /** Hexadecimal, as all of these. */
  readonly a: string;
  readonly b: string;
  readonly secret: string;
  /** Base64. */
  readonly secretBlock: string;
}

/** `undefined` where the client's number is none, or one that would give the key away. */
export function startExchange(kept: PasswordVerifier, srpA: string, context: Keys): SrpExchange | undefined {
  if (!/^[0-9a-fA-F]+$/.test(srpA) || fromHex(srpA) % N === 0n) return undefined;
  const secret = Buffer.from(newSecretBytes(EPHEMERAL_BYTES)).toString("hex");
  const k = hashNumber(padHex(N_HEX) + padHex(toHex(G)));
  const b = (k * openVerifier(kept, context) + power(G, fromHex(secret))) % N;
  const secretBlock = Buffer.from(newSecretBytes(SECRET_BLOCK_BYTES)).toString("base64");
  return { a: srpA, b: toHex(b), secret, secretBlock };
}

/** What a client proves that it knows the password with. */
export interface SrpProof {
  readonly realm: string;
  readonly name: string;
  readonly timestamp: string;
  readonly secretBlock: string;
  /** Base64. */
  readonly signature: string;
}

export function verifyProof(kept: PasswordVerifier, exchange: SrpExchange, proof: SrpProof, context: Keys): boolean {
  if (proof.secretBlock !== exchange.secretBlock) return false;
  const u = hashNumber(padHex(exchange.a) + padHex(exchange.b));
  const base = (fromHex(exchange.a) * power(openVerifier(kept, context), u)) % N;
  const shared = padHex(toHex(power(base, fromHex(exchange.secret))));
  const salt = Buffer.from(padHex(toHex(u)), "hex");
  const key = Buffer.from(hkdfSync("sha256", Buffer.from(shared, "hex"), salt, KEY_LABEL, KEY_BYTES));
  const mac = createHmac("sha256", key)
    .update(proof.realm + proof.name)
    .update(Buffer.from(proof.secretBlock, "base64"))
    .update(proof.timestamp)
    .digest();
  const signature = Buffer.from(proof.signature, "base64");
  return signature.length === mac.length && timingSafeEqual(signature, mac);
}

function verifierOf({ realm, name, password }: SrpIdentity, salt: string): bigint {
  const inner = createHash("sha256").update(`${realm}${name}:${password}`).digest("hex");
  return power(G, hashNumber(padHex(salt) + inner));
}

const hashNumber = (hex: string): bigint => fromHex(createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex"));

const fromHex = (hex: string): bigint => BigInt(`0x${hex}`);
const toHex = (number: bigint): string => number.toString(16);
const evenHex = (hex: string): string => (hex.length % 2 === 1 ? `0${hex}` : hex);

/** Whole bytes, the first of which is no sign. */
function padHex(hex: string): string {
  const even = evenHex(hex);
  return /^[89a-f]/i.test(even) ? `00${even}` : even;
}

/** From the first bit on: so it is the base that is multiplied with, which is small where there is much to do. */
function power(base: bigint, exponent: bigint): bigint {
  let product = 1n;
  for (const bit of exponent.toString(2)) {
    const square = (product * product) % N;
    product = bit === "1" ? (square * base) % N : square;
  }
  return product;
}

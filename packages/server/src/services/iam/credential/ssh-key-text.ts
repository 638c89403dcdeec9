/** The two ways to write an RSA public key: the line of an `authorized_keys` file, and PEM. */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { invalidPublicKey, unrecognizedKeyEncoding } from "../errors.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSSHPublicKey.html */
const BITS_MIN = 2048;

const ALGORITHM = "ssh-rsa";

/** @throws {AwsError} `UnrecognizedPublicKeyEncoding`, `InvalidPublicKey` */
export function parsePublicKey(text: string): KeyObject {
  const trimmed = text.trim();
  const isPem = /^-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(trimmed);
  if (!isPem && !trimmed.startsWith(`${ALGORITHM} `)) throw unrecognizedKeyEncoding();
  const key = attempt(() => (isPem ? createPublicKey(trimmed) : parseLine(trimmed)));
  const isLongRsa = key?.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= BITS_MIN;
  if (!key || !isLongRsa) throw invalidPublicKey();
  return key;
}

/** `ssh-rsa AAAA…` without a comment. */
export const formatSsh = (key: KeyObject): string => `${ALGORITHM} ${blobOf(key).toString("base64")}`;

export const formatPem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();

/** The MD5 digest as `ssh-keygen -E md5` shows it. */
export const fingerprintOf = (key: KeyObject): string =>
  createHash("md5")
    .update(blobOf(key))
    .digest("hex")
    .replace(/..(?!$)/g, "$&:");

function parseLine(line: string): KeyObject | undefined {
  const blob = Buffer.from(line.split(/\s+/)[1] ?? "", "base64");
  const [algorithm, exponent, modulus, ...rest] = fieldsOf(blob);
  if (algorithm?.toString("latin1") !== ALGORITHM || !exponent || !modulus || rest.length > 0) return undefined;
  const jwk = { kty: "RSA", e: exponent.toString("base64url"), n: stripSign(modulus).toString("base64url") };
  return createPublicKey({ key: jwk, format: "jwk" });
}

/** Source: https://www.rfc-editor.org/rfc/rfc4253#section-6.6 */
function blobOf(key: KeyObject): Buffer {
  const { e = "", n = "" } = key.export({ format: "jwk" });
  const numbers = [e, n].map((number) => withSign(Buffer.from(number, "base64url")));
  return Buffer.concat([Buffer.from(ALGORITHM, "latin1"), ...numbers].flatMap((field) => [lengthOf(field), field]));
}

function fieldsOf(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length;) {
    const end = at + 4 + blob.readUInt32BE(at);
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(field.length);
  return length;
}

/** A number whose highest bit is set would be negative without a zero before it. */
const withSign = (number: Buffer): Buffer =>
  (number[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), number]) : number;

const stripSign = (number: Buffer): Buffer => (number[0] === 0 ? number.subarray(1) : number);

/** What cannot be read is no key. */
function attempt(parse: () => KeyObject | undefined): KeyObject | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

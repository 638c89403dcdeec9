/**
 * The certificate of a key that signs assertions: self-signed, since those who trust it are given it.
 * Source: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
import { createPublicKey, sign, type KeyObject } from "node:crypto";
import { newSecretBytes } from "../../kernel/ids.ts";
import { compactSeconds } from "../../kernel/iso-seconds.ts";

interface CertificateFacts {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const TAGS = { integer: 0x02, bits: 0x03, objectId: 0x06, utf8: 0x0c, set: 0x31, sequence: 0x30, time: 0x18 } as const;

/** Source: https://www.rfc-editor.org/rfc/rfc4055#section-5 (sha256WithRSAEncryption), https://www.rfc-editor.org/rfc/rfc4519#section-2.3 (cn) */
const SHA256_RSA = Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]);
const COMMON_NAME = Buffer.from([0x55, 0x04, 0x03]);
const NULL = Buffer.from([0x05, 0x00]);
const VERSION_3 = Buffer.from([0xa0, 0x03, 0x02, 0x01, 0x02]);

/** In base64, as metadata have it. */
export function selfSigned({ name, privateKey, notBeforeMs, notAfterMs }: CertificateFacts): string {
  const algorithm = sequence(der("objectId", SHA256_RSA), NULL);
  const holder = sequence(der("set", sequence(der("objectId", COMMON_NAME), der("utf8", Buffer.from(name)))));
  const facts = sequence(
    VERSION_3,
    // a first byte that is neither zero nor negative
    der("integer", Buffer.concat([Buffer.from([1]), newSecretBytes(15)])),
    algorithm,
    holder,
    sequence(time(notBeforeMs), time(notAfterMs)),
    holder,
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", facts, privateKey);
  return sequence(facts, algorithm, der("bits", Buffer.concat([Buffer.from([0]), signature]))).toString("base64");
}

const sequence = (...parts: readonly Buffer[]): Buffer => der("sequence", Buffer.concat(parts));

const time = (ms: number): Buffer => der("time", Buffer.from(compactSeconds(ms).replace("T", "")));

function der(kind: keyof typeof TAGS, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([TAGS[kind], ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

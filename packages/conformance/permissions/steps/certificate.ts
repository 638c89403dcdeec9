/** A certificate that its own key signed (X.509, RFC 5280), in base64: what the metadata of a SAML provider hold. */
import { sign, type KeyObject } from "node:crypto";

const TAGS = {
  integer: 0x02,
  bits: 0x03,
  nothing: 0x05,
  identifier: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
} as const;
const SET = 0x31;
const VERSION = 0xa0;

/** `1.2.840.113549.1.1.11` and `2.5.4.3`, as they are encoded. */
const SHA256_WITH_RSA = Buffer.from("2a864886f70d01010b", "hex");
const COMMON_NAME = Buffer.from("550403", "hex");

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length;
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(TAGS.sequence, ...parts);
const integer = (value: number) => der(TAGS.integer, Buffer.from([value]));
const bits = (content: Uint8Array) => der(TAGS.bits, Buffer.from([0]), content);

/** `241231235959Z`. */
const time = (text: string) => der(TAGS.time, Buffer.from(text));

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function selfSigned({ publicKey, privateKey }: KeyPair): string {
  const algorithm = sequence(der(TAGS.identifier, SHA256_WITH_RSA), der(TAGS.nothing));
  const commonName = sequence(der(TAGS.identifier, COMMON_NAME), der(TAGS.text, Buffer.from("provider of a case")));
  const name = sequence(der(SET, commonName));
  const signed = sequence(
    der(VERSION, integer(2)),
    integer(1),
    algorithm,
    name,
    sequence(time("200101000000Z"), time("491231235959Z")),
    name,
    publicKey.export({ format: "der", type: "spki" }),
  );
  return sequence(signed, algorithm, bits(sign("sha256", signed, privateKey))).toString("base64");
}

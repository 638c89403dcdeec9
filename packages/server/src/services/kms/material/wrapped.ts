/**
 * Material on its way in, encrypted for KMS alone.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-encrypt-key-material.html
 */
import { constants, createDecipheriv, createPrivateKey, privateDecrypt, type KeyObject } from "node:crypto";
import type { AlgorithmSpec } from "@aws-sdk/client-kms";
import { openText, sealText } from "../../../kernel/sealed-text.ts";
import type { Context } from "../../../service/context.ts";
import { importTokenExpired, importTokenInvalid, materialIncorrect, materialUnreadable } from "../errors.ts";
import { keyArn, type Key } from "../key/row.ts";
import { factsOf, isSymmetric } from "../key/spec.ts";

const PURPOSE = "kms.import-token";

/** What an import token carries, sealed. */
export interface Token {
  readonly keyArn: string;
  readonly algorithm: AlgorithmSpec;
  readonly validToMs: number;
  /** PKCS #8, base64. */
  readonly privateKey: string;
}

export const formatToken = (token: Token, { keys }: Pick<Context, "keys">): Buffer =>
  Buffer.from(sealText(keys, JSON.stringify(token), PURPOSE));

interface Wrapped {
  readonly token: Uint8Array;
  readonly material: Uint8Array;
}

/**
 * The secret that was wrapped for this key.
 * @throws {AwsError} `InvalidImportTokenException`, `ExpiredImportTokenException`, `InvalidCiphertextException`, `IncorrectKeyMaterialException`
 */
export function unwrap(key: Key, { token: shown, material }: Wrapped, context: Context): Buffer {
  const text = openText(context.keys, Buffer.from(shown).toString("latin1"), PURPOSE);
  if (text === undefined) throw importTokenInvalid();
  const token: Token = JSON.parse(text);
  if (token.keyArn !== keyArn(key)) throw importTokenInvalid();
  if (token.validToMs < context.now().getTime()) throw importTokenExpired();
  const privateKey = createPrivateKey({ key: Buffer.from(token.privateKey, "base64"), format: "der", type: "pkcs8" });
  const secret = opened(Buffer.from(material), token.algorithm, privateKey);
  requireFits(key, secret);
  return secret;
}

function opened(wrapped: Buffer, algorithm: AlgorithmSpec, key: KeyObject): Buffer {
  const oaepHash = algorithm.endsWith("SHA_1") ? "sha1" : "sha256";
  const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  try {
    if (!algorithm.startsWith("RSA_AES_KEY_WRAP")) return privateDecrypt(oaep, wrapped);
    const head = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    return unwrapAes(privateDecrypt(oaep, wrapped.subarray(0, head)), wrapped.subarray(head));
  } catch {
    throw materialUnreadable();
  }
}

/** The first half of the initial value of RFC 5649, section 3. */
const WRAP_MARK = Buffer.from("a65959a6", "hex");

/** AES key wrap with padding. Source: https://www.rfc-editor.org/rfc/rfc5649 */
function unwrapAes(key: Buffer, wrapped: Buffer): Buffer {
  const cipher = createDecipheriv("aes256-wrap-pad", key, WRAP_MARK);
  return Buffer.concat([cipher.update(wrapped), cipher.final()]);
}

/** @throws {AwsError} `IncorrectKeyMaterialException` */
function requireFits({ spec }: Key, secret: Buffer): void {
  const { making } = factsOf(spec);
  if (isSymmetric(spec)) {
    if (making.kind === "secret" && secret.byteLength !== making.bytes) throw materialIncorrect();
    return;
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = readPrivateKey(secret);
  if (type !== (making.kind === "named" ? making.name : making.kind)) throw materialIncorrect();
  if (making.kind === "rsa" && details?.modulusLength !== making.bits) throw materialIncorrect();
  if (making.kind === "ec" && details?.namedCurve !== making.curve) throw materialIncorrect();
}

function readPrivateKey(pkcs8: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  } catch {
    throw materialIncorrect();
  }
}

/** Encrypting and decrypting. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html */
import { constants, privateDecrypt, publicEncrypt } from "node:crypto";
import type { EncryptionAlgorithmSpec } from "@aws-sdk/client-kms";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { callerName } from "../../../service/caller.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onKey, onNamedKey } from "../access.ts";
import { open, readCiphertext, seal, type Ciphertext, type EncryptionContext } from "./ciphertext.ts";
import {
  algorithmWrong,
  ciphertextInvalid,
  ciphertextKeyUnknown,
  contextNotTaken,
  keyIdMissing,
  keyIncorrect,
  keyNotFound,
  plaintextTooLong,
} from "../errors.ts";
import { findSecretKey, requirePrivateKey, requirePublicKey, requireSecretKey } from "../material/material.ts";
import { homeOf, keyArn, keys, type Key } from "../key/row.ts";
import { factsOf } from "../key/spec.ts";
import { operation, type KmsSdk } from "../kit.ts";
import { requireNamedKey, type NamedKey } from "../key/named.ts";
import { requireRealRun } from "./trial-run.ts";
import { requireUsable, type UseRequest } from "./use.ts";

export const encrypt = operation("Encrypt", {
  authorize: ({ KeyId, EncryptionContext, EncryptionAlgorithm: algorithm = "SYMMETRIC_DEFAULT" }, context) =>
    onNamedKey("Encrypt", KeyId, context, {
      encryptionContext: EncryptionContext,
      keys: { "kms:EncryptionAlgorithm": algorithm },
    }),

  async handle(input, context) {
    const { KeyId, Plaintext, EncryptionContext = {}, EncryptionAlgorithm } = input;
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "ENCRYPT_DECRYPT", action: "Encrypt", request: input }, context);
    const algorithm = EncryptionAlgorithm ?? "SYMMETRIC_DEFAULT";
    const CiphertextBlob = await encryptWith(
      key,
      Plaintext,
      { algorithm, encryptionContext: EncryptionContext },
      context,
    );
    requireRealRun(input);
    if (algorithm === "SYMMETRIC_DEFAULT") context.recordMore({ keyMaterialId: key.materialId });
    return { CiphertextBlob, KeyId: keyArn(key), EncryptionAlgorithm: algorithm };
  },
});

/** How bytes are, or were, encrypted. */
export interface Manner {
  readonly algorithm: EncryptionAlgorithmSpec;
  readonly encryptionContext: EncryptionContext;
}

/** @throws {AwsError} where the key does not do it so, or the bytes are too many. */
export async function encryptWith(key: Key, plaintext: Uint8Array, manner: Manner, context: Context): Promise<Buffer> {
  requireAlgorithm(key, manner);
  const { algorithm, encryptionContext } = manner;
  if (algorithm === "SYMMETRIC_DEFAULT") {
    const { account, id: keyId, materialId = "" } = key;
    const secret = await requireSecretKey(key, context);
    return seal(plaintext, { account, keyId, materialId, secret, context: encryptionContext });
  }
  const { making } = factsOf(key.spec);
  const hash = oaepHash(algorithm);
  const bytesMax = making.kind === "rsa" ? making.bits / 8 - 2 * HASH_BYTES[hash] - 2 : 0;
  if (plaintext.byteLength > bytesMax) throw plaintextTooLong(algorithm, key.spec, bytesMax);
  return publicEncrypt({ key: await requirePublicKey(key, context), ...OAEP, oaepHash: hash }, plaintext);
}

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING };
const HASH_BYTES = { sha1: 20, sha256: 32 } as const;

const oaepHash = (algorithm: EncryptionAlgorithmSpec): "sha1" | "sha256" =>
  algorithm === "RSAES_OAEP_SHA_1" ? "sha1" : "sha256";

/** @throws {AwsError} `InvalidKeyUsageException`, `ValidationException` */
function requireAlgorithm({ spec }: Key, { algorithm, encryptionContext }: Manner): void {
  if (!factsOf(spec).encryption.includes(algorithm)) throw algorithmWrong(algorithm, spec);
  if (algorithm !== "SYMMETRIC_DEFAULT" && Object.keys(encryptionContext).length > 0) throw contextNotTaken(algorithm);
}

export const decrypt = operation("Decrypt", {
  authorize: (input, context) => askToDecrypt(sourceOf(input), context),

  async handle(input, context) {
    const { key, plaintext, materialId } = await decrypted("Decrypt", sourceOf(input), input, context);
    requireRealRun(input);
    const { EncryptionAlgorithm: algorithm = "SYMMETRIC_DEFAULT" } = input;
    if (materialId !== undefined) context.recordMore({ keyMaterialId: materialId });
    return {
      Plaintext: plaintext,
      KeyId: keyArn(key),
      EncryptionAlgorithm: algorithm,
      ...(materialId !== undefined && { KeyMaterialId: materialId }),
    };
  },
});

/** What is to be decrypted, and what the caller says of it. */
interface Source extends Manner {
  readonly action: "Decrypt" | "ReEncryptFrom";
  readonly blob: Uint8Array;
  readonly keyId: string | undefined;
  /** In a trial run, which is then about the key alone. */
  readonly ignored: boolean;
}

const sourceOf = (input: InputOf<KmsSdk, "Decrypt">): Source => ({
  action: "Decrypt",
  blob: input.CiphertextBlob ?? new Uint8Array(),
  keyId: input.KeyId,
  ignored: isIgnored(input),
  algorithm: input.EncryptionAlgorithm ?? "SYMMETRIC_DEFAULT",
  encryptionContext: input.EncryptionContext ?? {},
});

const reSourceOf = (input: InputOf<KmsSdk, "ReEncrypt">): Source => ({
  action: "ReEncryptFrom",
  blob: input.CiphertextBlob ?? new Uint8Array(),
  keyId: input.SourceKeyId,
  ignored: isIgnored(input),
  algorithm: input.SourceEncryptionAlgorithm ?? "SYMMETRIC_DEFAULT",
  encryptionContext: input.SourceEncryptionContext ?? {},
});

const isIgnored = ({
  DryRun,
  DryRunModifiers = [],
}: Pick<InputOf<KmsSdk, "Decrypt">, "DryRun" | "DryRunModifiers">): boolean =>
  DryRun === true && DryRunModifiers.includes("IGNORE_CIPHERTEXT");

async function askToDecrypt(source: Source, context: Context): Promise<Access> {
  const { action, keyId, encryptionContext, algorithm } = source;
  const question = { encryptionContext, keys: { "kms:EncryptionAlgorithm": algorithm } };
  // nobody learns of another account's key that it is there, or not the one
  if (keyId?.startsWith("arn:")) return onNamedKey(action, keyId, context, question);
  const { key, alias } = await requireSourceKey(source, context);
  return onKey(action, key, context, { ...question, alias });
}

/**
 * The key that opens the ciphertext: the one it names itself, which has to be the one the caller names, if any.
 * A ciphertext that was made nowhere here is not told from one whose key is gone.
 * @throws {AwsError} `InvalidCiphertextException`, `IncorrectKeyException`, `AccessDeniedException`
 */
async function requireSourceKey(source: Source, context: Context): Promise<SourceKey> {
  const { action, blob, keyId, algorithm, ignored } = source;
  if (ignored || algorithm !== "SYMMETRIC_DEFAULT") {
    if (keyId === undefined) throw keyIdMissing();
    return requireNamedKey(keyId, context);
  }
  const ciphertext = requireCiphertext(blob);
  // its id alone means also another account's. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html (Cross-account use)
  if (keyId !== undefined && keyId !== ciphertext.keyId) {
    const named = await requireNamedKey(keyId, context);
    if (named.key.id !== ciphertext.keyId || named.key.account !== ciphertext.account) throw keyIncorrect();
    return { ...named, ciphertext };
  }
  const home = homeOf({ account: ciphertext.account, region: context.region }, context.tx);
  const key = await home.get(keys, ciphertext.keyId);
  if (key !== undefined) return { key, ciphertext };
  if (keyId === undefined) throw ciphertextKeyUnknown(callerName(context.principal), action);
  const { region, partition } = context;
  throw keyNotFound(keyArn({ account: ciphertext.account, region, partition, id: keyId }));
}

interface SourceKey extends NamedKey {
  /** Of symmetric keys, and not in a trial run about the key alone. */
  readonly ciphertext?: Ciphertext;
}

function requireCiphertext(blob: Uint8Array): Ciphertext {
  const ciphertext = readCiphertext(blob);
  if (ciphertext === undefined) throw ciphertextInvalid();
  return ciphertext;
}

interface Decrypted {
  readonly key: Key;
  readonly plaintext: Buffer;
  /** Of symmetric keys, which may have had several. */
  readonly materialId: string | undefined;
}

async function decrypted(
  action: "Decrypt" | "ReEncrypt",
  source: Source,
  request: UseRequest,
  context: Context,
): Promise<Decrypted> {
  const { key, ciphertext } = await requireSourceKey(source, context);
  await requireUsable(key, { usage: "ENCRYPT_DECRYPT", action, request }, context);
  requireAlgorithm(key, source);
  if (source.ignored) return { key, plaintext: Buffer.alloc(0), materialId: undefined };
  const { plaintext, materialId } =
    ciphertext === undefined
      ? await openOaep(key, source, context)
      : await openSealed(key, { ciphertext, ...source }, context);
  if (plaintext === undefined) throw ciphertextInvalid();
  return { key, plaintext, materialId };
}

interface Opened {
  readonly plaintext: Buffer | undefined;
  readonly materialId?: string;
}

async function openSealed(
  key: Key,
  { ciphertext, encryptionContext }: Required<Pick<SourceKey, "ciphertext">> & Manner,
  context: Context,
): Promise<Opened> {
  const { materialId } = ciphertext;
  const secret = await findSecretKey(key, materialId, context);
  return { materialId, plaintext: secret && open(ciphertext, { secret, context: encryptionContext }) };
}

async function openOaep(key: Key, { blob, algorithm }: Source, context: Context): Promise<Opened> {
  const privateKey = await requirePrivateKey(key, context);
  try {
    return { plaintext: privateDecrypt({ key: privateKey, ...OAEP, oaepHash: oaepHash(algorithm) }, blob) };
  } catch {
    return { plaintext: undefined };
  }
}

export const reEncrypt = operation("ReEncrypt", {
  async authorize(input, context) {
    const source = await askToDecrypt(reSourceOf(input), context);
    const target = await onNamedKey("ReEncryptTo", input.DestinationKeyId, context, {
      encryptionContext: input.DestinationEncryptionContext,
      keys: { "kms:EncryptionAlgorithm": input.DestinationEncryptionAlgorithm ?? "SYMMETRIC_DEFAULT" },
    });
    const onSameKey = { "kms:ReEncryptOnSameKey": String(source.resource === target.resource) };
    return [source, target].map((access) => ({ ...access, keys: { ...access.keys, ...onSameKey } }));
  },

  async handle(input, context) {
    const source = reSourceOf(input);
    const { key: to } = await requireNamedKey(input.DestinationKeyId, context);
    const algorithm = input.DestinationEncryptionAlgorithm ?? "SYMMETRIC_DEFAULT";
    const { key: from, plaintext, materialId } = await decrypted("ReEncrypt", source, input, context);
    await requireUsable(to, { usage: "ENCRYPT_DECRYPT", action: "ReEncrypt", request: input }, context);
    const encryptionContext = input.DestinationEncryptionContext ?? {};
    const CiphertextBlob = await encryptWith(to, plaintext, { algorithm, encryptionContext }, context);
    requireRealRun(input);
    const sourceKeyMaterialId = materialId;
    const destinationKeyMaterialId = algorithm === "SYMMETRIC_DEFAULT" ? to.materialId : undefined;
    if (sourceKeyMaterialId !== undefined || destinationKeyMaterialId !== undefined) {
      context.recordMore({ destinationKeyMaterialId, sourceKeyMaterialId });
    }
    return {
      CiphertextBlob,
      SourceKeyId: keyArn(from),
      KeyId: keyArn(to),
      SourceEncryptionAlgorithm: source.algorithm,
      DestinationEncryptionAlgorithm: algorithm,
      SourceKeyMaterialId: sourceKeyMaterialId,
      DestinationKeyMaterialId: destinationKeyMaterialId,
    };
  },
});

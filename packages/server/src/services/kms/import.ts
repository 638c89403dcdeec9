/**
 * Material that comes from outside.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
 */
import {
  constants,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";
import type { AlgorithmSpec, WrappingKeySpec } from "@aws-sdk/client-kms";
import { DAY_MS } from "../../kernel/duration.ts";
import { openText, sealText } from "../../kernel/sealed-text.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import type { Job } from "../../service/service.ts";
import { onKeyNamed } from "./access.ts";
import {
  importTokenExpired,
  importTokenInvalid,
  materialIncorrect,
  materialPending,
  materialUnreadable,
  specUnsupported,
  validToMissing,
  validToPast,
  wrappingWrong,
} from "./errors.ts";
import { tellExpired } from "./key-event.ts";
import { isSameSecret, materialRow, materials, materialsOf, spkiOf, type Material } from "./key-material.ts";
import { homeOf, keyArn, keys, type Expiration, type Key } from "./key-row.ts";
import { factsOf, isSymmetric } from "./key-spec.ts";
import { requireNotLeaving, requireOrigin } from "./key-state.ts";
import { operation, streaming, type KmsSdk } from "./kit.ts";
import { IMPORT_PARAMETERS_MS, IMPORT_VALID_DAYS_MAX } from "./limits.ts";
import { requireKey } from "./named-key.ts";

const PURPOSE = "kms.import-token";

/** What an import token carries, sealed. */
interface Token {
  readonly keyArn: string;
  readonly algorithm: AlgorithmSpec;
  readonly validToMs: number;
  /** PKCS #8, base64. */
  readonly privateKey: string;
}

const BITS: Readonly<Record<Exclude<WrappingKeySpec, "SM2">, number>> = {
  RSA_2048: 2048,
  RSA_3072: 3072,
  RSA_4096: 4096,
};

const generate = promisify(generateKeyPair);

export const getParametersForImport = streaming("GetParametersForImport", {
  authorize: ({ KeyId, WrappingAlgorithm, WrappingKeySpec: spec }, context) =>
    onKeyNamed("GetParametersForImport", KeyId, context, {
      keys: { "kms:WrappingAlgorithm": WrappingAlgorithm, "kms:WrappingKeySpec": spec },
    }),

  /** Making a pair takes a while. */
  async receive({ WrappingKeySpec: spec }) {
    if (spec === "SM2") throw specUnsupported(spec);
    return (await generate("rsa", { modulusLength: BITS[spec] })).privateKey;
  },

  async handle({ KeyId, WrappingAlgorithm: algorithm }, context, pair) {
    const key = await requireKey(KeyId, context);
    requireOrigin(key, "EXTERNAL");
    requireNotLeaving(key);
    requireWrapping(key, algorithm);
    const validToMs = context.now().getTime() + IMPORT_PARAMETERS_MS;
    const privateKey = pair.export({ type: "pkcs8", format: "der" }).toString("base64");
    const token: Token = { keyArn: keyArn(key), algorithm, validToMs, privateKey };
    return {
      KeyId: keyArn(key),
      ImportToken: Buffer.from(sealText(context.keys, JSON.stringify(token), PURPOSE)),
      PublicKey: spkiOf(createPublicKey(pair)),
      ParametersValidTo: new Date(validToMs),
    };
  },
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html#select-wrapping-algorithm */
function requireWrapping({ spec }: Key, algorithm: AlgorithmSpec): void {
  if (algorithm === "RSAES_PKCS1_V1_5" || algorithm === "SM2PKE") throw wrappingWrong(algorithm, spec);
  if (factsOf(spec).making.kind === "rsa" && !algorithm.startsWith("RSA_AES_KEY_WRAP"))
    throw wrappingWrong(algorithm, spec);
}

type ImportInput = InputOf<KmsSdk, "ImportKeyMaterial">;

export const importKeyMaterial = operation("ImportKeyMaterial", {
  authorize: ({ KeyId, ExpirationModel: model, ValidTo: validTo }, context) =>
    onKeyNamed("ImportKeyMaterial", KeyId, context, {
      keys: { "kms:ExpirationModel": model, "kms:ValidTo": validTo?.toISOString() },
    }),

  async handle(input, context) {
    const key = await requireKey(input.KeyId, context);
    requireOrigin(key, "EXTERNAL");
    requireNotLeaving(key);
    const expiration = requireExpiration(input, context);
    const secret = unwrap(key, input, context);
    const material = await materialFor(key, { input, secret, expiration }, context);
    homeOf(key, context.tx).put(materials, material);
    setExpiry(key, material, context);
    const isCurrent = key.materialId === undefined || key.materialId === material.id;
    if (isCurrent) await putCurrent(key, material, context);
    return { KeyId: keyArn(key), KeyMaterialId: material.id };
  },
});

/** @throws {AwsError} `ValidationException` */
function requireExpiration(
  { ExpirationModel: model = "KEY_MATERIAL_EXPIRES", ValidTo: validTo }: ImportInput,
  context: Context,
): Expiration {
  if (model === "KEY_MATERIAL_DOES_NOT_EXPIRE") return { model };
  if (validTo === undefined) throw validToMissing();
  const leftMs = validTo.getTime() - context.now().getTime();
  if (leftMs <= 0 || leftMs > IMPORT_VALID_DAYS_MAX * DAY_MS) throw validToPast();
  return { model, validToMs: validTo.getTime() };
}

/**
 * The secret that was wrapped for this key.
 * @throws {AwsError} `InvalidImportTokenException`, `ExpiredImportTokenException`, `InvalidCiphertextException`, `IncorrectKeyMaterialException`
 */
function unwrap(key: Key, { ImportToken, EncryptedKeyMaterial: wrapped }: ImportInput, context: Context): Buffer {
  const text = openText(context.keys, Buffer.from(ImportToken).toString("latin1"), PURPOSE);
  if (text === undefined) throw importTokenInvalid();
  const token: Token = JSON.parse(text);
  if (token.keyArn !== keyArn(key)) throw importTokenInvalid();
  if (token.validToMs < context.now().getTime()) throw importTokenExpired();
  const privateKey = createPrivateKey({ key: Buffer.from(token.privateKey, "base64"), format: "der", type: "pkcs8" });
  const secret = opened(Buffer.from(wrapped), token.algorithm, privateKey);
  requireFits(key, secret);
  return secret;
}

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-encrypt-key-material.html */
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
  const details = readDetails(secret);
  if (making.kind === "rsa" && details.modulusLength !== making.bits) throw materialIncorrect();
  if (making.kind === "ec" && details.namedCurve !== making.curve) throw materialIncorrect();
}

function readDetails(pkcs8: Buffer): NonNullable<KeyObject["asymmetricKeyDetails"]> {
  try {
    return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }).asymmetricKeyDetails ?? {};
  } catch {
    throw materialIncorrect();
  }
}

interface Incoming {
  readonly input: ImportInput;
  readonly secret: Buffer;
  readonly expiration: Expiration;
}

/**
 * The row of what comes in: material that was there before comes back as it was; new material waits for a rotation,
 * where the key has some already.
 * @throws {AwsError} `IncorrectKeyMaterialException`, `KMSInvalidStateException`
 */
async function materialFor(key: Key, { input, secret, expiration }: Incoming, context: Context): Promise<Material> {
  const all = await materialsOf(key, homeOf(key, context.tx));
  const same = all.find((material) => isSameSecret(material, secret));
  if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== same?.id) throw materialIncorrect();
  const description = input.KeyMaterialDescription;
  if (same !== undefined) {
    const { id, number, currentAtMs, rotatedBy } = same;
    const facts = { id, number, currentAtMs, rotatedBy, expiration, description: description ?? same.description };
    return materialRow(key, secret, facts, context);
  }
  const isFirst = all.length === 0;
  const mayHaveMore = key.spec === "SYMMETRIC_DEFAULT" && input.ImportType === "NEW_KEY_MATERIAL";
  if (!isFirst && !mayHaveMore) throw materialIncorrect();
  const currentAtMs = isFirst ? context.now().getTime() : undefined;
  const material = materialRow(key, secret, { number: all.length + 1, currentAtMs, expiration, description }, context);
  const pending = all.find((each) => each.currentAtMs === undefined);
  if (pending !== undefined) throw materialPending(material.id, keyArn(key), pending.id);
  return material;
}

function setExpiry(key: Key, { id, expiration }: Material, context: Context): void {
  const job = `${key.id}/${id}`;
  if (expiration?.validToMs === undefined) context.cancel("expire", job);
  else context.at(expiration.validToMs, "expire", job);
}

/** The key is of use again, unless something else that it needs is missing still. */
async function putCurrent(key: Key, { id, expiration }: Material, context: Context): Promise<void> {
  const isEnabled = key.state.kind === "PendingImport" && (await isComplete(key, id, context));
  const state = isEnabled ? ({ kind: "Enabled" } as const) : key.state;
  context.tx.put(keys, { ...key, materialId: id, expiration, state });
}

/** A key whose older material is missing is missing all. Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html */
async function isComplete(key: Key, imported: string, { tx }: Context): Promise<boolean> {
  const all = await materialsOf(key, homeOf(key, tx));
  return all.every(
    ({ id, sealed, currentAtMs }) => id === imported || sealed !== undefined || currentAtMs === undefined,
  );
}

export const deleteImportedKeyMaterial = operation("DeleteImportedKeyMaterial", {
  authorize: ({ KeyId }, context) => onKeyNamed("DeleteImportedKeyMaterial", KeyId, context),

  async handle({ KeyId, KeyMaterialId }, context) {
    const key = await requireKey(KeyId, context);
    requireOrigin(key, "EXTERNAL");
    requireNotLeaving(key);
    const materialId = KeyMaterialId ?? key.materialId;
    if (materialId !== undefined) await dropMaterial(key, materialId, context);
    return { KeyId: keyArn(key), ...(materialId !== undefined && { KeyMaterialId: materialId }) };
  },
});

/** The material's time is up. */
export const expireMaterial: Job = async (context, job) => {
  const [keyId = "", materialId = ""] = job.split("/");
  const key = await context.tx.get(keys, keyId);
  if (key === undefined) return;
  await dropMaterial(key, materialId, context);
  await tellExpired(key, materialId, context);
};

/** Without it nothing that it encrypted can be read, and the key waits for it to come back. */
async function dropMaterial(key: Key, materialId: string, context: Context): Promise<void> {
  const { tx } = context;
  const material = await tx.get(materials, key.id, materialId);
  if (material === undefined) return;
  context.cancel("expire", `${key.id}/${materialId}`);
  if (material.currentAtMs === undefined) {
    tx.delete(materials, key.id, materialId);
    return;
  }
  tx.put(materials, { ...material, sealed: undefined, expiration: undefined });
  const { kind } = key.state;
  if (kind === "Enabled" || kind === "Disabled") tx.put(keys, { ...key, state: { kind: "PendingImport" } });
}

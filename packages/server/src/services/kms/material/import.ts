/**
 * Material that comes from outside.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
 */
import { createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { WrappingKeySpec } from "@aws-sdk/client-kms";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import type { Job } from "../../../service/service.ts";
import { onKeyNamed } from "../access.ts";
import {
  materialNotChosen,
  newMaterialNamed,
  specUnsupported,
  validToMissing,
  validToNeedless,
  validToPast,
  wrappingWrong,
} from "../errors.ts";
import { dropMaterial, materialFor, putImported } from "./imported.ts";
import { tellExpired } from "../key/event.ts";
import { findMaterial, spkiOf, type Material } from "./material.ts";
import { keyArn, keys, type Expiration, type Key } from "../key/row.ts";
import { factsOf } from "../key/spec.ts";
import { requireNotLeaving, requireOrigin } from "../key/state.ts";
import { operation, streaming, type KmsSdk } from "../kit.ts";
import { IMPORT_PARAMETERS_MS, IMPORT_VALID_DAYS_MAX } from "../limits.ts";
import { requireKey } from "../key/named.ts";
import { formatToken, unwrap } from "./wrapped.ts";

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

  async handle({ KeyId, ...wrapping }, context, pair) {
    const key = await requireKey(KeyId, context);
    requireOrigin(key, "EXTERNAL");
    requireNotLeaving(key);
    requireWrapping(key, wrapping);
    const { WrappingAlgorithm: algorithm } = wrapping;
    const validToMs = context.now().getTime() + IMPORT_PARAMETERS_MS;
    const privateKey = pair.export({ type: "pkcs8", format: "der" }).toString("base64");
    return {
      KeyId: keyArn(key),
      ImportToken: formatToken({ keyArn: keyArn(key), algorithm, validToMs, privateKey }, context),
      PublicKey: spkiOf(createPublicKey(pair)),
      ParametersValidTo: new Date(validToMs),
    };
  },
});

type Wrapping = Pick<InputOf<KmsSdk, "GetParametersForImport">, "WrappingAlgorithm" | "WrappingKeySpec">;

/**
 * Private keys of RSA, and one that is too long for a small wrapping key, are encrypted by way of another key.
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html (WrappingAlgorithm)
 * @throws {AwsError} `UnsupportedOperationException`
 */
function requireWrapping({ spec }: Key, { WrappingAlgorithm: algorithm, WrappingKeySpec: wrapper }: Wrapping): void {
  const isDirect = !algorithm.startsWith("RSA_AES_KEY_WRAP");
  const isTooLong = factsOf(spec).making.kind === "rsa" || (spec === "ECC_NIST_P521" && wrapper === "RSA_2048");
  const isGone = algorithm === "RSAES_PKCS1_V1_5" || algorithm === "SM2PKE";
  if (isGone || (isDirect && isTooLong)) throw wrappingWrong(algorithm, spec);
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
    requireParameters(key, input);
    const expiration = requireExpiration(input, context);
    const secret = unwrap(key, { token: input.ImportToken, material: input.EncryptedKeyMaterial }, context);
    const material = await materialFor(key, { input, secret, expiration }, context);
    await putImported(key, material, context);
    setExpiry(key, material, context);
    return { KeyId: keyArn(key), KeyMaterialId: material.id };
  },
});

/**
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html (ImportType, KeyMaterialDescription, KeyMaterialId)
 * @throws {AwsError} `ValidationException`
 */
function requireParameters({ spec }: Key, input: ImportInput): void {
  const { ImportType: type, KeyMaterialDescription: description, KeyMaterialId: materialId } = input;
  const isSingle = spec !== "SYMMETRIC_DEFAULT";
  if (isSingle && (type ?? description ?? materialId) !== undefined) throw materialNotChosen(spec);
  if (type === "NEW_KEY_MATERIAL" && materialId !== undefined) throw newMaterialNamed();
}

/** @throws {AwsError} `ValidationException` */
function requireExpiration(
  { ExpirationModel: model = "KEY_MATERIAL_EXPIRES", ValidTo: validTo }: ImportInput,
  context: Context,
): Expiration {
  if (model === "KEY_MATERIAL_DOES_NOT_EXPIRE") {
    if (validTo !== undefined) throw validToNeedless();
    return { model };
  }
  if (validTo === undefined) throw validToMissing();
  const leftMs = validTo.getTime() - context.now().getTime();
  if (leftMs <= 0 || leftMs > IMPORT_VALID_DAYS_MAX * DAY_MS) throw validToPast();
  return { model, validToMs: validTo.getTime() };
}

const timerOf = (key: Key, { id }: Material): string => `${key.id}/${id}`;

function setExpiry(key: Key, material: Material, context: Context): void {
  const { expiration } = material;
  const job = timerOf(key, material);
  if (expiration?.validToMs === undefined) context.cancel("expire", job);
  else context.at(expiration.validToMs, "expire", job);
}

export const deleteImportedKeyMaterial = operation("DeleteImportedKeyMaterial", {
  authorize: ({ KeyId }, context) => onKeyNamed("DeleteImportedKeyMaterial", KeyId, context),

  async handle({ KeyId, KeyMaterialId }, context) {
    const key = await requireKey(KeyId, context);
    // also of one that is on its way out. Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table
    requireOrigin(key, "EXTERNAL");
    const materialId = KeyMaterialId ?? key.materialId;
    const material = materialId === undefined ? undefined : await findMaterial(key, materialId, context);
    if (material !== undefined) {
      context.cancel("expire", timerOf(key, material));
      await dropMaterial(key, material, context);
    }
    return { KeyId: keyArn(key), ...(materialId !== undefined && { KeyMaterialId: materialId }) };
  },
});

/** The material's time is up, unless it went before, or came again for longer. */
export const expireMaterial: Job = async (context, job) => {
  const [keyId = "", materialId = ""] = job.split("/");
  const key = await context.tx.get(keys, keyId);
  const material = key && (await findMaterial(key, materialId, context));
  const validToMs = material?.expiration?.validToMs;
  if (key === undefined || material === undefined || validToMs === undefined) return;
  if (validToMs > context.now().getTime()) return;
  await dropMaterial(key, material, context);
  await tellExpired(key, materialId, context);
};

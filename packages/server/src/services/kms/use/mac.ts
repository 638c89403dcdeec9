/** Message authentication codes. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { MacAlgorithmSpec } from "@aws-sdk/client-kms";
import type { Context } from "../../../service/context.ts";
import { onNamedKey } from "../access.ts";
import { algorithmWrong, macInvalid } from "../errors.ts";
import { requireSecretKey } from "../material/material.ts";
import { keyArn, type Key } from "../key/row.ts";
import { factsOf } from "../key/spec.ts";
import { operation } from "../kit.ts";
import { requireNamedKey } from "../key/named.ts";
import { requireRealRun } from "./trial-run.ts";
import { requireUsable } from "./use.ts";

const HASHES: Readonly<Record<MacAlgorithmSpec, string>> = {
  HMAC_SHA_224: "sha224",
  HMAC_SHA_256: "sha256",
  HMAC_SHA_384: "sha384",
  HMAC_SHA_512: "sha512",
};

export const generateMac = operation("GenerateMac", {
  authorize: ({ KeyId, MacAlgorithm }, context) =>
    onNamedKey("GenerateMac", KeyId, context, { keys: { "kms:MacAlgorithm": MacAlgorithm } }),

  async handle({ KeyId, Message, MacAlgorithm, ...request }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "GENERATE_VERIFY_MAC", action: "GenerateMac", request }, context);
    const Mac = await macOf(key, { bytes: Message, algorithm: MacAlgorithm }, context);
    requireRealRun(request);
    return { KeyId: keyArn(key), MacAlgorithm, Mac };
  },
});

export const verifyMac = operation("VerifyMac", {
  authorize: ({ KeyId, MacAlgorithm }, context) =>
    onNamedKey("VerifyMac", KeyId, context, { keys: { "kms:MacAlgorithm": MacAlgorithm } }),

  async handle({ KeyId, Message, MacAlgorithm, Mac, ...request }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "GENERATE_VERIFY_MAC", action: "VerifyMac", request }, context);
    const mac = await macOf(key, { bytes: Message, algorithm: MacAlgorithm }, context);
    if (mac.byteLength !== Mac.byteLength || !timingSafeEqual(mac, Mac)) throw macInvalid();
    requireRealRun(request);
    return { KeyId: keyArn(key), MacAlgorithm, MacValid: true };
  },
});

interface Message {
  readonly bytes: Uint8Array;
  readonly algorithm: MacAlgorithmSpec;
}

/** @throws {AwsError} `InvalidKeyUsageException` */
async function macOf(key: Key, { bytes, algorithm }: Message, context: Context): Promise<Buffer> {
  if (!factsOf(key.spec).mac.includes(algorithm)) throw algorithmWrong(algorithm, key.spec);
  return createHmac(HASHES[algorithm], await requireSecretKey(key, context))
    .update(bytes)
    .digest();
}

/** The public half of key pairs. */
import { onNamedKey } from "../access.ts";
import { notAsymmetric } from "../errors.ts";
import { requirePublicKey, spkiOf } from "../material/material.ts";
import { formatKey } from "../key/metadata.ts";
import { keyArn } from "../key/row.ts";
import { isSymmetric } from "../key/spec.ts";
import { requireEnabled } from "../key/state.ts";
import { operation } from "../kit.ts";
import { requireNamedKey } from "../key/named.ts";
import { requireGrantTokens } from "./use.ts";

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
export const getPublicKey = operation("GetPublicKey", {
  authorize: ({ KeyId }, context) => onNamedKey("GetPublicKey", KeyId, context),

  async handle({ KeyId, GrantTokens }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    requireGrantTokens({ GrantTokens }, context);
    requireEnabled(key);
    if (isSymmetric(key.spec)) throw notAsymmetric(keyArn(key), key.spec);
    const {
      KeyUsage,
      KeySpec,
      CustomerMasterKeySpec,
      EncryptionAlgorithms,
      SigningAlgorithms,
      KeyAgreementAlgorithms,
      EncapsulationAlgorithms,
    } = formatKey(key);
    return {
      KeyId: keyArn(key),
      PublicKey: spkiOf(await requirePublicKey(key, context)),
      KeyUsage,
      KeySpec,
      CustomerMasterKeySpec,
      EncryptionAlgorithms,
      SigningAlgorithms,
      KeyAgreementAlgorithms,
      EncapsulationAlgorithms,
    };
  },
});

import { defineService } from "../../service/service.ts";
import { createAlias, deleteAlias, listAliases, updateAlias } from "./alias/alias.ts";
import {
  generateDataKey,
  generateDataKeyPair,
  generateDataKeyPairWithoutPlaintext,
  generateDataKeyWithoutPlaintext,
  generateRandom,
} from "./use/data-key.ts";
import { cancelKeyDeletion, deleteKey, scheduleKeyDeletion } from "./key/deletion.ts";
import { decrypt, encrypt, reEncrypt } from "./use/encryption.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { createGrant, listGrants, listRetirableGrants, retireGrant, revokeGrant } from "./grant/grant.ts";
import {
  deleteImportedKeyMaterial,
  expireMaterial,
  getParametersForImport,
  importKeyMaterial,
} from "./material/import.ts";
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from "./policy/policy.ts";
import {
  connectCustomKeyStore,
  createCustomKeyStore,
  deleteCustomKeyStore,
  describeCustomKeyStores,
  disconnectCustomKeyStore,
  updateCustomKeyStore,
} from "./key/store.ts";
import { createKey, describeKey, disableKey, enableKey, listKeys, updateKeyDescription } from "./key/key.ts";
import type { KmsSdk } from "./kit.ts";
import { generateMac, verifyMac } from "./use/mac.ts";
import { replicateKey, updatePrimaryRegion } from "./key/multi-region.ts";
import { policiedKeys } from "./policy/policied.ts";
import { getPublicKey } from "./use/public-key.ts";
import {
  disableKeyRotation,
  enableKeyRotation,
  getKeyRotationStatus,
  listKeyRotations,
  rotate,
  rotateKeyOnDemand,
} from "./material/rotation.ts";
import { decapsulate, deriveSharedSecret, encapsulate } from "./use/shared-secret.ts";
import { sign, verify } from "./use/signature.ts";
import { listResourceTags, tagResource, untagResource } from "./tag.ts";
import { getKeyLastUsage } from "./use/use.ts";

export const kms = defineService<KmsSdk>("kms", {
  operations: [
    createKey,
    describeKey,
    listKeys,
    updateKeyDescription,
    enableKey,
    disableKey,
    scheduleKeyDeletion,
    cancelKeyDeletion,
    getKeyLastUsage,
    createAlias,
    updateAlias,
    deleteAlias,
    listAliases,
    putKeyPolicy,
    getKeyPolicy,
    listKeyPolicies,
    createGrant,
    listGrants,
    listRetirableGrants,
    revokeGrant,
    retireGrant,
    encrypt,
    decrypt,
    reEncrypt,
    generateDataKey,
    generateDataKeyWithoutPlaintext,
    generateDataKeyPair,
    generateDataKeyPairWithoutPlaintext,
    generateRandom,
    sign,
    verify,
    generateMac,
    verifyMac,
    deriveSharedSecret,
    encapsulate,
    decapsulate,
    getPublicKey,
    enableKeyRotation,
    disableKeyRotation,
    getKeyRotationStatus,
    rotateKeyOnDemand,
    listKeyRotations,
    getParametersForImport,
    importKeyMaterial,
    deleteImportedKeyMaterial,
    replicateKey,
    updatePrimaryRegion,
    createCustomKeyStore,
    describeCustomKeyStores,
    connectCustomKeyStore,
    disconnectCustomKeyStore,
    updateCustomKeyStore,
    deleteCustomKeyStore,
    tagResource,
    untagResource,
    listResourceTags,
  ],
  jobs: { delete: deleteKey, rotate, expire: expireMaterial },
  usage: "KMS",
  policied: [policiedKeys],
  unmodelledErrors: UNMODELLED_ERRORS,
});

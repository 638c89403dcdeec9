/** Keys as `DescribeKey` shows them. */
import type { KeyMetadata, MultiRegionConfiguration } from "@aws-sdk/client-kms";
import { keyArn, type Key } from "./row.ts";
import { factsOf } from "./spec.ts";

export function formatKey(key: Key): KeyMetadata {
  const { state, spec, multiRegion } = key;
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: keyArn(key),
    CreationDate: new Date(key.createdAtMs),
    Enabled: state.kind === "Enabled",
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: state.kind,
    Origin: key.origin,
    KeyManager: key.manager,
    KeySpec: spec,
    ...(!isNewer(spec) && { CustomerMasterKeySpec: spec }),
    ...formatAlgorithms(key),
    MultiRegion: multiRegion !== undefined,
    ...(multiRegion && { MultiRegionConfiguration: formatMultiRegion(key, multiRegion) }),
    ...formatState(key),
    ...(spec === "SYMMETRIC_DEFAULT" && key.materialId !== undefined && { CurrentKeyMaterialId: key.materialId }),
  };
}

/** Kinds that the older member does not know. */
const NEWER_SPECS = [
  "ECC_NIST_EDWARDS25519",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
  "ML_KEM_512",
  "ML_KEM_768",
  "ML_KEM_1024",
] as const;

const isNewer = (spec: Key["spec"]): spec is (typeof NEWER_SPECS)[number] => NEWER_SPECS.some((each) => each === spec);

/** What the key's usage has algorithms for. */
function formatAlgorithms({ usage, spec }: Key): Partial<KeyMetadata> {
  const { encryption, signing, mac, agreement, encapsulation } = factsOf(spec);
  switch (usage) {
    case "ENCRYPT_DECRYPT":
      return { EncryptionAlgorithms: [...encryption] };
    case "SIGN_VERIFY":
      return { SigningAlgorithms: [...signing] };
    case "GENERATE_VERIFY_MAC":
      return { MacAlgorithms: [...mac] };
    case "KEY_AGREEMENT":
      return { KeyAgreementAlgorithms: [...agreement] };
    case "ENCAPSULATE_DECAPSULATE":
      return { EncapsulationAlgorithms: [...encapsulation] };
  }
}

function formatState({ state, expiration }: Key): Partial<KeyMetadata> {
  switch (state.kind) {
    case "PendingDeletion":
      return { ...formatExpiration(expiration), DeletionDate: new Date(state.deletionAtMs) };
    case "PendingReplicaDeletion":
      return { ...formatExpiration(expiration), PendingDeletionWindowInDays: state.windowDays };
    case "PendingImport":
      return {};
    case "Enabled":
    case "Disabled":
      return formatExpiration(expiration);
  }
}

function formatExpiration(expiration: Key["expiration"]): Partial<KeyMetadata> {
  if (expiration === undefined) return {};
  const { model, validToMs } = expiration;
  return { ExpirationModel: model, ...(validToMs !== undefined && { ValidTo: new Date(validToMs) }) };
}

function formatMultiRegion(key: Key, { primary, replicas }: NonNullable<Key["multiRegion"]>): MultiRegionConfiguration {
  const place = (region: Key["region"]) => ({ Arn: keyArn({ ...key, region }), Region: region });
  return {
    MultiRegionKeyType: primary === key.region ? "PRIMARY" : "REPLICA",
    PrimaryKey: place(primary),
    ReplicaKeys: replicas.map((region) => place(region)),
  };
}

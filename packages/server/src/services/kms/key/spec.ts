/**
 * What keys of each kind are made of and good for.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
import type {
  EncapsulationAlgorithmSpec,
  EncryptionAlgorithmSpec,
  KeyAgreementAlgorithmSpec,
  KeySpec,
  KeyUsageType,
  MacAlgorithmSpec,
  SigningAlgorithmSpec,
} from "@aws-sdk/client-kms";

/** How the material of a key is made. */
export type Making =
  | { readonly kind: "secret"; readonly bytes: number }
  | { readonly kind: "rsa"; readonly bits: 2048 | 3072 | 4096 }
  | { readonly kind: "ec"; readonly curve: "prime256v1" | "secp384r1" | "secp521r1" | "secp256k1" }
  | { readonly kind: "named"; readonly name: NamedKind };

/** As OpenSSL names kinds of keys that have no parameters. */
type NamedKind = "ed25519" | "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87" | "ml-kem-512" | "ml-kem-768" | "ml-kem-1024";

export interface SpecFacts {
  readonly making: Making;
  readonly usages: readonly KeyUsageType[];
  readonly encryption: readonly EncryptionAlgorithmSpec[];
  readonly signing: readonly SigningAlgorithmSpec[];
  readonly mac: readonly MacAlgorithmSpec[];
  readonly agreement: readonly KeyAgreementAlgorithmSpec[];
  readonly encapsulation: readonly EncapsulationAlgorithmSpec[];
}

const NOTHING = { encryption: [], signing: [], mac: [], agreement: [], encapsulation: [] } as const;

const RSA_SIGNING = [
  "RSASSA_PKCS1_V1_5_SHA_256",
  "RSASSA_PKCS1_V1_5_SHA_384",
  "RSASSA_PKCS1_V1_5_SHA_512",
  "RSASSA_PSS_SHA_256",
  "RSASSA_PSS_SHA_384",
  "RSASSA_PSS_SHA_512",
] as const;

const rsa = (bits: 2048 | 3072 | 4096): SpecFacts => ({
  ...NOTHING,
  making: { kind: "rsa", bits },
  usages: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
  encryption: ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"],
  signing: RSA_SIGNING,
});

const nist = (curve: "prime256v1" | "secp384r1" | "secp521r1", signing: SigningAlgorithmSpec): SpecFacts => ({
  ...NOTHING,
  making: { kind: "ec", curve },
  usages: ["SIGN_VERIFY", "KEY_AGREEMENT"],
  signing: [signing],
  agreement: ["ECDH"],
});

const hmac = (bytes: number, algorithm: MacAlgorithmSpec): SpecFacts => ({
  ...NOTHING,
  making: { kind: "secret", bytes },
  usages: ["GENERATE_VERIFY_MAC"],
  mac: [algorithm],
});

const signer = (name: NamedKind, ...signing: readonly SigningAlgorithmSpec[]): SpecFacts => ({
  ...NOTHING,
  making: { kind: "named", name },
  usages: ["SIGN_VERIFY"],
  signing,
});

const capsule = (name: NamedKind): SpecFacts => ({
  ...NOTHING,
  making: { kind: "named", name },
  usages: ["ENCAPSULATE_DECAPSULATE"],
  encapsulation: ["ML_KEM"],
});

/** `SM2` is left out: it is offered in China alone. */
const SPECS: Readonly<Record<Exclude<KeySpec, "SM2">, SpecFacts>> = {
  SYMMETRIC_DEFAULT: {
    ...NOTHING,
    making: { kind: "secret", bytes: 32 },
    usages: ["ENCRYPT_DECRYPT"],
    encryption: ["SYMMETRIC_DEFAULT"],
  },
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: nist("prime256v1", "ECDSA_SHA_256"),
  ECC_NIST_P384: nist("secp384r1", "ECDSA_SHA_384"),
  ECC_NIST_P521: nist("secp521r1", "ECDSA_SHA_512"),
  ECC_SECG_P256K1: {
    ...NOTHING,
    making: { kind: "ec", curve: "secp256k1" },
    usages: ["SIGN_VERIFY"],
    signing: ["ECDSA_SHA_256"],
  },
  ECC_NIST_EDWARDS25519: signer("ed25519", "ED25519_SHA_512", "ED25519_PH_SHA_512"),
  ML_DSA_44: signer("ml-dsa-44", "ML_DSA_SHAKE_256"),
  ML_DSA_65: signer("ml-dsa-65", "ML_DSA_SHAKE_256"),
  ML_DSA_87: signer("ml-dsa-87", "ML_DSA_SHAKE_256"),
  ML_KEM_512: capsule("ml-kem-512"),
  ML_KEM_768: capsule("ml-kem-768"),
  ML_KEM_1024: capsule("ml-kem-1024"),
  HMAC_224: hmac(28, "HMAC_SHA_224"),
  HMAC_256: hmac(32, "HMAC_SHA_256"),
  HMAC_384: hmac(48, "HMAC_SHA_384"),
  HMAC_512: hmac(64, "HMAC_SHA_512"),
};

/** A kind of key that can be made here. */
export type BuiltSpec = keyof typeof SPECS;

export const isBuiltSpec = (spec: KeySpec): spec is BuiltSpec => Object.hasOwn(SPECS, spec);

export const factsOf = (spec: BuiltSpec): SpecFacts => SPECS[spec];

/** Whether one secret is all of the key. */
export const isSymmetric = (spec: BuiltSpec): boolean => factsOf(spec).making.kind === "secret";

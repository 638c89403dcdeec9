import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DeriveSharedSecretCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncapsulateCommand,
  EncryptCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateMacCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePrimaryRegionCommand,
  type CreateKeyCommandInput,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { importSecret } from "../../../test/key-material.ts";
import { withKey } from "../../../test/keys.ts";

/** A key of the owner's, and somebody who may do anything that fulfils one condition. */
interface Place {
  readonly owner: KMSClient;
  readonly kms: KMSClient;
  readonly KeyId: string;
  readonly now: Date;
}

type Values = string | readonly string[];

interface Case {
  /** The condition key and, where it is not `StringEquals`, its operator. */
  readonly key: string;
  /** A value that the call fulfils, and one that it does not. */
  readonly is: Values;
  readonly isNot: Values;
  /** What kind of key it is. */
  readonly of?: CreateKeyCommandInput;
  readonly call: (place: Place) => Promise<unknown>;
}

const Plaintext = Buffer.from("attack at dawn");
const EncryptionContext = { app: "payroll" };
const ROOT = "arn:aws:iam::000000000000:root";
const OTHER_ROOT = "arn:aws:iam::111111111111:root";
const SERVICE = "dynamodb.us-east-1.amazonaws.com";
const TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
const FAR = "eu-west-1";
const MULTI = { MultiRegion: true };
const EXTERNAL = { Origin: "EXTERNAL" } as const;
const SIGNING = { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" } as const;
const DAY_MS = 86_400_000;

const encrypt = ({ kms, KeyId }: Place) => kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
const describe = ({ kms, KeyId }: Place) => kms.send(new DescribeKeyCommand({ KeyId }));
const create = (facts: CreateKeyCommandInput) => (place: Place) => place.kms.send(new CreateKeyCommand(facts));
const name = ({ owner, KeyId }: Place) =>
  owner.send(new CreateAliasCommand({ AliasName: "alias/payroll", TargetKeyId: KeyId }));
const replicate = ({ kms, KeyId }: Place) => kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: FAR }));
const sign = ({ kms, KeyId }: Place) =>
  kms.send(new SignCommand({ KeyId, Message: Plaintext, SigningAlgorithm: "ECDSA_SHA_256" }));

function grant({ kms, KeyId }: Place) {
  const Constraints = { EncryptionContextSubset: EncryptionContext };
  const principals = { GranteePrincipal: ROOT, RetiringPrincipal: ROOT };
  return kms.send(
    new CreateGrantCommand({ KeyId, ...principals, Operations: ["Decrypt", "DescribeKey"], Constraints }),
  );
}

function grantToService({ kms, KeyId }: Place) {
  const principals = { GranteeServicePrincipal: SERVICE, RetiringServicePrincipal: SERVICE };
  const Constraints = { SourceArn: TABLE };
  return kms.send(new CreateGrantCommand({ KeyId, ...principals, Operations: ["Decrypt"], Constraints }));
}

function askToImport({ kms, KeyId }: Place) {
  const wrapping = { WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
  return kms.send(new GetParametersForImportCommand({ KeyId, ...wrapping }));
}

const importUntil =
  (days: number) =>
  ({ kms, KeyId, now }: Place) => {
    const ValidTo = new Date(now.getTime() + days * DAY_MS);
    return importSecret(kms, KeyId, { secret: Buffer.alloc(32, 1), ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
  };

async function agree({ owner, kms, KeyId }: Place) {
  const { PublicKey } = await owner.send(new GetPublicKeyCommand({ KeyId }));
  return kms.send(new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm: "ECDH", PublicKey }));
}

async function encryptAnew(place: Place) {
  const { CiphertextBlob } = await encrypt({ ...place, kms: place.owner });
  const facts = { CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: place.KeyId };
  return place.kms.send(new ReEncryptCommand(facts));
}

const policy = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "kms:*", Resource: "*" }],
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
const CASES: readonly Case[] = [
  { key: "kms:CallerAccount", is: "000000000000", isNot: "111111111111", call: describe },
  {
    key: "kms:BypassPolicyLockoutSafetyCheck Bool",
    is: "true",
    isNot: "false",
    call: create({ BypassPolicyLockoutSafetyCheck: true }),
  },
  {
    key: "kms:BypassPolicyLockoutSafetyCheck Bool",
    is: "false",
    isNot: "true",
    call: ({ kms, KeyId }) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy: policy })),
  },
  { key: "kms:CustomerMasterKeySpec", is: "SYMMETRIC_DEFAULT", isNot: "RSA_2048", call: describe },
  { key: "kms:CustomerMasterKeyUsage", is: "ENCRYPT_DECRYPT", isNot: "SIGN_VERIFY", call: describe },
  {
    key: "kms:DataKeyPairSpec",
    is: "ECC_NIST_P256",
    isNot: "RSA_2048",
    call: ({ kms, KeyId }) =>
      kms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec: "ECC_NIST_P256" })),
  },
  {
    key: "kms:EncapsulationAlgorithm",
    is: "ML_KEM",
    isNot: "RSA",
    of: { KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" },
    call: ({ kms, KeyId }) => kms.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm: "ML_KEM" })),
  },
  { key: "kms:EncryptionAlgorithm", is: "SYMMETRIC_DEFAULT", isNot: "RSAES_OAEP_SHA_1", call: encrypt },
  { key: "kms:EncryptionContext:app", is: "payroll", isNot: "mail", call: encrypt },
  { key: "kms:EncryptionContextKeys ForAllValues:StringEquals", is: ["app", "stage"], isNot: "stage", call: encrypt },
  { key: "kms:EncryptionContext:app", is: "payroll", isNot: "mail", call: grant },
  {
    key: "kms:ExpirationModel",
    is: "KEY_MATERIAL_EXPIRES",
    isNot: "KEY_MATERIAL_DOES_NOT_EXPIRE",
    of: EXTERNAL,
    call: importUntil(3),
  },
  {
    key: "kms:ValidTo DateLessThan",
    is: "2100-01-01T00:00:00Z",
    isNot: "2020-01-01T00:00:00Z",
    of: EXTERNAL,
    call: importUntil(3),
  },
  { key: "kms:GrantConstraintType", is: "EncryptionContextSubset", isNot: "EncryptionContextEquals", call: grant },
  { key: "kms:GrantConstraintSourceArn ArnEquals", is: TABLE, isNot: `${TABLE}-2`, call: grantToService },
  { key: "kms:GrantIsForAWSResource Bool", is: "false", isNot: "true", call: grant },
  {
    key: "kms:GrantOperations ForAllValues:StringEquals",
    is: ["Decrypt", "DescribeKey"],
    isNot: "Decrypt",
    call: grant,
  },
  { key: "kms:GranteePrincipal", is: ROOT, isNot: OTHER_ROOT, call: grant },
  { key: "kms:RetiringPrincipal", is: ROOT, isNot: OTHER_ROOT, call: grant },
  { key: "kms:GranteeServicePrincipal", is: SERVICE, isNot: "ec2.amazonaws.com", call: grantToService },
  { key: "kms:RetiringServicePrincipal", is: SERVICE, isNot: "ec2.amazonaws.com", call: grantToService },
  {
    key: "kms:KeyAgreementAlgorithm",
    is: "ECDH",
    isNot: "RSA",
    of: { KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" },
    call: agree,
  },
  { key: "kms:KeyOrigin", is: "AWS_KMS", isNot: "EXTERNAL", call: describe },
  { key: "kms:KeyOrigin", is: "EXTERNAL", isNot: "AWS_KMS", call: create(EXTERNAL) },
  { key: "kms:KeySpec", is: "SYMMETRIC_DEFAULT", isNot: "RSA_2048", call: encrypt },
  { key: "kms:KeySpec", is: "ECC_NIST_P256", isNot: "SYMMETRIC_DEFAULT", call: create(SIGNING) },
  { key: "kms:KeySpec", is: "ECC_NIST_P256", isNot: "RSA_2048", of: { ...SIGNING, ...MULTI }, call: replicate },
  { key: "kms:KeyUsage", is: "ENCRYPT_DECRYPT", isNot: "SIGN_VERIFY", call: encrypt },
  { key: "kms:KeyUsage", is: "SIGN_VERIFY", isNot: "ENCRYPT_DECRYPT", call: create(SIGNING) },
  {
    key: "kms:MacAlgorithm",
    is: "HMAC_SHA_256",
    isNot: "HMAC_SHA_512",
    of: { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
    call: ({ kms, KeyId }) =>
      kms.send(new GenerateMacCommand({ KeyId, Message: Plaintext, MacAlgorithm: "HMAC_SHA_256" })),
  },
  { key: "kms:MessageType", is: "RAW", isNot: "DIGEST", of: SIGNING, call: sign },
  { key: "kms:MultiRegion Bool", is: "true", isNot: "false", of: MULTI, call: encrypt },
  { key: "kms:MultiRegion Bool", is: "false", isNot: "true", call: create({}) },
  { key: "kms:MultiRegionKeyType", is: "PRIMARY", isNot: "REPLICA", of: MULTI, call: encrypt },
  { key: "kms:MultiRegionKeyType", is: "PRIMARY", isNot: "REPLICA", call: create(MULTI) },
  {
    key: "kms:PrimaryRegion",
    is: FAR,
    isNot: "eu-north-1",
    of: MULTI,
    call: async (place) => {
      await replicate({ ...place, kms: place.owner });
      return place.kms.send(new UpdatePrimaryRegionCommand({ KeyId: place.KeyId, PrimaryRegion: FAR }));
    },
  },
  { key: "kms:ReEncryptOnSameKey Bool", is: "true", isNot: "false", call: encryptAnew },
  { key: "kms:ReplicaRegion StringEqualsIfExists", is: FAR, isNot: "eu-north-1", of: MULTI, call: replicate },
  {
    key: "kms:RequestAlias",
    is: "alias/payroll",
    isNot: "alias/mail",
    call: async (place) => {
      await name(place);
      return encrypt({ ...place, KeyId: "alias/payroll" });
    },
  },
  {
    key: "kms:ResourceAliases ForAnyValue:StringLike",
    is: "alias/pay*",
    isNot: "alias/mail",
    call: async (place) => {
      await name(place);
      return encrypt(place);
    },
  },
  {
    key: "kms:RotationPeriodInDays NumericLessThanEquals",
    is: "100",
    isNot: "99",
    call: ({ kms, KeyId }) => kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 100 })),
  },
  {
    key: "kms:ScheduleKeyDeletionPendingWindowInDays NumericGreaterThanEquals",
    is: "10",
    isNot: "11",
    call: ({ kms, KeyId }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 10 })),
  },
  { key: "kms:SigningAlgorithm", is: "ECDSA_SHA_256", isNot: "ECDSA_SHA_384", of: SIGNING, call: sign },
  {
    key: "kms:TrailingDaysWithoutKeyUsage NumericLessThan",
    is: "1",
    isNot: "0",
    call: ({ kms, KeyId }) => kms.send(new DisableKeyCommand({ KeyId })),
  },
  {
    key: "kms:WrappingAlgorithm",
    is: "RSAES_OAEP_SHA_256",
    isNot: "RSAES_OAEP_SHA_1",
    of: EXTERNAL,
    call: askToImport,
  },
  { key: "kms:WrappingKeySpec", is: "RSA_2048", isNot: "RSA_4096", of: EXTERNAL, call: askToImport },
  {
    key: "aws:ResourceTag/team",
    is: "blue",
    isNot: "red",
    of: { Tags: [{ TagKey: "team", TagValue: "blue" }] },
    call: encrypt,
  },
  {
    key: "aws:RequestTag/team",
    is: "blue",
    isNot: "red",
    call: ({ kms, KeyId }) => kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "team", TagValue: "blue" }] })),
  },
  {
    key: "aws:TagKeys ForAllValues:StringEquals",
    is: "team",
    isNot: "stage",
    call: ({ kms, KeyId }) => kms.send(new UntagResourceCommand({ KeyId, TagKeys: ["team"] })),
  },
];

/** What else the calls of a case need, whose condition keys are others. */
const BESIDES = { Effect: "Allow", Action: ["kms:GetParametersForImport", "kms:CreateKey"], Resource: "*" };

async function attempt({ key: named, of, call }: Case, value: Values) {
  const { cloud, kms: owner, KeyId } = await withKey(of);
  const [key = "", operator = "StringEquals"] = named.split(" ");
  const held = { Effect: "Allow", Action: "kms:*", Resource: "*", Condition: { [operator]: { [key]: value } } };
  const isOfImports = key === "kms:ExpirationModel" || key === "kms:ValidTo" || key === "kms:ReplicaRegion";
  const ann = await makeUser(cloud, "ann", { allow: { Statement: isOfImports ? [held, BESIDES] : [held] } });
  return call({ owner, kms: cloud.client(KMSClient, ann), KeyId, now: cloud.clock.now() });
}

test.each(CASES)("a policy holds its users to $key $is", async (each) => {
  await attempt(each, each.is);
  await expect(attempt(each, each.isNot)).rejects.toMatchObject({ name: "AccessDeniedException" });
});

import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyPolicyCommand,
  GetParametersForImportCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyPoliciesCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
  UpdateAliasCommand,
  UpdatePrimaryRegionCommand,
  type KMSClient,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { importSecret } from "../../../../test/key-material.ts";
import { withKey } from "../../../../test/keys.ts";

/** A key that was of use, with what was made by it then. */
interface Place {
  readonly kms: KMSClient;
  readonly KeyId: string;
  readonly CiphertextBlob: Uint8Array | undefined;
  readonly GrantId: string | undefined;
  readonly AliasName: string;
}

/** What a call is answered where the key is in that state. */
interface Verdicts {
  readonly disabled: Verdict;
  readonly leaving: Verdict;
  readonly empty: Verdict;
}

type Verdict = "ok" | "disabled" | "pending deletion" | "not pending deletion" | "pending import" | "wrong origin";

interface Group extends Verdicts {
  readonly calls: Readonly<Record<string, (place: Place) => Promise<unknown>>>;
}

const SECRET = Buffer.alloc(32, 7);
const Plaintext = Buffer.from("attack at dawn");
const KeySpec = "AES_256";
const KeyPairSpec = "ECC_NIST_P256";
const FAR = "eu-west-1";
const Policy = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "kms:*", Resource: "*" }],
});
const WRAPPING = { WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
const GRANT = { GranteePrincipal: "000000000000", Operations: ["Decrypt" as const] };

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table (keys whose material is imported) */
const GROUPS: readonly Group[] = [
  {
    disabled: "disabled",
    leaving: "pending deletion",
    empty: "pending import",
    calls: {
      CreateGrant: ({ kms, KeyId }) => kms.send(new CreateGrantCommand({ KeyId, ...GRANT })),
      Decrypt: ({ kms, CiphertextBlob }) => kms.send(new DecryptCommand({ CiphertextBlob })),
      Encrypt: ({ kms, KeyId }) => kms.send(new EncryptCommand({ KeyId, Plaintext })),
      GenerateDataKey: ({ kms, KeyId }) => kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec })),
      GenerateDataKeyWithoutPlaintext: ({ kms, KeyId }) =>
        kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec })),
      GenerateDataKeyPair: ({ kms, KeyId }) => kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec })),
      GenerateDataKeyPairWithoutPlaintext: ({ kms, KeyId }) =>
        kms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec })),
      ReEncrypt: ({ kms, KeyId, CiphertextBlob }) =>
        kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId })),
      ReplicateKey: ({ kms, KeyId }) => kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: FAR })),
      UpdatePrimaryRegion: ({ kms, KeyId }) => kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: FAR })),
    },
  },
  {
    disabled: "ok",
    leaving: "ok",
    empty: "ok",
    calls: {
      DeleteAlias: ({ kms, AliasName }) => kms.send(new DeleteAliasCommand({ AliasName })),
      DeleteImportedKeyMaterial: ({ kms, KeyId }) => kms.send(new DeleteImportedKeyMaterialCommand({ KeyId })),
      DescribeKey: ({ kms, KeyId }) => kms.send(new DescribeKeyCommand({ KeyId })),
      GetKeyPolicy: ({ kms, KeyId }) => kms.send(new GetKeyPolicyCommand({ KeyId })),
      ListAliases: ({ kms, KeyId }) => kms.send(new ListAliasesCommand({ KeyId })),
      ListGrants: ({ kms, KeyId }) => kms.send(new ListGrantsCommand({ KeyId })),
      ListKeyPolicies: ({ kms, KeyId }) => kms.send(new ListKeyPoliciesCommand({ KeyId })),
      ListResourceTags: ({ kms, KeyId }) => kms.send(new ListResourceTagsCommand({ KeyId })),
      PutKeyPolicy: ({ kms, KeyId }) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy })),
      RetireGrant: ({ kms, KeyId, GrantId }) => kms.send(new RetireGrantCommand({ KeyId, GrantId })),
      RevokeGrant: ({ kms, KeyId, GrantId }) => kms.send(new RevokeGrantCommand({ KeyId, GrantId })),
    },
  },
  {
    disabled: "ok",
    leaving: "pending deletion",
    empty: "ok",
    calls: {
      CreateAlias: ({ kms, KeyId }) => kms.send(new CreateAliasCommand({ AliasName: "alias/b", TargetKeyId: KeyId })),
      GetParametersForImport: ({ kms, KeyId }) => kms.send(new GetParametersForImportCommand({ KeyId, ...WRAPPING })),
      ScheduleKeyDeletion: ({ kms, KeyId }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId })),
      TagResource: ({ kms, KeyId }) =>
        kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "a", TagValue: "b" }] })),
      UntagResource: ({ kms, KeyId }) => kms.send(new UntagResourceCommand({ KeyId, TagKeys: ["a"] })),
      UpdateAlias: ({ kms, KeyId, AliasName }) => kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: KeyId })),
      UpdateKeyDescription: ({ kms, KeyId }) =>
        kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: "late" })),
    },
  },
  {
    disabled: "ok",
    leaving: "pending deletion",
    empty: "pending import",
    calls: {
      DisableKey: ({ kms, KeyId }) => kms.send(new DisableKeyCommand({ KeyId })),
      EnableKey: ({ kms, KeyId }) => kms.send(new EnableKeyCommand({ KeyId })),
    },
  },
  {
    disabled: "disabled",
    leaving: "pending deletion",
    empty: "wrong origin",
    calls: {
      DisableKeyRotation: ({ kms, KeyId }) => kms.send(new DisableKeyRotationCommand({ KeyId })),
      EnableKeyRotation: ({ kms, KeyId }) => kms.send(new EnableKeyRotationCommand({ KeyId })),
    },
  },
  {
    disabled: "not pending deletion",
    leaving: "ok",
    empty: "not pending deletion",
    calls: { CancelKeyDeletion: ({ kms, KeyId }) => kms.send(new CancelKeyDeletionCommand({ KeyId })) },
  },
];

const CASES = GROUPS.flatMap(({ calls, ...verdicts }) =>
  Object.entries(calls).map(([name, call]) => ({ name, call, ...verdicts })),
);

const CHANGES: Readonly<Record<keyof Verdicts, (place: Place) => Promise<unknown>>> = {
  disabled: ({ kms, KeyId }) => kms.send(new DisableKeyCommand({ KeyId })),
  leaving: ({ kms, KeyId }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId })),
  empty: ({ kms, KeyId }) => kms.send(new DeleteImportedKeyMaterialCommand({ KeyId })),
};

/** What a call comes to: nothing amiss, or AWS's error. */
function outcome(verdict: Verdict, arn: string): string {
  if (verdict === "ok") return "ok";
  if (verdict === "wrong origin")
    return `UnsupportedOperationException: ${arn} origin is EXTERNAL which is not valid for this operation.`;
  const name = verdict === "disabled" ? "DisabledException" : "KMSInvalidStateException";
  return `${name}: ${arn} is ${verdict}.`;
}

async function placeWith(state: keyof Verdicts) {
  const { kms, KeyId, arn } = await withKey({ Origin: "EXTERNAL", MultiRegion: true });
  await importSecret(kms, KeyId, { secret: SECRET });
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  const { GrantId } = await kms.send(new CreateGrantCommand({ KeyId, ...GRANT }));
  const AliasName = "alias/a";
  await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  const place = { kms, KeyId, CiphertextBlob, GrantId, AliasName };
  await CHANGES[state](place);
  return { place, arn };
}

test.each(CASES)("$name of a key that is disabled, that is to be deleted, that has no material", async (each) => {
  for (const state of ["disabled", "leaving", "empty"] as const) {
    const { place, arn } = await placeWith(state);
    const came = await each.call(place).then(() => "ok", String);
    expect(came, state).toBe(outcome(each[state], arn));
  }
});

/** Keys of KMS. */
import type { KeyMetadata } from "@aws-sdk/client-kms";
import { afterPrefix, allPages, ifThere, type ResourceKind } from "./kind.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

export const keyKind: ResourceKind = {
  type: "AWS::KMS::Key",
  idOf: ({ service, resource }) => {
    const id = service === "kms" ? afterPrefix(resource, "key/") : undefined;
    return id === "*" ? undefined : id;
  },

  list: (reader) =>
    allPages(async (Marker) => {
      const { Keys = [], NextMarker: next } = await reader.call<KmsSdk, "ListKeys">({
        service: "kms",
        operation: "ListKeys",
        input: { Marker },
      });
      return { items: Keys.map(({ KeyId = "" }) => KeyId), next };
    }),

  async find(KeyId, reader) {
    const input = { KeyId };
    const got = await ifThere(reader.call<KmsSdk, "DescribeKey">({ service: "kms", operation: "DescribeKey", input }));
    if (got?.KeyMetadata === undefined) return undefined;
    const { KeyMetadata: key } = got;
    const isRotatable = isRotatableKey(key);
    const [rotation, policy, tags] = await Promise.all([
      isRotatable
        ? reader.call<KmsSdk, "GetKeyRotationStatus">({ service: "kms", operation: "GetKeyRotationStatus", input })
        : undefined,
      reader.call<KmsSdk, "GetKeyPolicy">({ service: "kms", operation: "GetKeyPolicy", input }),
      reader.call<KmsSdk, "ListResourceTags">({ service: "kms", operation: "ListResourceTags", input }),
    ]);
    return {
      id: KeyId,
      name: KeyId,
      arn: key.Arn ?? "",
      ...(key.CreationDate && { createdAtMs: key.CreationDate.getTime() }),
      tags: Object.fromEntries((tags.Tags ?? []).map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue])),
      configuration: configurationOf(key),
      supplementary: { KeyRotationStatus: rotation?.KeyRotationEnabled ?? false, Policy: policy.Policy ?? null },
    };
  },
};

const isRotatableKey = ({ KeyManager, KeySpec, KeyState }: KeyMetadata): boolean =>
  KeyManager === "CUSTOMER" && KeySpec === "SYMMETRIC_DEFAULT" && KeyState !== "PendingDeletion";

const configurationOf = (key: KeyMetadata) => ({
  awsaccountId: key.AWSAccountId,
  keyId: key.KeyId,
  arn: key.Arn,
  creationDate: key.CreationDate?.toISOString(),
  enabled: key.Enabled,
  description: key.Description,
  keyUsage: key.KeyUsage,
  keyState: key.KeyState,
  origin: key.Origin,
  keyManager: key.KeyManager,
  keySpec: key.KeySpec,
  multiRegion: key.MultiRegion,
  deletionDate: key.DeletionDate?.toISOString() ?? null,
});

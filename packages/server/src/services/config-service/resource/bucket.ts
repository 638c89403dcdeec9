/** Buckets. Source: https://github.com/awslabs/aws-config-resource-schema (AWS::S3::Bucket), https://docs.aws.amazon.com/config/latest/developerguide/example-sample-configuration-item.html */
import { allPages, ifThere, tagsOf, type Reader, type ResourceKind } from "./kind.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

export const bucketKind: ResourceKind = {
  type: "AWS::S3::Bucket",
  idOf: ({ service, resource }) => (service === "s3" && !/[/*:?]/.test(resource) ? resource : undefined),

  list: (reader) =>
    allPages(async (ContinuationToken) => {
      const { Buckets = [], ContinuationToken: next } = await reader.call<S3Sdk, "ListBuckets">({
        service: "s3",
        operation: "ListBuckets",
        input: { BucketRegion: reader.region, MaxBuckets: 1000, ContinuationToken },
      });
      return { items: Buckets.map(({ Name = "" }) => Name), next };
    }),

  async find(name, reader) {
    const bucket = await headOf(name, reader);
    if (bucket === undefined) return undefined;
    const settings = await settingsOf(name, reader);
    const { policy, block, versioning, encryption, logging, tagging, replication, lifecycle, acl, status } = settings;
    return {
      id: name,
      name,
      arn: `arn:${reader.partition}:s3:::${name}`,
      ...(bucket.createdAtMs !== undefined && { createdAtMs: bucket.createdAtMs }),
      tags: tagsOf(tagging?.TagSet),
      configuration: {
        name,
        owner: { id: acl?.Owner?.ID ?? null, displayName: null },
        creationDate: bucket.createdAtMs === undefined ? null : new Date(bucket.createdAtMs).toISOString(),
        region: reader.region,
      },
      supplementary: {
        AccessControlList: { grantSet: null, grantList: acl?.Grants ?? [], owner: acl?.Owner ?? null },
        BucketAccelerateConfiguration: { status: null },
        BucketLoggingConfiguration: {
          destinationBucketName: logging?.LoggingEnabled?.TargetBucket ?? null,
          logFilePrefix: logging?.LoggingEnabled?.TargetPrefix ?? null,
        },
        BucketPolicy: { policyText: policy?.Policy ?? null },
        BucketVersioningConfiguration: {
          status: versioning?.Status ?? "Off",
          isMfaDeleteEnabled: versioning?.MFADelete === undefined ? null : versioning.MFADelete === "Enabled",
        },
        IsRequesterPaysEnabled: false,
        PublicAccessBlockConfiguration: {
          blockPublicAcls: block?.PublicAccessBlockConfiguration?.BlockPublicAcls ?? false,
          ignorePublicAcls: block?.PublicAccessBlockConfiguration?.IgnorePublicAcls ?? false,
          blockPublicPolicy: block?.PublicAccessBlockConfiguration?.BlockPublicPolicy ?? false,
          restrictPublicBuckets: block?.PublicAccessBlockConfiguration?.RestrictPublicBuckets ?? false,
        },
        ServerSideEncryptionConfiguration: {
          rules: (encryption?.ServerSideEncryptionConfiguration?.Rules ?? []).map((rule) => ({
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? null,
              kmsMasterKeyID: rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID ?? null,
            },
            bucketKeyEnabled: rule.BucketKeyEnabled ?? false,
          })),
        },
        BucketReplicationConfiguration: replication?.ReplicationConfiguration ?? null,
        BucketLifecycleConfiguration: lifecycle?.Rules ?? null,
        // of use to the rules on public buckets; AWS computes the same from policy and block
        BucketPolicyStatus: { isPublic: status?.PolicyStatus?.IsPublic ?? false },
      },
    };
  },
};

/** What a bucket has of each; `undefined` where it has none. */
async function settingsOf(Bucket: string, reader: Reader) {
  const ask = { service: "s3", input: { Bucket } } as const;
  return {
    policy: await ifThere(reader.call<S3Sdk, "GetBucketPolicy">({ ...ask, operation: "GetBucketPolicy" })),
    status: await ifThere(reader.call<S3Sdk, "GetBucketPolicyStatus">({ ...ask, operation: "GetBucketPolicyStatus" })),
    block: await ifThere(reader.call<S3Sdk, "GetPublicAccessBlock">({ ...ask, operation: "GetPublicAccessBlock" })),
    versioning: await ifThere(reader.call<S3Sdk, "GetBucketVersioning">({ ...ask, operation: "GetBucketVersioning" })),
    encryption: await ifThere(reader.call<S3Sdk, "GetBucketEncryption">({ ...ask, operation: "GetBucketEncryption" })),
    logging: await ifThere(reader.call<S3Sdk, "GetBucketLogging">({ ...ask, operation: "GetBucketLogging" })),
    tagging: await ifThere(reader.call<S3Sdk, "GetBucketTagging">({ ...ask, operation: "GetBucketTagging" })),
    replication: await ifThere(
      reader.call<S3Sdk, "GetBucketReplication">({ ...ask, operation: "GetBucketReplication" }),
    ),
    lifecycle: await ifThere(
      reader.call<S3Sdk, "GetBucketLifecycleConfiguration">({ ...ask, operation: "GetBucketLifecycleConfiguration" }),
    ),
    acl: await ifThere(reader.call<S3Sdk, "GetBucketAcl">({ ...ask, operation: "GetBucketAcl" })),
  };
}

async function headOf(name: string, reader: Reader): Promise<{ createdAtMs?: number } | undefined> {
  const { Buckets = [] } = await reader.call<S3Sdk, "ListBuckets">({
    service: "s3",
    operation: "ListBuckets",
    input: { Prefix: name, MaxBuckets: 1000, BucketRegion: reader.region },
  });
  const bucket = Buckets.find(({ Name }) => Name === name);
  return bucket && { ...(bucket.CreationDate && { createdAtMs: bucket.CreationDate.getTime() }) };
}

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
    const { createdAtMs } = bucket;
    return {
      id: name,
      name,
      arn: `arn:${reader.partition}:s3:::${name}`,
      ...(createdAtMs !== undefined && { createdAtMs }),
      tags: tagsOf(settings.tagging?.TagSet),
      configuration: {
        name,
        owner: { id: settings.acl?.Owner?.ID ?? null, displayName: null },
        creationDate: createdAtMs === undefined ? null : new Date(createdAtMs).toISOString(),
        region: reader.region,
      },
      supplementary: supplementaryOf(settings),
    };
  },
};

type Settings = Awaited<ReturnType<typeof settingsOf>>;

const supplementaryOf = (settings: Settings): Readonly<Record<string, unknown>> => ({
  AccessControlList: listOf(settings),
  BucketLoggingConfiguration: loggingOf(settings),
  BucketNotificationConfiguration: { configurations: notificationsOf(settings) },
  BucketPolicy: { policyText: settings.policy?.Policy ?? null },
  BucketVersioningConfiguration: versioningOf(settings),
  ...(settings.lock && { ObjectLockConfiguration: settings.lock.ObjectLockConfiguration ?? null }),
  PublicAccessBlockConfiguration: blockOf(settings),
  ServerSideEncryptionConfiguration: encryptionOf(settings),
  BucketReplicationConfiguration: settings.replication?.ReplicationConfiguration ?? null,
  BucketLifecycleConfiguration: settings.lifecycle?.Rules ?? null,
  // what AWS computes of policy and block besides, for its rules on public buckets
  BucketPolicyStatus: { isPublic: settings.status?.PolicyStatus?.IsPublic ?? false },
});

const listOf = ({ acl }: Settings) => ({
  grantSet: null,
  grantList: acl?.Grants ?? [],
  owner: acl?.Owner ?? null,
});

interface Notified {
  readonly Id?: string | undefined;
  readonly Events: readonly string[] | undefined;
}

const notified = ({ Id = "", Events = [] }: Notified, target: object) => [Id, { events: Events, ...target }] as const;

/** By their ids. */
const notificationsOf = ({ notification: all }: Settings) =>
  Object.fromEntries([
    ...(all?.QueueConfigurations ?? []).map((rule) =>
      notified(rule, { queueARN: rule.QueueArn, type: "QueueConfiguration" }),
    ),
    ...(all?.TopicConfigurations ?? []).map((rule) =>
      notified(rule, { topicARN: rule.TopicArn, type: "TopicConfiguration" }),
    ),
    ...(all?.LambdaFunctionConfigurations ?? []).map((rule) =>
      notified(rule, { functionARN: rule.LambdaFunctionArn, type: "LambdaConfiguration" }),
    ),
  ]);

const loggingOf = ({ logging }: Settings) => ({
  destinationBucketName: logging?.LoggingEnabled?.TargetBucket ?? null,
  logFilePrefix: logging?.LoggingEnabled?.TargetPrefix ?? null,
});

const versioningOf = ({ versioning }: Settings) => ({
  status: versioning?.Status ?? "Off",
  isMfaDeleteEnabled: versioning?.MFADelete === undefined ? null : versioning.MFADelete === "Enabled",
});

function blockOf({ block }: Settings) {
  const on = block?.PublicAccessBlockConfiguration ?? {};
  return {
    blockPublicAcls: on.BlockPublicAcls ?? false,
    ignorePublicAcls: on.IgnorePublicAcls ?? false,
    blockPublicPolicy: on.BlockPublicPolicy ?? false,
    restrictPublicBuckets: on.RestrictPublicBuckets ?? false,
  };
}

const encryptionOf = ({ encryption }: Settings) => ({
  rules: (encryption?.ServerSideEncryptionConfiguration?.Rules ?? []).map((rule) => ({
    applyServerSideEncryptionByDefault: {
      sseAlgorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? null,
      kmsMasterKeyID: rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID ?? null,
    },
    bucketKeyEnabled: rule.BucketKeyEnabled ?? false,
  })),
});

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
    lock: await ifThere(
      reader.call<S3Sdk, "GetObjectLockConfiguration">({ ...ask, operation: "GetObjectLockConfiguration" }),
    ),
    notification: await ifThere(
      reader.call<S3Sdk, "GetBucketNotificationConfiguration">({
        ...ask,
        operation: "GetBucketNotificationConfiguration",
      }),
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

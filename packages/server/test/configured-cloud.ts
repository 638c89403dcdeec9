/** A cloud in which AWS Config records, by its service-linked role, into a bucket that lets it write. */
import {
  ConfigServiceClient,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
  type RecordingGroup,
} from "@aws-sdk/client-config-service";
import { CreateServiceLinkedRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { policyText } from "./identities.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

const EVERYTHING: RecordingGroup = { allSupported: true, includeGlobalResourceTypes: true };

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html */
const letsConfigWrite = (bucket: string): string =>
  policyText({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "config.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${bucket}/AWSLogs/000000000000/Config/*`,
        Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
    ],
  });

export async function configuredCloud(recordingGroup = EVERYTHING, within?: TestCloud) {
  const cloud = within ?? (await testCloud());
  const config = cloud.client(ConfigServiceClient);
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "history" }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: "history", Policy: letsConfigWrite("history") }));
  const { Role } = await cloud
    .client(IAMClient)
    .send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "config.amazonaws.com" }));
  await config.send(
    new PutConfigurationRecorderCommand({
      ConfigurationRecorder: { name: "default", roleARN: Role?.Arn, recordingGroup },
    }),
  );
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: "history" } }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  /** What calls did is on record, and has been looked at. */
  const settle = async () => {
    await cloud.cloud.journal.flush();
    await cloud.clock.advance(1);
  };
  await settle();
  return {
    cloud,
    config,
    s3,
    settle,
    rule: async (ConfigRuleName: string, SourceIdentifier: string, more: object = {}) => {
      const Source = { Owner: "AWS" as const, SourceIdentifier };
      await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName, Source, ...more } }));
      await settle();
    },
  };
}

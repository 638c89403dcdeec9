/** What services answer where somebody names a key that is not there. */
import { CloudTrailClient, CreateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateArchiveCommand, CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { UpdateArchiveCommand, UpdateEventBusCommand } from "@aws-sdk/client-eventbridge";
import { UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateSecretCommand, SecretsManagerClient, UpdateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SetTopicAttributesCommand, SNSClient, CreateTopicCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { functionWorld } from "../../test/functions.ts";
import { makeRole } from "../../test/identities.ts";
import { testCloud, type TestCloud } from "../../test/test-cloud.ts";
import { LOGS, trailCloud } from "../../test/trails.ts";

const ACCOUNT = "000000000000";
const GONE = `arn:aws:kms:us-east-1:${ACCOUNT}:key/00000000-0000-4000-8000-000000000000`;
const MISSING = `Key '${GONE}' does not exist`;

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html (KmsKeyId, ResourceNotFoundException) */
test("no secret is encrypted under a key that does not exist, old or new", async () => {
  const manager = (await testCloud()).client(SecretsManagerClient);
  const made = manager.send(new CreateSecretCommand({ Name: "new", SecretString: "x", KmsKeyId: GONE }));
  await expect(made).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await manager.send(new CreateSecretCommand({ Name: "old", SecretString: "x" }));
  const changed = manager.send(new UpdateSecretCommand({ SecretId: "old", KmsKeyId: GONE }));
  await expect(changed).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (InvalidKeyId) */
test("no parameter is encrypted under it", async () => {
  const ssm = (await testCloud()).client(SSMClient);
  const put = ssm.send(new PutParameterCommand({ Name: "p", Type: "SecureString", Value: "x", KeyId: GONE }));
  await expect(put).rejects.toMatchObject({ name: "InvalidKeyId" });
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html (kms:DescribeKey) */
test("no event bus and no archive has it", async () => {
  const events = (await testCloud()).client(EventBridgeClient);
  const refusal = { name: "ResourceNotFoundException", message: MISSING };
  const KmsKeyIdentifier = GONE;
  const bus = { Name: "orders", KmsKeyIdentifier };
  await expect(events.send(new CreateEventBusCommand(bus))).rejects.toMatchObject(refusal);
  const { EventBusArn: EventSourceArn } = await events.send(new CreateEventBusCommand({ Name: "orders" }));
  await expect(events.send(new UpdateEventBusCommand(bus))).rejects.toMatchObject(refusal);
  const archive = { ArchiveName: "a", EventSourceArn };
  const kept = events.send(new CreateArchiveCommand({ ...archive, KmsKeyIdentifier }));
  await expect(kept).rejects.toMatchObject(refusal);
  await events.send(new CreateArchiveCommand(archive));
  const changed = events.send(new UpdateArchiveCommand({ ArchiveName: "a", KmsKeyIdentifier }));
  await expect(changed).rejects.toMatchObject(refusal);
});

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/4633 */
test("no function's variables are encrypted under it", async () => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => 1;");
  const Environment = { Variables: { COLOUR: "red" } };
  const changed = { FunctionName: "f", KMSKeyArn: GONE, Environment };
  await expect(world.lambda.send(new UpdateFunctionConfigurationCommand(changed))).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: `Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception: NotFoundException KMS Message: ${MISSING}`,
  });
});

/** Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html (ValidationException), https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html */
test("no schedule has it, with an input or without", async () => {
  const cloud = await testCloud();
  const { Arn, create } = await schedulable(cloud);
  await expect(create({ Arn, Input: "go" })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(create({ Arn })).rejects.toMatchObject({ name: "ValidationException" });
});

async function schedulable(cloud: TestCloud) {
  const scheduler = cloud.client(SchedulerClient);
  const RoleArn = await makeRole(cloud, "runner", {
    principal: { Service: "scheduler.amazonaws.com" },
    allow: ["sqs:SendMessage"],
  });
  const create = (target: { readonly Arn: string; readonly Input?: string }) =>
    scheduler.send(
      new CreateScheduleCommand({
        Name: "nightly",
        ScheduleExpression: "rate(1 day)",
        FlexibleTimeWindow: { Mode: "OFF" },
        KmsKeyArn: GONE,
        Target: { RoleArn, ...target },
      }),
    );
  return { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`, create };
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (KmsKeyNotFoundException) */
test("no trail delivers under it", async () => {
  const trails = (await trailCloud()).client(CloudTrailClient);
  const made = trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, KmsKeyId: GONE }));
  await expect(made).rejects.toMatchObject({ name: "KmsKeyNotFoundException" });
});

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/29282 */
test("no log group has it", async () => {
  const logs = (await testCloud()).client(CloudWatchLogsClient);
  const made = logs.send(new CreateLogGroupCommand({ logGroupName: "g", kmsKeyId: GONE }));
  await expect(made).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g'`,
  });
});

/** What they say is in the errors of sending alone. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (KmsNotFound), https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (KMSNotFound) */
test("queues and topics take the name of any key, and no message under one that does not exist", async () => {
  const cloud = await testCloud();
  const sqs = cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { KmsMasterKeyId: GONE } }));
  const sent = sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
  await expect(sent).rejects.toMatchObject({ name: "KmsNotFound" });
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "t" }));
  const key = { AttributeName: "KmsMasterKeyId", AttributeValue: GONE };
  await sns.send(new SetTopicAttributesCommand({ TopicArn, ...key }));
  const published = sns.send(new PublishCommand({ TopicArn, Message: "x" }));
  await expect(published).rejects.toMatchObject({ name: "KMSNotFoundException" });
});

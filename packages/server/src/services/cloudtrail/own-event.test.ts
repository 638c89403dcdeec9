/** What services do of themselves. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html */
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateKeyCommand,
  DecryptCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ReEncryptCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from "@aws-sdk/client-kms";
import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { servicePolicy } from "../../../test/service-policy.ts";
import { testCloud } from "../../../test/test-cloud.ts";
import { ACCOUNT, deliveredRecords, loggingCloud, untilDelivered } from "../../../test/trails.ts";

const DAY_SECONDS = 86_400;
const FAR = "eu-west-1";

async function lookedUp(trails: CloudTrailClient, eventName: string) {
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: eventName }];
  const { Events = [] } = await trails.send(new LookupEventsCommand({ LookupAttributes }));
  return Events.map(({ CloudTrailEvent = "{}", ...found }) => ({ ...found, record: JSON.parse(CloudTrailEvent) }));
}

test("the rotation of a key is in the log files and in the event history, and nobody called it", async () => {
  const cloud = await loggingCloud();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata: { KeyId = "", Arn: ARN } = {} } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  const { NextRotationDate } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
  await cloud.clock.advance(90 * DAY_SECONDS);
  await untilDelivered(cloud);
  // Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-rotatekey.html
  const expected = {
    eventVersion: "1.11",
    userIdentity: { accountId: ACCOUNT, invokedBy: "AWS Internal" },
    eventTime: expect.stringMatching(/Z$/),
    eventSource: "kms.amazonaws.com",
    eventName: "RotateKey",
    awsRegion: "us-east-1",
    sourceIPAddress: "AWS Internal",
    userAgent: "AWS Internal",
    requestParameters: null,
    responseElements: null,
    eventID: expect.any(String),
    readOnly: false,
    resources: [{ accountId: ACCOUNT, type: "AWS::KMS::Key", ARN }],
    eventType: "AwsServiceEvent",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    serviceEventDetails: {
      rotationType: "AUTOMATIC",
      keyOrigin: "AWS_KMS",
      previousKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
      currentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
      keyId: KeyId,
    },
    eventCategory: "Management",
  };
  const delivered = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "RotateKey");
  expect(delivered).toEqual([expected]);
  const [found, ...more] = await lookedUp(cloud.trails, "RotateKey");
  const afterDue = (found?.EventTime?.getTime() ?? 0) - (NextRotationDate?.getTime() ?? 0);
  expect(afterDue).toBeGreaterThan(-1000);
  expect(afterDue).toBeLessThan(60_000);
  expect(found).toMatchObject({
    Resources: [{ ResourceType: "AWS::KMS::Key", ResourceName: ARN }],
    record: expected,
  });
  expect(more).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-delete-key.html */
test("the end of a key's waiting period is in the event history of its region", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient, undefined, { region: "eu-west-1" });
  const { KeyMetadata: { KeyId = "", Arn: ARN } = {} } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await cloud.clock.advance(7 * DAY_SECONDS);
  const trails = cloud.client(CloudTrailClient, undefined, { region: "eu-west-1" });
  expect(await lookedUp(trails, "DeleteKey")).toMatchObject([
    {
      record: {
        eventType: "AwsServiceEvent",
        responseElements: { keyId: ARN },
        resources: [{ ARN }],
        awsRegion: "eu-west-1",
      },
    },
  ]);
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-synchronize-multi-region-key.html */
test("what the regions of a key share is copied by a call of KMS's own", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata: { KeyId, Arn: ARN } = {} } = await kms.send(new CreateKeyCommand({ MultiRegion: true }));
  await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-west-1" }));
  await cloud.cloud.journal.flush();
  const [{ record } = {}, ...more] = await lookedUp(cloud.client(CloudTrailClient), "SynchronizeMultiRegionKey");
  expect(record).toMatchObject({
    userIdentity: { accountId: ACCOUNT, invokedBy: "AWS Internal" },
    requestParameters: null,
    responseElements: { keyId: ARN },
    requestID: expect.any(String),
    readOnly: false,
    resources: [{ accountId: ACCOUNT, type: "AWS::KMS::Key", ARN }],
    eventType: "AwsApiCall",
  });
  expect(more).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-replicate-key.html, ct-createkey.html, ct-update-primary-region.html */
test("what a call does to a key of several regions is recorded in each of them, as the caller's", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const far = cloud.client(CloudTrailClient, undefined, { region: FAR });
  const { KeyMetadata: { KeyId, Arn = "" } = {} } = await kms.send(new CreateKeyCommand({ MultiRegion: true }));
  const ARN = Arn.replace("us-east-1", FAR);
  const Tags = [{ TagKey: "a", TagValue: "b" }];
  const { ReplicaPolicy } = await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: FAR, Tags }));
  await kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: FAR }));
  await cloud.cloud.journal.flush();
  const common = {
    userIdentity: { type: "Root", accountId: ACCOUNT, invokedBy: "kms.amazonaws.com" },
    awsRegion: FAR,
    sourceIPAddress: "127.0.0.1",
    readOnly: false,
    eventType: "AwsApiCall",
    recipientAccountId: ACCOUNT,
  };
  const [created, ...no] = await lookedUp(far, "CreateKey");
  expect(created?.record).toMatchObject({
    ...common,
    requestParameters: {
      policy: ReplicaPolicy,
      description: "",
      keyUsage: "ENCRYPT_DECRYPT",
      keySpec: "SYMMETRIC_DEFAULT",
      origin: "AWS_KMS",
      multiRegion: true,
      bypassPolicyLockoutSafetyCheck: false,
      tags: [{ tagKey: "a", tagValue: "b" }],
    },
    responseElements: { keyMetadata: { arn: ARN, keyState: "Creating", multiRegion: true } },
    resources: [{ accountId: ACCOUNT, type: "AWS::KMS::Key", ARN }],
  });
  const [promoted, ...none] = await lookedUp(far, "UpdatePrimaryRegion");
  expect(promoted?.record).toMatchObject({
    ...common,
    requestParameters: { keyId: ARN, primaryRegion: FAR },
    responseElements: { keyId: ARN },
  });
  expect([...no, ...none]).toEqual([]);
  const near = await lookedUp(cloud.client(CloudTrailClient), "UpdatePrimaryRegion");
  expect(near).toMatchObject([
    {
      record: {
        requestParameters: { keyId: KeyId },
        responseElements: { keyId: Arn },
        resources: [{ accountId: ACCOUNT, type: "AWS::KMS::Key", ARN: Arn }],
      },
    },
  ]);
  expect(near[0]?.record.userIdentity).not.toHaveProperty("invokedBy");
});

/**
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-encrypt.html, ct-decrypt.html, ct-generatedatakey.html,
 * ct-generatedatakeypairwithoutplaintext.html, ct-reencrypt.html
 */
test("uses of a symmetric key name the material in the event's additional data", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const trails = cloud.client(CloudTrailClient);
  const { KeyMetadata: { KeyId = "", CurrentKeyMaterialId: id } = {} } = await kms.send(new CreateKeyCommand({}));
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));
  await kms.send(new DecryptCommand({ CiphertextBlob }));
  await kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId }));
  await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));
  await kms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec: "ECC_NIST_P256" }));
  await cloud.cloud.journal.flush();
  const told = async (name: string): Promise<unknown> =>
    (await lookedUp(trails, name)).map(({ record }) => record.additionalEventData);
  for (const name of ["Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyPairWithoutPlaintext"])
    expect(await told(name)).toEqual([{ keyMaterialId: id }]);
  expect(await told("ReEncrypt")).toEqual([{ destinationKeyMaterialId: id, sourceKeyMaterialId: id }]);
  expect(await told("CreateKey")).toEqual([undefined]);
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-createkey.html */
test("the creation of a key is found by the key, with tags or without", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const Tags = [{ TagKey: "a", TagValue: "b" }];
  const { KeyMetadata: { Arn: ARN } = {} } = await kms.send(new CreateKeyCommand({ Tags }));
  await cloud.cloud.journal.flush();
  const trails = cloud.client(CloudTrailClient);
  const LookupAttributes = [{ AttributeKey: "ResourceName" as const, AttributeValue: ARN }];
  const { Events } = await trails.send(new LookupEventsCommand({ LookupAttributes }));
  expect(Events).toMatchObject([
    { EventName: "CreateKey", Resources: [{ ResourceType: "AWS::KMS::Key", ResourceName: ARN }] },
  ]);
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-disable-key.html (responseElements.keyId) */
test("a change of a key that answers nothing is recorded with the key's ARN", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata: { KeyId = "", Arn } = {} } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new DisableKeyCommand({ KeyId }));
  await cloud.cloud.journal.flush();
  expect(await lookedUp(cloud.client(CloudTrailClient), "DisableKey")).toMatchObject([
    { record: { responseElements: { keyId: Arn } } },
  ]);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
test("rules hear of it as a service's event by way of CloudTrail", async () => {
  const cloud = await loggingCloud();
  const sqs = cloud.client(SQSClient);
  const events = cloud.client(EventBridgeClient);
  const Arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:heard`;
  const Policy = servicePolicy({ service: "events", may: "sqs:SendMessage", on: Arn });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "heard", Attributes: { Policy } }));
  const pattern = { source: ["aws.secretsmanager"], detail: { eventName: ["StartSecretVersionDelete"] } };
  await events.send(new PutRuleCommand({ Name: "heard", EventPattern: JSON.stringify(pattern) }));
  await events.send(new PutTargetsCommand({ Rule: "heard", Targets: [{ Id: "1", Arn }] }));
  const manager = cloud.client(SecretsManagerClient);
  const { ARN } = await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "x" }));
  await manager.send(new DeleteSecretCommand({ SecretId: "s" }));
  await cloud.cloud.journal.flush();
  await cloud.clock.advance(1);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map(({ Body = "" }): unknown => JSON.parse(Body))).toMatchObject([
    {
      source: "aws.secretsmanager",
      "detail-type": "AWS Service Event via CloudTrail",
      detail: { eventType: "AwsServiceEvent", additionalEventData: { SecretId: ARN } },
    },
  ]);
});

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
test("the way of a secret out, and back, is recorded", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "x" }));
  await manager.send(new DeleteSecretCommand({ SecretId: "s" }));
  await manager.send(new RestoreSecretCommand({ SecretId: "s" }));
  await manager.send(new DeleteSecretCommand({ SecretId: "s" }));
  await cloud.clock.advance(30 * DAY_SECONDS);
  const { Events = [] } = await cloud.client(CloudTrailClient).send(new LookupEventsCommand({}));
  const own = Events.map(({ EventName = "" }) => EventName).filter((name) => name.endsWith("SecretVersionDelete"));
  expect(own.toReversed()).toEqual([
    "StartSecretVersionDelete",
    "CancelSecretVersionDelete",
    "StartSecretVersionDelete",
    "EndSecretVersionDelete",
  ]);
});

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html#Log-entries-create-account */
test("what came of a wish for an account, and of its closure, is recorded in the management account", async () => {
  const cloud = await testCloud();
  const trails = cloud.client(CloudTrailClient);
  const organizations = cloud.client(OrganizationsClient);
  await organizations.send(new CreateOrganizationCommand({}));
  const wish = new CreateAccountCommand({ AccountName: "lab", Email: "lab@example.com" });
  const { CreateAccountStatus: { Id } = {} } = await organizations.send(wish);
  await cloud.clock.advance(60);
  const [created] = await lookedUp(trails, "CreateAccountResult");
  const completedTimestamp = expect.stringMatching(/^[A-Z][a-z]{2} \d+, \d{4}, \d+:\d\d:\d\d [AP]M$/);
  expect(created?.record).toMatchObject({
    userIdentity: { accountId: ACCOUNT, invokedBy: "organizations.amazonaws.com" },
    eventType: "AwsServiceEvent",
    serviceEventDetails: {
      createAccountStatus: { id: Id, state: "SUCCEEDED", accountName: "****", completedTimestamp },
    },
  });
  const accountId = created?.record.serviceEventDetails.createAccountStatus.accountId;
  await organizations.send(new CloseAccountCommand({ AccountId: accountId }));
  await cloud.clock.advance(3600);
  const [closed] = await lookedUp(trails, "CloseAccountResult");
  expect(closed?.record.serviceEventDetails).toMatchObject({
    closeAccountStatus: { accountId, state: "SUCCEEDED", completedTimestamp },
  });
});

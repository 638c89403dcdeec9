import {
  AddTagsCommand,
  CloudTrailClient,
  CreateEventDataStoreCommand,
  DeleteEventDataStoreCommand,
  DeleteResourcePolicyCommand,
  GetEventDataStoreCommand,
  GetResourcePolicyCommand,
  ListEventDataStoresCommand,
  ListTagsCommand,
  PutResourcePolicyCommand,
  RemoveTagsCommand,
  RestoreEventDataStoreCommand,
  StartEventDataStoreIngestionCommand,
  StopEventDataStoreIngestionCommand,
  UpdateEventDataStoreCommand,
  type CreateEventDataStoreCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { makeUser } from "../../../../../test/identities.ts";
import { testCloud } from "../../../../../test/test-cloud.ts";

const ACCOUNT = "000000000000";
const DAY_SECONDS = 86_400;

/** A cloud with a store. */
async function storeCloud(more: Partial<CreateEventDataStoreCommandInput> = {}) {
  const cloud = await testCloud();
  const trails = cloud.client(CloudTrailClient);
  const made = await trails.send(new CreateEventDataStoreCommand({ Name: "lake", ...more }));
  const arn = made.EventDataStoreArn ?? "";
  return { ...cloud, trails, made, arn, EventDataStore: arn };
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/lake-cli-create-eds.html (example response) */
test("a store is made with termination protection, for management events of all regions and for 366 days", async () => {
  const { trails, made, EventDataStore } = await storeCloud();
  const usual = {
    Name: "lake",
    EventDataStoreArn: expect.stringMatching(
      new RegExp(`^arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/[0-9a-f-]{36}$`),
    ),
    AdvancedEventSelectors: [
      { Name: "Default management events", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
    ],
    MultiRegionEnabled: true,
    OrganizationEnabled: false,
    BillingMode: "EXTENDABLE_RETENTION_PRICING",
    RetentionPeriod: 366,
    TerminationProtectionEnabled: true,
  };
  expect(made).toMatchObject({ ...usual, Status: "CREATED" });
  expect(await trails.send(new GetEventDataStoreCommand({ EventDataStore }))).toMatchObject({
    ...usual,
    Status: "ENABLED",
    FederationStatus: "DISABLED",
  });
  const [id = ""] = EventDataStore.split("/").slice(1);
  expect(await trails.send(new GetEventDataStoreCommand({ EventDataStore: id }))).toMatchObject(usual);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html */
test("the way of paying says how long events may be kept, and there is no way back to a fixed price", async () => {
  const { trails, EventDataStore, made } = await storeCloud({ BillingMode: "FIXED_RETENTION_PRICING" });
  expect(made.RetentionPeriod).toBe(2557);
  const change = (changes: object) => trails.send(new UpdateEventDataStoreCommand({ EventDataStore, ...changes }));
  await expect(change({ RetentionPeriod: 2558 })).rejects.toMatchObject({ name: "InvalidParameterException" });
  expect(
    await change({ BillingMode: "EXTENDABLE_RETENTION_PRICING", RetentionPeriod: 3653, Name: "long" }),
  ).toMatchObject({ RetentionPeriod: 3653, Name: "long", Status: "ENABLED" });
  await expect(change({ BillingMode: "FIXED_RETENTION_PRICING", RetentionPeriod: 7 })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "You can't change the billing mode from EXTENDABLE_RETENTION_PRICING to FIXED_RETENTION_PRICING.",
  });
  await expect(change({})).rejects.toMatchObject({ name: "InvalidParameterException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html (Errors), WhatIsCloudTrail-Limits.html (10) */
test("names are unique, and a region holds ten stores", async () => {
  const { trails } = await storeCloud();
  const make = (Name: string) => trails.send(new CreateEventDataStoreCommand({ Name }));
  await expect(make("lake")).rejects.toMatchObject({
    name: "EventDataStoreAlreadyExistsException",
    message: "An event data store with that name already exists.",
  });
  for (let at = 1; at < 10; at++) await make(`lake-${at}`);
  await expect(make("one-more")).rejects.toMatchObject({ name: "EventDataStoreMaxLimitExceededException" });
  const first = await trails.send(new ListEventDataStoresCommand({ MaxResults: 6 }));
  const { NextToken } = first;
  const second = await trails.send(new ListEventDataStoresCommand({ MaxResults: 6, NextToken }));
  const names = [...(first.EventDataStores ?? []), ...(second.EventDataStores ?? [])].map(({ Name }) => Name);
  expect(new Set(names).size).toBe(10);
  await expect(trails.send(new ListEventDataStoresCommand({ NextToken: "what" }))).rejects.toMatchObject({
    name: "InvalidNextTokenException",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteEventDataStore.html */
test("a deleted store can be brought back for seven days, and is gone then", async () => {
  const { trails, clock, EventDataStore } = await storeCloud();
  const look = () => trails.send(new GetEventDataStoreCommand({ EventDataStore }));
  await expect(trails.send(new DeleteEventDataStoreCommand({ EventDataStore }))).rejects.toMatchObject({
    name: "EventDataStoreTerminationProtectedException",
    message: "The event data store cannot be deleted because termination protection is enabled for it.",
  });
  await trails.send(new UpdateEventDataStoreCommand({ EventDataStore, TerminationProtectionEnabled: false }));
  await expect(trails.send(new RestoreEventDataStoreCommand({ EventDataStore }))).rejects.toMatchObject({
    name: "InvalidEventDataStoreStatusException",
  });
  await trails.send(new DeleteEventDataStoreCommand({ EventDataStore }));
  expect(await look()).toMatchObject({ Status: "PENDING_DELETION" });
  await expect(trails.send(new DeleteEventDataStoreCommand({ EventDataStore }))).rejects.toMatchObject({
    name: "InactiveEventDataStoreException",
  });
  await clock.advance(6 * DAY_SECONDS);
  expect(await trails.send(new RestoreEventDataStoreCommand({ EventDataStore }))).toMatchObject({
    Status: "ENABLED",
  });
  await clock.advance(6 * DAY_SECONDS);
  expect(await look()).toMatchObject({ Status: "ENABLED" });
  await trails.send(new DeleteEventDataStoreCommand({ EventDataStore }));
  await clock.advance(7 * DAY_SECONDS);
  await expect(look()).rejects.toMatchObject({
    name: "EventDataStoreNotFoundException",
    message: "The specified event data store was not found.",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopEventDataStoreIngestion.html */
test("ingestion is stopped and started where the status allows it", async () => {
  const { trails, EventDataStore } = await storeCloud({ StartIngestion: false });
  const status = async () => (await trails.send(new GetEventDataStoreCommand({ EventDataStore }))).Status;
  const wrong = { name: "InvalidEventDataStoreStatusException" };
  expect(await status()).toBe("STOPPED_INGESTION");
  await expect(trails.send(new StopEventDataStoreIngestionCommand({ EventDataStore }))).rejects.toMatchObject(wrong);
  await trails.send(new StartEventDataStoreIngestionCommand({ EventDataStore }));
  expect(await status()).toBe("ENABLED");
  await expect(trails.send(new StartEventDataStoreIngestionCommand({ EventDataStore }))).rejects.toMatchObject(wrong);
  await trails.send(new StopEventDataStoreIngestionCommand({ EventDataStore }));
  expect(await status()).toBe("STOPPED_INGESTION");
});

test("ARNs that mean no store of the account are told from stores that are not there", async () => {
  const { trails, arn } = await storeCloud();
  const look = (EventDataStore: string) => trails.send(new GetEventDataStoreCommand({ EventDataStore }));
  await expect(look(arn.replace("eventdatastore/", "trail/"))).rejects.toMatchObject({
    name: "EventDataStoreARNInvalidException",
    message: "The specified event data store ARN is not valid or does not map to an event data store in your account.",
  });
  await expect(look(`${arn.slice(0, -1)}x`)).rejects.toMatchObject({ name: "EventDataStoreNotFoundException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html (AdvancedEventSelectors) */
test("stores of what other services put there are refused", async () => {
  const cloud = await testCloud();
  const trails = cloud.client(CloudTrailClient);
  const make = (category: string) =>
    trails.send(
      new CreateEventDataStoreCommand({
        Name: "lake",
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: [category] }] }],
      }),
    );
  await expect(make("ConfigurationItem")).rejects.toMatchObject({ name: "NotImplemented" });
  await expect(make("Weather")).rejects.toMatchObject({ name: "InvalidEventSelectorsException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html (ResourceId) */
test("stores have tags, which conditions ask for", async () => {
  const cloud = await storeCloud({ TagsList: [{ Key: "team", Value: "audit" }] });
  const { trails, arn } = cloud;
  expect(cloud.made.TagsList).toEqual([{ Key: "team", Value: "audit" }]);
  await trails.send(new AddTagsCommand({ ResourceId: arn, TagsList: [{ Key: "stage", Value: "prod" }] }));
  await trails.send(new RemoveTagsCommand({ ResourceId: arn, TagsList: [{ Key: "team" }] }));
  expect(await trails.send(new ListTagsCommand({ ResourceIdList: [arn] }))).toMatchObject({
    ResourceTagList: [{ ResourceId: arn, TagsList: [{ Key: "stage", Value: "prod" }] }],
  });
  const Condition = { StringEquals: { "aws:ResourceTag/stage": "prod" } };
  const Statement = [{ Effect: "Allow", Action: "cloudtrail:GetEventDataStore", Resource: arn, Condition }];
  const ann = cloud.client(CloudTrailClient, await makeUser(cloud, "ann", { allow: { Statement } }));
  await ann.send(new GetEventDataStoreCommand({ EventDataStore: arn }));
  await trails.send(new RemoveTagsCommand({ ResourceId: arn, TagsList: [{ Key: "stage" }] }));
  await expect(ann.send(new GetEventDataStoreCommand({ EventDataStore: arn }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html */
test("a store's policy lets another account look at it", async () => {
  const cloud = await storeCloud();
  const { trails, arn: ResourceArn, EventDataStore } = cloud;
  const other = cloud.client(CloudTrailClient, cloud.rootOf("111111111111"));
  await expect(other.send(new GetEventDataStoreCommand({ EventDataStore }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  const none = { name: "ResourcePolicyNotFoundException" };
  await expect(trails.send(new GetResourcePolicyCommand({ ResourceArn }))).rejects.toMatchObject(none);
  const ResourcePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "cloudtrail:GetEventDataStore",
        Resource: ResourceArn,
      },
    ],
  });
  await trails.send(new PutResourcePolicyCommand({ ResourceArn, ResourcePolicy }));
  expect(await trails.send(new GetResourcePolicyCommand({ ResourceArn }))).toMatchObject({ ResourceArn });
  expect(await other.send(new GetEventDataStoreCommand({ EventDataStore }))).toMatchObject({ Name: "lake" });
  await trails.send(new DeleteResourcePolicyCommand({ ResourceArn }));
  await expect(other.send(new GetEventDataStoreCommand({ EventDataStore }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(trails.send(new PutResourcePolicyCommand({ ResourceArn, ResourcePolicy: "{}" }))).rejects.toMatchObject({
    name: "ResourcePolicyNotValidException",
  });
  await expect(
    trails.send(new PutResourcePolicyCommand({ ResourceArn: `${ResourceArn}x`, ResourcePolicy })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html (KmsKeyId) */
test("a store is made with a key that CloudTrail may use, and keeps it", async () => {
  const cloud = await testCloud();
  const trails = cloud.client(CloudTrailClient);
  const kms = cloud.client(KMSClient);
  const make = (KmsKeyId = "") => trails.send(new CreateEventDataStoreCommand({ Name: "lake", KmsKeyId }));
  const { KeyMetadata: closed } = await kms.send(new CreateKeyCommand({}));
  await expect(make(closed?.KeyId)).rejects.toMatchObject({ name: "InsufficientEncryptionPolicyException" });
  await expect(make("12345678-1234-1234-1234-123456789012")).rejects.toMatchObject({
    name: "KmsKeyNotFoundException",
  });
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: "*",
      },
    ],
  });
  const { KeyMetadata: open } = await kms.send(new CreateKeyCommand({ Policy }));
  const { EventDataStoreArn: EventDataStore, KmsKeyId } = await make(open?.KeyId);
  expect(KmsKeyId).toBe(open?.Arn);
  await expect(
    trails.send(new UpdateEventDataStoreCommand({ EventDataStore, KmsKeyId: closed?.Arn })),
  ).rejects.toMatchObject({ name: "InvalidParameterException" });
});

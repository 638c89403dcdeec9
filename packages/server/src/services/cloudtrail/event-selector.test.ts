import {
  GetEventSelectorsCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  type AdvancedEventSelector,
  type AdvancedFieldSelector,
  type InsightType,
  type SourceEventCategory,
  type EventSelector,
} from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { EncryptCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { makeRole } from "../../../test/identities.ts";
import { zipOf } from "../../../test/zip.ts";
import { deliveredRecords, loggingCloud, TRAIL, untilDelivered, type TrailRecord } from "../../../test/trails.ts";

type Cloud = Awaited<ReturnType<typeof loggingCloud>>;

const choose = (cloud: Cloud, ...EventSelectors: EventSelector[]) =>
  cloud.trails.send(new PutEventSelectorsCommand({ TrailName: "audit", EventSelectors }));

const chooseFields = (cloud: Cloud, ...AdvancedEventSelectors: AdvancedEventSelector[]) =>
  cloud.trails.send(new PutEventSelectorsCommand({ TrailName: "audit", AdvancedEventSelectors }));

/** What the trail has of one service, apart from what the trail's own life leaves. */
async function namesOf(cloud: Cloud, source: string): Promise<string[]> {
  await untilDelivered(cloud);
  return (await deliveredRecords(cloud))
    .filter(({ eventSource }) => eventSource === source)
    .map(({ eventName }) => eventName);
}

/** The change of the selectors is itself logged by those before. */
const isOfData = ({ eventCategory }: TrailRecord): boolean => eventCategory === "Data";

async function useObjects({ s3 }: Cloud): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: "photos", ObjectOwnership: "BucketOwnerPreferred" }));
  await s3.send(new CreateBucketCommand({ Bucket: "other" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "meow", ACL: "private" }));
  await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "cat" }));
  await s3.send(new PutObjectCommand({ Bucket: "other", Key: "cat", Body: "meow" }));
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html */
test("a trail logs all management events and no data events where nothing else is said", async () => {
  const cloud = await loggingCloud();
  expect(await cloud.trails.send(new GetEventSelectorsCommand({ TrailName: "audit" }))).toMatchObject({
    TrailARN: TRAIL,
    EventSelectors: [
      { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
    ],
  });
  await useObjects(cloud);
  expect(await namesOf(cloud, "s3.amazonaws.com")).toEqual(["CreateBucket", "CreateBucket"]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (RecursiveLogging) */
test.each([true, false])("a trail logs what CloudTrail delivers, unless it is told not to: %j", async (recursive) => {
  const cloud = await loggingCloud({ RecursiveLogging: recursive });
  const DataResources = [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }];
  await choose(cloud, { ReadWriteType: "WriteOnly", DataResources });
  await useObjects(cloud);
  await untilDelivered(cloud);
  await untilDelivered(cloud);
  const puts = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "PutObject");
  const callers = new Set(puts.map(({ userIdentity }) => userIdentity["type"]));
  expect(callers.has("AWSService")).toBe(recursive);
  expect(callers.has("Root")).toBe(true);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html */
test("writes to the objects of one bucket are logged, and nothing else of objects", async () => {
  const cloud = await loggingCloud();
  await choose(cloud, {
    ReadWriteType: "WriteOnly",
    IncludeManagementEvents: false,
    DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::photos/"] }],
  });
  await useObjects(cloud);
  await untilDelivered(cloud);
  expect((await deliveredRecords(cloud)).filter(isOfData)).toMatchObject([
    {
      eventName: "PutObject",
      eventCategory: "Data",
      managementEvent: false,
      readOnly: false,
      requestParameters: { bucketName: "photos", key: "cat", "x-amz-acl": "private" },
      resources: [
        { type: "AWS::S3::Object", ARN: "arn:aws:s3:::photos/cat" },
        { accountId: "000000000000", type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::photos" },
      ],
    },
  ]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html */
test("only reads, only writes, and all but those of KMS", async () => {
  const cloud = await loggingCloud();
  const kms = cloud.client(KMSClient);
  const iam = cloud.client(IAMClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await choose(cloud, {
    ReadWriteType: "ReadOnly",
    IncludeManagementEvents: true,
    ExcludeManagementEventSources: ["kms.amazonaws.com"],
  });
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new GetUserCommand({ UserName: "ann" }));
  await kms.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from("x") }));
  expect(await namesOf(cloud, "iam.amazonaws.com")).toEqual(["GetUser"]);
  expect(await namesOf(cloud, "kms.amazonaws.com")).toEqual(["CreateKey"]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
test("advanced selectors choose by fields", async () => {
  const cloud = await loggingCloud();
  await chooseFields(
    cloud,
    {
      Name: "photos",
      FieldSelectors: [
        { Field: "eventCategory", Equals: ["Data"] },
        { Field: "resources.type", Equals: ["AWS::S3::Object"] },
        { Field: "eventName", StartsWith: ["Get"], NotEquals: ["GetObjectAcl"] },
        { Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::other/"] },
      ],
    },
    {
      FieldSelectors: [
        { Field: "eventCategory", Equals: ["Data"] },
        { Field: "resources.type", Equals: ["AWS::SQS::Queue"] },
      ],
    },
  );
  await useObjects(cloud);
  const sqs = cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "work" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a secret" }));
  await untilDelivered(cloud);
  const records = (await deliveredRecords(cloud)).filter(isOfData);
  expect(records.map(({ eventName }) => eventName).toSorted()).toEqual(["GetObject", "SendMessage"]);
  expect(JSON.stringify(records)).not.toContain("a secret");
});

/** Source: https://github.com/aws-samples/aws-security-reference-architecture-examples/issues/335, https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html */
test("selectors that mean nothing are refused", async () => {
  const cloud = await loggingCloud();
  const refused = { name: "InvalidEventSelectorsException" };
  const wildcard = choose(cloud, { DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::*"] }] });
  await expect(wildcard).rejects.toMatchObject({
    ...refused,
    message: "Value arn:aws:s3:::* for DataResources.Values is invalid.",
  });
  const type = choose(cloud, { DataResources: [{ Type: "AWS::SQS::Queue", Values: ["arn:aws:sqs"] }] });
  await expect(type).rejects.toMatchObject(refused);
  await expect(choose(cloud)).rejects.toMatchObject(refused);
  await expect(choose(cloud, ...Array.from({ length: 6 }, () => ({})))).rejects.toMatchObject(refused);
  const field = chooseFields(cloud, { FieldSelectors: [{ Field: "f", Equals: ["x"] }] });
  await expect(field).rejects.toMatchObject(refused);
  const untyped = chooseFields(cloud, { FieldSelectors: [{ Field: "eventCategory", Equals: ["Data"] }] });
  await expect(untyped).rejects.toMatchObject(refused);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
test("each category of events has fields of its own, some of which can only be equal", async () => {
  const cloud = await loggingCloud();
  const refused = { name: "InvalidEventSelectorsException" };
  const chooseOf = (category: string, ...fields: readonly AdvancedFieldSelector[]) =>
    chooseFields(cloud, { FieldSelectors: [{ Field: "eventCategory", Equals: [category] }, ...fields] });
  const ofObjects = { Field: "resources.type", Equals: ["AWS::S3::Object"] };
  // of stores alone
  await expect(chooseOf("Management", { Field: "eventName", Equals: ["GetUser"] })).rejects.toMatchObject(refused);
  await expect(chooseOf("Data", ofObjects, { Field: "readOnly", NotEquals: ["true"] })).rejects.toMatchObject(refused);
  await expect(chooseOf("Data", { Field: "resources.type", StartsWith: ["AWS::S3"] })).rejects.toMatchObject(refused);
  await chooseOf("Data", ofObjects, { Field: "readOnly", Equals: ["true"] });
  const source = { Field: "eventSource", Equals: ["s3.amazonaws.com"] };
  await chooseOf("NetworkActivity", source, { Field: "userIdentity.arn", StartsWith: ["arn:aws:iam::"] });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html */
test("advanced selectors take the place of basic ones", async () => {
  const cloud = await loggingCloud();
  await choose(cloud, { ReadWriteType: "ReadOnly" });
  const FieldSelectors = [{ Field: "eventCategory", Equals: ["Management"] }];
  await chooseFields(cloud, { Name: "all", FieldSelectors });
  const found = await cloud.trails.send(new GetEventSelectorsCommand({ TrailName: "audit" }));
  expect(found.EventSelectors).toBeUndefined();
  expect(found.AdvancedEventSelectors).toEqual([{ Name: "all", FieldSelectors }]);
});

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html */
test("invocations of functions are data events of the function", async () => {
  const cloud = await loggingCloud();
  await choose(cloud, { DataResources: [{ Type: "AWS::Lambda::Function", Values: ["arn:aws:lambda"] }] });
  const Role = await makeRole(cloud, "hello", { principal: { Service: "lambda.amazonaws.com" } });
  const lambda = cloud.client(LambdaClient);
  const ZipFile = zipOf({ "index.mjs": "export const handler = () => 1;" });
  const code = { Runtime: "nodejs24.x", Handler: "index.handler", Code: { ZipFile } } as const;
  const { FunctionArn } = await lambda.send(new CreateFunctionCommand({ FunctionName: "hello", Role, ...code }));
  await lambda.send(new InvokeCommand({ FunctionName: "hello", Payload: Buffer.from('{"pin": 4711}') }));
  await untilDelivered(cloud);
  const records = await deliveredRecords(cloud);
  expect(records.map(({ eventName }) => eventName)).toContain("CreateFunction20150331");
  expect(records.filter(isOfData)).toMatchObject([
    {
      eventName: "Invoke",
      eventSource: "lambda.amazonaws.com",
      readOnly: false,
      requestParameters: { functionName: "hello" },
      resources: [{ accountId: "000000000000", type: "AWS::Lambda::Function", ARN: FunctionArn }],
    },
  ]);
  expect(JSON.stringify(records)).not.toContain("4711");
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html */
test("insights are on what a trail logs", async () => {
  const cloud = await loggingCloud();
  const look = (InsightType: InsightType, EventCategories?: SourceEventCategory[]) =>
    cloud.trails.send(
      new PutInsightSelectorsCommand({ TrailName: "audit", InsightSelectors: [{ InsightType, EventCategories }] }),
    );
  const refused = { name: "InvalidInsightSelectorsException" };
  await look("ApiCallRateInsight");
  await expect(look("ApiCallRateInsight", ["Data"])).rejects.toMatchObject(refused);
  await choose(cloud, { ReadWriteType: "ReadOnly" });
  await expect(look("ApiCallRateInsight")).rejects.toMatchObject(refused);
  await look("ApiErrorRateInsight");
  await chooseFields(cloud, {
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Data"] },
      { Field: "resources.type", Equals: ["AWS::S3::Object"] },
    ],
  });
  await expect(look("ApiErrorRateInsight")).rejects.toMatchObject(refused);
  await look("ApiErrorRateInsight", ["Data"]);
});

import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetDataProtectionPolicyCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishCommand,
  PutDataProtectionPolicyCommand,
  SetSMSAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { topicWorld } from "../../../../test/topics.ts";

const ARN = "arn:aws:sns:us-east-1:000000000000:orders";
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_create_topic_test_arn)
const EFFECTIVE = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: "linear",
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
  },
};

test("a new topic reads as AWS shows it", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  expect(topic).toBe(ARN);
  const { Attributes = {} } = await world.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
  const { Policy = "", EffectiveDeliveryPolicy = "", ...others } = Attributes;
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_create_topic_test_arn)
  expect(others).toEqual({
    DisplayName: "",
    Owner: "000000000000",
    SubscriptionsConfirmed: "0",
    SubscriptionsDeleted: "0",
    SubscriptionsPending: "0",
    TopicArn: topic,
  });
  expect(JSON.parse(EffectiveDeliveryPolicy)).toEqual(EFFECTIVE);
  expect(JSON.parse(Policy)).toMatchObject({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Principal: { AWS: "*" },
        Condition: { StringEquals: { "AWS:SourceOwner": "000000000000" } },
      },
    ],
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_create_topic_name_constraints)
test.each(["", "a".repeat(257), "test.fifo", "bad:name", "bad name", "bad@name"])(
  "no topic is called `%s`",
  async (Name) => {
    const { sns } = await topicWorld();
    await expect(sns.send(new CreateTopicCommand({ Name }))).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Invalid parameter: Topic Name",
    });
  },
);

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_create_topic_different_attrs, test_create_duplicate_topic_with_more_tags)
test("a topic that is there is made again only as it is", async () => {
  const { sns } = await topicWorld();
  const create = (Attributes: Record<string, string>, tags: Record<string, string> = {}) =>
    sns.send(
      new CreateTopicCommand({
        Name: "orders",
        Attributes,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  await create({ DisplayName: "Orders" }, { a: "1", b: "2" });
  await create({}, { a: "1" });
  await create({ FifoTopic: "false" });
  const DIFFERS = "Invalid parameter: Attributes Reason: Topic already exists with different attributes";
  await expect(create({ DisplayName: "Other" })).rejects.toThrow(DIFFERS);
  await expect(create({ SignatureVersion: "2" })).rejects.toThrow(DIFFERS);
  await expect(create({}, { c: "3" })).rejects.toThrow(
    "Invalid parameter: Tags Reason: Topic already exists with different tags",
  );
});

test("ARNs are looked at before topics are", async () => {
  const { sns } = await topicWorld();
  const read = (TopicArn: string) => sns.send(new GetTopicAttributesCommand({ TopicArn }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_create_topic_with_attributes, test_cross_region_access)
  await expect(read("topic")).rejects.toThrow(
    "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
  );
  await expect(read(ARN)).rejects.toMatchObject({ name: "NotFoundException", message: "Topic does not exist" });
  await expect(read(ARN.replace("us-east-1", "eu-west-1"))).rejects.toThrow(/^Invalid parameter: TopicArn$/);
});

test("attributes are set one at a time, and taken away again", async () => {
  const world = await topicWorld();
  const { sns } = world;
  const topic = await world.topic("orders");
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetTopicAttributesCommand({ TopicArn: topic, AttributeName, AttributeValue }));
  const read = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn: topic }))).Attributes;
  await set("DisplayName", "Orders");
  await set("KmsMasterKeyId", "alias/aws/sns");
  await set("DeliveryPolicy", JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 5 } } }));
  expect(await read()).toMatchObject({ DisplayName: "Orders", KmsMasterKeyId: "alias/aws/sns" });
  const { http } = JSON.parse((await read())?.["EffectiveDeliveryPolicy"] ?? "");
  expect(http.defaultHealthyRetryPolicy).toMatchObject({ numRetries: 5, minDelayTarget: 20 });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_topic_delivery_policy_crud)
  expect(JSON.parse((await read())?.["DeliveryPolicy"] ?? "")).toEqual({
    http: { defaultHealthyRetryPolicy: { numRetries: 5 }, disableSubscriptionOverrides: false },
  });
  await set("KmsMasterKeyId", "");
  expect(await read()).not.toHaveProperty("KmsMasterKeyId");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_topic_get_attributes_with_fifo_false)
  await expect(set("FifoTopic", "false")).rejects.toThrow(/^Invalid parameter: AttributeName$/);
  await expect(set("ContentBasedDeduplication", "true")).rejects.toThrow("Invalid parameter: AttributeName");
});

test("tags are kept with the topic", async () => {
  const world = await topicWorld();
  const { sns } = world;
  const ResourceArn = await world.topic("orders");
  const tag = (...tags: readonly (readonly [string, string])[]) =>
    sns.send(new TagResourceCommand({ ResourceArn, Tags: tags.map(([Key, Value]) => ({ Key, Value })) }));
  await tag(["team", "blue"], ["stage", "test"]);
  await tag(["stage", "live"]);
  await sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["team"] }));
  const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn }));
  expect(Tags).toEqual([{ Key: "stage", Value: "live" }]);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_tags)
  await expect(tag(["a", "1"], ["a", "2"])).rejects.toThrow("Invalid parameter: Duplicated keys are not allowed.");
});

test("a topic that is deleted takes its subscriptions along", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  await world.listener(topic, "one");
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "email", Endpoint: "me@example.com" }));
  const { Attributes } = await world.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
  expect(Attributes).toMatchObject({ SubscriptionsConfirmed: "1", SubscriptionsPending: "1" });
  await world.sns.send(new DeleteTopicCommand({ TopicArn: topic }));
  expect(await world.sns.send(new ListTopicsCommand({}))).toMatchObject({ Topics: [] });
  expect(await world.sns.send(new ListSubscriptionsCommand({}))).toMatchObject({ Subscriptions: [] });
  await world.topic("orders");
  const listed = await world.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  expect(listed).toMatchObject({ Subscriptions: [] });
});

test("lists of topics come in pages of a hundred", async () => {
  const world = await topicWorld();
  for (let at = 0; at < 101; at++) await world.topic(`topic${at}`);
  const { Topics = [], NextToken = "" } = await world.sns.send(new ListTopicsCommand({}));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.py (test_list_subscriptions_by_topic_pagination, run against AWS)
  expect(NextToken).toMatch(/^(?:.{4})+$/);
  expect(Topics).toHaveLength(100);
  expect((await world.sns.send(new ListTopicsCommand({ NextToken }))).Topics).toHaveLength(1);
});

test("a data protection policy is kept, and publishing under it is refused", async () => {
  const world = await topicWorld();
  const ResourceArn = await world.topic("orders");
  const DataProtectionPolicy = JSON.stringify({
    Name: "data_protection_policy",
    Version: "2021-06-01",
    Statement: [{ DataDirection: "Inbound", Principal: ["*"], DataIdentifier: [], Operation: { Deny: {} } }],
  });
  await world.sns.send(new PutDataProtectionPolicyCommand({ ResourceArn, DataProtectionPolicy }));
  expect(await world.sns.send(new GetDataProtectionPolicyCommand({ ResourceArn }))).toMatchObject({
    DataProtectionPolicy,
  });
  await expect(world.publish(ResourceArn, "hello")).rejects.toMatchObject({ name: "NotImplemented" });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (TestSNSPublishCrud, test_empty_or_wrong_message_attributes)
test.each([
  [{ Message: "" }, "Invalid parameter: Empty message"],
  [{ Message: "x", Subject: "" }, "Invalid parameter: Subject"],
  [{ Message: "x".repeat(262_145) }, "Invalid parameter: Message too long"],
  [
    { Message: "x", MessageDeduplicationId: "a" },
    "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
  ],
  [
    { Message: "x", MessageAttributes: { attr1: { DataType: "String", StringValue: "" } } },
    "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
  ],
  [
    { Message: "x", MessageAttributes: { attr1: { DataType: "Number", BinaryValue: Buffer.from("a") } } },
    "The message attribute 'attr1' with type 'Number' must use field 'String'.",
  ],
  [
    { Message: "x", MessageAttributes: { attr1: { DataType: "Stringprefixed", StringValue: "a" } } },
    "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  ],
  [
    { Message: "x", MessageAttributes: { "a^b": { DataType: "String", StringValue: "a" } } },
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
  ],
  [
    { Message: "x", MessageAttributes: { "a..b": { DataType: "String", StringValue: "a" } } },
    "Message attribute name can not have successive '.' character.",
  ],
])("the message %# is refused in AWS's words", async (input, message) => {
  const world = await topicWorld();
  const TopicArn = await world.topic("orders");
  await expect(world.sns.send(new PublishCommand({ TopicArn, ...input }))).rejects.toThrow(message);
});

test("attributes and operators that are called as a method of objects are as unknown as any", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const unknown = { name: "InvalidParameterException" };
  const name = "toString";
  const setting = { AttributeName: name, AttributeValue: "1" };
  await expect(
    world.sns.send(new CreateTopicCommand({ Name: "others", Attributes: { [name]: "1" } })),
  ).rejects.toMatchObject(unknown);
  await expect(world.sns.send(new SetTopicAttributesCommand({ TopicArn: topic, ...setting }))).rejects.toMatchObject(
    unknown,
  );
  const subscribing = { TopicArn: topic, Protocol: "email", Endpoint: "ada@example.com" };
  for (const Attributes of [{ [name]: "1" }, { FilterPolicy: JSON.stringify({ colour: [{ [name]: "blue" }] }) }]) {
    await expect(world.sns.send(new SubscribeCommand({ ...subscribing, Attributes }))).rejects.toMatchObject(unknown);
  }
  await expect(world.sns.send(new SetSMSAttributesCommand({ attributes: { [name]: "1" } }))).rejects.toMatchObject(
    unknown,
  );
});

test("a delivery policy that is nested too deep is no JSON", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const AttributeValue = `{"http":{"defaultThrottlePolicy":{"maxReceivesPerSecond":5,"x":${deep}}}}`;
  const set = new SetTopicAttributesCommand({ TopicArn: topic, AttributeName: "DeliveryPolicy", AttributeValue });
  await expect(world.sns.send(set)).rejects.toMatchObject({ name: "InvalidParameterException" });
});

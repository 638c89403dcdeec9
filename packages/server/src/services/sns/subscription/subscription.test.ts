import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { queueArn, topicWorld } from "../../../../test/topics.ts";

test("a new subscription reads as AWS shows it", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const { subscription } = await world.listener(topic, "jobs");
  expect(subscription).toMatch(new RegExp(`^${topic}:[0-9a-f-]{36}$`));
  const { Attributes } = await world.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscription }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_sqs_topic_subscription_confirmation)
  expect(Attributes).toEqual({
    ConfirmationWasAuthenticated: "true",
    Endpoint: queueArn("jobs"),
    Owner: "000000000000",
    PendingConfirmation: "false",
    Protocol: "sqs",
    RawMessageDelivery: "false",
    SubscriptionArn: subscription,
    SubscriptionPrincipal: "arn:aws:iam::000000000000:root",
    TopicArn: topic,
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_subscribe_idempotency)
test("an endpoint subscribes once, and again only as it did", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const { subscription } = await world.listener(topic, "jobs", { RawMessageDelivery: "true" });
  const again = (Attributes: Record<string, string>) =>
    world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: queueArn("jobs"), Attributes }));
  expect((await again({})).SubscriptionArn).toBe(subscription);
  expect((await again({ RawMessageDelivery: "true" })).SubscriptionArn).toBe(subscription);
  expect((await again({ FilterPolicyScope: "MessageAttributes" })).SubscriptionArn).toBe(subscription);
  await expect(again({ RawMessageDelivery: "false" })).rejects.toThrow(
    "Invalid parameter: Attributes Reason: Subscription already exists with different attributes",
  );
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_http_subscription_response)
test("an endpoint that has not confirmed yet has an ARN for who asks for it, also when it subscribes again", async () => {
  const world = await topicWorld();
  const TopicArn = await world.topic("orders");
  const subscribe = async (ReturnSubscriptionArn: boolean) => {
    const asked = { TopicArn, Protocol: "email", Endpoint: "me@example.com", ReturnSubscriptionArn };
    return (await world.sns.send(new SubscribeCommand(asked))).SubscriptionArn;
  };
  expect(await subscribe(false)).toBe("pending confirmation");
  expect(await subscribe(true)).toMatch(new RegExp(`^${TopicArn}:`));
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (TestSNSSubscriptionCrud, TestSNSSubscriptionCrudV2)
test.each([
  ["test-protocol", "x", "Invalid parameter: Amazon SNS does not support this protocol string: test-protocol"],
  ["sqs", "http://localhost/queue", "Invalid parameter: SQS endpoint ARN"],
  ["sms", "+15--551234567", "Invalid SMS endpoint: +15--551234567"],
  ["sms", "NAA+15551234567", "Invalid SMS endpoint: NAA+15551234567"],
  ["sms", "+15551234567.", "Invalid SMS endpoint: +15551234567."],
  ["sms", "/+15551234567", "Invalid SMS endpoint: /+15551234567"],
])("the protocol %s with the endpoint %s is refused", async (Protocol, Endpoint, message) => {
  const world = await topicWorld();
  const TopicArn = await world.topic("orders");
  const subscribe = world.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
  await expect(subscribe).rejects.toMatchObject({ name: "InvalidParameterException", message });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_validate_set_sub_attributes)
test.each([
  ["FakeAttribute", "x", "Invalid parameter: AttributeName"],
  [
    "RawMessageDelivery",
    "test-ValUe",
    "Invalid parameter: RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false.",
  ],
  ["RawMessageDelivery", "", "Invalid parameter: RawMessageDelivery: Invalid value []. Must be true or false."],
  [
    "RedrivePolicy",
    '{"deadLetterTargetArn":"fake"}',
    "Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn",
  ],
  [
    "FilterPolicyScope",
    "RandomValue",
    "Invalid parameter: FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes",
  ],
])("the attribute %s is not set to `%s`", async (AttributeName, AttributeValue, message) => {
  const world = await topicWorld();
  const { subscription: SubscriptionArn } = await world.listener(await world.topic("orders"), "jobs");
  const set = world.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  await expect(set).rejects.toMatchObject({ name: "InvalidParameterException", message });
});

test("raw delivery is for protocols that know it", async () => {
  const world = await topicWorld();
  const TopicArn = await world.topic("orders");
  const phone = { TopicArn, Protocol: "sms", Endpoint: "+15551234567" };
  const { SubscriptionArn } = await world.sns.send(new SubscribeCommand(phone));
  const raw = { SubscriptionArn, AttributeName: "RawMessageDelivery", AttributeValue: "true" };
  // Source: https://github.com/aws-controllers-k8s/community/issues/2192
  await expect(world.sns.send(new SetSubscriptionAttributesCommand(raw))).rejects.toThrow(
    "Invalid parameter: Delivery protocol [sms] does not support raw message delivery.",
  );
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.snapshot.json (test_set_subscription_filter_policy_scope)
test("a scope is shown when there is a filter", async () => {
  const world = await topicWorld();
  const { subscription: SubscriptionArn, queue } = await world.listener(await world.topic("orders"), "jobs");
  const set = (AttributeName: string, AttributeValue: string) =>
    world.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  const read = async () => (await world.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
  await set("FilterPolicyScope", "MessageBody");
  expect(await read()).not.toHaveProperty("FilterPolicyScope");
  await set("FilterPolicy", '{"attr":["match-this"]}');
  expect(await read()).toMatchObject({ FilterPolicy: '{"attr":["match-this"]}', FilterPolicyScope: "MessageBody" });
  const topic = "arn:aws:sns:us-east-1:000000000000:orders";
  await world.publish(topic, '{"attr":"no match"}');
  await world.publish(topic, '{"attr":"match-this"}');
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(1);
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sns/topic_subscription_test.go (filterPolicyScope)
  await set("FilterPolicy", "{}");
  expect(Object.keys((await read()) ?? {}).filter((name) => name.startsWith("Filter"))).toEqual([]);
});

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sns/topic_subscription_test.go (deliveryPolicy)
test("a queue's subscription may have a delivery policy", async () => {
  const world = await topicWorld();
  const retries = { minDelayTarget: 5, maxDelayTarget: 20, numRetries: 5 };
  const DeliveryPolicy = JSON.stringify({ healthyRetryPolicy: retries });
  const { subscription } = await world.listener(await world.topic("orders"), "jobs", { DeliveryPolicy });
  const { Attributes } = await world.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscription }));
  expect(JSON.parse(Attributes?.["DeliveryPolicy"] ?? "")).toEqual({
    healthyRetryPolicy: retries,
    sicklyRetryPolicy: null,
    throttlePolicy: null,
    requestPolicy: null,
    guaranteed: false,
  });
});

test("what an account has subscribed to is listed there, also of another account's topics", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  await world.listener(topic, "one");
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "email", Endpoint: "me@example.com" }));
  const { Subscriptions = [] } = await world.sns.send(new ListSubscriptionsCommand({}));
  expect(Subscriptions.map(({ SubscriptionArn }) => SubscriptionArn)).toContain("PendingConfirmation");
  expect(Subscriptions).toHaveLength(2);
  const byTopic = await world.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  expect(byTopic.Subscriptions).toHaveLength(2);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_unsubscribe_wrong_arn_format, test_unsubscribe_idempotency)
test("unsubscribing twice is no error, an ARN of something else is one", async () => {
  const world = await topicWorld();
  const { subscription, queue } = await world.listener(await world.topic("orders"), "jobs");
  const unsubscribe = (SubscriptionArn: string) => world.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  await unsubscribe(subscription);
  await unsubscribe(subscription);
  await world.publish("arn:aws:sns:us-east-1:000000000000:orders", "hello");
  expect(await world.receive(queue)).toEqual([]);
  await expect(unsubscribe("randomstring")).rejects.toThrow(
    "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
  );
  await expect(unsubscribe("arn:aws:sns:us-east-1:111111111111:random")).rejects.toThrow(
    "Invalid parameter: SubscriptionId",
  );
});

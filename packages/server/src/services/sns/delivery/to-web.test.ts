import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { queueArn, topicWorld, type TopicWorld } from "../../../../test/topics.ts";
import { webListener } from "../../../../test/web-listener.ts";

/** Follows a link of a message, as its reader does: nobody signs. */
async function visit(world: TopicWorld, link: string | undefined): Promise<string> {
  const url = new URL(link ?? "");
  const query = Object.fromEntries(url.searchParams);
  const { body } = await world.cloud.send({ method: "GET", path: "/", query, headers: { host: url.host } });
  return Buffer.from(body).toString();
}

async function subscribed(attributes: Record<string, string> = {}) {
  const [world, listener] = [await topicWorld(), await webListener()];
  const topic = await world.topic("orders");
  const asked = { TopicArn: topic, Protocol: "http", Endpoint: listener.url, Attributes: attributes };
  const subscribe = new SubscribeCommand({ ...asked, ReturnSubscriptionArn: true });
  const { SubscriptionArn = "" } = await world.sns.send(subscribe);
  await world.cloud.clock.advance(0);
  const read = async () => {
    const { Attributes } = await world.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    return Attributes;
  };
  return { world, listener, topic, subscription: SubscriptionArn, read };
}

async function confirmed(attributes: Record<string, string> = {}) {
  const set = await subscribed(attributes);
  await visit(set.world, set.listener.heard[0]?.envelope()["SubscribeURL"]);
  return set;
}

test("a web address is asked, and gets nothing before its owner follows the link", async () => {
  const { world, listener, topic, subscription, read } = await subscribed();
  expect(await read()).toMatchObject({ PendingConfirmation: "true", ConfirmationWasAuthenticated: "false" });
  const [asked] = listener.heard;
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
  expect(asked?.headers).toMatchObject({
    "x-amz-sns-message-type": "SubscriptionConfirmation",
    "x-amz-sns-topic-arn": topic,
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
  });
  await world.publish(topic, "too early");
  await world.cloud.clock.advance(0);
  expect(listener.heard).toHaveLength(1);
  expect(await visit(world, asked?.envelope()["SubscribeURL"])).toContain(
    `<SubscriptionArn>${subscription}</SubscriptionArn>`,
  );
  expect(await read()).toMatchObject({ PendingConfirmation: "false" });
  await world.publish(topic, "hello");
  await world.cloud.clock.advance(0);
  expect(listener.heard[1]?.headers["x-amz-sns-subscription-arn"]).toBe(subscription);
  expect(listener.heard[1]?.envelope()).toMatchObject({ Type: "Notification", Message: "hello" });
});

test("an endpoint that nobody confirms is forgotten after two days", async () => {
  const { world, read } = await subscribed();
  await world.cloud.clock.advance(48 * 3600);
  await expect(read()).rejects.toThrow("Subscription does not exist");
});

test("the link at the end of messages unsubscribes, and the endpoint may take it back", async () => {
  const { world, listener, topic, read } = await confirmed();
  await world.publish(topic, "hello");
  await world.cloud.clock.advance(0);
  await visit(world, listener.heard[1]?.envelope()["UnsubscribeURL"]);
  await expect(read()).rejects.toThrow("Subscription does not exist");
  await world.cloud.clock.advance(0);
  const end = listener.heard[2]?.envelope();
  expect(end?.["Type"]).toBe("UnsubscribeConfirmation");
  await visit(world, end?.["SubscribeURL"]);
  expect(await read()).toMatchObject({ PendingConfirmation: "false" });
});

test("an address that subscribed anew has one subscription, whichever of its links it follows", async () => {
  const { world, listener, topic, subscription } = await confirmed();
  const first = listener.heard[0]?.envelope()["SubscribeURL"];
  await world.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
  const again = { TopicArn: topic, Protocol: "http", Endpoint: listener.url, ReturnSubscriptionArn: true };
  const { SubscriptionArn = "" } = await world.sns.send(new SubscribeCommand(again));
  expect(await visit(world, first)).toContain(`<SubscriptionArn>${SubscriptionArn}</SubscriptionArn>`);
  const { Subscriptions = [] } = await world.sns.send(new ListSubscriptionsCommand({}));
  expect(Subscriptions.map((one) => one.SubscriptionArn)).toEqual([SubscriptionArn]);
});

test("raw delivery posts the text alone", async () => {
  const { world, listener, topic } = await confirmed({ RawMessageDelivery: "true" });
  await world.publish(topic, "hello");
  await world.cloud.clock.advance(0);
  expect(listener.heard[1]).toMatchObject({ body: "hello", headers: { "x-amz-sns-rawdelivery": "true" } });
});

test("an address that fails is tried again as the policy says, and then leaves a dead letter", async () => {
  const DeliveryPolicy = JSON.stringify({
    healthyRetryPolicy: {
      numRetries: 4,
      numNoDelayRetries: 1,
      numMinDelayRetries: 1,
      minDelayTarget: 10,
      maxDelayTarget: 60,
      numMaxDelayRetries: 1,
    },
  });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead") });
  const { world, listener, topic } = await confirmed({ DeliveryPolicy, RedrivePolicy });
  const dead = await world.listener(topic, "dead");
  listener.answerWith(503);
  await world.publish(topic, "hello");
  expect(await world.receive(dead.queue, { VisibilityTimeout: 0 })).toHaveLength(1);
  const tries = () => listener.heard.length - 1;
  await world.cloud.clock.advance(0);
  expect(tries()).toBe(2);
  await world.cloud.clock.advance(9);
  expect(tries()).toBe(2);
  await world.cloud.clock.advance(1);
  expect(tries()).toBe(3);
  await world.cloud.clock.advance(10);
  expect(tries()).toBe(4);
  await world.cloud.clock.advance(60);
  expect(tries()).toBe(5);
  expect(await world.receive(dead.queue, { MaxNumberOfMessages: 10 })).toHaveLength(2);
  await world.cloud.clock.advance(3600);
  expect(tries()).toBe(5);
});

test("an address that refuses is not tried again", async () => {
  const { world, listener, topic } = await confirmed();
  listener.answerWith(403);
  await world.publish(topic, "hello");
  await world.cloud.clock.advance(3600);
  expect(listener.heard).toHaveLength(2);
});

test("a subscription that was confirmed with a signature may be kept from strangers", async () => {
  const { world, listener, topic, subscription, read } = await subscribed();
  const Token = listener.heard[0]?.envelope()["Token"];
  await world.sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token, AuthenticateOnUnsubscribe: "true" }));
  const link = `http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=${subscription}`;
  expect(await visit(world, link)).toContain("<Code>AuthorizationError</Code>");
  expect(await read()).toMatchObject({ ConfirmationWasAuthenticated: "true" });
  await world.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
  await expect(read()).rejects.toThrow("Subscription does not exist");
});

test("tokens that are none are told apart from those that are unknown", async () => {
  const { world, topic } = await subscribed();
  const confirm = (Token: string) => world.sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_sns_confirm_subscription_wrong_token)
  await expect(confirm("randomtoken")).rejects.toThrow(/^Invalid token$/);
  await expect(confirm("51b2ff3edb475b7d")).rejects.toThrow("Invalid parameter: Token");
});

test("links lead to topics of every region", async () => {
  const [world, listener] = [await topicWorld(), await webListener()];
  const sns = world.cloud.client(SNSClient, undefined, { region: "eu-west-1" });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "orders" }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: listener.url }));
  await world.cloud.clock.advance(0);
  expect(await visit(world, listener.heard[0]?.envelope()["SubscribeURL"])).toContain(
    "<SubscriptionArn>arn:aws:sns:eu",
  );
  await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
  await world.cloud.clock.advance(0);
  const told = listener.heard[1]?.envelope();
  expect(told).toMatchObject({ Message: "hello" });
  await visit(world, told?.["UnsubscribeURL"]);
  const { Subscriptions } = await sns.send(new ListSubscriptionsCommand({}));
  expect(Subscriptions).toEqual([]);
});

test("a password in an address is sent to the endpoint, and shown to nobody", async () => {
  const [world, listener] = [await topicWorld(), await webListener()];
  const topic = await world.topic("orders");
  const Endpoint = listener.url.replace("http://", "http://me:secret@");
  const subscribe = () => world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "http", Endpoint }));
  await subscribe();
  await world.cloud.clock.advance(0);
  expect(listener.heard[0]?.headers.authorization).toBe(`Basic ${Buffer.from("me:secret").toString("base64")}`);
  await subscribe();
  const { Subscriptions } = await world.sns.send(new ListSubscriptionsCommand({}));
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
  expect(Subscriptions).toMatchObject([{ Endpoint: listener.url.replace("http://", "http://me:****@") }]);
  const { Events = [] } = await world.cloud.client(CloudTrailClient).send(new LookupEventsCommand({}));
  expect(Events.map(({ EventName }) => EventName)).toContain("Subscribe");
  expect(JSON.stringify(Events)).not.toContain("secret");
});

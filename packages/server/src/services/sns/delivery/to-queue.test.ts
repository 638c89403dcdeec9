import { verify, X509Certificate } from "node:crypto";
import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  ListSubscriptionsCommand,
  PublishBatchCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { servicePolicy } from "../../../../test/service-policy.ts";
import { queueArn, topicWorld } from "../../../../test/topics.ts";

const OTHER = "111111111111";

test("what is published is in the queues of all who have subscribed, in its envelope", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const [one, two] = [await world.listener(topic, "one"), await world.listener(topic, "two")];
  const id = await world.publish(topic, "hello", {
    Subject: "greeting",
    MessageAttributes: { color: { DataType: "String", StringValue: "blue" } },
  });
  for (const { queue, subscription } of [one, two]) {
    const [message] = await world.receive(queue);
    // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      Type: "Notification",
      MessageId: id,
      TopicArn: topic,
      Subject: "greeting",
      Message: "hello",
      SignatureVersion: "1",
      UnsubscribeURL: `http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
      MessageAttributes: { color: { Type: "String", Value: "blue" } },
    });
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_publish_sqs_from_sns_with_xray_propagation)
test("a message keeps the trace that its publication was part of", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const { queue } = await world.listener(topic, "jobs");
  const trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1";
  world.sns.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (HttpRequest.isInstance(request)) request.headers["X-Amzn-Trace-Id"] = trace;
      return next(args);
    },
    { step: "build" },
  );
  await world.publish(topic, "hello");
  const [message] = await world.receive(queue, { MessageSystemAttributeNames: ["AWSTraceHeader"] });
  expect(message?.Attributes).toEqual({ AWSTraceHeader: trace });
});

test("signatures are good under the certificate that the message names", async () => {
  const world = await topicWorld();
  for (const [version, algorithm] of [
    ["1", "sha1"],
    ["2", "sha256"],
  ] as const) {
    const topic = await world.topic(`signed-${version}`, { SignatureVersion: version });
    const { queue } = await world.listener(topic, `signed-${version}`);
    await world.publish(topic, "hello", { Subject: "greeting" });
    const [message] = await world.receive(queue);
    const body = JSON.parse(message?.Body ?? "");
    const url = new URL(body.SigningCertURL);
    const fetched = await world.cloud.send({ method: "GET", path: url.pathname, headers: { host: url.host } });
    const key = new X509Certificate(fetched.body).publicKey;
    const names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    const signed = names.map((name) => `${name}\n${body[name]}\n`).join("");
    expect(verify(algorithm, Buffer.from(signed), key, Buffer.from(body.Signature, "base64"))).toBe(true);
    expect(verify(algorithm, Buffer.from(`${signed}x`), key, Buffer.from(body.Signature, "base64"))).toBe(false);
  }
});

test("raw delivery gives the text alone, and attributes as the queue's own", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const { queue } = await world.listener(topic, "raw", { RawMessageDelivery: "true" });
  await world.publish(topic, "hello", { MessageAttributes: { size: { DataType: "Number", StringValue: "5" } } });
  const [message] = await world.receive(queue, { MessageAttributeNames: ["All"] });
  expect(message).toMatchObject({
    Body: "hello",
    MessageAttributes: { size: { DataType: "Number", StringValue: "5" } },
  });
});

test("a queue that does not let the topic send hinders nobody else, and leaves a dead letter", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const shut = await world.listener(topic, "shut");
  const open = await world.listener(topic, "open");
  const dead = await world.listener(topic, "dead");
  await world.sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn: shut.subscription,
      AttributeName: "RedrivePolicy",
      AttributeValue: JSON.stringify({ deadLetterTargetArn: queueArn("dead") }),
    }),
  );
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl: shut.queue, Attributes: { Policy: "" } }));
  await world.publish(topic, "first");
  expect(await world.receive(shut.queue)).toEqual([]);
  expect(await world.receive(open.queue)).toHaveLength(1);
  expect(await world.receive(dead.queue, { MaxNumberOfMessages: 10 })).toHaveLength(2);
  await world.sqs.send(new DeleteQueueCommand({ QueueUrl: shut.queue }));
  await world.publish(topic, "second");
  expect(await world.receive(dead.queue, { MaxNumberOfMessages: 10 })).toHaveLength(2);
});

test("a message in several words gives each protocol its own", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const { queue } = await world.listener(topic, "jobs", { RawMessageDelivery: "true" });
  const publish = (message: object | string) =>
    world.publish(topic, typeof message === "string" ? message : JSON.stringify(message), { MessageStructure: "json" });
  await publish({ default: "all", sqs: "queues" });
  await publish({ default: "all", email: "mails" });
  const received = await world.receive(queue, { MaxNumberOfMessages: 10 });
  expect(new Set(received.map(({ Body }) => Body))).toEqual(new Set(["all", "queues"]));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_message_structure_json_exc)
  await expect(publish({ sqs: "queues" })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Invalid parameter: Message Structure - No default entry in JSON message body",
  });
  await expect(publish("{")).rejects.toThrow(
    "Invalid parameter: Message Structure - JSON message body failed to parse",
  );
});

test("batches publish each entry", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const { queue } = await world.listener(topic, "jobs", { RawMessageDelivery: "true" });
  const entries = ["a", "b", "c"].map((Id) => ({ Id, Message: `message ${Id}` }));
  const batch = (PublishBatchRequestEntries: typeof entries) =>
    world.sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries }));
  const { Successful = [], Failed } = await batch(entries);
  expect(Successful.map(({ Id }) => Id)).toEqual(["a", "b", "c"]);
  expect(Failed).toEqual([]);
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(3);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_publish_batch_exceptions, test_publish_batch_too_long_message)
  await expect(batch([...entries, ...entries])).rejects.toMatchObject({ name: "BatchEntryIdsNotDistinctException" });
  const long = "x".repeat(100_000);
  await expect(batch(entries.map(({ Id }) => ({ Id, Message: long })))).rejects.toMatchObject({
    name: "BatchRequestTooLongException",
    message: "The length of all the messages put together is more than the limit.",
  });
});

test("a hundred and one subscribers all get what is published, a hundred of them in one transaction", async () => {
  const world = await topicWorld();
  const topic = await world.topic("popular");
  const queues: string[] = [];
  for (let at = 0; at < 101; at++)
    queues.push((await world.listener(topic, `q${at}`, { RawMessageDelivery: "true" })).queue);
  const held = async () => {
    let count = 0;
    for (const queue of queues) count += (await world.receive(queue)).length;
    return count;
  };
  await world.publish(topic, "news");
  await world.cloud.clock.advance(0);
  expect(await held()).toBe(101);
});

test("another account's queue is asked before it gets anything", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const theirs = world.clientOf(world.cloud.rootOf(OTHER));
  const Endpoint = `arn:aws:sqs:us-east-1:${OTHER}:theirs`;
  const Policy = servicePolicy({ service: "sns", may: "sqs:*", on: Endpoint });
  const { QueueUrl } = await theirs.send(new CreateQueueCommand({ QueueName: "theirs", Attributes: { Policy } }));
  const { SubscriptionArn } = await world.sns.send(
    new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint }),
  );
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
  expect(SubscriptionArn).toBe("pending confirmation");
  await world.publish(topic, "too early");
  const receive = async () => {
    const { Messages = [] } = await theirs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = "" }) => JSON.parse(Body));
  };
  const [asked] = await receive();
  expect(asked).toMatchObject({ Type: "SubscriptionConfirmation", TopicArn: topic });
  await world.sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token: asked.Token }));
  await world.publish(topic, "hello");
  expect(await receive()).toMatchObject([{ Type: "Notification", Message: "hello" }]);
});

test("an account subscribes its own queue to another's topic, whose policy lets it, without being asked", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const credentials = world.cloud.rootOf(OTHER);
  const theirs = world.snsOf(credentials);
  const Endpoint = `arn:aws:sqs:us-east-1:${OTHER}:theirs`;
  const subscribe = () => theirs.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint }));
  await expect(subscribe()).rejects.toMatchObject({ name: "AuthorizationErrorException" });
  const permission = { TopicArn: topic, Label: "them", AWSAccountId: [OTHER], ActionName: ["Subscribe"] };
  await world.sns.send(new AddPermissionCommand(permission));
  const { SubscriptionArn = "" } = await subscribe();
  expect(SubscriptionArn).toContain(`${topic}:`);
  const { Subscriptions } = await theirs.send(new ListSubscriptionsCommand({}));
  expect(Subscriptions).toMatchObject([{ SubscriptionArn, Owner: OTHER }]);
  expect((await world.sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
  await theirs.send(new UnsubscribeCommand({ SubscriptionArn }));
  expect((await theirs.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
});

import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  GetEndpointAttributesCommand,
  GetPlatformApplicationAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  PublishCommand,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { lastingStore } from "../../../../test/lasting-store.ts";
import { topicWorld } from "../../../../test/topics.ts";
import { table } from "../../../kernel/table.ts";

interface Row {
  readonly application: string;
  readonly id: string;
}

/** Tables whose rows are written as an earlier version did. */
const endpoints = table<Row & { settings: object }>("sns.endpoint", "region", (row) => [row.application, row.id]);
const tokens = table<Row & { token: string }>("sns.endpoint-token", "region", (row) => [row.application, row.token]);

async function device() {
  const world = await topicWorld();
  const { PlatformApplicationArn = "" } = await world.sns.send(
    new CreatePlatformApplicationCommand({
      Name: "shop",
      Platform: "APNS_SANDBOX",
      Attributes: { PlatformCredential: "key", PlatformPrincipal: "certificate" },
    }),
  );
  const register = (Token: string, more: object = {}) =>
    world.sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token, ...more }));
  const { EndpointArn = "" } = await register("token-1");
  const pushed = async () => (await world.cloud.cloud.outbox(10)).filter(({ kind }) => kind === "push");
  return { world, application: PlatformApplicationArn, register, endpoint: EndpointArn, pushed };
}

// sns-silent-push
test("a silent notification reaches the device's app without an alert", async () => {
  const { world, endpoint, pushed } = await device();
  await world.sns.send(
    new PublishCommand({
      TargetArn: endpoint,
      MessageStructure: "json",
      Message: JSON.stringify({ default: "x", APNS_SANDBOX: '{"aps":{"content-available":1}}' }),
      MessageAttributes: { "AWS.SNS.MOBILE.APNS.PUSH_TYPE": { DataType: "String", StringValue: "background" } },
    }),
  );
  const [push] = await pushed();
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
  expect(push).toMatchObject({
    kind: "push",
    to: endpoint,
    from: "app/APNS_SANDBOX/shop",
    text: '{"aps":{"content-available":1}}',
    attributes: { token: "token-1", "AWS.SNS.MOBILE.APNS.PUSH_TYPE": "background" },
  });
});

test("a topic reaches devices, in the platform's usual form where it has no own words", async () => {
  const { world, endpoint, pushed } = await device();
  const topic = await world.topic("orders");
  const subscribe = { TopicArn: topic, Protocol: "application", Endpoint: endpoint };
  await world.sns.send(new SubscribeCommand(subscribe));
  await world.publish(topic, "hello");
  expect((await pushed())[0]).toMatchObject({ text: '{"aps":{"alert":"hello"}}' });
  await world.sns.send(new DeleteEndpointCommand({ EndpointArn: endpoint }));
  await world.publish(topic, "gone");
  expect(await pushed()).toHaveLength(1);
});

// Source: https://docs.aws.amazon.com/sns/latest/dg/application-event-notifications.html, https://pastebin.com/jwmdfVQE (the form)
test("an application's topics hear of its endpoints: that they come, change and go, and that one was not there", async () => {
  const { world, application, register } = await device();
  const topic = await world.topic("happened");
  const { queue } = await world.listener(topic, "heard");
  const types = ["EndpointCreated", "EndpointUpdated", "EndpointDeleted", "DeliveryFailure"];
  const Attributes = Object.fromEntries(types.map((type) => [`Event${type}`, topic]));
  const set = { PlatformApplicationArn: application, Attributes };
  await world.sns.send(new SetPlatformApplicationAttributesCommand(set));
  const { EndpointArn = "" } = await register("token-2");
  const orders = await world.topic("orders");
  await world.sns.send(new SubscribeCommand({ TopicArn: orders, Protocol: "application", Endpoint: EndpointArn }));
  const changed = { EndpointArn, Attributes: { CustomUserData: "x" } };
  await world.sns.send(new SetEndpointAttributesCommand(changed));
  await world.sns.send(new DeleteEndpointCommand({ EndpointArn }));
  const MessageId = await world.publish(orders, "hello");
  await world.cloud.clock.advance(1);
  const heard = (await world.receive(queue, { MaxNumberOfMessages: 10 })).map(({ Body = "" }) => JSON.parse(Body));
  const told = new Map(heard.map(({ Subject, Message }) => [Subject, JSON.parse(Message)]));
  const event = { EndpointArn, Resource: application, Service: "SNS", Time: expect.any(String) };
  const failure = { FailureMessage: "Endpoint was not found", FailureType: "EndpointNotFound", DeliveryAttempts: 1 };
  const more: Record<string, object> = { DeliveryFailure: { ...failure, MessageId } };
  for (const EventType of types) {
    const expected = { ...event, ...more[EventType], EventType };
    expect(told.get(`${EventType} event for app shop (APNS_SANDBOX)`)).toEqual(expected);
  }
  expect(heard).toHaveLength(types.length);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (TestSNSPlatformEndpointCrud)
test("a token is one endpoint, with the attributes that it has", async () => {
  const { world, application, register, endpoint } = await device();
  expect((await register("token-1")).EndpointArn).toBe(endpoint);
  await expect(register("token-1", { CustomUserData: "other" })).rejects.toThrow(
    `Invalid parameter: Token Reason: Endpoint ${endpoint} already exists with the same Token, but different attributes.`,
  );
  await expect(register("token-2", { Attributes: { InvalidKey: "x" } })).rejects.toThrow(
    "Invalid parameter: Attributes Reason: Invalid attribute name: InvalidKey",
  );
  const { Endpoints } = await world.sns.send(
    new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: application }),
  );
  expect(Endpoints).toEqual([{ EndpointArn: endpoint, Attributes: { Enabled: "true", Token: "token-1" } }]);
});

// Source: https://docs.aws.amazon.com/sns/latest/dg/mobile-platform-endpoint.html (one endpoint for a token)
test("an endpoint cannot be given another's token, and the other stays the one of it", async () => {
  const { world, register, endpoint } = await device();
  const { EndpointArn: other } = await register("token-2");
  const set = (EndpointArn: string | undefined, Token: string) =>
    world.sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Token, Enabled: "true" } }));
  await expect(set(other, "token-1")).rejects.toThrow(
    `Invalid parameter: Token Reason: Endpoint ${endpoint} already exists with the same Token, but different attributes.`,
  );
  const { Attributes } = await world.sns.send(new GetEndpointAttributesCommand({ EndpointArn: other }));
  expect(Attributes).toEqual({ Enabled: "true", Token: "token-2" });
  await world.sns.send(new DeleteEndpointCommand({ EndpointArn: other }));
  expect((await register("token-1")).EndpointArn).toBe(endpoint);
  await set(endpoint, "token-1");
  await set(endpoint, "token-2");
  expect((await register("token-2")).EndpointArn).toBe(endpoint);
  const { EndpointArn: next } = await register("token-1");
  expect(next).not.toBe(endpoint);
});

const idOf = (arn = ""): string => arn.split("/").at(-1) ?? "";

test("of two endpoints that an earlier version gave one token, the other is found when one goes", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const first = cloud.client(SNSClient);
  const Attributes = { PlatformCredential: "key", PlatformPrincipal: "certificate" };
  const make = new CreatePlatformApplicationCommand({ Name: "shop", Platform: "APNS", Attributes });
  const { PlatformApplicationArn } = await first.send(make);
  const register = (sns: SNSClient, Token: string) =>
    sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token }));
  const [{ EndpointArn: one }, { EndpointArn: other }] = [await register(first, "a"), await register(first, "b")];
  await cloud.close();
  await rewrite(async (tx) => {
    tx.put(endpoints, { application: "APNS/shop", id: idOf(other), settings: { Enabled: "true", Token: "a" } });
    tx.put(tokens, { application: "APNS/shop", token: "a", id: idOf(other) });
    tx.delete(tokens, "APNS/shop", "b");
  });
  const sns = (await open()).client(SNSClient);
  await sns.send(new DeleteEndpointCommand({ EndpointArn: one }));
  expect((await register(sns, "a")).EndpointArn).toBe(other);
});

test("what is secret of an application is not shown, and a disabled endpoint gets nothing", async () => {
  const { world, application, endpoint } = await device();
  const read = new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn: application });
  expect((await world.sns.send(read)).Attributes).toEqual({ Enabled: "true" });
  const Attributes = { Enabled: "false" };
  await world.sns.send(new SetEndpointAttributesCommand({ EndpointArn: endpoint, Attributes }));
  const attributes = await world.sns.send(new GetEndpointAttributesCommand({ EndpointArn: endpoint }));
  expect(attributes.Attributes).toEqual({ Enabled: "false", Token: "token-1" });
  await expect(world.sns.send(new PublishCommand({ TargetArn: endpoint, Message: "hello" }))).rejects.toMatchObject({
    name: "EndpointDisabledException",
    message: "Endpoint is disabled",
  });
});

test("no record of a call has what is secret of an application, or the token of a device", async () => {
  const { world } = await device();
  const cloudtrail = world.cloud.client(CloudTrailClient);
  const { Events = [] } = await cloudtrail.send(new LookupEventsCommand({}));
  const texts = Events.map(({ CloudTrailEvent = "" }) => CloudTrailEvent);
  expect(texts.map((text) => JSON.parse(text).eventName)).toEqual([
    "CreatePlatformEndpoint",
    "CreatePlatformApplication",
  ]);
  expect(JSON.parse(texts[1] ?? "").requestParameters).toMatchObject({
    name: "shop",
    attributes: { PlatformCredential: "HIDDEN_DUE_TO_SECURITY_REASONS" },
  });
  expect(texts.join()).not.toMatch(/certificate|token-1/);
});

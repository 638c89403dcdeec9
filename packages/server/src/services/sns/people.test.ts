import {
  CheckIfPhoneNumberIsOptedOutCommand,
  CreateSMSSandboxPhoneNumberCommand,
  GetSMSAttributesCommand,
  ListPhoneNumbersOptedOutCommand,
  ListSMSSandboxPhoneNumbersCommand,
  OptInPhoneNumberCommand,
  PublishCommand,
  SetSMSAttributesCommand,
  SubscribeCommand,
  VerifySMSSandboxPhoneNumberCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { measured } from "../../../test/measured.ts";
import { topicWorld, type TopicWorld } from "../../../test/topics.ts";

/** What comes after it comes later. */
async function newest(world: TopicWorld) {
  const [message] = await world.cloud.cloud.outbox(1);
  await world.cloud.clock.advance(1);
  return message;
}

async function visit(world: TopicWorld, link: string): Promise<void> {
  const url = new URL(link);
  const query = Object.fromEntries(url.searchParams);
  await world.cloud.send({ method: "GET", path: "/", query, headers: { host: url.host } });
}

const linkIn = (text: string | undefined): string => /http:\S+/.exec(text ?? "")?.[0] ?? "";

test("mails come once the link in the first of them was followed, and end with the link in the last", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders", { DisplayName: "Orders" });
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "email", Endpoint: "me@example.com" }));
  const asked = await newest(world);
  expect(asked).toMatchObject({
    kind: "email",
    to: "me@example.com",
    from: "Orders <no-reply@sns.amazonaws.com>",
    subject: "AWS Notification - Subscription Confirmation",
  });
  await world.publish(topic, "too early");
  expect(await newest(world)).toEqual(asked);
  await visit(world, linkIn(asked?.text));
  await world.publish(topic, "hello", { Subject: "greeting" });
  const mail = await newest(world);
  expect(mail).toMatchObject({ subject: "greeting", text: expect.stringMatching(/^hello\n/) });
  await visit(world, linkIn(mail?.text));
  await world.publish(topic, "too late");
  expect(await newest(world)).toEqual(mail);
});

test("mails in JSON have the envelope", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "email-json", Endpoint: "me@example.com" }));
  await visit(world, JSON.parse((await newest(world))?.text ?? "").SubscribeURL);
  await world.publish(topic, "hello");
  expect(JSON.parse((await newest(world))?.text ?? "")).toMatchObject({ Type: "Notification", Message: "hello" });
});

test("text messages go to phones, by a topic and without one", async () => {
  const world = await topicWorld();
  const publish = (PhoneNumber: string) => world.sns.send(new PublishCommand({ PhoneNumber, Message: "hello" }));
  await publish("+15551234567");
  expect(await newest(world)).toMatchObject({ kind: "sms", to: "+15551234567", text: "hello" });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_publish_wrong_phone_format)
  await expect(publish("+1a234")).rejects.toThrow(
    "Invalid parameter: PhoneNumber Reason: +1a234 is not valid to publish to",
  );
  const topic = await world.topic("orders", { DisplayName: "Orders" });
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sms", Endpoint: "+12/34-567.890" }));
  await world.publish(topic, JSON.stringify({ default: "long", sms: "short" }), { MessageStructure: "json" });
  // Source: https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html (DisplayName)
  expect(await newest(world)).toMatchObject({ to: "+1234567890", text: "Orders> short" });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_set_get_sms_attributes, test_set_invalid_sms_attributes)
test("attributes of text messages are kept, and those that are none are refused", async () => {
  const { sns } = await topicWorld();
  const set = (attributes: Record<string, string>) => sns.send(new SetSMSAttributesCommand({ attributes }));
  await set({ DefaultSMSType: "Promotional", DefaultSenderID: "LSTest", DeliveryStatusSuccessSamplingRate: "100" });
  expect((await sns.send(new GetSMSAttributesCommand({}))).attributes).toEqual({
    DefaultSMSType: "Promotional",
    DefaultSenderID: "LSTest",
    DeliveryStatusSuccessSamplingRate: "100",
    MonthlySpendLimit: "1",
  });
  const some = await sns.send(new GetSMSAttributesCommand({ attributes: ["DefaultSMSType"] }));
  expect(some.attributes).toEqual({ DefaultSMSType: "Promotional" });
  await expect(set({ InvalidAttribute: "x" })).rejects.toThrow("InvalidAttribute is not a valid attribute");
  await expect(set({ DefaultSenderID: "1234" })).rejects.toThrow("DefaultSendID is not a valid attribute");
  await expect(set({ DefaultSMSType: "Other" })).rejects.toThrow("DefaultSMSType is invalid");
});

test("a number of the sandbox is verified with the code that it was sent", async () => {
  const world = await topicWorld();
  const PhoneNumber = "+15551234567";
  await world.sns.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber }));
  const code = /\d{6}/.exec((await newest(world))?.text ?? "")?.[0] ?? "";
  const verify = (OneTimePassword: string) =>
    world.sns.send(new VerifySMSSandboxPhoneNumberCommand({ PhoneNumber, OneTimePassword }));
  await expect(verify(code === "000000" ? "000001" : "000000")).rejects.toMatchObject({
    name: "VerificationException",
  });
  await verify(code);
  const { PhoneNumbers } = await world.sns.send(new ListSMSSandboxPhoneNumbersCommand({}));
  expect(PhoneNumbers).toEqual([{ PhoneNumber, Status: "Verified" }]);
  const asked = new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: PhoneNumber });
  expect(await world.sns.send(asked)).toMatchObject({ isOptedOut: false });
});

test("a phone that answers STOP gets no more, until it is let in again", async () => {
  const world = await topicWorld();
  const phoneNumber = "+15551234567";
  const publish = () => world.sns.send(new PublishCommand({ PhoneNumber: phoneNumber, Message: "hello" }));
  const reply = (text: string) =>
    world.cloud.cloud.textReply({ from: phoneNumber, text, account: undefined, region: undefined });
  const count = async () => (await world.cloud.cloud.outbox(10)).length;
  await reply("thank you");
  await world.cloud.clock.advance(0);
  await publish();
  expect(await count()).toBe(1);
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sms_manage.html#sms_manage_optout
  await reply("stop");
  await world.cloud.clock.advance(0);
  await publish();
  expect(await count()).toBe(1);
  const listed = await world.sns.send(new ListPhoneNumbersOptedOutCommand({}));
  expect(listed.phoneNumbers).toEqual([phoneNumber]);
  const asked = await world.sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }));
  expect(asked.isOptedOut).toBe(true);
  await world.sns.send(new OptInPhoneNumberCommand({ phoneNumber }));
  await publish();
  expect(await count()).toBe(2);
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html (assumed: the dimension's value)
  const told = (name: string) => measured(world.cloud, ["AWS/SNS", name], { PhoneNumber: "PhoneNumberDirect" });
  await world.cloud.clock.advance(60);
  expect(await told("NumberOfMessagesPublished")).toMatchObject({ Sum: 3 });
  expect(await told("NumberOfNotificationsDelivered")).toMatchObject({ Sum: 2 });
  expect(await told("NumberOfNotificationsFailed")).toMatchObject({ Sum: 1 });
  expect(await told("SMSSuccessRate")).toMatchObject({ Sum: 2, SampleCount: 3 });
});

// Source: https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html (Phone number is opted out)
test("a topic has not reached a phone that wants no more", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const phone = "+15551234567";
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sms", Endpoint: phone }));
  await world.cloud.cloud.textReply({ from: phone, text: "stop", account: undefined, region: undefined });
  await world.cloud.clock.advance(0);
  await world.publish(topic, "hello");
  await world.cloud.clock.advance(60);
  const told = (name: string) => measured(world.cloud, ["AWS/SNS", name], { TopicName: "orders" });
  expect(await told("NumberOfNotificationsFailed")).toMatchObject({ Sum: 1 });
  expect(await told("NumberOfNotificationsDelivered")).toBeUndefined();
});

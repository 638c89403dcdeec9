import { CloudTrailClient, LookupEventsCommand, PutEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { deliveredRecords, loggingCloud, untilDelivered } from "../../../../test/trails.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";

/** Publishes to a topic, a device and a phone. */
async function publishEverywhere(cloud: TestCloud) {
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "orders" }));
  const { PlatformApplicationArn } = await sns.send(
    new CreatePlatformApplicationCommand({ Name: "app", Platform: "GCM", Attributes: { PlatformCredential: "key" } }),
  );
  const { EndpointArn } = await sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: "token" }));
  await sns.send(new PublishCommand({ TopicArn, Message: "x" }));
  await sns.send(new PublishCommand({ TargetArn: EndpointArn, Message: "x" }));
  await sns.send(new PublishCommand({ PhoneNumber: "+15555550100", Message: "x" }));
  return { TopicArn, EndpointArn };
}

// Source: https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html
test.each([
  ["AWS::SNS::Topic", ({ TopicArn }: Awaited<ReturnType<typeof publishEverywhere>>) => TopicArn],
  ["AWS::SNS::PlatformEndpoint", ({ EndpointArn }: Awaited<ReturnType<typeof publishEverywhere>>) => EndpointArn],
])("what is published is chosen by %s, and what goes to phones not at all", async (type, arnIn) => {
  const cloud = await loggingCloud();
  const FieldSelectors = [
    { Field: "eventCategory", Equals: ["Data"] },
    { Field: "resources.type", Equals: [type] },
  ];
  await cloud.trails.send(
    new PutEventSelectorsCommand({ TrailName: "audit", AdvancedEventSelectors: [{ FieldSelectors }] }),
  );
  const ARN = arnIn(await publishEverywhere(cloud));
  await untilDelivered(cloud);
  const told = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "Publish");
  expect(told.map(({ resources }) => resources)).toEqual([[{ accountId: "000000000000", type, ARN }]]);
});

// Source: https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html (unauthenticated mode)
test("who ends a subscription by a link is in no trail, who does it with a key is", async () => {
  const cloud = await testCloud();
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "orders" }));
  const subscribe = async (name: string) => {
    const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${name}`;
    const asked = new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, ReturnSubscriptionArn: true });
    return (await sns.send(asked)).SubscriptionArn ?? "";
  };
  const [first, second] = [await subscribe("one"), await subscribe("two")];
  const query = { Action: "Unsubscribe", SubscriptionArn: first };
  const { statusCode } = await cloud.send({ method: "GET", path: "/", query, headers: { host: "localhost:4566" } });
  expect(statusCode).toBe(200);
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: second }));
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: "Unsubscribe" }];
  const { Events = [] } = await cloud.client(CloudTrailClient).send(new LookupEventsCommand({ LookupAttributes }));
  expect(Events.map(({ CloudTrailEvent = "{}" }) => JSON.parse(CloudTrailEvent).requestParameters)).toEqual([
    { subscriptionArn: second },
  ]);
});

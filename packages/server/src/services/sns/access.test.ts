import { AccessAnalyzerClient, CreateAnalyzerCommand, ListFindingsCommand } from "@aws-sdk/client-accessanalyzer";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  AddPermissionCommand,
  GetTopicAttributesCommand,
  PublishCommand,
  RemovePermissionCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { topicWorld } from "../../../test/topics.ts";

const OTHER = "111111111111";

test("a user may do with a topic what a policy says, and the topic's own first policy gives users nothing", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const stranger = await makeUser(world.cloud, "stranger");
  const publish = (sns = world.snsOf(stranger)) => sns.send(new PublishCommand({ TopicArn: topic, Message: "hello" }));
  await expect(publish()).rejects.toMatchObject({
    name: "AuthorizationErrorException",
    message: `User: ${stranger.arn} is not authorized to perform: SNS:Publish on resource: ${topic} because no identity-based policy allows the SNS:Publish action`,
  });
  const sender = await makeUser(world.cloud, "sender", { allow: ["sns:Publish"] });
  await publish(world.snsOf(sender));
});

test("another account gets in by the topic's policy", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const sns = world.snsOf(world.cloud.rootOf(OTHER));
  const publish = () => sns.send(new PublishCommand({ TopicArn: topic, Message: "hello" }));
  await expect(publish()).rejects.toMatchObject({ name: "AuthorizationErrorException" });
  const permission = { TopicArn: topic, Label: "them", AWSAccountId: [OTHER], ActionName: ["Publish"] };
  await world.sns.send(new AddPermissionCommand(permission));
  await publish();
  const { Attributes } = await world.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_topic_add_permission)
  expect(JSON.parse(Attributes?.["Policy"] ?? "").Statement[1]).toEqual({
    Sid: "them",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
    Action: "SNS:Publish",
    Resource: topic,
  });
  await expect(world.sns.send(new AddPermissionCommand(permission))).rejects.toThrow(
    "Invalid parameter: Statement already exists",
  );
  const unknown = { ...permission, Label: "other", ActionName: ["NotAnAction"] };
  await expect(world.sns.send(new AddPermissionCommand(unknown))).rejects.toThrow(
    "Invalid parameter: Policy statement action out of service scope!",
  );
  await world.sns.send(new RemovePermissionCommand({ TopicArn: topic, Label: "them" }));
  await expect(publish()).rejects.toMatchObject({ name: "AuthorizationErrorException" });
});

test("who may subscribe may be narrowed to a protocol and an endpoint", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const allow = {
    Statement: [
      {
        Effect: "Allow",
        Action: "sns:Subscribe",
        Resource: "*",
        Condition: { StringEquals: { "sns:Protocol": "email" }, StringLike: { "sns:Endpoint": "*@example.com" } },
      },
    ],
  };
  const user = world.snsOf(await makeUser(world.cloud, "clerk", { allow }));
  const subscribe = (Protocol: string, Endpoint: string) =>
    user.send(new SubscribeCommand({ TopicArn: topic, Protocol, Endpoint }));
  await subscribe("email", "me@example.com");
  await expect(subscribe("email", "me@example.org")).rejects.toMatchObject({ name: "AuthorizationErrorException" });
  await expect(subscribe("sms", "+15551234567")).rejects.toMatchObject({ name: "AuthorizationErrorException" });
});

test("whoever publishes to a topic with a key has to be allowed to use the key", async () => {
  const world = await topicWorld();
  const { KeyMetadata } = await world.cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const topic = await world.topic("secret", { KmsMasterKeyId: KeyMetadata?.KeyId ?? "" });
  const publishAs = async (name: string, allow: readonly string[]) =>
    world
      .snsOf(await makeUser(world.cloud, name, { allow }))
      .send(new PublishCommand({ TopicArn: topic, Message: "hello" }));
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#allow-publish-encrypted-topic
  await expect(publishAs("keyless", ["sns:*"])).rejects.toMatchObject({ name: "KMSAccessDeniedException" });
  await expect(publishAs("half", ["sns:*", "kms:GenerateDataKey"])).rejects.toMatchObject({
    name: "KMSAccessDeniedException",
  });
  await publishAs("keyed", ["sns:*", "kms:GenerateDataKey", "kms:Decrypt"]);
});

test("a bucket's events come to a topic whose policy lets S3 publish, and to no other", async () => {
  const world = await topicWorld();
  const topic = await world.topic("events");
  const { queue } = await world.listener(topic, "events", { RawMessageDelivery: "true" });
  const s3 = world.cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const configure = () =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: "photos",
        NotificationConfiguration: { TopicConfigurations: [{ TopicArn: topic, Events: ["s3:ObjectCreated:*"] }] },
      }),
    );
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
  await expect(configure()).rejects.toMatchObject({ name: "InvalidArgument" });
  const Policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "SNS:Publish",
        Resource: topic,
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:s3:::photos" },
          StringEquals: { "aws:SourceAccount": "000000000000" },
        },
      },
    ],
  };
  const set = { TopicArn: topic, AttributeName: "Policy", AttributeValue: JSON.stringify(Policy) };
  await world.sns.send(new SetTopicAttributesCommand(set));
  await configure();
  await world.cloud.clock.advance(1);
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat.jpg", Body: "meow" }));
  await world.cloud.clock.advance(1);
  const received = await world.receive(queue, { MaxNumberOfMessages: 10 });
  expect(received.map(({ Body = "" }) => JSON.parse(Body))).toMatchObject([
    { Event: "s3:TestEvent" },
    { Records: [{ eventName: "ObjectCreated:Put" }] },
  ]);
});

test("an analyzer finds the topics that let another account in", async () => {
  const world = await topicWorld();
  await world.topic("closed");
  const topic = await world.topic("open");
  const grant = { TopicArn: topic, Label: "them", AWSAccountId: [OTHER], ActionName: ["Publish"] };
  await world.sns.send(new AddPermissionCommand(grant));
  const analyzer = world.cloud.client(AccessAnalyzerClient);
  const made = await analyzer.send(new CreateAnalyzerCommand({ analyzerName: "lookout", type: "ACCOUNT" }));
  const { findings = [] } = await analyzer.send(new ListFindingsCommand({ analyzerArn: made.arn }));
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-sns
  expect(findings).toMatchObject([
    { resourceType: "AWS::SNS::Topic", resource: topic, principal: { AWS: OTHER }, action: ["sns:Publish"] },
  ]);
});

// Source: https://github.com/hashicorp/terraform/issues/12740, https://github.com/aws/aws-cli/issues/3143, https://github.com/nccgroup/ScoutSuite/issues/1415 (`sns:*`)
test("a topic's policy is about what is done to a topic that is there", async () => {
  const world = await topicWorld();
  const TopicArn = await world.topic("orders");
  const put = (Action: string) => {
    const statement = { Effect: "Allow", Principal: "*", Action, Resource: TopicArn };
    const AttributeValue = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    return world.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
  };
  for (const action of ["sns:Publish", "SNS:Receive", "sns:*"]) await put(action);
  for (const action of ["sns:CreateTopic", "sns:SetSubscriptionAttributes", "sns:ListTopics"]) {
    await expect(put(action)).rejects.toThrow("Invalid parameter: Policy statement action out of service scope!");
  }
});

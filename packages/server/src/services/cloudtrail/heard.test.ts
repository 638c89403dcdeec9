import { PutEventSelectorsCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand, type RuleState } from "@aws-sdk/client-eventbridge";
import { CreateUserCommand, GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { servicePolicy } from "../../../test/service-policy.ts";
import { ACCOUNT, loggingCloud } from "../../../test/trails.ts";

interface BusEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: { readonly eventName: string };
}

/** A queue that gets what CloudTrail tells of one service. */
async function listening(source: string, State: RuleState = "ENABLED") {
  const cloud = await loggingCloud();
  const sqs = cloud.client(SQSClient);
  const events = cloud.client(EventBridgeClient);
  const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:heard`;
  const Policy = servicePolicy({ service: "events", may: "sqs:SendMessage", on: queue });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "heard", Attributes: { Policy } }));
  const EventPattern = JSON.stringify({ source: [source], "detail-type": ["AWS API Call via CloudTrail"] });
  await events.send(new PutRuleCommand({ Name: "heard", EventPattern, State }));
  await events.send(new PutTargetsCommand({ Rule: "heard", Targets: [{ Id: "1", Arn: queue }] }));
  const receive = async (): Promise<BusEvent[]> => {
    await cloud.cloud.journal.flush();
    await cloud.clock.advance(1);
    const found: BusEvent[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return found;
      found.push(...Messages.map(({ Body = "" }): BusEvent => JSON.parse(Body)));
    }
  };
  return { ...cloud, receive };
}

/** A standard queue keeps no order. */
const namesOf = (events: readonly BusEvent[]): string[] => events.map(({ detail }) => detail.eventName).toSorted();

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
test("rules hear at once of the writes that a trail logs, and of no reads", async () => {
  const cloud = await listening("aws.iam");
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new GetUserCommand({ UserName: "ann" }));
  const heard = await cloud.receive();
  expect(heard).toMatchObject([
    {
      source: "aws.iam",
      "detail-type": "AWS API Call via CloudTrail",
      detail: { eventName: "CreateUser", eventSource: "iam.amazonaws.com", requestParameters: { userName: "ann" } },
    },
  ]);
  await cloud.trails.send(new StopLoggingCommand({ Name: "audit" }));
  await cloud.clock.advance(1);
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  expect(await cloud.receive()).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html#eb-service-event-cloudtrail-management */
test("a rule that asks for all management events hears of reads too", async () => {
  const cloud = await listening("aws.iam", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new GetUserCommand({ UserName: "ann" }));
  expect(namesOf(await cloud.receive())).toEqual(["CreateUser", "GetUser"]);
});

test("data events reach rules where a trail logs them", async () => {
  const cloud = await listening("aws.s3");
  await cloud.s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await cloud.s3.send(new PutObjectCommand({ Bucket: "photos", Key: "unheard", Body: "x" }));
  const DataResources = [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::photos/"] }];
  const EventSelectors = [{ IncludeManagementEvents: false, DataResources }];
  await cloud.trails.send(new PutEventSelectorsCommand({ TrailName: "audit", EventSelectors }));
  await cloud.s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "x" }));
  await cloud.s3.send(new GetObjectCommand({ Bucket: "photos", Key: "cat" }));
  const heard = await cloud.receive();
  expect(namesOf(heard)).toEqual(["CreateBucket", "GetObject", "PutObject"]);
  expect(JSON.stringify(heard)).not.toContain("unheard");
});

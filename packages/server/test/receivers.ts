/** Queues that get what S3 sends to a queue, and what the default event bus hears. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { servicePolicy } from "./service-policy.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

export interface HeardEvent {
  readonly account: string;
  readonly source: string;
  readonly "detail-type": string;
  readonly resources: readonly string[];
  readonly detail: object;
}

export interface Receivers {
  readonly cloud: TestCloud;
  /** What the queue `uploads` got so far, parsed, in order. */
  readonly messages: () => Promise<readonly object[]>;
  /** The records of events in them. */
  readonly records: () => Promise<readonly ToldRecord[]>;
  /** What the default event bus heard so far, in order. */
  readonly events: () => Promise<readonly HeardEvent[]>;
  /** From now on nobody may send to the queue. */
  readonly refuse: () => Promise<void>;
}

/** What S3 tells of one change. */
export interface ToldRecord {
  readonly eventVersion: string;
  readonly eventName: string;
  readonly userIdentity: { readonly principalId: string };
  readonly requestParameters: { readonly sourceIPAddress: string };
  readonly s3: { readonly object: { readonly key: string; readonly sequencer: string } };
}

const policyFor = (service: string): string => servicePolicy({ service, may: "sqs:SendMessage" });

export async function receivers(): Promise<Receivers> {
  const cloud = await testCloud();
  const uploads = await queueIn(cloud, "uploads", policyFor("s3"));
  const heard = await queueIn(cloud, "heard", policyFor("events"));
  const events = cloud.client(EventBridgeClient);
  const EventPattern = JSON.stringify({ source: [{ prefix: "" }] });
  await events.send(new PutRuleCommand({ Name: "all", EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: "all", Targets: [{ Id: "1", Arn: heard.arn }] }));
  const messages = async (): Promise<readonly (object & { readonly Records?: readonly ToldRecord[] })[]> =>
    (await uploads.texts()).map((text) => JSON.parse(text));
  return {
    cloud,
    messages,
    records: async () => (await messages()).flatMap(({ Records = [] }) => Records),
    events: async () => (await heard.texts()).map((text) => JSON.parse(text)),
    refuse: () => uploads.setPolicy(policyFor("sns")),
  };
}

const FOURTEEN_DAYS = `${14 * 24 * 3600}`;

async function queueIn(cloud: TestCloud, QueueName: string, Policy: string) {
  const sqs = cloud.client(SQSClient);
  const Attributes = { Policy, MessageRetentionPeriod: FOURTEEN_DAYS };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const taken: string[] = [];
  return {
    arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}`,
    setPolicy: async (other: string) => {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: other } }));
    },
    async texts(): Promise<readonly string[]> {
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return taken;
        for (const { Body = "", ReceiptHandle } of Messages) {
          taken.push(Body);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
}

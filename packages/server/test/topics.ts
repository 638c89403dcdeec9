/** A cloud with topics and queues that listen to them. */
import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  type PublishCommandInput,
} from "@aws-sdk/client-sns";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { queueWorld, type QueueWorld } from "./queues.ts";
import { servicePolicy } from "./service-policy.ts";
import type { IssuedCredentials, TestCredentials } from "./test-cloud.ts";

export interface TopicWorld extends QueueWorld {
  readonly sns: SNSClient;
  /** A new topic's ARN. */
  topic(name: string, attributes?: Record<string, string>): Promise<string>;
  /** A new queue that lets the topic send, and has subscribed to it. */
  listener(topic: string, name: string, attributes?: Record<string, string>): Promise<Listener>;
  publish(topic: string, text: string, more?: Partial<PublishCommandInput>): Promise<string>;
  snsOf(credentials: TestCredentials | IssuedCredentials): SNSClient;
}

export interface Listener {
  /** The queue's URL. */
  readonly queue: string;
  readonly subscription: string;
}

export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

export async function topicWorld(): Promise<TopicWorld> {
  const world = await queueWorld();
  const sns = world.cloud.client(SNSClient);
  return {
    ...world,
    sns,
    async topic(Name, Attributes = {}) {
      const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
      return TopicArn;
    },
    async listener(TopicArn, name, Attributes = {}) {
      const queue = await world.create(name, name.endsWith(".fifo") ? { FifoQueue: "true" } : {});
      await letSend(world, { queue, name, topic: TopicArn });
      const Endpoint = queueArn(name);
      const asked = new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes });
      const { SubscriptionArn: subscription = "" } = await sns.send(asked);
      return { queue, subscription };
    },
    async publish(TopicArn, Message, more = {}) {
      const { MessageId = "" } = await sns.send(new PublishCommand({ TopicArn, Message, ...more }));
      return MessageId;
    },
    snsOf: (credentials) => world.cloud.client(SNSClient, credentials),
  };
}

interface Letting {
  readonly queue: string;
  readonly name: string;
  readonly topic: string;
}

/** The policy that AWS's guide writes for such a queue. */
async function letSend({ sqs }: QueueWorld, { queue, name, topic }: Letting): Promise<void> {
  const where = { ArnEquals: { "aws:SourceArn": topic } };
  const Policy = servicePolicy({ service: "sns", may: "sqs:SendMessage", on: queueArn(name), where });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { Policy } }));
}

/** A cloud with queues, and a client of SQS. */
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "./test-cloud.ts";

export interface QueueWorld {
  readonly cloud: TestCloud;
  readonly sqs: SQSClient;
  /** A new queue's URL. */
  create(name: string, attributes?: Record<string, string>): Promise<string>;
  send(queue: string, text: string, more?: Partial<SendMessageCommand["input"]>): Promise<string>;
  receive(queue: string, more?: Partial<ReceiveMessageCommand["input"]>): Promise<readonly Message[]>;
  clientOf(credentials: TestCredentials | IssuedCredentials): SQSClient;
}

export async function queueWorld(): Promise<QueueWorld> {
  const cloud = await testCloud();
  const sqs = cloud.client(SQSClient);
  return {
    cloud,
    sqs,
    async create(QueueName, Attributes = {}) {
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
      return QueueUrl;
    },
    async send(QueueUrl, MessageBody, more = {}) {
      const { MessageId = "" } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
      return MessageId;
    },
    async receive(QueueUrl, more = {}) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
      return Messages;
    },
    clientOf: (credentials) => cloud.client(SQSClient, credentials),
  };
}

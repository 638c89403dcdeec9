/** A cloud with rules that send events to queues. */
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type PutEventsRequestEntry,
  type PutRuleCommandInput,
  type Target,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import type { CloudOptions } from "../src/main.ts";
import { servicePolicy } from "./service-policy.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "./test-cloud.ts";

export interface TakenQueue {
  readonly url: string;
  readonly arn: string;
  /** What has come since it was asked last, after everything under way has ended. */
  readonly messages: () => Promise<readonly Message[]>;
  readonly bodies: () => Promise<readonly string[]>;
}

export interface EventWorld {
  readonly cloud: TestCloud;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  eventsOf(credentials: TestCredentials | IssuedCredentials): EventBridgeClient;
  /** A queue that lets rules send. */
  queue(name: string, attributes?: Readonly<Record<string, string>>): Promise<TakenQueue>;
  /** A rule of the default bus, with targets. */
  rule(name: string, pattern: object, targets: readonly Target[], more?: Partial<PutRuleCommandInput>): Promise<string>;
  /** The ids of events on the default bus. */
  put(...entries: readonly PutEventsRequestEntry[]): Promise<readonly string[]>;
}

const ACCOUNT = "000000000000";

export async function eventWorld(options: Partial<CloudOptions> = {}, on?: TestCloud): Promise<EventWorld> {
  const cloud = on ?? (await testCloud(options));
  const events = cloud.client(EventBridgeClient);
  const sqs = cloud.client(SQSClient);
  return {
    cloud,
    events,
    sqs,
    eventsOf: (credentials) => cloud.client(EventBridgeClient, credentials),
    async queue(QueueName, Attributes = {}) {
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
      const arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${QueueName}`;
      const Policy = servicePolicy({ service: "events", may: "sqs:SendMessage", on: arn });
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
      return takenQueue({ url: QueueUrl, arn }, cloud, sqs);
    },
    async rule(Name, pattern, targets, more = {}) {
      const EventPattern = JSON.stringify(pattern);
      const { RuleArn = "" } = await events.send(new PutRuleCommand({ Name, EventPattern, ...more }));
      const { EventBusName } = more;
      if (targets.length > 0) {
        await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets: [...targets] }));
      }
      return RuleArn;
    },
    async put(...entries) {
      const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [...entries] }));
      return Entries.map(({ EventId = "" }) => EventId);
    },
  };
}

function takenQueue({ url, arn }: { url: string; arn: string }, cloud: TestCloud, sqs: SQSClient): TakenQueue {
  const messages = async (): Promise<readonly Message[]> => {
    await cloud.clock.advance(0);
    const asked = { QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"], AttributeNames: ["All"] };
    const taken: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ ...asked, AttributeNames: ["All"] }));
      if (Messages.length === 0) return taken;
      for (const message of Messages) {
        taken.push(message);
        const handle = { QueueUrl: url, ReceiptHandle: message.ReceiptHandle ?? "" };
        await sqs.send(new DeleteMessageCommand(handle));
      }
    }
  };
  return { url, arn, messages, bodies: async () => (await messages()).map(({ Body = "" }) => Body) };
}

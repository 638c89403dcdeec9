/** A queue that a function is read from. */
import { CreateEventSourceMappingCommand, type CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
  type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import type { FunctionWorld } from "./functions.ts";

/** Remembers the bodies that it got, batch by batch, until it is asked for them. */
export const REMEMBERS = `
let seen = [];
export const handler = async (event) => {
  if (!event.Records) { const all = seen; seen = []; return all; }
  seen.push(event.Records.map(({ body }) => body));
};`;

interface QueueMore {
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly rights?: readonly string[];
}

/** The queue `jobs`, from which a function `work` of this source is read. */
export async function readQueue(
  world: FunctionWorld,
  source: string,
  more: Partial<CreateEventSourceMappingCommandInput> = {},
  { name = "jobs", attributes = {}, rights = [] }: QueueMore = {},
) {
  const sqs = world.cloud.client(SQSClient);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const usual = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  const Role = await world.role("reader", ...usual, ...rights);
  await world.create("work", source, { Role, Timeout: 20 });
  const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const input = { FunctionName: "work", EventSourceArn, ...more };
  const mapping = await world.lambda.send(new CreateEventSourceMappingCommand(input));
  return {
    mapping,
    UUID: mapping.UUID ?? "",
    QueueUrl,
    send: (MessageBody: string, to: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...to })),
    /** How many messages are to be had, and how many somebody has. */
    left: async () => {
      const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
      const { Attributes = {} } = await sqs.send(asked);
      return names.map((each) => Number(Attributes[each]));
    },
  };
}

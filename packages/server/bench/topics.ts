/** What is published to a topic with a hundred subscribers, beside a hundred messages that a client sends by itself. */
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { servicePolicy } from "../test/service-policy.ts";
import { kumobako } from "./processes.ts";
import { median, type Row } from "./table.ts";

const SUBSCRIBERS = 100;
const ACCOUNT = "000000000000";

interface Options {
  readonly dataDirectory: string;
  readonly rounds: number;
}

export async function topics({ dataDirectory, rounds }: Options): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const config = { region: "us-east-1", endpoint: `http://127.0.0.1:${cloud.port}`, credentials };
  const [sns, sqs] = [new SNSClient(config), new SQSClient(config)];
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "bench" }));
  const urls: string[] = [];
  for (let at = 0; at < SUBSCRIBERS; at++) urls.push(await listener({ sns, sqs, topicArn: TopicArn ?? "", at }));
  const publish = new PublishCommand({ TopicArn, Message: "m".repeat(256) });
  const ratios: number[] = [];
  const milliseconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const published = await timed(() => sns.send(publish));
    const sent = await timed(async () => {
      for (const QueueUrl of urls) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m".repeat(256) }));
    });
    ratios.push(published / sent);
    milliseconds.push(published);
  }
  sns.destroy();
  sqs.destroy();
  return [
    {
      name: "SNS publish to 100 queues, one transaction (embedded)",
      measured: median(ratios),
      goal: "≤ 0.3",
      unit: "× 100 SendMessage",
      note: `${median(milliseconds).toFixed(1)} ms`,
    },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

interface Listening {
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly topicArn: string;
  readonly at: number;
}

/** The URL of a queue that lets the topic send, and has subscribed to it. */
async function listener({ sns, sqs, topicArn, at }: Listening): Promise<string> {
  const QueueName = `bench-${at}`;
  const Endpoint = `arn:aws:sqs:us-east-1:${ACCOUNT}:${QueueName}`;
  const Policy = servicePolicy({ service: "sns", may: "sqs:SendMessage", on: Endpoint });
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint }));
  return QueueUrl;
}

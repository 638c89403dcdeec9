/** Everything that hands things on, set up in one cloud: each way ends in a queue, or in a function that tells the test. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { zipOf } from "../../../server/test/zip.ts";
import { policyText } from "../../../server/test/identities.ts";
import { servicePolicy, serviceTrust } from "../../../server/test/service-policy.ts";
import { configOf, type RunningServer } from "./running-server.ts";

const SENDERS = ["s3", "sns", "events"];

/** Whom the functions tell what they were called with. */
export async function listener() {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      heard.push(await text(request));
      response.end();
    };
    void take();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { port, heard, close };
}

const arnOf = ({ account }: RunningServer, service: string, resource: string): string =>
  `arn:aws:${service}:us-east-1:${account}:${resource}`;

async function newQueue(server: RunningServer, name: string): Promise<void> {
  const Attributes = {
    Policy: servicePolicy({ service: SENDERS, may: "sqs:SendMessage", on: arnOf(server, "sqs", name) }),
    ...(name.endsWith(".fifo") && { FifoQueue: "true" }),
  };
  await new SQSClient(configOf(server)).send(new CreateQueueCommand({ QueueName: name, Attributes }));
}

/** S3 → SNS → SQS, and a FIFO topic → a FIFO queue. */
async function layTopics(server: RunningServer): Promise<void> {
  const sns = new SNSClient(configOf(server));
  const s3 = new S3Client(configOf(server));
  const policy = servicePolicy({ service: SENDERS, may: "sns:Publish", on: arnOf(server, "sns", "uploads") });
  await sns.send(new CreateTopicCommand({ Name: "uploads", Attributes: { Policy: policy } }));
  await sns.send(new CreateTopicCommand({ Name: "steps.fifo", Attributes: { FifoTopic: "true" } }));
  for (const name of ["uploads", "steps.fifo"]) {
    await newQueue(server, name);
    const [TopicArn, Endpoint] = [arnOf(server, "sns", name), arnOf(server, "sqs", name)];
    const Attributes = { RawMessageDelivery: "true" };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
  }
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const TopicConfigurations = [{ TopicArn: arnOf(server, "sns", "uploads"), Events: ["s3:ObjectCreated:*" as const] }];
  const NotificationConfiguration = { TopicConfigurations };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "photos", NotificationConfiguration }));
}

/** A rule → a function, a queue → a function, a log group → a function. */
async function layFunctions(server: RunningServer, port: number): Promise<void> {
  const lambda = new LambdaClient(configOf(server));
  const source = `export const handler = async (event) => {
    await fetch("http://127.0.0.1:${port}/", { method: "POST", body: JSON.stringify(event) });
  };`;
  const Role = await newRole(server, "teller", "sqs:*");
  const Code = { ZipFile: zipOf({ "index.mjs": source }) };
  const order = { FunctionName: "tell", Runtime: "nodejs24.x", Handler: "index.handler", Timeout: 10 } as const;
  await lambda.send(new CreateFunctionCommand({ ...order, Role, Code }));
  for (const name of ["events", "logs"]) {
    const allowed = { Action: "lambda:InvokeFunction", Principal: `${name}.amazonaws.com`, StatementId: name };
    await lambda.send(new AddPermissionCommand({ FunctionName: "tell", ...allowed }));
  }
  await newQueue(server, "jobs");
  const EventSourceArn = arnOf(server, "sqs", "jobs");
  await lambda.send(new CreateEventSourceMappingCommand({ FunctionName: "tell", EventSourceArn, BatchSize: 3 }));
  const functionArn = arnOf(server, "lambda", "function:tell");
  const events = new EventBridgeClient(configOf(server));
  await events.send(new PutRuleCommand({ Name: "orders", EventPattern: '{"source":["shop"]}' }));
  await events.send(new PutTargetsCommand({ Rule: "orders", Targets: [{ Id: "1", Arn: functionArn }] }));
  const logs = new CloudWatchLogsClient(configOf(server));
  const logGroupName = "app";
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "main" }));
  const filter = { logGroupName, filterName: "all", filterPattern: "", destinationArn: functionArn };
  await logs.send(new PutSubscriptionFilterCommand(filter));
}

/** One that the services may take on which need one. */
export async function newRole(server: RunningServer, RoleName: string, ...Action: string[]): Promise<string> {
  const iam = new IAMClient(configOf(server));
  const AssumeRolePolicyDocument = serviceTrust(["lambda", "scheduler"]);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = policyText(Action);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "work", PolicyDocument }));
  return Role?.Arn ?? "";
}

export async function layFabric(server: RunningServer, port: number): Promise<void> {
  await layTopics(server);
  await layFunctions(server, port);
}

/** The ways that are fed from outside. */
export const WAYS = ["upload", "step", "job", "event", "line"] as const;
export type Way = (typeof WAYS)[number];

/** Puts `mark` into one end of a way. */
export async function feed(server: RunningServer, way: Way, mark: string): Promise<void> {
  const config = configOf(server);
  switch (way) {
    case "upload":
      await new S3Client(config).send(new PutObjectCommand({ Bucket: "photos", Key: mark, Body: "x" }));
      return;
    case "step": {
      const named = { TopicArn: arnOf(server, "sns", "steps.fifo"), MessageGroupId: "walk" };
      const MessageDeduplicationId = randomUUID();
      await new SNSClient(config).send(new PublishCommand({ ...named, MessageDeduplicationId, Message: mark }));
      return;
    }
    case "job": {
      const QueueUrl = `${server.endpoint}/${server.account}/jobs`;
      await new SQSClient(config).send(new SendMessageCommand({ QueueUrl, MessageBody: mark }));
      return;
    }
    case "event": {
      const entry = { Source: "shop", DetailType: mark, Detail: "{}" };
      await new EventBridgeClient(config).send(new PutEventsCommand({ Entries: [entry] }));
      return;
    }
    case "line": {
      const event = { timestamp: Date.now(), message: mark };
      const stream = { logGroupName: "app", logStreamName: "main" };
      await new CloudWatchLogsClient(config).send(new PutLogEventsCommand({ ...stream, logEvents: [event] }));
    }
  }
}

/** The bodies that lie in a queue, in the order in which they come. */
export async function takeAll(server: RunningServer, name: string): Promise<string[]> {
  const sqs = new SQSClient(configOf(server));
  const QueueUrl = `${server.endpoint}/${server.account}/${name}`;
  const taken: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return taken;
    for (const { Body = "", ReceiptHandle } of Messages) {
      taken.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

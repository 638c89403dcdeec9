/** A phone asks through a queue, and gets its answer by a silent notification. */
import { credentialsOf } from "../credentials.ts";
import type { Actor, Teller } from "../lab.ts";
import { allow, policy } from "../policy.ts";

const succeeds = { outcome: "succeeds" } as const;
const HELD_SECONDS = 30;

interface Story {
  readonly teller: Teller;
  readonly admin: Actor;
  readonly queue: string;
  readonly endpoint: string;
}

export async function mobilePush(teller: Teller): Promise<void> {
  const admin = teller.root(teller.account("A"));
  const queue = await makeQueue(teller, admin);
  const endpoint = await makeApp(teller, admin);
  const story = { teller, admin, queue, endpoint };
  const worker = await makeWorker(story);
  await ask(story);
  const receipt = await take(story, worker);
  teller.notBuilt("It takes the user's item out of the table.", "DynamoDB");
  await push(story, worker);
  await arrived(story);
  await dieAndComeBack(story, { worker, receipt });
}

async function makeQueue(teller: Teller, admin: Actor): Promise<string> {
  const { QueueUrl = "none" } = await teller.step({
    does: "A queue for what phones ask; what a worker has taken is hidden from others for half a minute.",
    as: admin,
    call: ["sqs", "CreateQueue"],
    input: { QueueName: "requests", Attributes: { VisibilityTimeout: String(HELD_SECONDS) } },
    expect: succeeds,
  });
  return QueueUrl;
}

async function makeApp(teller: Teller, admin: Actor): Promise<string> {
  const { PlatformApplicationArn } = await teller.step({
    does: "The app is known to Apple's service by a certificate and a key,",
    as: admin,
    call: ["sns", "CreatePlatformApplication"],
    input: {
      Name: "shop",
      Platform: "APNS_SANDBOX",
      Attributes: { PlatformPrincipal: "certificate", PlatformCredential: "key" },
    },
    expect: succeeds,
  });
  const { EndpointArn = "none" } = await teller.step({
    does: "and the phone by the token that Apple gave it.",
    as: admin,
    call: ["sns", "CreatePlatformEndpoint"],
    input: { PlatformApplicationArn, Token: "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0" },
    expect: succeeds,
  });
  return EndpointArn;
}

async function makeWorker({ teller, admin, queue }: Story): Promise<Actor> {
  await teller.step({
    does: "A worker",
    as: admin,
    call: ["iam", "CreateUser"],
    input: { UserName: "worker" },
    expect: succeeds,
  });
  await letWorker(
    { teller, admin },
    { does: "may take from queues and delete there, and nothing else.", actions: QUEUE },
  );
  const { AccessKey } = await teller.step({
    does: "It gets a key.",
    as: admin,
    call: ["iam", "CreateAccessKey"],
    input: { UserName: "worker" },
    expect: succeeds,
  });
  const worker = teller.actor("worker", credentialsOf(AccessKey));
  await teller.step({
    does: "So it asks for nothing that phones may ask for:",
    as: worker,
    call: ["sqs", "SendMessage"],
    input: { QueueUrl: queue, MessageBody: "{}" },
    expect: { outcome: "refused", code: "AccessDenied", because: "sqs:sendmessage" },
  });
  return worker;
}

const QUEUE = ["sqs:ReceiveMessage", "sqs:DeleteMessage"];

const letWorker = (
  { teller, admin }: Pick<Story, "teller" | "admin">,
  { does, actions }: { readonly does: string; readonly actions: readonly string[] },
) =>
  teller.step({
    does,
    as: admin,
    call: ["iam", "PutUserPolicy"],
    input: { UserName: "worker", PolicyName: "work", PolicyDocument: policy(allow(actions, "*")) },
    expect: succeeds,
  });

const ask = ({ teller, admin, queue }: Story) =>
  teller.step({
    does: "The phone asks.",
    as: admin,
    call: ["sqs", "SendMessage"],
    input: { QueueUrl: queue, MessageBody: JSON.stringify({ userId: "u1" }) },
    expect: succeeds,
  });

async function take({ teller, queue }: Story, worker: Actor): Promise<string> {
  const { Messages: [message] = [] } = await teller.step({
    does: "A worker takes what was asked.",
    as: worker,
    call: ["sqs", "ReceiveMessage"],
    input: { QueueUrl: queue },
    expect: {
      outcome: "succeeds",
      check: ({ Messages }) => (Messages?.[0]?.Body === '{"userId":"u1"}' ? undefined : "what the phone asked"),
    },
  });
  return message?.ReceiptHandle ?? "none";
}

async function push(story: Story, worker: Actor): Promise<void> {
  const { teller, endpoint } = story;
  const input = {
    TargetArn: endpoint,
    MessageStructure: "json",
    Message: JSON.stringify({
      default: "there is something new",
      APNS_SANDBOX: JSON.stringify({ aps: { "content-available": 1 }, item: "i1" }),
    }),
    MessageAttributes: {
      "AWS.SNS.MOBILE.APNS.PUSH_TYPE": { DataType: "String", StringValue: "background" },
    },
  };
  await teller.step({
    does: "It may not tell phones of it,",
    as: worker,
    call: ["sns", "Publish"],
    input,
    expect: { outcome: "refused", code: "AuthorizationError", because: "SNS:Publish" },
  });
  await letWorker(story, { does: "unless it is let.", actions: [...QUEUE, "sns:Publish"] });
  await teller.step({
    does: "The worker sends the phone a notification that its user is not to see.",
    as: worker,
    call: ["sns", "Publish"],
    input,
    expect: succeeds,
  });
}

interface Posted {
  readonly kind: string;
  readonly to: string;
  readonly text: string;
}

const arrived = ({ teller, endpoint }: Story) =>
  teller.deed({
    does: "The phone gets it: the app wakes, and there is no alert.",
    as: "the phone",
    command: "kumobako outbox",
    async act() {
      const answer = await fetch(`${teller.endpoint}/_kumobako/outbox?limit=10`);
      const { messages }: { readonly messages: readonly Posted[] } = JSON.parse(await answer.text());
      return messages.find(({ kind, to }) => kind === "push" && to === endpoint);
    },
    expect: {
      outcome: "succeeds",
      check: (heard) =>
        heard?.text === '{"aps":{"content-available":1},"item":"i1"}' ? undefined : "a payload without an alert",
    },
  });

interface Work {
  readonly worker: Actor;
  readonly receipt: string;
}

async function dieAndComeBack({ teller, queue }: Story, { worker, receipt }: Work): Promise<void> {
  await teller.step({
    does: "While the worker has the message, no other gets it.",
    as: worker,
    call: ["sqs", "ReceiveMessage"],
    input: { QueueUrl: queue },
    expect: {
      outcome: "succeeds",
      check: ({ Messages = [] }) => (Messages.length === 0 ? undefined : "no message"),
    },
  });
  await teller.wait("The worker dies without a word. Half a minute goes by.", HELD_SECONDS);
  const again = await takeAgain({ teller, queue }, worker);
  await teller.step({
    does: "The other is done with it, and deletes it.",
    as: worker,
    call: ["sqs", "DeleteMessage"],
    input: { QueueUrl: queue, ReceiptHandle: again ?? receipt },
    expect: succeeds,
  });
}

async function takeAgain(
  { teller, queue }: Pick<Story, "teller" | "queue">,
  worker: Actor,
): Promise<string | undefined> {
  const { Messages: [message] = [] } = await teller.step({
    does: "The message is there again, for another worker, who sees that it is the second.",
    as: worker,
    call: ["sqs", "ReceiveMessage"],
    input: { QueueUrl: queue, MessageSystemAttributeNames: ["ApproximateReceiveCount"] },
    expect: {
      outcome: "succeeds",
      check: ({ Messages }) =>
        Messages?.[0]?.Attributes?.ApproximateReceiveCount === "2" ? undefined : "the message, for the second time",
    },
  });
  return message?.ReceiptHandle;
}

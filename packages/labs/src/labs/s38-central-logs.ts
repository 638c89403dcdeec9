/** Logs of many accounts in one, and how they are read. */
import type { Actor, Teller } from "../lab.ts";
import { allow, policy } from "../policy.ts";
import { send } from "../service-call.ts";
import { makeServiceRole } from "../service-role.ts";

const succeeds = { outcome: "succeeds" } as const;
const REGION = "us-east-1";

export interface Story {
  readonly teller: Teller;
  /** Of the application. */
  readonly account: string;
  readonly admin: Actor;
}

interface Central extends Story {
  /** The account for logs. */
  readonly logAccount: string;
  readonly keeper: Actor;
}

const GROUP = "/ecs/hogehoge";
const STREAM = "ecs/stream";

/** An account for logs takes those of the application's account. */
export async function centralLogs(story: Story): Promise<void> {
  const logAccount = story.teller.account("B");
  const central = { ...story, logAccount, keeper: story.teller.root(logAccount) };
  await makeDestination(central);
  await makeGroup(story);
  await subscribe(central);
}

const destinationArn = ({ logAccount }: Central): string => `arn:aws:logs:${REGION}:${logAccount}:destination:central`;

async function makeDestination(central: Central): Promise<void> {
  const { teller, keeper, logAccount } = central;
  teller.notBuilt("A stream of data in the account for logs takes what comes.", "Kinesis Data Streams");
  const does = "A role lets CloudWatch Logs write into it.";
  await makeServiceRole({ teller, admin: keeper }, { name: "carrier", service: "logs", does });
  await teller.step({
    does: "A destination stands for the stream, for other accounts to name,",
    as: keeper,
    call: ["logs", "PutDestination"],
    input: {
      destinationName: "central",
      targetArn: `arn:aws:kinesis:${REGION}:${logAccount}:stream/central`,
      roleArn: `arn:aws:iam::${logAccount}:role/carrier`,
    },
    expect: succeeds,
  });
  await teller.step({
    does: "and its policy says which may.",
    as: keeper,
    call: ["logs", "PutDestinationPolicy"],
    input: {
      destinationName: "central",
      accessPolicy: policy(
        allow("logs:PutSubscriptionFilter", destinationArn(central), { Principal: { AWS: central.account } }),
      ),
    },
    expect: succeeds,
  });
}

async function makeGroup({ teller, admin }: Story): Promise<void> {
  await teller.step({
    does: "The application has a log group",
    as: admin,
    call: ["logs", "CreateLogGroup"],
    input: { logGroupName: GROUP },
    expect: succeeds,
  });
  await teller.step({
    does: "with a stream.",
    as: admin,
    call: ["logs", "CreateLogStream"],
    input: { logGroupName: GROUP, logStreamName: STREAM },
    expect: succeeds,
  });
}

const filterOf = (central: Central, logGroupName: string) => ({
  logGroupName,
  filterName: "central",
  filterPattern: "",
  destinationArn: destinationArn(central),
});

async function subscribe(central: Central): Promise<void> {
  const { teller, admin } = central;
  await teller.step({
    does: "The group's events go to the destination from now on.",
    as: admin,
    call: ["logs", "PutSubscriptionFilter"],
    input: filterOf(central, GROUP),
    expect: succeeds,
  });
  const stranger = teller.root(teller.account("C"));
  await teller.step({
    does: "An account that the policy does not name has a group as well,",
    as: stranger,
    call: ["logs", "CreateLogGroup"],
    input: { logGroupName: "theirs" },
    expect: succeeds,
  });
  await teller.step({
    does: "and may not send its events there.",
    as: stranger,
    call: ["logs", "PutSubscriptionFilter"],
    input: filterOf(central, "theirs"),
    expect: { outcome: "refused", code: "AccessDeniedException", because: "logs:PutSubscriptionFilter" },
  });
  teller.notBuilt("What is put arrives in the log account's bucket, gzipped.", "Amazon Data Firehose");
}

const MESSAGES = ["COPY FROM S3.", "処理時間:289.469252秒", "VACUUM", "END"];

/** The application says something, and somebody reads it with the CLI. */
export async function readFromTheShell(story: Story): Promise<void> {
  const { teller, admin } = story;
  const at = (await teller.now()).getTime();
  await teller.step({
    does: "The application logs four events.",
    as: admin,
    call: ["logs", "PutLogEvents"],
    input: {
      logGroupName: GROUP,
      logStreamName: STREAM,
      logEvents: MESSAGES.map((message, index) => ({ timestamp: at - 4222 + index, message })),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "They are read without the console, in order.",
    as: admin,
    call: ["logs", "GetLogEvents"],
    input: { logGroupName: GROUP, logStreamName: STREAM },
    expect: {
      outcome: "succeeds",
      check: ({ events = [] }) =>
        events.map(({ message }) => message).join() === MESSAGES.join() ? undefined : MESSAGES.join(),
    },
  });
  await twoWriters(story, at);
}

async function twoWriters({ teller, admin }: Story, at: number): Promise<void> {
  const write = (message: string) =>
    send({
      service: "logs",
      operation: "PutLogEvents",
      input: {
        logGroupName: GROUP,
        logStreamName: STREAM,
        logEvents: [{ timestamp: at, message }],
        sequenceToken: "49590302174700000000000000000000000000000000000000000000",
      },
      endpoint: teller.endpoint,
      region: REGION,
      credentials: admin.credentials,
    });
  await teller.deed({
    does: "Two agents write into one stream at once, both with a sequence token of yesterday.",
    as: admin.name,
    command: `aws logs put-log-events --log-group-name ${GROUP} --log-stream-name ${STREAM} --sequence-token 4959… & …`,
    act: () => Promise.all([write("agent 1"), write("agent 2")]),
    expect: succeeds,
  });
  await teller.step({
    does: "What both said is there.",
    as: admin,
    call: ["logs", "FilterLogEvents"],
    input: { logGroupName: GROUP, filterPattern: "agent" },
    expect: { outcome: "succeeds", check: ({ events = [] }) => (events.length === 2 ? undefined : "two events") },
  });
}

/** What the record of a call costs: the same calls to a cloud that keeps records, and to one that drops them. */
import { CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startServer, type RunningServer } from "../src/main.ts";
import { makeLoggingTrail } from "../test/logging-trail.ts";
import { load } from "./processes.ts";
import { signedRequest } from "./signed.ts";
import { median, type Row } from "./table.ts";
import { inTurn } from "./turns.ts";

export interface RecordingOptions {
  readonly dataDirectory: string;
  readonly rounds: number;
  readonly seconds: number;
}

const ROOT = { accessKeyId: "test", secretAccessKey: "test" };
const CONNECTIONS = 32;
/** A round is so many short turns of each cloud: what else a machine does changes from second to second. */
const TURNS = 8;
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
});

interface Prepared {
  readonly server: RunningServer;
  /** Signed requests, by what they ask for. */
  readonly calls: ReadonlyMap<string, string>;
}

/** All three servers run here, and the load comes from elsewhere: only their own processor time counts. */
export async function recording({ dataDirectory, ...options }: RecordingOptions): Promise<Row[]> {
  const kept = await prepared(`${dataDirectory}/kept`);
  const logged = await prepared(`${dataDirectory}/logged`);
  await makeLoggingTrail(configOf(logged.server), {
    Name: "bench",
    S3BucketName: "bench-trail",
    IsMultiRegionTrail: true,
  });
  const dropped = await prepared(`${dataDirectory}/dropped`);
  Object.assign(dropped.server.cloud.journal, { write: () => undefined, append: () => undefined });
  const rows: Row[] = [];
  const unit = "× its cost without a record";
  for (const name of kept.calls.keys()) {
    const recorded = await costBeside(dropped, kept, { name, ...options });
    rows.push({ name: `${name} with its record (embedded)`, measured: recorded, goal: "≤ 1.15", unit });
    const trailed = await costBeside(dropped, logged, { name, ...options });
    rows.push({ name: `${name} with its record, while a trail logs (embedded)`, measured: trailed, unit });
  }
  for (const { server } of [kept, logged, dropped]) await server.close();
  return rows;
}

/** The processor time of a call to `cloud`, by that of one to `bare`; beside no third, whose garbage either would clear away. */
async function costBeside(
  bare: Prepared,
  cloud: Prepared,
  { name, rounds, seconds }: Omit<RecordingOptions, "dataDirectory"> & { readonly name: string },
): Promise<number> {
  for (const each of [bare, cloud]) await spend(name, tallyOf(each), seconds);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const tallies = [bare, cloud].map(tallyOf);
    for (let turn = 0; turn < TURNS; turn++) {
      await inTurn(tallies, turn, (tally) => spend(name, tally, seconds / TURNS));
    }
    const [without = Number.NaN, within = Number.NaN] = tallies.map(
      ({ microseconds, answers }) => microseconds / answers,
    );
    ratios.push(within / without);
  }
  return median(ratios);
}

interface Tally {
  readonly cloud: Prepared;
  /** Of processor time, with all that goes on behind the calls. */
  microseconds: number;
  answers: number;
}

const tallyOf = (cloud: Prepared): Tally => ({ cloud, microseconds: 0, answers: 0 });

async function spend(name: string, tally: Tally, seconds: number): Promise<void> {
  const { server, calls } = tally.cloud;
  const requests = [calls.get(name) ?? ""];
  const begin = process.cpuUsage();
  const took = await load({ port: server.port, requests, connections: CONNECTIONS, seconds });
  if (took.failures > 0) throw new Error(`${took.failures} calls failed: ${took.firstFailure}`);
  await server.cloud.journal.flush();
  // what trails do with the records is done once nothing is due any more
  await server.cloud.clock.advance(0);
  const { user, system } = process.cpuUsage(begin);
  tally.microseconds += user + system;
  tally.answers += took.answers;
}

const configOf = ({ endpoint }: RunningServer) => ({
  region: "us-east-1",
  endpoint,
  credentials: ROOT,
  forcePathStyle: true,
});

async function prepared(dataDirectory: string): Promise<Prepared> {
  const server = await startServer({ port: 0, dataDirectory });
  const { port } = server;
  const RoleName = "bench";
  await new IAMClient(configOf(server)).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  const { QueueUrl } = await new SQSClient(configOf(server)).send(new CreateQueueCommand({ QueueName: "bench" }));
  const signed = { port, credentials: ROOT };
  const message = new SendMessageCommand({ QueueUrl, MessageBody: "x".repeat(1024) });
  const calls = new Map([
    ["GetRole", await signedRequest(IAMClient, new GetRoleCommand({ RoleName }), signed)],
    ["SQS SendMessage", await signedRequest(SQSClient, message, signed)],
  ]);
  return { server, calls: new Map([...calls].map(([name, bytes]) => [name, bytes.toString("base64")])) };
}

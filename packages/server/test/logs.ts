/** A cloud with a log group and a stream, and a client of CloudWatch Logs. */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  type PutLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import { testCloud, type TestCloud } from "./test-cloud.ts";

export interface LogWorld {
  readonly cloud: TestCloud;
  readonly logs: CloudWatchLogsClient;
  /** Virtual epoch milliseconds. */
  readonly now: () => number;
  readonly stream: (logGroupName: string, logStreamName: string) => Promise<void>;
  /** Puts messages, the first `agoMs` ago and each a millisecond after the one before, into the stream `app/main`. */
  readonly put: (messages: readonly string[], agoMs?: number) => Promise<PutLogEventsCommandOutput>;
  /** The messages of a stream, the oldest first. */
  readonly read: (logGroupName: string, logStreamName: string) => Promise<readonly string[]>;
}

export const APP = { logGroupName: "app", logStreamName: "main" } as const;

export async function logWorld(): Promise<LogWorld> {
  const cloud = await testCloud();
  const logs = cloud.client(CloudWatchLogsClient);
  const now = (): number => cloud.clock.now().getTime();
  const stream = async (logGroupName: string, logStreamName: string): Promise<void> => {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  };
  await logs.send(new CreateLogGroupCommand({ logGroupName: APP.logGroupName }));
  await stream(APP.logGroupName, APP.logStreamName);
  return {
    cloud,
    logs,
    now,
    stream,
    put(messages, agoMs = 0) {
      const logEvents = messages.map((message, at) => ({ timestamp: now() - agoMs + at, message }));
      return logs.send(new PutLogEventsCommand({ ...APP, logEvents }));
    },
    async read(logGroupName, logStreamName) {
      const { events = [] } = await logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
      );
      return events.map(({ message = "" }) => message);
    },
  };
}

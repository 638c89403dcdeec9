import {
  CloudWatchLogsClient,
  PutLogEventsCommand,
  StartLiveTailCommand,
  type StartLiveTailResponseStream,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { assert } from "../../../kernel/assert.ts";
import { APP, logWorld, type LogWorld } from "../../../../test/logs.ts";

const ARN = "arn:aws:logs:us-east-1:000000000000:log-group:app";

async function tailWorld(more: Partial<StartLiveTailCommand["input"]> = {}) {
  const world = await logWorld();
  return { ...world, ...(await tail(world, more)) };
}

async function tail({ cloud }: Pick<LogWorld, "cloud">, more: Partial<StartLiveTailCommand["input"]> = {}) {
  const tailing = cloud.client(CloudWatchLogsClient, undefined, { disableHostPrefix: true });
  const { responseStream } = await tailing.send(new StartLiveTailCommand({ logGroupIdentifiers: [ARN], ...more }));
  assert(responseStream !== undefined, "the answer is a stream");
  const iterator = responseStream[Symbol.asyncIterator]();
  const next = async () => {
    const { value }: IteratorResult<StartLiveTailResponseStream, undefined> = await iterator.next();
    return value;
  };
  return { next, end: () => iterator.return?.() };
}

test("events are sent as they come, once a session has begun", async () => {
  const { next, put, end, cloud } = await tailWorld();
  expect(await next()).toMatchObject({ sessionStart: { logGroupIdentifiers: [ARN], sessionId: expect.any(String) } });
  await put(["one", "two"]);
  expect(await next()).toMatchObject({
    sessionUpdate: {
      sessionMetadata: { sampled: false },
      sessionResults: [
        { logGroupIdentifier: "000000000000:app", logStreamName: "main", message: "one" },
        { message: "two" },
      ],
    },
  });
  await put(["three"]);
  expect(await next()).toMatchObject({ sessionUpdate: { sessionResults: [{ message: "three" }] } });
  cloud.cloud.stopWaiting();
  await end();
});

test("a session may ask for a pattern and for streams", async () => {
  const { next, put, end, logs, now, stream, cloud } = await tailWorld({
    logEventFilterPattern: "ERROR",
    logStreamNamePrefixes: ["ma"],
  });
  await next();
  await stream("app", "other");
  const logEvents = [{ timestamp: now(), message: "ERROR elsewhere" }];
  await logs.send(new PutLogEventsCommand({ ...APP, logStreamName: "other", logEvents }));
  await put(["fine"]);
  await put(["ERROR here"]);
  expect(await next()).toMatchObject({ sessionUpdate: { sessionResults: [{ message: "ERROR here" }] } });
  cloud.cloud.stopWaiting();
  await end();
});

test("streams are picked out of one group only", async () => {
  const refused = tailWorld({ logStreamNames: ["a"], logStreamNamePrefixes: ["b"] });
  await expect(refused).rejects.toMatchObject({ name: "InvalidParameterException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_LiveTail.html (as they are ingested)
test("a session hears of nothing that came before it began", async () => {
  const world = await tailWorld();
  await world.next();
  await world.put(["before"]);
  expect(await world.next()).toMatchObject({ sessionUpdate: { sessionResults: [{ message: "before" }] } });
  await world.cloud.clock.advance(1);
  const later = await tail(world);
  await later.next();
  await world.put(["after"]);
  expect(await later.next()).toMatchObject({ sessionUpdate: { sessionResults: [{ message: "after" }] } });
  world.cloud.cloud.stopWaiting();
  await Promise.all([world.end(), later.end()]);
});

import {
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  type GetLogEventsCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { APP, logWorld } from "../../../../test/logs.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test("events are read in the order of their time, whatever the order in which they came", async () => {
  const { put, read } = await logWorld();
  await put(["third", "fourth"], 1000);
  await put(["first", "second"], 5000);
  await put(["fifth"]);
  expect(await read("app", "main")).toEqual(["first", "second", "third", "fourth", "fifth"]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html (no token is asked for any more)
test("two writers put into one stream at the same time, with stale sequence tokens", async () => {
  const { logs, now, read } = await logWorld();
  const write = (message: string) =>
    logs.send(
      new PutLogEventsCommand({ ...APP, logEvents: [{ timestamp: now(), message }], sequenceToken: "4959stale" }),
    );
  await Promise.all(["a", "b", "c", "d"].map(write));
  expect(new Set(await read("app", "main"))).toEqual(new Set(["a", "b", "c", "d"]));
});

test("a hundred writers at once lose nothing of each other", async () => {
  const { put, read } = await logWorld();
  const messages = Array.from({ length: 100 }, (_, writer) => `writer ${writer}`);
  await Promise.all(messages.map((message) => put([message])));
  expect(new Set(await read("app", "main"))).toEqual(new Set(messages));
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
test("a stream is read backwards from its end, and the same token comes back where there is no more", async () => {
  const { logs, put } = await logWorld();
  await put(["a", "b", "c", "d", "e"], 5000);
  const page = async (more: Partial<GetLogEventsCommandInput>) => {
    const { events = [], ...tokens } = await logs.send(new GetLogEventsCommand({ ...APP, limit: 2, ...more }));
    return { said: events.map(({ message }) => message).join(""), ...tokens };
  };
  const last = await page({});
  expect(last.said).toBe("de");
  const before = await page({ nextToken: last.nextBackwardToken });
  expect(before.said).toBe("bc");
  const first = await page({ nextToken: before.nextBackwardToken });
  expect(first.said).toBe("a");
  const none = await page({ nextToken: first.nextBackwardToken });
  expect(none).toMatchObject({ said: "", nextBackwardToken: first.nextBackwardToken });
  expect(await page({ nextToken: none.nextForwardToken })).toMatchObject({ said: "ab" });
  const end = await page({ nextToken: last.nextForwardToken });
  expect(end).toMatchObject({ said: "", nextForwardToken: last.nextForwardToken });
  await put(["f"]);
  expect(await page({ nextToken: end.nextForwardToken })).toMatchObject({ said: "f" });
  expect(last.nextForwardToken).toMatch(/^f\/\d{56}$/);
});

test("the end of a time range is left out by GetLogEvents and counts for FilterLogEvents", async () => {
  const { logs, now } = await logWorld();
  const at = now() - 5000;
  const logEvents = [0, 1, 2].map((more) => ({ timestamp: at + more, message: String(more) }));
  await logs.send(new PutLogEventsCommand({ ...APP, logEvents }));
  const range = { startTime: at + 1, endTime: at + 2 };
  // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html (endTime)
  const { events: got } = await logs.send(new GetLogEventsCommand({ ...APP, ...range }));
  expect(got).toMatchObject([{ message: "1" }]);
  // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html (endTime)
  const { events: found } = await logs.send(new FilterLogEventsCommand({ logGroupName: "app", ...range }));
  expect(found).toMatchObject([{ message: "1" }, { message: "2" }]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_RejectedLogEventsInfo.html
test("events that are too old or too new are left out, and the answer says which", async () => {
  const { logs, now, read } = await logWorld();
  const at = [-20 * DAY_MS, -15 * DAY_MS, -1000, 1000, 3 * HOUR_MS];
  const logEvents = at.map((ms) => ({ timestamp: now() + ms, message: String(ms) }));
  const { rejectedLogEventsInfo } = await logs.send(new PutLogEventsCommand({ ...APP, logEvents }));
  expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2, tooNewLogEventStartIndex: 4 });
  expect(await read("app", "main")).toEqual(["-1000", "1000"]);
});

test("a batch out of order, too large or too long a time is refused as a whole", async () => {
  const { logs, now, read } = await logWorld();
  // one moment for all: time goes on between two events
  const at = now();
  const put = (...events: readonly (readonly [number, string])[]) =>
    logs.send(
      new PutLogEventsCommand({
        ...APP,
        logEvents: events.map(([ms, message]) => ({ timestamp: at + ms, message })),
      }),
    );
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
  await expect(put([0, "a"], [-1, "b"])).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Log events in a single PutLogEvents request must be in chronological order.",
  });
  await expect(put([-25 * HOUR_MS, "a"], [0, "b"])).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
  });
  const half = "x".repeat(600_000);
  await expect(put([0, half], [0, half])).rejects.toMatchObject({ name: "InvalidParameterException" });
  expect(await read("app", "main")).toEqual([]);
});

test("a group's streams are searched together, page by page", async () => {
  const { logs, now, stream } = await logWorld();
  await stream("app", "other");
  const at = now() - 60_000;
  for (const [logStreamName, from] of [
    ["main", 0],
    ["other", 1],
  ] as const) {
    const logEvents = Array.from({ length: 10 }, (_, index) => ({
      timestamp: at + 2 * index + from,
      message: `${index % 2 === 0 ? "even" : "odd"} ${2 * index + from}`,
    }));
    await logs.send(new PutLogEventsCommand({ logGroupName: "app", logStreamName, logEvents }));
  }
  const found: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await logs.send(
      new FilterLogEventsCommand({ logGroupName: "app", filterPattern: "even", limit: 3, nextToken }),
    );
    found.push(...(answer.events ?? []).map(({ message }) => message));
    expect(answer.searchedLogStreams).toEqual([]);
    ({ nextToken } = answer);
  } while (nextToken !== undefined);
  expect(found).toEqual([0, 1, 4, 5, 8, 9, 12, 13, 16, 17].map((number) => `even ${number}`));
});

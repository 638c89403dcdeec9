import { GetQueryResultsCommand, PutLogEventsCommand, StartQueryCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { APP, logWorld } from "../../../../test/logs.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Events a minute apart, from a whole hour on. */
async function seriesWorld(events: readonly object[]) {
  const { logs, now } = await logWorld();
  const startMs = (Math.floor(now() / HOUR_MS) - 1) * HOUR_MS;
  const logEvents = events.map((event, at) => ({
    timestamp: startMs + at * MINUTE_MS,
    message: JSON.stringify(event),
  }));
  await logs.send(new PutLogEventsCommand({ ...APP, logEvents }));
  const ask = async (queryString: string) => {
    const range = { startTime: startMs / 1000, endTime: startMs / 1000 + 3600 };
    const { queryId = "" } = await logs.send(new StartQueryCommand({ logGroupName: "app", ...range, queryString }));
    const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    return results.map((row) => Object.fromEntries(row.map(({ field = "", value = "" }) => [field, value])));
  };
  const timeOf = (minute: number) =>
    new Date(startMs + minute * MINUTE_MS).toISOString().replace("T", " ").slice(0, -1);
  return { ask, timeOf };
}

const COUNTERS = [{ sent: 10 }, { sent: 40 }, { other: 1 }, { sent: 100 }];

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-timeseries-functions.html
test("the rate of a number is how much it changes per period", async () => {
  const { ask } = await seriesWorld(COUNTERS);
  expect(await ask("stats rate(sent, 1m) as perMinute, rate(sent, 30s) as perHalf, rate(other, 1m) as once")).toEqual([
    { perMinute: "30", perHalf: "15" },
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-timeseries-functions.html
test("a histogram counts numbers in ranges of one width", async () => {
  const { ask } = await seriesWorld([0, 1, 4, 5, 5, 9, 10].map((ms) => ({ ms })));
  const [row] = await ask("stats histogram(ms, 2) as both, histogram(ms, 5) as five, histogram(none, 5) as none");
  expect(JSON.parse(row?.["both"] ?? "")).toEqual({ 0: 3, 5: 4 });
  expect(JSON.parse(row?.["five"] ?? "")).toEqual({ 0: 2, 2: 0, 4: 3, 6: 0, 8: 2 });
  expect(row).not.toHaveProperty("none");
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-timeseries-functions.html#CWL_QuerySyntax-timeseries-offset
test("periods are shown later by their offset", async () => {
  const { ask, timeOf } = await seriesWorld(COUNTERS);
  const query = "stats count_over_time(sent) as n, sum_over_time(sent) as sum by bin(2m) offset 1h | sort n desc";
  const rows = await ask(query);
  expect(rows).toEqual([
    { "bin(2m)": timeOf(60), n: "2", sum: "50" },
    { "bin(2m)": timeOf(62), n: "1", sum: "100" },
  ]);
  await expect(ask("stats count(*) by sent offset 1h")).rejects.toMatchObject({ name: "MalformedQueryException" });
  await expect(ask("stats count(*) by bin(5m) offset soon")).rejects.toMatchObject({ name: "MalformedQueryException" });
});

test("what is nested too deep is no list", async () => {
  const { logs, now, put } = await logWorld();
  await put(["[".repeat(20_000) + "]".repeat(20_000)]);
  const at = Math.floor(now() / 1000);
  const { queryId } = await logs.send(
    new StartQueryCommand({
      logGroupName: "app",
      startTime: at - 60,
      endTime: at + 60,
      queryString:
        "fields isPresent(jsonParse(@message)) as isList | stats count(*) by isList, jsonStringify(jsonParse(@message))",
    }),
  );
  const { results } = await logs.send(new GetQueryResultsCommand({ queryId }));
  expect(results?.[0]).toContainEqual({ field: "isList", value: "0" });
});

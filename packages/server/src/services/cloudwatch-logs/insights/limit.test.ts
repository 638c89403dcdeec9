import {
  CreateLogGroupCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { logWorld } from "../../../../test/logs.ts";

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html
test("a limit over several groups gives the newest of them all", async () => {
  const { logs, now, put, stream } = await logWorld();
  await put(["app old"], 4000);
  await put(["app new"], 2000);
  await logs.send(new CreateLogGroupCommand({ logGroupName: "web" }));
  await stream("web", "main");
  const logEvents = [9000, 1000].map((agoMs) => ({ timestamp: now() - agoMs, message: `web ${agoMs}` }));
  await logs.send(new PutLogEventsCommand({ logGroupName: "web", logStreamName: "main", logEvents }));
  const ask = async (queryString: string) => {
    const range = { startTime: now() / 1000 - 60, endTime: now() / 1000 };
    const asked = { logGroupNames: ["app", "web"], ...range, queryString };
    const { queryId } = await logs.send(new StartQueryCommand(asked));
    const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    return results.map((row) => row.find(({ field }) => field === "@message")?.value);
  };
  expect(await ask("limit 2")).toEqual(["web 1000", "app new"]);
  expect(await ask("limit 2 | sort @message asc")).toEqual(["app new", "web 1000"]);
  expect(await ask("filter @message like /old|9000/ | limit 1")).toEqual(["app old"]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html
test("ten thousand results come where nothing is said, a hundred thousand where asked for, in pages", async () => {
  const { logs, now, put } = await logWorld();
  const messages = Array.from({ length: 5010 }, (_, at) => `event ${at}`);
  await put(messages, 20_000);
  await put(messages, 10_000);
  const pages = async (queryString: string, limit?: number) => {
    const range = { startTime: Math.floor(now() / 1000) - 60, endTime: Math.floor(now() / 1000) };
    const asked = { logGroupName: "app", ...range, queryString, limit };
    const { queryId } = await logs.send(new StartQueryCommand(asked));
    const { results = [], nextToken } = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (nextToken === undefined) return [results.length];
    const { results: rest = [] } = await logs.send(new GetQueryResultsCommand({ queryId, nextToken }));
    return [results.length, rest.length];
  };
  expect(await pages("fields @message")).toEqual([10_000]);
  expect(await pages("fields @message | limit 50000")).toEqual([10_000, 20]);
  expect(await pages("fields @message | sort @message", 10_015)).toEqual([10_000, 15]);
});

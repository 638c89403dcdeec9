import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

const linesOf = (log: string): readonly Readonly<Record<string, unknown>>[] =>
  log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

test("a log in JSON has levels, the platform's events and errors in parts", async () => {
  const world = await functionWorld();
  const source = `export const handler = async (event) => {
    console.debug("hidden");
    console.warn("low on %s", "tea");
    console.info({ cups: 2 });
    if (event.fail) throw new RangeError("none left");
  };`;
  await world.create("kettle", source, { LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO" } });
  const { log } = await world.invoke("kettle", { fail: true }, { LogType: "Tail" });
  const lines = linesOf(log);
  const requestId = expect.stringMatching(/^[\da-f-]{36}$/);
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html, nodejs-logging.html
  expect(lines).toMatchObject([
    { type: "platform.start", record: { requestId, version: "$LATEST" } },
    { level: "WARN", requestId, message: "low on tea" },
    { level: "INFO", requestId, message: { cups: 2 } },
    { level: "ERROR", requestId, message: { errorType: "RangeError", errorMessage: "none left" } },
    { type: "platform.runtimeDone", record: { requestId, status: "failure" } },
    { type: "platform.report", record: { requestId, metrics: { memorySizeMB: 128 } } },
  ]);
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html (System log level event mapping)
test("the platform tells of an initialisation at the level that its end has", async () => {
  const world = await functionWorld();
  const Role = await world.role("logger", "logs:*");
  const told = async (name: string, source: string, SystemLogLevel: "DEBUG" | "WARN") => {
    await world.create(name, source, { Role, LoggingConfig: { LogFormat: "JSON", SystemLogLevel } });
    await world.invoke(name);
    await world.cloud.clock.advance(1);
    const logs = world.cloud.client(CloudWatchLogsClient);
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
    return linesOf(events.map(({ message }) => message).join("")).filter(({ type }) => type !== undefined);
  };
  const record = { initializationType: "on-demand", phase: "init", status: "success" };
  const good = await told("good", "export const handler = async () => 1;", "DEBUG");
  expect(good.map(({ type }) => type)).toEqual([
    "platform.initStart",
    "platform.initRuntimeDone",
    "platform.initReport",
    "platform.start",
    "platform.runtimeDone",
    "platform.report",
  ]);
  expect(good[2]).toMatchObject({ record: { ...record, metrics: { durationMs: expect.any(Number) } } });
  const bad = await told("bad", "throw new RangeError('none');", "WARN");
  const failed = { status: "error", errorType: "RangeError" };
  const both = (phase: string) => [
    { type: "platform.initRuntimeDone", record: { phase, ...failed } },
    { type: "platform.initReport", record: { phase, ...failed } },
  ];
  expect(bad).toMatchObject([
    ...both("init"),
    ...both("invoke"),
    { type: "platform.runtimeDone", record: failed },
    { type: "platform.report", record: failed },
  ]);
});

test("Python's log in JSON has the logger and the request", async () => {
  const world = await functionWorld();
  const source = `
import logging
def handler(event, context):
    logging.getLogger("tea").info("poured", extra={"cups": 2})
`;
  const Code = { ZipFile: zipOf({ "app.py": source }) };
  const LoggingConfig = { LogFormat: "JSON", SystemLogLevel: "WARN" } as const;
  await world.create("kettle", "", { Runtime: "python3.13", Handler: "app.handler", Code, LoggingConfig });
  const { log } = await world.invoke("kettle", {}, { LogType: "Tail" });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
  expect(linesOf(log)).toMatchObject([{ level: "INFO", message: "poured", logger: "tea", cups: 2 }]);
});

const OUT_AND_ERROR = {
  "nodejs24.x": `export const handler = async () => {
    process.stdout.write("half of ");
    process.stdout.write("a line\\n");
    process.stdout.write("no end");
    console.error("said");
    process.stderr.write("first\\n");
    process.stdout.write("then");
  };`,
  "python3.13": `
import sys, logging
def handler(event, context):
    print("half of ", end="")
    print("a line")
    print("no end", end="")
    logging.getLogger().error("said")
    print("first", file=sys.stderr)
    print("then", end="")
`,
} as const;

// assumed: that text without an end of line is an entry of its own once something else is logged
test.each(["nodejs24.x", "python3.13"] as const)(
  "what %s writes is logged in the order of writing",
  async (Runtime) => {
    const world = await functionWorld();
    const source = OUT_AND_ERROR[Runtime];
    const Code = { ZipFile: zipOf({ "index.mjs": source, "index.py": source }) };
    await world.create("f", "", { Runtime, Code });
    const { log } = await world.invoke("f", {}, { LogType: "Tail" });
    const texts = log.split("\n").map((line) => line.split("\t").at(-1));
    expect(texts.slice(1, 6)).toEqual(["half of a line", "no end", "said", "first", "then"]);
  },
);

test("what a program of one's own writes is logged in the order of writing, on whatever output", async () => {
  const world = await functionWorld();
  const lines = Array.from({ length: 40 }, (_, at) => `printf ${at}; echo . >&2`).join("\n");
  const bootstrap = `#!/bin/sh
next=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while true; do
  id=$(curl -sS -D - -o /dev/null "$next/next" | tr -d '\\r' | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  ${lines}
  curl -sS -o /dev/null -d '{}' "$next/$id/response"
done
`;
  const Code = { ZipFile: zipOf({ bootstrap }) };
  await world.create("own", "", { Runtime: "provided.al2023", Handler: "none", Code });
  const { log } = await world.invoke("own", {}, { LogType: "Tail" });
  const written = log.split("\n").filter((line) => /^\d+\.$/.test(line));
  expect(written).toEqual(Array.from({ length: 40 }, (_, at) => `${at}.`));
});

test("callbacks are waited for until nothing is left to do, and Node.js 24 knows none", async () => {
  const world = await functionWorld();
  const source = `let late = 0; exports.handler = (event, context, callback) => {
    if (event.now) context.callbackWaitsForEmptyEventLoop = false;
    setTimeout(() => { late++; }, 100);
    callback(null, { late: () => late, toJSON() { return late; } });
  };`;
  const Code = { ZipFile: zipOf({ "index.js": source }) };
  await world.create("old", "", { Runtime: "nodejs22.x", Code });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html (callbackWaitsForEmptyEventLoop)
  expect((await world.invoke("old")).answer).toBe(1);
  expect((await world.invoke("old", { now: true })).answer).toBe(1);
  await world.create("new", "", { Runtime: "nodejs24.x", Code });
  expect((await world.invoke("new")).answer).toMatchObject({ errorType: "Runtime.CallbackHandlerDeprecated" });
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html (the report's last line)
test("the report of a sampled trace names it and its segment", async () => {
  const world = await functionWorld();
  await world.create("traced", "export const handler = async () => 1;");
  const command = new InvokeCommand({ FunctionName: "traced", LogType: "Tail" });
  command.middlewareStack.add(
    (next) => async (args) => {
      const { request } = args;
      const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
      if (HttpRequest.isInstance(request)) request.headers["X-Amzn-Trace-Id"] = trace;
      return next(args);
    },
    { step: "build" },
  );
  const { LogResult = "" } = await world.lambda.send(command);
  expect(Buffer.from(LogResult, "base64").toString("utf8")).toMatch(
    /\t\nXRAY TraceId: 1-5759e988-bd862e3fe1be46a994272793\tSegmentId: 53995c3f42cd8ad8\tSampled: true\t\n$/,
  );
});

import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand, InvokeCommand, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

// Source: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/tree/main/src,
// https://github.com/aws/aws-lambda-python-runtime-interface-client/tree/main/awslambdaric

const filesOf = (files: Readonly<Record<string, string>>) => ({ Code: { ZipFile: zipOf(files) } });
const scriptOf = (source: string) => ({ Runtime: "nodejs22.x", ...filesOf({ "index.js": source }) }) as const;
const pythonOf = (source: string) => ({ Runtime: "python3.13", ...filesOf({ "index.py": source }) }) as const;

async function logOf(name: string, { cloud }: FunctionWorld): Promise<readonly string[]> {
  const logs = cloud.client(CloudWatchLogsClient);
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
  return events.map(({ message = "" }) => message);
}

const LOGGING = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"] as const;

test("whatever a handler throws has its form", async () => {
  const world = await functionWorld();
  const source = `exports.handler = async ({ what }) => {
    const made = { name: "Own", message: "made by hand", stack: "Own: made by hand\\n    at nowhere" };
    throw { text: "plain", number: 42, nothing: null, made }[what];
  };`;
  await world.create("thrower", "", scriptOf(source));
  const thrown = async (what: string) => (await world.invoke("thrower", { what })).answer;
  expect(await thrown("text")).toEqual({ errorType: "string", errorMessage: "plain", trace: [] });
  expect(await thrown("number")).toEqual({ errorType: "number", errorMessage: "42", trace: [] });
  expect(await thrown("nothing")).toEqual({ errorType: "string", errorMessage: "handled", trace: [] });
  const trace = ["Own: made by hand", "    at nowhere"];
  expect(await thrown("made")).toEqual({ errorType: "Own", errorMessage: "made by hand", trace });
  const { log } = await world.invoke("thrower", { what: "text" }, { LogType: "Tail" });
  expect(log).toContain('\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"plain","stack":["Error: plain"');
});

test("a promise that is never settled fails, a callback that is forgotten does not", async () => {
  const world = await functionWorld();
  await world.create("promise", "", scriptOf("exports.handler = async () => new Promise(() => {});"));
  await world.create("callback", "", scriptOf("exports.handler = (event, context, callback) => {};"));
  expect((await world.invoke("promise")).answer).toMatchObject({
    errorType: "Runtime.NodeJsExit",
    errorMessage: expect.stringContaining("a Promise that was never settled"),
  });
  expect((await world.invoke("callback")).answer).toBe(null);
});

const HANDLERS = {
  "folder.handler": "a folder",
  "bare.handler": "no ending",
  "packed.handler": "a package",
  "modules/one.handler": "a module",
  "plain/two.handler": "a script",
  "index.deep.own": "a member",
} as const;

const script = (said: string) => `exports.handler = async () => "${said}";`;

test("a handler's file is looked for as a script, a folder, a module or a package", async () => {
  const world = await functionWorld();
  const Code = {
    ZipFile: zipOf({
      "folder/index.js": script("a folder"),
      bare: script("no ending"),
      "node_modules/packed/package.json": '{"main":"main.js"}',
      "node_modules/packed/main.js": script("a package"),
      "modules/package.json": '{"type":"module"}',
      "modules/one.js": 'export const handler = async () => "a module";',
      "plain/package.json": "{}",
      "plain/two.js": script("a script"),
      "index.js": 'exports.deep = { own: async () => "a member" };',
    }),
  };
  for (const [at, [Handler, said]] of Object.entries(HANDLERS).entries()) {
    await world.create(`f${at}`, "", { Runtime: "nodejs22.x", Handler, Code });
    expect((await world.invoke(`f${at}`)).answer).toBe(said);
  }
  await world.create("up", "", { Handler: "../index.handler", Code });
  const errorMessage =
    "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.";
  expect((await world.invoke("up")).answer).toMatchObject({ errorType: "Runtime.MalformedHandlerName", errorMessage });
});

test("what code lacks is told as AWS tells it", async () => {
  const world = await functionWorld();
  await world.create("script", "", scriptOf('require("tea"); exports.handler = async () => 1;'));
  await world.create("module", 'import "tea"; export const handler = async () => 1;');
  await world.create("syntax", "", scriptOf("exports.handler = async (=> 1;"));
  const missing = "Error: Cannot find module 'tea'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs";
  expect((await world.invoke("script")).answer).toMatchObject({
    errorType: "Runtime.ImportModuleError",
    errorMessage: missing,
    trace: expect.arrayContaining(["Runtime.ImportModuleError: Error: Cannot find module 'tea'"]),
  });
  expect((await world.invoke("module")).answer).toMatchObject({
    errorType: "Error",
    errorMessage: "Cannot find package 'tea' imported from /var/task/index.mjs",
  });
  expect((await world.invoke("syntax")).answer).toMatchObject({
    errorType: "Runtime.UserCodeSyntaxError",
    trace: expect.arrayContaining([expect.stringMatching(/^Runtime.UserCodeSyntaxError: SyntaxError: /)]),
  });
});

test("in JSON, what is logged alone stands there as it is", async () => {
  const world = await functionWorld();
  const source = `exports.handler = async () => {
    console.log(5);
    console.error(Object.assign(new RangeError("none"), { left: 0 }));
    console.warn("then", new RangeError("none"));
  };`;
  await world.create("f", "", { ...scriptOf(source), LoggingConfig: { LogFormat: "JSON" } });
  const { log } = await world.invoke("f", {}, { LogType: "Tail" });
  const parts = { errorType: "RangeError", errorMessage: "none" };
  const lines = log.split("\n").filter((line) => line.includes('"level"'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "INFO", message: 5 },
    { level: "ERROR", message: { ...parts, stackTrace: expect.anything(), left: 0 } },
    { level: "WARN", message: expect.stringMatching(/^then RangeError: none\n/), ...parts },
  ]);
});

const reported = (phase: string) =>
  `INIT_REPORT Init Duration: N ms\tPhase: ${phase}\tStatus: error\tError Type: Runtime.ImportModuleError\n`;

// Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (Failures during the Init phase)
test("what fails before the first invocation is tried again as a part of it", async () => {
  const world = await functionWorld();
  const Role = await world.role("logger", ...LOGGING);
  await world.create("never", "", { ...pythonOf("import tea\n"), Role });
  const { answer, log } = await world.invoke("never", {}, { LogType: "Tail" });
  expect(answer).toMatchObject({ errorType: "Runtime.ImportModuleError", requestId: "" });
  expect(log).toMatch(/\tStatus: error\tError Type: Runtime.ImportModuleError\t\n$/);
  expect(log).not.toContain("Init Duration");
  const lines = (await logOf("never", world)).map((line) => line.replace(/[\d.]+ ms/, "N ms"));
  const failed = [
    expect.stringMatching(/^\[WARNING\]\t.*Z\t\tLAMBDA_WARNING: Unhandled exception\. /),
    "[ERROR] Runtime.ImportModuleError: Unable to import module 'index': No module named 'tea'\nTraceback (most recent call last):\n",
  ];
  expect(lines).toEqual([
    expect.stringMatching(/^INIT_START /),
    ...failed,
    reported("init"),
    ...failed,
    reported("invoke"),
    expect.stringMatching(/^START /),
    expect.stringMatching(/^END /),
    expect.stringMatching(/^REPORT /),
  ]);
});

test("Python's handlers answer bytes as they are, and are none of Python's own modules", async () => {
  const world = await functionWorld();
  const source = "def handler(event, context):\n    return b'[1]' if event.get('raw') else repr(context)\n";
  await world.create("own", "", pythonOf(source));
  expect((await world.invoke("own", { raw: true })).answer).toEqual([1]);
  expect((await world.invoke("own")).answer).toMatch(
    /^LambdaContext\(\[aws_request_id=[\da-f-]{36},.*identity=CognitoIdentity\(\[cognito_identity_id=None,cognito_identity_pool_id=None\]\),tenant_id=None\]\)$/,
  );
  const values =
    'import decimal\ndef handler(event, context):\n    return {"a": decimal.Decimal("1.10"), "b": [b"text", decimal.Decimal("NaN")]}\n';
  await world.create("values", "", pythonOf(values));
  const { Payload = [] } = await world.lambda.send(new InvokeCommand({ FunctionName: "values" }));
  expect(Buffer.from(Payload).toString("utf8")).toBe('{"a": 1.10, "b": ["text", NaN]}');
  await world.create("time", "", { ...pythonOf(source), Handler: "time.handler" });
  expect((await world.invoke("time")).answer).toMatchObject({
    errorType: "Runtime.BuiltInModuleConflict",
    errorMessage: "Cannot use built-in module time as a handler module",
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_runtime_error)
test("Python's stack shows lines without marks below them", async () => {
  const world = await functionWorld();
  await world.create("f", "", pythonOf("def handler(event, context):\n    return event['none'] + 1\n"));
  expect((await world.invoke("f")).answer).toMatchObject({
    errorType: "KeyError",
    errorMessage: "'none'",
    stackTrace: ["  File \"/var/task/index.py\", line 2, in handler\n    return event['none'] + 1\n"],
  });
});

test("Python's log in JSON has Python's levels", async () => {
  const world = await functionWorld();
  const source = `
import logging
def handler(event, context):
    logging.getLogger().warning("low")
    logging.getLogger().critical("none")
    raise ValueError("tea")
`;
  await world.create("f", "", { ...pythonOf(source), LoggingConfig: { LogFormat: "JSON" } });
  const { log } = await world.invoke("f", {}, { LogType: "Tail" });
  const lines = log.split("\n").filter((line) => line.startsWith('{"timestamp"'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "WARNING", message: "low", logger: "root" },
    { level: "CRITICAL", message: "none" },
    { log_level: "ERROR", errorType: "ValueError", errorMessage: "tea", stackTrace: expect.anything() },
  ]);
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html, snapstart-activate.html
test("a version with a snapshot does what was registered for it, and $LATEST does not", async () => {
  const world = await functionWorld();
  const source = `
import os
from snapshot_restore_py import register_before_snapshot, register_after_restore
done = []
@register_before_snapshot
def first(): done.append("before, registered first")
@register_before_snapshot
def second(): done.append("before, registered second")
@register_after_restore
def third(): done.append("after")
register_after_restore(done.append, "with arguments")
def handler(event, context):
    return [os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"], done]
`;
  await world.create("snap", "", { ...pythonOf(source), SnapStart: { ApplyOn: "PublishedVersions" } });
  await world.lambda.send(new PublishVersionCommand({ FunctionName: "snap" }));
  expect((await world.invoke("snap")).answer).toEqual(["on-demand", []]);
  const done = ["before, registered second", "before, registered first", "after", "with arguments"];
  expect((await world.invoke("snap:1")).answer).toEqual(["snap-start", done]);
  const shown = (FunctionName: string) => world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  expect((await shown("snap:1")).SnapStart).toEqual({ ApplyOn: "PublishedVersions", OptimizationStatus: "On" });
  expect((await shown("snap")).SnapStart).toEqual({ ApplyOn: "PublishedVersions", OptimizationStatus: "Off" });
});

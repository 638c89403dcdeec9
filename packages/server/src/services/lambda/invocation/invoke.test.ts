import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

test("a function in Node.js answers, with AWS's context and lines in its log", async () => {
  const world = await functionWorld();
  await world.create(
    "hello",
    `export const handler = async (event, context) => {
      console.log("greeting", event.name);
      return { hello: event.name, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis() > 2000 };
    };`,
  );
  const { answer, error, log, version } = await world.invoke("hello", { name: "kumo" }, { LogType: "Tail" });
  expect(answer).toEqual({
    hello: "kumo",
    arn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
    left: true,
  });
  expect({ error, version }).toEqual({ error: undefined, version: "$LATEST" });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
  expect(log).toMatch(
    /^START RequestId: ([\da-f-]+) Version: \$LATEST\n.*Z\t\1\tINFO\tgreeting kumo\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t\n$/,
  );
});

test("a function in Python answers and fails as in AWS", async () => {
  const world = await functionWorld();
  const source = `
import logging
def handler(event, context):
    if event.get("fail"):
        raise ValueError("no such thing")
    logging.getLogger().warning("careful")
    return {"name": context.function_name, "memory": context.memory_limit_in_mb}
`;
  await world.create("snake", "", {
    Runtime: "python3.13",
    Handler: "lambda_function.handler",
    Code: { ZipFile: zipOf({ "lambda_function.py": source }) },
  });
  const told = await world.invoke("snake", {}, { LogType: "Tail" });
  expect(told.answer).toEqual({ name: "snake", memory: "128" });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
  expect(told.log).toMatch(/\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t[\da-f-]{36}\tcareful\n/);
  const failed = await world.invoke("snake", { fail: true });
  expect(failed.error).toBe("Unhandled");
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
  expect(failed.answer).toMatchObject({
    errorMessage: "no such thing",
    errorType: "ValueError",
    stackTrace: [expect.stringContaining('File "')],
  });
});

test("a program of one's own runs through the Runtime API", async () => {
  const world = await functionWorld();
  const bootstrap = `#!/bin/sh
while true; do
  HEADERS=$(mktemp)
  EVENT=$(curl -sS -LD "$HEADERS" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$ID/response" -d "[$EVENT]" > /dev/null
done
`;
  await world.create("own", "", {
    Runtime: "provided.al2023",
    Handler: "none",
    Code: { ZipFile: zipOf({ bootstrap }) },
  });
  expect((await world.invoke("own", { a: 1 })).answer).toEqual([{ a: 1 }]);
  expect((await world.invoke("own", { a: 2 })).answer).toEqual([{ a: 2 }]);
});

test("an instance is used again, and a new one begins with changed code", async () => {
  const world = await functionWorld();
  await world.create("count", "let count = 0; export const handler = async () => ++count;");
  expect((await world.invoke("count")).answer).toBe(1);
  expect((await world.invoke("count")).answer).toBe(2);
  const { UpdateFunctionCodeCommand } = await import("@aws-sdk/client-lambda");
  const ZipFile = zipOf({ "index.mjs": "let count = 10; export const handler = async () => ++count;" });
  await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "count", ZipFile }));
  expect((await world.invoke("count")).answer).toBe(11);
});

test("a function that takes too long or ends its process fails in AWS's words", async () => {
  const world = await functionWorld();
  const source = `export const handler = async (event) => {
    if (event.exit) process.exit(7);
    if (event.much) { const all = []; for (;;) { all.push(Buffer.alloc(1e7, 1)); await new Promise((go) => setTimeout(go, 5)); } }
    await new Promise((go) => setTimeout(go, 60_000));
  };`;
  await world.create("bad", source, { Timeout: 1 });
  const late = await world.invoke("bad");
  expect(late.error).toBe("Unhandled");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json
  expect(late.answer).toEqual({
    errorType: "Sandbox.Timedout",
    errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Task timed out after 1\.00 seconds$/),
  });
  const gone = await world.invoke("bad", { exit: true });
  expect(gone.answer).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(/Error: Runtime exited with error: exit status 7$/),
  });
  const killed = await world.invoke("bad", { much: true });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
  expect(killed.answer).toMatchObject({
    errorMessage: expect.stringMatching(/Error: Runtime exited with error: signal: killed$/),
  });
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (failures during the Invoke phase: a reset)
test("a process that is about to end gets no further invocation", async () => {
  const world = await functionWorld();
  const source = `let count = 0;
  process.on("exit", () => { const end = Date.now() + 100; while (Date.now() < end); });
  export const handler = async ({ fails }) => {
    count++;
    if (!fails) return count;
    setTimeout(() => { throw new Error("too late"); }, 5);
    await new Promise(() => setTimeout(() => {}, 1000));
  };`;
  await world.create("late", source);
  for (const fails of [true, true])
    expect((await world.invoke("late", { fails })).answer).toMatchObject({ errorMessage: "too late" });
  expect((await world.invoke("late")).answer).toBe(1);
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html (a runtime asks for the next invocation when it is done)
test("a program that ends behind its answer is begun anew with each invocation", async () => {
  const world = await functionWorld();
  const bootstrap = `#!/bin/sh
HEADERS=$(mktemp)
curl -sS -LD "$HEADERS" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next" > /dev/null
ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$ID/response" -d "$$" > /dev/null
sleep 0.1
`;
  const Code = { ZipFile: zipOf({ bootstrap }) };
  await world.create("once", "", { Runtime: "provided.al2023", Handler: "none", Code });
  for (const _ of [1, 2, 3]) expect((await world.invoke("once")).answer).toEqual(expect.any(Number));
});

test("a function finds its variables and its role's credentials in its environment", async () => {
  const world = await functionWorld();
  const source = `
    export const handler = async () => Object.fromEntries(["AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "AWS_EXECUTION_ENV", "SECRET"].map((name) => [name, process.env[name]]).concat([["key", process.env.AWS_ACCESS_KEY_ID.slice(0, 4)]]));`;
  await world.create("env", source, { Environment: { Variables: { SECRET: "it's" } } });
  expect((await world.invoke("env")).answer).toEqual({
    AWS_REGION: "us-east-1",
    AWS_LAMBDA_FUNCTION_NAME: "env",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    SECRET: "it's",
    key: "ASIA",
  });
});

test("a client context is an object", async () => {
  const world = await functionWorld();
  await world.create("told", "export const handler = async (event, { clientContext }) => clientContext.custom;");
  const told = (text: string) => world.invoke("told", {}, { ClientContext: Buffer.from(text).toString("base64") });
  expect((await told('{"custom":{"cups":2}}')).answer).toEqual({ cups: 2 });
  for (const text of ["", "tea", "[1]", "null"]) {
    // Source: https://github.com/rubyonjets/jets/blob/master/lib/jets/commands/call.rb (AWS's words)
    await expect(told(text)).rejects.toMatchObject({
      name: "InvalidRequestContentException",
      message: "Client context must be a valid Base64-encoded JSON object.",
    });
  }
});

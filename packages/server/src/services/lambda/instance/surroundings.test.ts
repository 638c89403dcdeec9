import { InvokeCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";
import { pauseAbout } from "../../../clock/pause.ts";

const BOOTSTRAP = `#!/bin/sh
set -euo pipefail
while true; do
  HEADERS=$(mktemp)
  EVENT=$(curl -sS -LD "$HEADERS" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$ID/response" -d "$EVENT" > /dev/null
done
`;

// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html (its bootstrap), and for the event
// https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_common.py (test_echo_invoke, which AWS passes)
test("a script finds the shell of Amazon Linux, and a call without a payload brings an object", async () => {
  const world = await functionWorld();
  const Code = { ZipFile: zipOf({ bootstrap: BOOTSTRAP }) };
  await world.create("own", "", { Runtime: "provided.al2023", Handler: "none", Code });
  const { Payload = [] } = await world.lambda.send(new InvokeCommand({ FunctionName: "own" }));
  expect(JSON.parse(Buffer.from(Payload).toString("utf8"))).toEqual({});
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_common.snapshot.json (test_introspection_invoke)
test("a function's environment is AWS's, but for where it calls", async () => {
  const world = await functionWorld();
  const code = "import os\ndef handler(event, context):\n    return dict(os.environ)\n";
  await world.create("env", "", {
    Runtime: "python3.13",
    Code: { ZipFile: zipOf({ "index.py": code }) },
  });
  const { answer } = await world.invoke("env");
  expect(answer).toMatchObject({
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    SHLVL: "0",
    PWD: "/var/task",
    _AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1",
    _AWS_XRAY_DAEMON_PORT: "2000",
    AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1:2000",
    AWS_LAMBDA_RUNTIME_API: "169.254.100.1:9001",
  });
  for (const name of ["OLDPWD", "_", "PYTHONDONTWRITEBYTECODE"]) expect(answer).not.toHaveProperty(name);
});

test("modules of a layer are looked for by the version that a function declares", async () => {
  const world = await functionWorld();
  const source = "export const handler = async () => process.env.NODE_PATH.split(':')[0];";
  await world.create("path", source, { Runtime: "nodejs20.x" });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html (paths for each runtime)
  expect((await world.invoke("path")).answer).toBe("/opt/nodejs/node20/node_modules");
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (/tmp, file descriptors)
test("a function has the room in /tmp that it was given, and no more, and opens so many files", async () => {
  const world = await functionWorld();
  const source = `
    import { openSync, statfsSync, writeFileSync } from "node:fs";
    const tried = (work) => { try { return work(); } catch ({ code }) { return code; } };
    export const handler = async () => {
      const { bsize, blocks } = statfsSync("/tmp");
      const large = Buffer.alloc(64 * 1024 * 1024);
      const written = tried(() => { for (let n = 0; n < 9; n++) writeFileSync("/tmp/" + n, large); });
      const opened = tried(() => { for (;;) openSync("/dev/null", "r"); });
      return { mb: bsize * blocks / 1024 / 1024, written, opened };
    };`;
  await world.create("tmp", source, { MemorySize: 512, Timeout: 30 });
  expect((await world.invoke("tmp")).answer).toEqual({ mb: 512, written: "ENOSPC", opened: "EMFILE" });
});

test("a function whose name is a letter has a session all the same", async () => {
  const world = await functionWorld();
  const source = `
    import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
    export const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;`;
  for (const name of ["f", "ff"]) await world.create(name, source, { Timeout: 20 });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_assume_role)
  expect((await world.invoke("f")).answer).toBe("arn:aws:sts::000000000000:assumed-role/f-role/f@lambda_function");
  expect((await world.invoke("ff")).answer).toBe("arn:aws:sts::000000000000:assumed-role/ff-role/ff");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_invoke_payload_encoding_error);
// the others: https://github.com/FasterXML/jackson-core (the parser that AWS's words are of, run on the same)
test.each([
  ["what is no letter of UTF-8", Buffer.from([0x6e, 0x87, 0x72]), "Invalid UTF-8 start byte 0x87\n", 3],
  ["a control character", Buffer.from([0x99, 0xeb]), "Unexpected character ((CTRL-CHAR, code 153)): ", 1],
  ["a word", Buffer.from("x"), "Unrecognized token 'x': was expecting (JSON String, ", 2],
  ["a name without quotes", Buffer.from("{a"), "Unexpected character ('a' (code 97)): was expecting double-quote ", 2],
  ["what has no end", Buffer.from('{"a":1'), "Unexpected end-of-input: expected close marker for Object ", 7],
])("a payload that is no JSON is refused in the words of AWS's parser: %s", async (_what, Payload, words, column) => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => 1;");
  const refused = world.lambda.send(new InvokeCommand({ FunctionName: "f", Payload }));
  await expect(refused).rejects.toMatchObject({
    name: "InvalidRequestContentException",
    message: expect.stringMatching(new RegExp(String.raw`line: 1, column: ${column}\]$`)),
  });
  await expect(refused).rejects.toThrow(
    `Could not parse request body into json: Could not parse payload into json: ${words}`,
  );
});

test("what begins says which version of which runtime, and empty lines are no events", async () => {
  const world = await functionWorld();
  const Role = await world.role("logs", "logs:*");
  const source = `export const handler = async () => process.stdout.write("\\nmulti\\nline\\n\\n");`;
  await world.create("f", source, { Role });
  await world.invoke("f");
  await world.cloud.clock.advance(1);
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const asked = new FilterLogEventsCommand({ logGroupName: "/aws/lambda/f" });
  const { events = [] } = await world.cloud.client(CloudWatchLogsClient).send(asked);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_runtimes.snapshot.json (test_multi_line_prints)
  expect(events.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^INIT_START Runtime Version: nodejs:\d+\.\d+\.v\d+\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:[\da-f]{64}\n$/,
    ),
    expect.stringMatching(/^START RequestId: /),
    "multi\n",
    "line\n",
    expect.stringMatching(/^END RequestId: /),
    expect.stringMatching(/^REPORT RequestId: /),
  ]);
});

test("a function that is about to begin when all is forgotten does not run", async () => {
  const world = await functionWorld();
  await world.create("warm", "export const handler = async () => 1;");
  expect((await world.invoke("warm")).answer).toBe(1);
  for (const beforeMs of [5, 10, 20, 40]) {
    const source = "export const handler = () => new Promise((resolve) => setTimeout(() => resolve('ran'), 300));";
    await world.create("f", source);
    const asked = world.invoke("f").then(({ answer }) => answer, String);
    await pauseAbout(beforeMs);
    await world.cloud.cloud.reset();
    expect(await asked).not.toBe("ran");
  }
});

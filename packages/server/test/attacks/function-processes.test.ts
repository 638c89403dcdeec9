/** Functions that turn against the server that runs them, and against each other. */
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/main.ts";
import { functionWorld } from "../functions.ts";
import { zipOf } from "../zip.ts";

const LENGTHS =
  "const lengths = (head, body) => { const b = Buffer.alloc(8); b.writeUInt32BE(head, 0); b.writeUInt32BE(body, 4); return b; };";

const garbled = (bytes: string): string => `
import { writeSync } from "node:fs";
${LENGTHS}
const frame = (text) => Buffer.concat([lengths(text.length, 0), Buffer.from(text)]);
export const handler = async (event) => {
  if (event.attack) { writeSync(4, ${bytes}); await new Promise((resolve) => setTimeout(resolve, 10_000)); }
  return "well";
};`;

test.each([
  ["no JSON", `frame("{")`],
  ["null", `frame("null")`],
  ["a list of nothing", `frame("[]")`],
  ["a number as its type", `frame('{"type":7}')`],
  ["a length of four gigabytes", `lengths(0xffffffff, 0xffffffff)`],
])("a function that writes %s where its runtime speaks ends, and nothing else does", async (_what, bytes) => {
  const world = await functionWorld();
  await world.create("garbled", garbled(bytes), { Timeout: 20 });
  expect(await world.invoke("garbled", { attack: true })).toMatchObject({
    error: "Unhandled",
    answer: { errorType: "Runtime.ExitError" },
  });
  expect(await world.invoke("garbled", {})).toMatchObject({ error: undefined, answer: "well" });
});

const asProvided = (script: string) => ({
  Runtime: "provided.al2023" as const,
  Handler: "none",
  Timeout: 20,
  Code: {
    ZipFile: zipOf({ bootstrap: `#!/bin/sh\nAPI="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"\n${script}` }),
  },
});

const NEXT = `ID=$(curl -sS -D - -o /dev/null "$API/invocation/next" | grep -i aws-request-id | tr -d '[:space:]' | cut -d: -f2)`;

test("an answer at the Runtime API has an end", async () => {
  const world = await functionWorld();
  const endless = `while true; do ${NEXT}
head -c 200000000 /dev/zero | curl -sS -H Expect: -X POST "$API/invocation/$ID/response" --data-binary @- > /dev/null; done\n`;
  await world.create("endless", "", { ...asProvided(endless), MemorySize: 2048 });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  expect(await world.invoke("endless")).toMatchObject({
    error: "Unhandled",
    answer: { errorType: "Function.ResponseSizeTooLarge" },
  });
});

test("what a function writes without an end of line is not kept for ever", async () => {
  const world = await functionWorld();
  await world.create(
    "chatty",
    `export const handler = async () => {
      const text = "x".repeat(1 << 20);
      for (let i = 0; i < 50; i++) await new Promise((resolve) => process.stderr.write(text, resolve));
      return "said";
    };`,
    { Timeout: 30 },
  );
  const { answer, log } = await world.invoke("chatty", {}, { LogType: "Tail" });
  expect(answer).toBe("said");
  expect(log.length).toBe(4096);
});

test("functions share no memory but what is theirs", async () => {
  const world = await functionWorld();
  const source = `import { existsSync, writeFileSync } from "node:fs";
  export const handler = async () => { const was = existsSync("/dev/shm/told"); writeFileSync("/dev/shm/told", "x"); return was; };`;
  await world.create("one", source);
  await world.create("other", source);
  expect(await world.invoke("one")).toMatchObject({ answer: false });
  expect(await world.invoke("other")).toMatchObject({ answer: false });
});

test("another function's Runtime API has nothing to say", async () => {
  const world = await functionWorld();
  const answers = `while true; do ${NEXT}
curl -sS -X POST "$API/invocation/$ID/response" -d "\\"$AWS_LAMBDA_RUNTIME_API\\"" > /dev/null; done\n`;
  await world.create("victim", "", asProvided(answers));
  const { answer: address } = await world.invoke("victim");
  await world.create(
    "thief",
    `export const handler = async ({ address }) => (await fetch("http://" + address + "/2018-06-01/runtime/invocation/next")).status;`,
    { Timeout: 10 },
  );
  expect(await world.invoke("thief", { address })).toMatchObject({ answer: 403 });
  expect(await world.invoke("victim")).toMatchObject({ answer: address });
});

test("a function neither winds the clock of the cloud nor resets it", async () => {
  const server = await startServer({ port: 0 });
  onTestFinished(() => server.close());
  const world = await functionWorld();
  await world.create(
    "rebel",
    `export const handler = async ({ url }) => {
      const ask = async (path, body) => (await fetch(url + "/_kumobako/" + path, { method: "POST", body })).status;
      return [await ask("clock/advance", '{"seconds":3600}'), await ask("reset"), await ask("clock/freeze")];
    };`,
    { Timeout: 10 },
  );
  expect(await world.invoke("rebel", { url: server.endpoint })).toMatchObject({ answer: [403, 403, 403] });
  expect((await fetch(`${server.endpoint}/_kumobako/clock/resume`, { method: "POST" })).status).toBe(200);
});

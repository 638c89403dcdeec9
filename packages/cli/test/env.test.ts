import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { run } from "../src/main.ts";
import { RecordingTerminal } from "./recording-terminal.ts";

async function env(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const terminal = new RecordingTerminal({ env: variables });
  expect(await run(["env", ...args], terminal)).toBe(0);
  return terminal.out;
}

/** What a shell that runs `script` has in its environment afterwards. */
function shellAfter(script: string): Record<string, string> {
  const shown = execFileSync("sh", ["-c", `${script}\nenv`], { encoding: "utf8", env: { AWS_SESSION_TOKEN: "real" } });
  return Object.fromEntries(shown.split("\n").map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
}

test("a shell that evaluates it is set up for the AWS tools", async () => {
  const shell = shellAfter(await env(["--endpoint", "http://localhost:4599"]));
  expect(shell).toMatchObject({
    AWS_ENDPOINT_URL: "http://localhost:4599",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_DEFAULT_REGION: "us-east-1",
  });
});

test("a secret with a quote in it reaches the shell whole", async () => {
  const secret = `it's "$HOME" \\ \`id\``;
  expect(shellAfter(await env([], { KUMOBAKO_ROOT_SECRET: secret }))["AWS_SECRET_ACCESS_KEY"]).toBe(secret);
});

test("a session token of other credentials is forgotten", async () => {
  const script = await env([], { AWS_SESSION_TOKEN: "real" });
  expect(shellAfter(script)).not.toHaveProperty("AWS_SESSION_TOKEN");
});

test("--unset forgets what it had set", async () => {
  const shell = shellAfter(`${await env([])}\n${await env(["--unset"])}`);
  expect(Object.keys(shell)).not.toContain("AWS_ENDPOINT_URL");
  expect(Object.keys(shell)).not.toContain("AWS_ACCESS_KEY_ID");
});

test("--account makes the shell the root user of that account", async () => {
  expect(await env(["--account", "111111111111"])).toContain("AWS_ACCESS_KEY_ID='111111111111'");
});

test("the shell is told from SHELL, and by --shell", async () => {
  expect(await env([], { SHELL: "/usr/bin/fish" })).toContain("set -gx AWS_ACCESS_KEY_ID 'test';");
  expect(await env(["--shell", "powershell"])).toContain("$Env:AWS_ACCESS_KEY_ID = 'test'");
  expect(await env(["--shell", "zsh"], { SHELL: "/usr/bin/fish" })).toContain("export AWS_ACCESS_KEY_ID='test'");
});

test("the endpoint is that of KUMOBAKO_ENDPOINT, never an AWS_ENDPOINT_URL of before", async () => {
  const variables = { KUMOBAKO_ENDPOINT: "http://localhost:5000", AWS_ENDPOINT_URL: "http://localhost:6000" };
  expect(JSON.parse(await env(["--json"], variables))).toMatchObject({ AWS_ENDPOINT_URL: "http://localhost:5000" });
});

import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "./clients/external-program.ts";
import { startServer } from "./clients/running-server.ts";

test("amazon-cognito-identity-js works unmodified, and its devices are remembered", { timeout: 60_000 }, async () => {
  await using server = await startServer();
  const suite = join(import.meta.dirname, "..", "clients", "user-pools.mjs");
  const { endpoint, directory } = server;
  const env = { HOME: directory, KUMOBAKO_ENDPOINT: endpoint };
  const { code, out, err } = await runProgram(process.execPath, { args: ["--test", suite], directory, env });
  expect(code, `${out}\n${err}`).toBe(0);
  expect(out).toMatch(/^. pass 2$/m);
});

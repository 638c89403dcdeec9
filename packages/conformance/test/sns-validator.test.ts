import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "./clients/external-program.ts";
import { startServer } from "./clients/running-server.ts";

test("the library that checks signatures of SNS works unmodified", { timeout: 60_000 }, async () => {
  await using server = await startServer({ args: [] });
  const suite = join(import.meta.dirname, "..", "clients", "sns-validator.mjs");
  const { endpoint, directory } = server;
  const authority = join(directory, ".kumobako", "ca.pem");
  const env = { HOME: directory, KUMOBAKO_ENDPOINT: endpoint, KUMOBAKO_AUTHORITY: authority };
  const { code, out, err } = await runProgram(process.execPath, { args: ["--test", suite], directory, env });
  expect(code, `${out}\n${err}`).toBe(0);
  expect(out).toMatch(/^. pass 2$/m);
});

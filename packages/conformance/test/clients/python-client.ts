/** The scripts in `clients` that are written in Python: each says what passed and what failed, a line for each check. */
import { join } from "node:path";
import { expect } from "vitest";
import { runProgram } from "./external-program.ts";
import { startServer } from "./running-server.ts";

/** Runs `script` against a server of its own: nothing may fail. How many checks passed. */
export async function passedIn(script: string): Promise<number> {
  await using server = await startServer({ args: ["--memory", "--account", "111111111111"] });
  const { endpoint, account, directory } = server;
  const { code, out, err } = await runProgram("python3", {
    args: [join(import.meta.dirname, "..", "..", "clients", script)],
    directory,
    env: {
      HOME: directory,
      KUMOBAKO_ENDPOINT: endpoint,
      KUMOBAKO_ACCOUNT: account,
      PYTHONDONTWRITEBYTECODE: "1",
      // where packages were installed into a folder of their own
      PYTHONPATH: process.env["PYTHONPATH"] ?? "",
    },
  });
  expect({ code, out: out.match(/^failed: .*$/m)?.[0] }, `${out}\n${err}`).toEqual({ code: 0 });
  return out.match(/^passed: /gm)?.length ?? 0;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { expect, test } from "vitest";

const LAUNCHER = join(import.meta.dirname, "..", "bin", "kumobako.js");

test("a command whose reader has gone, as head goes, ends without a failure", async () => {
  const command = spawn(process.execPath, [LAUNCHER, "--help"], { env: { PATH: process.env["PATH"] } });
  command.stdout.destroy();
  const [complaint, [code]] = await Promise.all([text(command.stderr), once(command, "exit")]);
  expect({ complaint, code }).toEqual({ complaint: "", code: 0 });
});

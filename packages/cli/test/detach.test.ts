import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { run } from "../src/main.ts";
import { startCloud } from "../src/testing.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RecordingTerminal } from "./recording-terminal.ts";

const LAUNCHER = join(import.meta.dirname, "..", "bin", "kumobako.js");

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kumobako-detach-"));
});
afterEach(async () => {
  await kumobako("stop");
  rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the real command in a process of its own. */
function kumobako(line: string): Promise<Ended> {
  const env = { PATH: process.env["PATH"] };
  return new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, ...line.split(" ")], { cwd: directory, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
  });
}

test("a detached server answers when start has ended, and ends with stop", async () => {
  const started = await kumobako("start --memory --port 0 --detach");
  expect(started).toMatchObject({ code: 0, err: "" });
  expect(started.out).toMatch(/Kumobako is running at http:\/\/127\.0\.0\.1:\d+/);
  expect(await kumobako("status")).toMatchObject({ code: 0, out: expect.stringContaining("running at http://") });
  expect((await kumobako("logs")).out).toContain("Kumobako is running at");
  expect(await kumobako("stop")).toMatchObject({ code: 0, out: expect.stringMatching(/^stopped \(process \d+\)$/m) });
  expect((await kumobako("stop")).out).toContain("is running");
});

test.each(["start --port 0 --data FILE", "start --port 0 --data FILE --detach"])(
  "%s: a directory that cannot be is a failure that says what to do",
  async (line) => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const { code, err } = await kumobako(line.replace("FILE", file));
    expect(code).toBe(1);
    expect(err).toMatch(
      new RegExp(`^error: the directory \`${file}\` cannot be used: .*\n  remedy: choose another .*\n$`),
    );
  },
);

test("a directory where the system lets none be is refused, however deep", async () => {
  const { code, err } = await kumobako("start --port 0 --data /proc/none/of/these");
  expect(code).toBe(1);
  expect(err).toContain("the directory `/proc/none/of/these` cannot be used");
});

test("a detached server that cannot start is a failure that says why", async () => {
  const other = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { code, err } = await kumobako(`start --memory --port ${port} --detach`);
  other.close();
  expect(code).toBe(4);
  expect(err).toContain(`port ${port} is in use by another program`);
  expect(err).toContain("server.log");
});

test("a second server on the same state is refused, and the remedy is named", async () => {
  await kumobako("start --port 0 --detach");
  expect(statSync(join(directory, ".kumobako")).mode & 0o077, "others see nothing of the state").toBe(0);
  const { code, err } = await kumobako("start --port 0");
  expect(code).toBe(4);
  expect(err).toContain("the store is in use by another server");
  expect(err).toContain("remedy: ");
  expect(err).not.toContain("    at ");
});

test("a server in memory that runs beside the directory's own hides it from nobody", async () => {
  await kumobako("start --port 0 --detach");
  const { out } = await kumobako("status");
  const terminal = new RecordingTerminal({ directory });
  const ended = run(["start", "--memory", "--port", "0"], terminal);
  const [, own] = await terminal.shown(/kumobako env --endpoint (http:\S+)\)/);
  expect(out).not.toContain(own);
  expect((await kumobako("status")).out.split("\n")[0]).toBe(out.split("\n")[0]);
  terminal.interrupt();
  expect(await ended).toBe(0);
  expect(await kumobako("stop")).toMatchObject({ code: 0, out: expect.stringMatching(/^stopped/) });
});

test("stop leaves a process alone that does not answer as the server of the directory", async () => {
  mkdirSync(join(directory, ".kumobako"));
  const note = join(directory, ".kumobako", "running.json");
  writeFileSync(note, JSON.stringify({ pid: process.pid, endpoint: "http://127.0.0.1:9" }));
  const { code, err } = await kumobako("stop");
  expect(code).toBe(1);
  expect(err).toContain(`process ${process.pid} does not answer at http://127.0.0.1:9`);
  expect(readFileSync(note, "utf8")).toContain(String(process.pid));
});

test("stop leaves a server alone that is not the one that the directory's note names", async () => {
  await using cloud = await startCloud();
  mkdirSync(join(directory, ".kumobako"));
  const other = spawn("sleep", ["60"], { stdio: "ignore" });
  writeFileSync(
    join(directory, ".kumobako", "running.json"),
    JSON.stringify({ pid: other.pid, endpoint: cloud.endpoint }),
  );
  expect(await kumobako("stop")).toMatchObject({ code: 1, err: expect.stringContaining("does not answer at") });
  expect(other.kill(0)).toBe(true);
  other.kill("SIGKILL");
});

test("stop forgets a server that crashed", async () => {
  mkdirSync(join(directory, ".kumobako"));
  writeFileSync(
    join(directory, ".kumobako", "running.json"),
    JSON.stringify({ pid: 2 ** 22, endpoint: "http://127.0.0.1:9" }),
  );
  expect(await kumobako("stop")).toMatchObject({ code: 0, out: expect.stringContaining("no Kumobako of") });
});

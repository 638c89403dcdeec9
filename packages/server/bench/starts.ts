/** How long the built command and the cloud for tests take to be there, and what an idle server holds. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { freePort, residentBytes } from "./processes.ts";
import { signedRequest } from "./signed.ts";
import { median, type Row } from "./table.ts";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const COMMAND = join(REPOSITORY, "packages/cli/bin/kumobako.js");
const TESTING = join(REPOSITORY, "packages/server/dist/testing.js");
const RETRY_MS = 1;
const IDLE_MS = 3000;
const MEBIBYTE = 1024 * 1024;

export async function starts({ rounds }: { readonly rounds: number }): Promise<Row[]> {
  const built = spawnSync(process.execPath, ["tools/build.ts"], { cwd: REPOSITORY, stdio: "inherit" });
  if (built.status !== 0) throw new Error("the build failed");
  const directory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    await start(directory); // makes the store, and Node's cache of compiled code
    const [answers, idle, helps, clouds]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round < rounds; round++) {
      const { answeredMs, residentMebibytes } = await start(directory);
      answers.push(answeredMs);
      idle.push(residentMebibytes);
      helps.push(run([COMMAND, "--help"]).tookMs);
      clouds.push(startCloudMs());
    }
    return [
      { name: "from spawn to first signed answer (embedded)", measured: median(answers), goal: "≤ 200", unit: "ms" },
      { name: "idle resident memory (embedded)", measured: median(idle), goal: "≤ 80", unit: "MiB" },
      { name: "`kumobako --help`", measured: median(helps), goal: "≤ 150", unit: "ms" },
      { name: "`startCloud()`", measured: median(clouds), goal: "≤ 100", unit: "ms" },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Started {
  readonly answeredMs: number;
  /** A while after the answer. */
  readonly residentMebibytes: number;
}

async function start(directory: string): Promise<Started> {
  const port = await freePort();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const request = await signedRequest(STSClient, new GetCallerIdentityCommand({}), { port, credentials });
  const begun = performance.now();
  const options = ["start", "--port", String(port), "--data", directory];
  const server = spawn(process.execPath, [COMMAND, ...options], { stdio: "ignore" });
  try {
    while (!(await isAnswered(port, request))) await pause(RETRY_MS);
    const answeredMs = performance.now() - begun;
    await pause(IDLE_MS);
    return { answeredMs, residentMebibytes: (await residentBytes(server.pid ?? 0)) / MEBIBYTE };
  } finally {
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    await exited;
  }
}

/** Whether somebody listens at `port` and says 200. */
function isAnswered(port: number, request: Buffer): Promise<boolean> {
  return new Promise((done, failed) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", () => done(false));
    socket.on("connect", () => socket.write(request));
    socket.on("data", (piece: Buffer) => {
      socket.destroy();
      if (piece.toString("latin1", 9, 12) === "200") done(true);
      else failed(new Error(piece.toString()));
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function run(args: readonly string[]): { readonly tookMs: number; readonly output: string } {
  const begun = performance.now();
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed`);
  return { tookMs: performance.now() - begun, output: stdout };
}

/** In a process that has loaded the module, as a test's has. */
function startCloudMs(): number {
  const program = `
    const { startCloud } = await import(${JSON.stringify(TESTING)});
    const begun = performance.now();
    const cloud = await startCloud();
    console.log(performance.now() - begun);
    await cloud.stop();`;
  return Number(run(["--input-type=module", "--eval", program]).output);
}

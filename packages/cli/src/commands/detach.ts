/** `start --detach`: the server as a daemon, and the commands that end it and show what it said. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, Failure } from "../failure.ts";
import type { Session } from "../session.ts";
import { isAlive, makeStateDirectory, noteOf, readNote, removeNote } from "../state-directory.ts";
import { refuseOpenHost, runningHere, started, welcome, type StartOptions } from "./start.ts";

const HEALTHY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 25;
const FOLLOW_EVERY_MS = 200;

export interface Launch {
  /** The program and the arguments that start a server in the foreground. */
  readonly command: readonly [string, ...string[]];
}

export async function detach(session: Session, options: StartOptions, { command }: Launch): Promise<void> {
  refuseOpenHost(session, options);
  const running = await runningHere(session);
  if (running) {
    throw new Failure("taken", `a Kumobako of this directory runs at ${running.endpoint}`, "kumobako stop");
  }
  const { terminal, output, directory } = session;
  await makeStateDirectory(directory);
  const log = openSync(directory.log, "a", 0o600);
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: terminal.directory, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const { pid } = child;
  let ended: number | undefined;
  child.on("exit", (code) => (ended = code ?? EXIT.failed));
  const isUp = async () =>
    pid !== undefined && readNote(directory)?.pid === pid && (await runningHere(session)) !== undefined;
  const up = until(async () => ended !== undefined || (await isUp()), HEALTHY_WITHIN_MS);
  await output.progress("starting Kumobako", up);
  const note = readNote(directory);
  if (pid === undefined || ended !== undefined || note?.pid !== pid) throw didNotStart(session, ended);
  child.unref();
  output.answer(started(session, options, note.endpoint, pid), (value) =>
    [welcome(session, value), "", `It runs in the background: kumobako status, kumobako logs -f, kumobako stop`].join(
      "\n",
    ),
  );
}

function didNotStart({ directory }: Session, exitCode: number | undefined): Failure {
  const said = lastLines(readFileSync(directory.log, "utf8"), 10).join("\n");
  const exit = exitCode === EXIT.taken ? "taken" : exitCode === EXIT.usage ? "usage" : "failed";
  return new Failure(exit, `the server did not start; it said:\n${said}`, `the whole log: ${directory.log}`);
}

/** Ends the server of this directory; one that is not running needs no ending. */
export async function stop(session: Session): Promise<void> {
  const { output, directory } = session;
  const note = readNote(directory);
  if (note === undefined || !isAlive(note.pid)) {
    if (note) removeNote(directory, note.pid);
    return output.answer({ stopped: false }, () => `no Kumobako of ${directory.path} is running`);
  }
  const running = await runningHere(session);
  if (running === undefined) {
    // Its process id may by now be another program's.
    const message = `process ${note.pid} does not answer at ${note.endpoint}`;
    throw new Failure("failed", message, `if it is Kumobako: kill ${note.pid}; if not: rm ${noteOf(directory)}`);
  }
  process.kill(running.pid, "SIGTERM");
  const gone = until(async () => !isAlive(running.pid), STOPPED_WITHIN_MS);
  if (!(await output.progress("waiting for the calls under way", gone))) {
    throw new Failure(
      "failed",
      `process ${running.pid} did not end`,
      `kill -9 ${running.pid} (nothing that was answered is lost)`,
    );
  }
  removeNote(directory, running.pid);
  output.answer({ stopped: true, pid: running.pid }, () => `stopped (process ${running.pid})`);
}

export interface LogsOptions {
  readonly follow?: boolean;
  readonly lines: number;
}

export async function logs({ terminal, output, directory }: Session, { follow, lines }: LogsOptions): Promise<void> {
  const bytes = readLog(directory);
  const shown = lastLines(bytes.toString("utf8"), lines);
  output.answer({ log: directory.log, lines: shown }, () => shown.join("\n"));
  if (!follow) return;
  let seen = bytes.length;
  while (!terminal.stop.aborted) {
    await sleep(FOLLOW_EVERY_MS);
    const now = readLog(directory);
    // A log that became shorter was begun anew.
    if (now.length < seen) seen = 0;
    if (now.length > seen) terminal.stdout.write(now.subarray(seen).toString("utf8"));
    seen = now.length;
  }
}

function readLog({ log }: Session["directory"]): Buffer {
  if (existsSync(log)) return readFileSync(log);
  throw new Failure("failed", `there is no log at ${log}`, "kumobako start --detach writes one");
}

const lastLines = (text: string, count: number): string[] => text.trimEnd().split("\n").slice(-count);

/** Whether `holds` became true in time. */
async function until(holds: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadlineMs = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

/** The `kumobako` command in a process of its own, as a user starts it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { runProgram, type Ended } from "./external-program.ts";

export const LAUNCHER = join(import.meta.dirname, "..", "..", "..", "cli", "bin", "kumobako.js");

/** From here on it is ended by force. */
const GRACE_MS = 15_000;

export interface Started {
  readonly endpoint: string;
  readonly account: string;
}

/** A call as the control API shows it. */
export interface RecordedCall {
  readonly service: string;
  readonly operation: string;
  readonly userIdentity: { readonly type: string; readonly arn?: string; readonly accessKeyId?: string };
  readonly error?: { readonly code: string; readonly message: string };
}

export interface RunningServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly account: string;
  /** Where it was started, and so where its other commands find it. */
  readonly directory: string;
  readonly child: ChildProcess;
  /** Runs another `kumobako` command in the same directory. */
  kumobako(...args: readonly string[]): Promise<Ended>;
  /** The same, which must not fail; gives its answer. */
  answer(...args: readonly string[]): Promise<string>;
  /** The calls recorded, oldest first. */
  calls(): Promise<readonly RecordedCall[]>;
  /** Asks it to end, and gives its exit code. */
  end(): Promise<number | null>;
}

/** What a client of the SDK is made with, for its root user. */
export const configOf = ({ endpoint }: RunningServer) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
  forcePathStyle: true,
});

/** Ends it at once, as a power failure does. */
export async function kill({ child }: RunningServer): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

export interface StartOptions {
  readonly args?: readonly string[];
  /** An existing directory is left alone at the end. */
  readonly directory?: string;
}

/** Runs one `kumobako` command in `directory`. */
export const kumobakoIn = (directory: string, args: readonly string[], timeoutMs?: number): Promise<Ended> =>
  runProgram(process.execPath, { args: [LAUNCHER, ...args], directory, env: { NO_COLOR: "1" }, timeoutMs });

/** Starts a server on a free port; in memory unless told otherwise. */
export async function startServer({ args = ["--memory"], directory }: StartOptions = {}): Promise<RunningServer> {
  const home = directory ?? mkdtempSync(join(tmpdir(), "kumobako-conformance-"));
  const command = [LAUNCHER, "start", "--port", "0", "--json", ...args];
  const env = { PATH: process.env["PATH"], NO_COLOR: "1" };
  const child = spawn(process.execPath, command, { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
  const forget = () => {
    if (directory === undefined) rmSync(home, { recursive: true, force: true });
  };
  const { endpoint, account } = await firstAnswer(child).catch((error: unknown) => {
    forget();
    throw error;
  });
  const kumobako = (...more: readonly string[]) => kumobakoIn(home, more);
  const answer = async (...more: readonly string[]) => {
    const { code, out, err } = await kumobako(...more);
    if (code !== 0) throw new Error(`kumobako ${more.join(" ")} failed: ${err}`);
    return out;
  };
  const end = () => endChild(child);
  return {
    endpoint,
    account,
    directory: home,
    child,
    kumobako,
    answer,
    end,
    async calls() {
      const { decisions }: { decisions: RecordedCall[] } = JSON.parse(
        await answer("decisions", "--limit", "1000", "--json"),
      );
      return decisions.toReversed();
    },
    async [Symbol.asyncDispose]() {
      await end();
      forget();
    },
  };
}

async function firstAnswer(child: ChildProcess): Promise<Started> {
  let err = "";
  child.stderr?.on("data", (piece: Buffer) => (err += piece.toString()));
  if (!child.stdout) throw new Error("the server has no standard output");
  for await (const line of createInterface(child.stdout)) {
    child.stdout.resume();
    return JSON.parse(line);
  }
  throw new Error(`the server did not start: ${err}`);
}

async function endChild(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const force = AbortSignal.timeout(GRACE_MS);
  force.addEventListener("abort", () => child.kill("SIGKILL"));
  await ended;
  return child.exitCode;
}

/** Programs that are not ours, run as a person runs them: found on the PATH, with no more in their environment than said. */
import { execFile, execFileSync } from "node:child_process";
import { describe } from "vitest";

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface ProgramRun {
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Environment;
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 60_000;
const OUTPUT_BYTES_MAX = 32 * 1024 * 1024;

/** The user's own configuration of AWS's tools must not reach the tests. */
const inherited = (): Environment => ({ PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8" });

/** Runs `program` to its end, which comes by force where it takes too long. */
export function runProgram(
  program: string,
  { args, directory, env, timeoutMs = TIMEOUT_MS }: ProgramRun,
): Promise<Ended> {
  const forced = { timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: OUTPUT_BYTES_MAX } as const;
  const options = { cwd: directory, env: { ...inherited(), ...env }, ...forced };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, out, err: error?.killed ? `${err}\nkilled after ${timeoutMs} ms` : err });
    });
  });
}

/** A group of tests of a program, which are skipped where it does not run with these arguments. */
export function whereInstalled(program: string, args: readonly string[], tests: () => void): void {
  describe.skipIf(!isInstalled(program, args))(`${program} (needs it installed)`, () => {
    tests();
  });
}

/** Whether `program` is on the PATH and runs with these arguments; says so where it is not, since tests are then skipped. */
export function isInstalled(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore", timeout: TIMEOUT_MS });
    return true;
  } catch {
    console.warn(`tests are skipped: \`${program} ${args.join(" ")}\` does not run here`);
    return false;
  }
}

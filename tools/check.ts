/**
 * `npm run check`: everything that can be said of the code without running it, in seconds. Prints a line for
 * each step, and the whole report of those that failed.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { ROOT } from "./sources.ts";

interface Step {
  readonly what: string;
  readonly command: readonly string[];
}

const STEPS: readonly Step[] = [
  { what: "lint", command: ["oxlint", "--type-aware"] },
  { what: "types", command: ["tsc", "-p", "."] },
  { what: "architecture", command: ["vitest", "run", "--reporter=dot", "packages/server/test/architecture"] },
  { what: "unused code", command: ["knip", "--no-progress"] },
  { what: "docs and generated files are current", command: ["node", "tools/docs.ts", "--check"] },
  { what: "format", command: ["oxfmt", "--check"] },
  { what: "ratchets", command: ["node", "tools/ratchet.ts"] },
];

interface Outcome extends Step {
  readonly ok: boolean;
  readonly report: string;
  readonly tookMs: number;
}

function run(step: Step): Promise<Outcome> {
  const startedMs = performance.now();
  const [name = "", ...args] = step.command;
  const bin = join(ROOT, "node_modules", ".bin");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, FORCE_COLOR: undefined };
  return new Promise((resolve) => {
    const child = spawn(name, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let report = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (piece: Buffer) => (report += piece.toString()));
    const end = (ok: boolean) => resolve({ ...step, ok, report, tookMs: performance.now() - startedMs });
    child.on("error", (error) => {
      report += error.message;
      end(false);
    });
    child.on("close", (code) => end(code === 0));
  });
}

function print({ what, command, ok, report, tookMs }: Outcome): void {
  console.log(`${ok ? "ok  " : "FAIL"} ${what} (${(tookMs / 1000).toFixed(1)} s)`);
  if (!ok) console.log(`\n$ ${command.join(" ")}\n${report.trimEnd()}\n`);
}

/** Runs the steps, as many at once as there are processors. */
async function runAll(steps: readonly Step[]): Promise<boolean> {
  const waiting = [...steps];
  let ok = true;
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const outcome = await run(step);
      print(outcome);
      ok &&= outcome.ok;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return ok;
}

if (!existsSync(join(ROOT, "node_modules", ".bin", "oxlint"))) throw new Error("run it as: npm run check");
process.exitCode = (await runAll(STEPS)) ? 0 : 1;

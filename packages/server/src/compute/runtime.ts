/** Which program runs which runtime. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert } from "../kernel/assert.ts";
import type { Places } from "./sandbox.ts";

/** An interpreter of this machine. */
export interface Interpreter {
  /** Its own folder, which has `bin` in it. */
  readonly folder: string;
  /** Below its folder. */
  readonly program: string;
  /** As it says itself: `24.21.0` */
  readonly version: string;
}

export type RuntimeKind =
  | {
      readonly kind: "node";
      readonly interpreter: Interpreter;
      /** The version that is declared, for which its layers were made: `22` */
      readonly major: string;
    }
  | { readonly kind: "python"; readonly interpreter: Interpreter }
  | { readonly kind: "provided" };

/** The machine has nothing that runs it. */
export class RuntimeMissingError extends Error {
  override readonly name = "RuntimeMissingError";
}

const NODE: Interpreter = {
  folder: dirname(dirname(process.execPath)),
  program: "bin/node",
  version: process.versions.node,
};

const pythons = new Map<string, Interpreter | undefined>();

/** @throws {RuntimeMissingError} */
export function runtimeOf(name: string): RuntimeKind {
  if (name.startsWith("nodejs")) return { kind: "node", interpreter: NODE, major: /\d+/.exec(name)?.[0] ?? "" };
  if (name.startsWith("provided")) return { kind: "provided" };
  if (name.startsWith("python")) {
    const interpreter = findPython(name) ?? findPython("python3");
    if (interpreter !== undefined) return { kind: "python", interpreter };
    throw new RuntimeMissingError(`no python3 on this machine to run ${name} with`);
  }
  throw new RuntimeMissingError(`${name} does not run here: Node.js, Python and provided runtimes do`);
}

/** The version that is asked for where the machine has it, else the machine's own. */
function findPython(program: string): Interpreter | undefined {
  if (!pythons.has(program)) pythons.set(program, askPython(program));
  return pythons.get(program);
}

function askPython(program: string): Interpreter | undefined {
  const script = "import sys, platform; print(sys.base_prefix); print(platform.python_version())";
  const asked = spawnSync(program, ["-I", "-c", script], { encoding: "utf8" });
  if (asked.status !== 0) return undefined;
  const [folder = "", version = ""] = asked.stdout.trim().split("\n");
  const minor = version.split(".").slice(0, 2).join(".");
  const found = `bin/python${minor}`;
  return existsSync(join(folder, found)) ? { folder, program: found, version } : undefined;
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export function commandOf(runtime: RuntimeKind, memoryMb: number, places: Places): readonly string[] {
  switch (runtime.kind) {
    case "node":
      return [
        join(places.lang, runtime.interpreter.program),
        // as AWS's own runtime does: the rest is for what is not on the heap
        `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
        join(places.runtime, "bootstrap.mjs"),
      ];
    case "python":
      // nothing is written beside the code
      return [join(places.lang, runtime.interpreter.program), "-B", join(places.runtime, "bootstrap.py")];
    case "provided":
      return [
        "/bin/sh",
        "-c",
        'cd "$LAMBDA_TASK_ROOT"; if [ -e bootstrap ]; then exec ./bootstrap; fi; exec "$0/bootstrap"',
        places.opt,
      ];
  }
}

/** Variables that a function may change. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export function usualEnvironment(runtime: RuntimeKind, places: Places): Readonly<Record<string, string>> {
  const { task, opt, lang, tmp } = places;
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: `${lang}/bin:/usr/local/bin:/usr/bin/:/bin:${opt}/bin`,
    SHLVL: "0",
    LD_LIBRARY_PATH: [
      `${lang}/lib`,
      "/lib64",
      "/usr/lib64",
      places.runtime,
      `${places.runtime}/lib`,
      task,
      `${task}/lib`,
      `${opt}/lib`,
    ].join(":"),
    ...(tmp !== "/tmp" && { TMPDIR: tmp, KUMOBAKO_OPT: opt }),
    ...ownVariables(runtime, places),
  };
}

function ownVariables(
  runtime: RuntimeKind,
  { opt, task, runtime: folder, sdk }: Places,
): Readonly<Record<string, string>> {
  switch (runtime.kind) {
    case "node": {
      const layers = [`${opt}/nodejs/node${runtime.major}/node_modules`, `${opt}/nodejs/node_modules`];
      return {
        NODE_PATH: [...layers, `${folder}/node_modules`, folder, task].join(":"),
        ...(sdk !== undefined && { KUMOBAKO_SDK: sdk }),
      };
    }
    case "python":
      return { PYTHONPATH: folder };
    case "provided":
      return {};
  }
}

/** Clients of AWS that are installed with us, if any: handlers find them as they do in AWS. */
export function sdkFolder(): string | undefined {
  for (let place = import.meta.dirname; place !== dirname(place); place = dirname(place)) {
    const candidate = join(place, "node_modules");
    if (existsSync(join(candidate, "@aws-sdk"))) return candidate;
  }
  return undefined;
}

let programs: string | undefined;

/** Our programs that run handlers: `packages/server/runtimes`. */
export function runtimeFolder({ kind }: RuntimeKind): string {
  programs ??= findPrograms(import.meta.dirname);
  return join(programs, kind === "provided" ? "node" : kind);
}

function findPrograms(start: string): string {
  for (let place = start; place !== dirname(place); place = dirname(place)) {
    const candidate = join(place, "runtimes");
    if (existsSync(candidate) && readdirSync(candidate).includes("node")) return candidate;
  }
  assert(false, `no runtimes above ${start}`);
}

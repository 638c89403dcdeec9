/**
 * Writes every generated file of the repository that is committed; `--check` fails where one is out of date.
 * Each generator is a program of its own that takes `--check` likewise.
 */
import { spawnSync } from "node:child_process";
import { ROOT } from "./sources.ts";

const GENERATORS = [
  "tools/coverage.ts",
  "tools/cli-reference.ts",
  "tools/testing-declaration.ts",
  "tools/models/main.ts",
];

const check = process.argv.includes("--check") ? ["--check"] : [];
for (const generator of GENERATORS) {
  const { status } = spawnSync(process.execPath, [generator, ...check], { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

#!/usr/bin/env node
/**
 * Starts the `kumobako` command: the built one where it is there and as new as the source, otherwise the
 * source itself, whose types Node strips. On an older Node it hands over to the one that npm installed.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";
import { isOldNode, NEEDED } from "./required-node.js";

const PACKAGES = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..", "..");
const BUILT = join(PACKAGES, "server", "dist", "kumobako.js");
const SOURCE = join(PACKAGES, "cli", "src", "main.ts");

if (isOldNode) handOver();
else {
  module.enableCompileCache?.();
  const { main } = await import(isBuilt() ? BUILT : SOURCE);
  await main();
}

function isBuilt() {
  if (!existsSync(SOURCE)) return true;
  if (!existsSync(BUILT)) return false;
  const builtMs = statSync(BUILT).mtimeMs;
  return ["server", "cli", "labs"].every((name) => isOlder(join(PACKAGES, name, "src"), builtMs));
}

/**
 * @param {string} folder
 * @param {number} timeMs
 * @returns {boolean}
 */
function isOlder(folder, timeMs) {
  return readdirSync(folder, { withFileTypes: true }).every((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? isOlder(path, timeMs) : statSync(path).mtimeMs <= timeMs;
  });
}

function handOver() {
  const node = join(PACKAGES, "..", "node_modules", ".bin", "node");
  if (!existsSync(node)) {
    process.stderr.write(
      `error: ${NEEDED}\n` +
        "  remedy: in the repository run `npm start`, which brings its own; elsewhere install a newer Node\n",
    );
    process.exit(1);
  }
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}

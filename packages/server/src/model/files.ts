import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert } from "../kernel/assert.ts";

/** How far above this file, wherever it was bundled to, the folder may lie. */
const LEVELS_MAX = 4;

let folder: string | undefined;

/** A file of `packages/server/models`, which `tools/models` has written: JSON. */
export function readModelFile(path: string): string {
  folder ??= findFolder(import.meta.dirname);
  return readFileSync(join(folder, path), "utf8");
}

function findFolder(start: string): string {
  let place = start;
  for (let level = 0; level < LEVELS_MAX; level++) {
    const candidate = join(place, "models");
    if (existsSync(join(candidate, "index.json"))) return candidate;
    place = dirname(place);
  }
  assert(false, `no models above ${start}`);
}

/** Directories for their owner's eyes only. */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { systemErrorCode } from "./system-error.ts";

/**
 * Makes the directory, and those above it that are missing. One after the other, and not by Node's `recursive`, which
 * never ends where the system says that something is missing above a directory that is there, as below `/proc`.
 * @throws the system's error where it lets none be there
 */
export function makePrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (isDirectory(path)) return;
    const above = dirname(path);
    if (systemErrorCode(error) !== "ENOENT" || isDirectory(above)) throw error;
    makePrivateDirectory(above);
    mkdirSync(path, { mode: 0o700 });
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

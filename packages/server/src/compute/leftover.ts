/** Processes that a function's process began and let go of: they run on in its root folder. */
import { readdirSync, readlinkSync } from "node:fs";
import { pauseAbout } from "../clock/pause.ts";

/** What is killed is gone a moment later, and may have begun another one just before. */
const ROUNDS_MAX = 100;
const BETWEEN_ROUNDS_MS = 2;

/** Ends all processes whose root folder is `root`, where the system tells of them. */
export async function endAllIn(root: string): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const found = processNumbers().filter((pid) => rootOf(pid) === root);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    await pauseAbout(BETWEEN_ROUNDS_MS);
  }
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    // this is no Linux
    return [];
  }
}

function rootOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/root`);
  } catch {
    // it has ended, or is somebody else's
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended in the meantime
  }
}

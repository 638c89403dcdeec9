/** Processes of this machine as Linux tells of them; elsewhere, and of those that have ended, nothing is told. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

function told<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    // it has ended, is somebody else's, or this is no Linux
    return undefined;
  }
}

export const processNumbers = (): readonly number[] =>
  (told(() => readdirSync("/proc")) ?? []).map(Number).filter(Number.isInteger);

/** Its root folder, as this process sees it. */
export const rootOf = (pid: number): string | undefined => told(() => readlinkSync(`/proc/${pid}/root`));

/** The variables that it began with, each as `NAME=value`. */
export const environmentOf = (pid: number): readonly string[] =>
  told(() => readFileSync(`/proc/${pid}/environ`, "utf8"))?.split("\0") ?? [];

/**
 * When it began, in ticks since the machine did: a number that was given anew is another process's.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (starttime, the 22nd field; the second has spaces in it)
 */
export function startOf(pid: number): string | undefined {
  const text = told(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

/** All that it began, and they did, as long as each has the one that began it; from whatever thread. */
export const descendantsOf = (pid: number): readonly number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

/** Source: https://man7.org/linux/man-pages/man5/proc_tid_children.5.html */
const childrenOf = (pid: number): readonly number[] =>
  (told(() => readdirSync(`/proc/${pid}/task`)) ?? []).flatMap((thread) => {
    const children = told(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1")) ?? "";
    return children === "" ? [] : children.trim().split(" ").map(Number);
  });

/** Ends it, if it is still there. */
export const kill = (pid: number): void => void told(() => process.kill(pid, "SIGKILL"));

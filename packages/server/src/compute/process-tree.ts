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

/** To a process or, where the number is below zero, to all of a group; if it is still there. */
export const signal = (pid: number, name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void =>
  void told(() => process.kill(pid, name));

/** Ends it, if it is still there. */
export const kill = (pid: number): void => signal(pid, "SIGKILL");

/** What a process holds of the machine's memory. */
export interface Resident {
  /** Its own alone. */
  readonly anonymousPages: number;
  /** Of files, and what it shares with others. */
  readonly sharedPages: number;
}

/** Source: https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html (resident and shared) */
export function residentOf(pid: number): Resident {
  const text = told(() => readFileSync(`/proc/${pid}/statm`, "latin1")) ?? "";
  const [, resident = 0, shared = 0] = text.split(" ", 3).map(Number);
  return { anonymousPages: resident - shared, sharedPages: shared };
}

/** What it shares that is no file's. Source: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html (RssShmem) */
export const sharedMemoryOf = (pid: number): number | undefined =>
  bytesIn(
    told(() => readFileSync(`/proc/${pid}/status`, "latin1")),
    "RssShmem",
  );

/**
 * What is no file's, each page by the part of those who share it: of much memory it takes a while to say.
 * Source: https://docs.kernel.org/filesystems/proc.html (smaps_rollup)
 */
export function proportionalMemoryOf(pid: number): number | undefined {
  const text = told(() => readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"));
  const [own, shared] = [bytesIn(text, "Pss_Anon"), bytesIn(text, "Pss_Shmem")];
  return own === undefined || shared === undefined ? undefined : own + shared;
}

function bytesIn(text: string | undefined, name: string): number | undefined {
  const kilobytes = new RegExp(String.raw`^${name}:\s+(\d+)`, "m").exec(text ?? "")?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Source: https://man7.org/linux/man-pages/man3/getauxval.3.html (AT_PAGESZ) */
const PAGE_SIZE = 6n;
const ENTRY_BYTES = 16;

/** Not the same on all machines. */
export function bytesOfPage(): number {
  const vector = told(() => readFileSync("/proc/self/auxv")) ?? Buffer.alloc(0);
  for (let at = 0; at + ENTRY_BYTES <= vector.length; at += ENTRY_BYTES)
    if (vector.readBigUInt64LE(at) === PAGE_SIZE) return Number(vector.readBigUInt64LE(at + ENTRY_BYTES / 2));
  return 4096;
}

import { readFileSync } from "node:fs";

const PAGE_BYTES = 4096;
const MB = 1024 * 1024;

/** What a process and those that it began hold of the machine's memory, in MB; zero where the system does not say. */
export function residentMb(pid: number): number {
  try {
    const [, pages = "0"] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ", 2);
    return Math.ceil((Number(pages) * PAGE_BYTES) / MB) + childrenMb(pid);
  } catch {
    // it has just ended, or this is no Linux
    return 0;
  }
}

function childrenMb(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? 0 : children.split(" ").reduce((sum, child) => sum + residentMb(Number(child)), 0);
}

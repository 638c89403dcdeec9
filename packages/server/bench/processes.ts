/** Child processes of a benchmark, and their ends. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { BareOrder } from "./bare.ts";
import type { LoadOrder, LoadResult } from "./load.ts";
import type { ServerOrder } from "./server.ts";

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

/** A server in a process of its own. */
export interface Served extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

export const bare = (order: BareOrder): Promise<Served> => serve("./bare.ts", order);
export const kumobako = (order: ServerOrder): Promise<Served> => serve("./server.ts", order);

async function serve(name: string, order: object): Promise<Served> {
  const child = fork(file(name), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.send(order);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { port, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => end(child) };
}

/** Runs one load in a process of its own. */
export async function load(order: LoadOrder): Promise<LoadResult> {
  const child = fork(file("./load.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.send(order);
  const [result] = (await once(child, "message")) as [LoadResult];
  await end(child);
  return result;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** Source: proc_pid_statm(5): the second number, in pages of 4 KiB. */
export async function residentBytes(pid: number): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8");
  return Number(statm.split(" ")[1]) * 4096;
}

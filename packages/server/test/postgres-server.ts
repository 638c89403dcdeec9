/** A PostgreSQL server of the machine's own binaries, for tests: in a directory of its own, on a Unix socket, gone afterwards. */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** `undefined` where the machine has no PostgreSQL. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), "kumobako-pg-"));
  const owner = ownerOf(directory);
  const cluster = join(directory, "cluster");
  const initdb = ["-D", cluster, "-U", "kumobako", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"];
  execFileSync(join(binaries, "initdb"), initdb, { ...owner, cwd: directory, stdio: "pipe" });
  const settings = ["listen_addresses=", `unix_socket_directories=${directory}`, "fsync=off", "max_connections=100"];
  const server = spawn(join(binaries, "postgres"), ["-D", cluster, ...settings.flatMap((each) => ["-c", each])], {
    ...owner,
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(server, "exit");
  await ready(createInterface(server.stderr));
  server.stderr.resume();
  return {
    url: `postgres://kumobako@/postgres?host=${encodeURIComponent(directory)}`,
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The folder that holds both `initdb` and `postgres`. */
function findBinaries(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...globSync("/usr/lib/postgresql/*/bin")];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** PostgreSQL refuses to run as root: root lends its directory to an account without rights. */
function ownerOf(directory: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const owner = { uid: idOfNobody("-u"), gid: idOfNobody("-g") };
  chownSync(directory, owner.uid, owner.gid);
  return owner;
}

const idOfNobody = (flag: "-u" | "-g"): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));

async function ready(log: AsyncIterable<string>): Promise<void> {
  const lines: string[] = [];
  for await (const line of log) {
    if (line.includes("ready to accept connections")) return;
    lines.push(line);
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join("\n")}`);
}

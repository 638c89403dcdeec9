/** The directory of a server's state, and the note in it that tells the other commands where the server is. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

const DEFAULT_DIRECTORY = ".kumobako";

/** Written by `start`, and taken away when it ends. */
export interface RunningNote {
  readonly pid: number;
  readonly endpoint: string;
}

export interface StateDirectory {
  readonly path: string;
  readonly log: string;
  /** The certificate of the authority that is kept with the state. */
  readonly ca: string;
  /** That of a server which keeps nothing, as it showed it. */
  readonly servedCa: string;
}

export function stateDirectory(terminal: Terminal, data: string | undefined): StateDirectory {
  const path = resolve(terminal.directory, data ?? terminal.env["KUMOBAKO_DATA"] ?? DEFAULT_DIRECTORY);
  return { path, log: join(path, "server.log"), ca: join(path, "ca.pem"), servedCa: join(path, "served-ca.pem") };
}

/** The file that holds the note. */
export const noteOf = ({ path }: StateDirectory) => join(path, "running.json");

/** `undefined` where no server was started, or where it ended as it should. */
export function readNote(directory: StateDirectory): RunningNote | undefined {
  try {
    const note: Partial<RunningNote> = JSON.parse(readFileSync(noteOf(directory), "utf8"));
    return note.pid === undefined || note.endpoint === undefined
      ? undefined
      : { pid: note.pid, endpoint: note.endpoint };
  } catch {
    // No note, or one that was cut short by a crash: either way nobody is known to run.
    return undefined;
  }
}

/** Others on this machine have no business in it. @throws {Failure} where the system lets none be there */
export async function makeStateDirectory({ path }: StateDirectory): Promise<void> {
  const { makePrivateDirectory } = await import("@kumobako/server/private-directory");
  try {
    makePrivateDirectory(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure("failed", `the directory \`${path}\` cannot be used: ${why}`, "choose another with --data");
  }
}

export async function writeNote(directory: StateDirectory, note: RunningNote): Promise<void> {
  await makeStateDirectory(directory);
  writeFileSync(noteOf(directory), `${JSON.stringify(note)}\n`);
}

/** Takes the note away if it is the one of process `pid`. */
export function removeNote(directory: StateDirectory, pid: number): void {
  if (readNote(directory)?.pid === pid) rmSync(noteOf(directory), { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

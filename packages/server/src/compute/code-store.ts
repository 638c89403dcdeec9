/** Unpacked code, one folder per content, shared by all instances that run it. */
import { lstat, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, normalize, relative } from "node:path";
import { ArchiveError, readArchive, type ArchiveEntry } from "../kernel/archive.ts";
import { newUuid } from "../kernel/ids.ts";
import type { CodeArchive } from "../service/function-host.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html (others may read what is packed) */
const READABLE_BY_ALL = 0o444;
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;

/** A folder that is there for as long as somebody holds it, and may be until then. */
export interface HeldCode {
  readonly folder: string;
  release(): void;
}

interface Unpacked {
  readonly folder: Promise<string>;
  holders: number;
}

export class CodeStore {
  readonly #folder: string;
  readonly #unpacked = new Map<string, Unpacked>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The folder that has the content of `archives`, later ones over earlier ones. @throws {ArchiveError} */
  async hold(archives: readonly CodeArchive[]): Promise<HeldCode> {
    const name = archives.map(({ sha256 }) => sha256).join(" ");
    const unpacked = this.#unpacked.get(name) ?? this.#begin(name, archives);
    unpacked.holders++;
    return { folder: await unpacked.folder, release: () => void unpacked.holders-- };
  }

  /** Takes away what nobody holds; who wants it from now on has one of their own. */
  async removeUnused(): Promise<void> {
    const unused = [...this.#unpacked].filter(([, { holders }]) => holders === 0);
    for (const [name] of unused) this.#unpacked.delete(name);
    for (const [, { folder }] of unused) await rm(await folder, { recursive: true, force: true });
  }

  #begin(name: string, archives: readonly CodeArchive[]): Unpacked {
    const unpacked = { folder: this.#unpack(archives), holders: 0 };
    this.#unpacked.set(name, unpacked);
    unpacked.folder.catch(() => this.#unpacked.delete(name));
    return unpacked;
  }

  async #unpack(archives: readonly CodeArchive[]): Promise<string> {
    const folder = join(this.#folder, newUuid());
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    try {
      for (const archive of archives) {
        for (const entry of readArchive(await archive.read())) await placeOrRefuse(entry, folder);
      }
    } catch (error) {
      // it is tried anew each time
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return folder;
  }
}

/** Names that no file can have, and files where folders should be, are the archive's fault. @throws {ArchiveError} */
async function placeOrRefuse(entry: ArchiveEntry, folder: string): Promise<void> {
  try {
    await place(entry, folder);
  } catch (error) {
    if (!isSystemError(error) || !NAME_FAULTS.has(error.code ?? "")) throw error;
    throw new ArchiveError("an entry cannot be unpacked", { cause: error });
  }
}

const NAME_FAULTS: ReadonlySet<string> = new Set([
  "EEXIST",
  "EINVAL",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENOTDIR",
  "ERR_INVALID_ARG_VALUE",
]);

async function place(entry: ArchiveEntry, folder: string): Promise<void> {
  const path = join(folder, normalize(`/${entry.name}`));
  if (path === folder || path === `${folder}/`) {
    if (entry.kind === "directory") return;
    throw new ArchiveError("an entry has no name");
  }
  await requireInside(path, folder);
  if (entry.kind === "directory") {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    return;
  }
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  await rm(path, { force: true, recursive: true });
  if (entry.kind === "link") await symlink(Buffer.from(entry.read()).toString("utf8"), path);
  else await writeFile(path, entry.read(), { mode: (entry.mode ?? FILE_MODE) | READABLE_BY_ALL });
}

/** Nothing is written by way of a link that the archive, or one before it, has brought. @throws {ArchiveError} */
async function requireInside(path: string, folder: string): Promise<void> {
  for (let above = dirname(path); above.length > folder.length; above = dirname(above)) {
    if (await isLink(above)) throw new ArchiveError(`an entry lies behind a link: ${relative(folder, above)}`);
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return false;
    throw error;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && "code" in error;

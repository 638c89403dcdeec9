/** The processes of an instance: those that it began, and that they did, whether they have let go of it or not. */
import { pauseAbout } from "../clock/pause.ts";
import { descendantsOf, environmentOf, kill, processNumbers, rootOf } from "./process-tree.ts";

/** Names the folder that a process belongs to. */
type Sign = (pid: number) => string | undefined;

const INSTANCE_VARIABLE = "KUMOBAKO_INSTANCE";

/** Tells all that a function begins whose they are, where no root folder of their own does. */
export const instanceVariable = (folder: string): Readonly<Record<string, string>> => ({ [INSTANCE_VARIABLE]: folder });

const namedInstanceOf: Sign = (pid) =>
  environmentOf(pid)
    .find((variable) => variable.startsWith(`${INSTANCE_VARIABLE}=`))
    ?.slice(INSTANCE_VARIABLE.length + 1);

/** Of processes that have a root folder of their own, and of those that have none. */
export const SIGNS = { root: rootOf, variable: namedInstanceOf } as const;

/** What is killed is gone a moment later, and may have begun another one just before. */
const ROUNDS_MAX = 100;
const BETWEEN_ROUNDS_MS = 2;

/** All processes that belong to a folder or to one in it, where the system tells of them. */
export class Kin {
  readonly #folder: string;
  readonly #signs: readonly Sign[];

  constructor(folder: string, signs: readonly Sign[]) {
    this.#folder = folder;
    this.#signs = signs;
  }

  /** Asks for each process of the machine but this one, which may run in a function itself. */
  search(): readonly number[] {
    const others = processNumbers().filter((pid) => pid !== process.pid);
    return others.filter((pid) => this.has(pid));
  }

  has(pid: number): boolean {
    return this.#signs.some((sign) => this.#isIn(sign(pid)));
  }

  async endAll(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const found = this.search();
      if (found.length === 0) return;
      for (const pid of [...found.flatMap(descendantsOf), ...found]) kill(pid);
      await pauseAbout(BETWEEN_ROUNDS_MS);
    }
  }

  #isIn(path: string | undefined): boolean {
    return path === this.#folder || path?.startsWith(`${this.#folder}/`) === true;
  }
}

/** Processes that outlive who began them: what a function let go of, and what ran on a server that was killed. */
import { pauseAbout } from "../clock/pause.ts";
import { descendantsOf, environmentOf, kill, processNumbers, rootOf } from "./process-tree.ts";

/** Names the folder that a process belongs to. */
export type Sign = (pid: number) => string | undefined;

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

/** Ends all processes that belong to `folder` or to one in it, where the system tells of them. */
export async function endAllOf(folder: string, signs: readonly Sign[]): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const found = processNumbers().filter((pid) => signs.some((sign) => isWithin(folder, sign(pid))));
    if (found.length === 0) return;
    for (const pid of [...found.flatMap(descendantsOf), ...found]) kill(pid);
    await pauseAbout(BETWEEN_ROUNDS_MS);
  }
}

const isWithin = (folder: string, path: string | undefined): boolean =>
  path === folder || path?.startsWith(`${folder}/`) === true;

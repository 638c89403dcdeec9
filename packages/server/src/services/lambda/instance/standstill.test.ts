/** An instance that nobody asks anything stands still, with all that it began. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { probeSandbox } from "../../../compute/sandbox.ts";

/** Begins a program that has let go of it, and waits until that has written once more. */
const HEART = `
  import { spawnSync } from "node:child_process";
  import { existsSync, statSync } from "node:fs";
  import { tmpdir } from "node:os";
  import { join } from "node:path";
  export const handler = async ({ mark }) => {
    const file = join(tmpdir(), mark);
    const beat = 'while :; do echo >> "$1"; sleep 0.02; done';
    const begin = '(sh -c "$1" "$2" "$3" </dev/null >/dev/null 2>&1 &) ; exit 0';
    const beats = () => (existsSync(file) ? statSync(file).size : 0);
    const before = beats();
    if (before === 0) spawnSync("setsid", ["sh", "-c", begin, "sh", beat, mark, file]);
    while (beats() <= before) await new Promise((resolve) => setTimeout(resolve, 5));
    return beats();
  };`;

/** As Linux tells of it, such as `S`, that it waits, and `T`, that it is stopped. */
function stateOf(mark: string): string | undefined {
  for (const pid of readdirSync("/proc").filter((name) => Number.isInteger(Number(name)))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(`\0${mark}\0`)) continue;
      const text = readFileSync(`/proc/${pid}/stat`, "latin1");
      return text.slice(text.lastIndexOf(")") + 2)[0];
    } catch {
      // it has ended meanwhile
    }
  }
  return undefined;
}

// in a folder alone nothing is stopped, since nothing would end it with its server
const STILL = probeSandbox() === "folder" ? /[DRS]/ : /T/;

// Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (background processes resume if Lambda reuses the environment)
test("what a function began and let go of stands still with it, and goes on with it", async () => {
  const world = await functionWorld();
  const [first, second] = [`${process.pid}.heart.1`, `${process.pid}.heart.2`];
  await world.create("f", HEART, { Timeout: 20 });
  const { answer: beats } = await world.invoke("f", { mark: first });
  await expect.poll(() => stateOf(first)).toMatch(STILL);
  expect(Number((await world.invoke("f", { mark: first })).answer)).toBeGreaterThan(Number(beats));
  await expect.poll(() => stateOf(first)).toMatch(STILL);
  await world.invoke("f", { mark: second });
  // those that are not known yet are looked for now and then
  await expect.poll(() => stateOf(second), { timeout: 5000 }).toMatch(STILL);
  expect(stateOf(first)).toMatch(STILL);
  await world.cloud.cloud.close();
  await expect.poll(() => [stateOf(first), stateOf(second)]).toEqual([undefined, undefined]);
});

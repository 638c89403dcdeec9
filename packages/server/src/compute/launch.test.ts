import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** A user that is nobody's, and not root. */
const USER = "54321";
const asUser: readonly string[] =
  process.getuid?.() === 0 ? ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"] : [];
/** Of no process. */
const GONE = 2 ** 30;

/** Has a server of another process and `user` lay the ground where these folders lie. */
function groundBeside(left: readonly string[], user: readonly string[], links: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "left-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o1777);
  for (const name of left) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "code"), "");
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
  const program = `
    const { layGround } = await import(${JSON.stringify(join(import.meta.dirname, "launch.ts"))});
    console.log((await layGround()).folder);`;
  const [command, ...rest] = [...user, process.execPath, "--input-type=module", "-e", program];
  const { stdout, stderr } = spawnSync(command ?? "", rest, {
    encoding: "utf8",
    env: { ...process.env, TMPDIR: folder },
  });
  expect(stderr).toBe("");
  expect(stdout).toContain(join(folder, "kumobako-functions-"));
  return { isLaid: existsSync(stdout.trim()), stays: readdirSync(folder).filter((name) => left.includes(name)) };
}

test("what another user's server left does not keep functions from running", () => {
  expect(groundBeside([`kumobako-functions-${GONE}-x`], asUser).isLaid).toBe(true);
});

test("what a link to another server's folder is called says nothing of the processes that run in it", async () => {
  const running = mkdtempSync(join(tmpdir(), "running-"));
  onTestFinished(() => rmSync(running, { recursive: true }));
  const env = { ...process.env, KUMOBAKO_INSTANCE: join(running, "instance-0") };
  const instance = spawn("sleep", ["60"], { env, stdio: "ignore" });
  onTestFinished(() => void instance.kill());
  await once(instance, "spawn");
  expect(groundBeside([], [], { [`kumobako-functions-${GONE}-x`]: running }).isLaid).toBe(true);
  expect(existsSync(running)).toBe(true);
  expect(instance.kill(0)).toBe(true);
  instance.kill("SIGTERM");
  expect(await once(instance, "exit")).toEqual([null, "SIGTERM"]);
});

const hasNumbers = process.platform === "linux";

test("what a server left goes, even where its number is another process's, and that of one that runs stays", () => {
  const [gone, other] = [`kumobako-functions-${GONE}-x`, `kumobako-functions-${process.pid}-1-x`];
  const running = `kumobako-functions-${process.pid}-x`;
  expect(groundBeside([gone, other, running], []).stays).toEqual(hasNumbers ? [running] : [other, running]);
});

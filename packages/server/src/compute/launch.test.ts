import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** A user that is nobody's, and not root. */
const USER = "54321";
const asUser: readonly string[] =
  process.getuid?.() === 0 ? ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"] : [];
/** Of no process. */
const GONE = 2 ** 30;

test("what another user's server left does not keep functions from running", () => {
  const folder = mkdtempSync(join(tmpdir(), "left-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o1777);
  const left = join(folder, `kumobako-functions-${GONE}-x`);
  mkdirSync(left);
  writeFileSync(join(left, "code"), "");
  const program = `
    const { layGround } = await import(${JSON.stringify(join(import.meta.dirname, "launch.ts"))});
    console.log((await layGround()).folder);`;
  const [command, ...rest] = [...asUser, process.execPath, "--input-type=module", "-e", program];
  const { stdout, stderr } = spawnSync(command ?? "", rest, {
    encoding: "utf8",
    env: { ...process.env, TMPDIR: folder },
  });
  expect(stderr).toBe("");
  expect(stdout).toContain(join(folder, "kumobako-functions-"));
});

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** A user that is nobody's, and not root. */
const USER = "54321";
const asUser: readonly string[] =
  process.getuid?.() === 0 ? ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"] : [];

/** What a process in a sandbox of such a user sees and can do. */
function seenBySandboxed(): unknown {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o777);
  for (const name of ["task", "opt", "runtime", "instance"]) {
    mkdirSync(join(folder, name));
    chmodSync(join(folder, name), 0o777);
  }
  const script = String.raw`
    set -o pipefail
    kill -9 -1 2>/dev/null
    few=$([ $(ls /proc | grep -c '^[0-9]') -lt 9 ] && echo true || echo false)
    files=$(ulimit -n)
    dd if=/dev/zero of=/tmp/large bs=1M count=99 2>/dev/null
    echo "{\"pid\":$$,\"few\":$few,\"files\":$files,\"mb\":$(($(stat -c %s /tmp/large) / 1048576)),\"old\":\"$OLDPWD\"}"
    exit 7`;
  const program = `
    const { probeSandbox, startIn } = await import(${JSON.stringify(join(import.meta.dirname, "sandbox.ts"))});
    const kind = probeSandbox();
    // nobody's own processes are put at risk where there are no namespaces
    if (kind !== "namespace") process.exit(console.log(JSON.stringify({ kind })));
    const at = (name) => ${JSON.stringify(folder)} + "/" + name;
    const child = startIn(kind, {
      folder: at("instance"),
      sources: { task: at("task"), opt: at("opt"), runtime: at("runtime"), lang: "/usr", sdk: undefined },
      number: 1,
      temporaryMb: 16,
      command: () => ["/bin/sh", "-c", ${JSON.stringify(script)}],
      environment: () => ({ LAMBDA_TASK_ROOT: "/var/task", PATH: "/usr/bin:/bin" }),
    });
    let text = "";
    child.stdout.on("data", (piece) => (text += piece));
    child.on("close", (code) => console.log(JSON.stringify({ kind, code, seen: text && JSON.parse(text) })));`;
  const [command, ...rest] = [...asUser, process.execPath, "--input-type=module", "-e", program];
  const { stdout } = spawnSync(command ?? "", rest, { encoding: "utf8" });
  return JSON.parse(stdout);
}

const FOLDER = { kind: "folder" };
const APART = { kind: "namespace", code: 7, seen: { pid: 1, few: true, files: 1024, mb: 16, old: "" } };

// where the machine lets nobody but root make namespaces there is nothing to see
test("where the server is no root, a function's processes are set apart from those of its user", () => {
  expect([FOLDER, APART]).toContainEqual(seenBySandboxed());
});

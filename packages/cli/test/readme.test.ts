import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCloud } from "../src/testing.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

const [, tour = ""] = /```bash\n([^]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];

const hasAwsCli = (() => {
  try {
    execFileSync("aws", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** Runs the tour in a shell of its own, against the cloud at `endpoint`. */
function take(endpoint: string): Promise<{ readonly out: string; readonly err: string; readonly code: unknown }> {
  const script = `set -euo pipefail; shopt -s expand_aliases\n${tour}`;
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], KUMOBAKO_ENDPOINT: endpoint };
  return new Promise((resolve) => {
    execFile("bash", ["-c", script], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ out, err, code: error?.code ?? 0 }),
    );
  });
}

test.skipIf(!hasAwsCli)("the README's tour goes as it says (needs the AWS CLI)", { timeout: 120_000 }, async () => {
  await using cloud = await startCloud();
  const { out, err, code } = await take(cloud.endpoint);
  expect({ code, err }, err).toMatchObject({ code: 0 });
  const [read, explained] = [out.indexOf("salaries"), out.indexOf("AWSRevokeOlderSessions")];
  expect(read, "the session reads the object before it is revoked").toBeGreaterThan(-1);
  expect(explained, "why names the policy that denied").toBeGreaterThan(read);
  expect(out.slice(explained)).toContain("aws:TokenIssueTime");
  expect(err, "the session is refused, in AWS's words").toContain("with an explicit deny in an identity-based policy");
  expect(err).toContain("ExpiredToken");
});

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

test("the server's managed policies are those of the package", () => {
  // In a process of its own: the package is 75 MB of JSON.
  const tool = new URL("managed-policies.ts", import.meta.url).pathname;
  const told = execFileSync(process.execPath, [tool, "--check"], { encoding: "utf8", stdio: "pipe" });
  expect(told).toMatch(/^\d{4} managed policies\n$/);
});

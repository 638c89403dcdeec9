import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makePrivateDirectory } from "./private-directory.ts";

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), "kumobako-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test("a directory is made with those above it, for their owner alone, and may be there already", () => {
  const path = temporary();
  makePrivateDirectory(join(path, "a/b/c"));
  makePrivateDirectory(join(path, "a/b/c"));
  expect([modeOf(join(path, "a")), modeOf(join(path, "a/b/c"))]).toEqual([0o700, 0o700]);
});

test("a file is no directory, neither at its end nor on its way", () => {
  const path = join(temporary(), "file");
  writeFileSync(path, "");
  expect(() => makePrivateDirectory(path)).toThrow("EEXIST");
  expect(() => makePrivateDirectory(join(path, "below"))).toThrow("ENOTDIR");
});

test("the system's refusal ends it, also where the system says that something is missing", () => {
  expect(() => makePrivateDirectory("/proc/none/of/these")).toThrow(/ENOENT|EROFS|EACCES|EPERM/);
});

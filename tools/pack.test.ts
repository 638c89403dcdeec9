import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "./sources.ts";

/** Somebody else's project: nothing of ours is above it. */
const project = mkdtempSync(join(tmpdir(), "kumobako-user-"));

const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: project, encoding: "utf8", timeout: 60_000 });

const write = (name: string, text: string) => writeFileSync(join(project, name), text);

beforeAll(() => {
  const packed = execFileSync(process.execPath, [join(ROOT, "tools/pack.ts"), "--out", project], { encoding: "utf8" });
  write("package.json", '{ "name": "user", "private": true }');
  run("npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", packed.trim());
}, 120_000);

afterAll(() => rmSync(project, { recursive: true }));

const SAY_ENDPOINT = "startCloud().then(async (cloud) => { console.log(cloud.endpoint); await cloud.stop(); });";

test.each([
  ["user.mjs", 'import { startCloud } from "kumobako/testing";'],
  ["user.cjs", 'const { startCloud } = require("kumobako/testing");'],
])("%s of a project that installed the package has a cloud", { timeout: 60_000 }, (name, first) => {
  write(name, `${first}\n${SAY_ENDPOINT}\n`);
  expect(run(process.execPath, name)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
});

test("its types stand by themselves, whatever the project's compiler is told", { timeout: 60_000 }, () => {
  const program = `import { startCloud } from "kumobako/testing";
await using cloud = await startCloud({ account: "111111111111" });
const endpoint: string = cloud.endpoint;
// @ts-expect-error: no such member
cloud.endpoints;
`;
  write("user.mts", program);
  const options = "--ignoreConfig --noEmit --strict --module nodenext --target es2022 --lib es2022 --types";
  expect(run(join(ROOT, "node_modules/.bin/tsc"), ...options.split(" "), "", "user.mts")).toBe("");
});

test("its command runs a server and labs", { timeout: 60_000 }, () => {
  const kumobako = join(project, "node_modules/.bin/kumobako");
  const { port } = new URL(
    JSON.parse(run(kumobako, "start", "--detach", "--memory", "--port", "0", "--json")).endpoint,
  );
  try {
    expect(run(kumobako, "lab", "run", "S01", "--port", port)).toMatch(/\n\d+ passed\n$/);
  } finally {
    run(kumobako, "stop");
  }
});

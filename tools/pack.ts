/**
 * `npm run pack`: builds Kumobako and packs it into one file, `kumobako-VERSION.tgz`, that another project can install
 * from: the bundled program and its data, laid out as they are here. `--out DIR` writes it elsewhere.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import manifest from "../packages/cli/package.json" with { type: "json" };
import { ROOT } from "./sources.ts";

const { values } = parseArgs({ options: { out: { type: "string", default: ROOT } } });

const FILES = [
  "LICENSE",
  "NOTICE",
  "README.md",
  "packages/cli/bin",
  "packages/cli/testing.d.ts",
  "packages/server/managed-policies",
  "packages/server/models",
  "packages/server/runtimes",
] as const;

/** What is bundled is no dependency any more. */
const { dependencies: _bundled, ...own } = manifest;
const packed = {
  ...own,
  bin: { kumobako: "./packages/cli/bin/kumobako.js" },
  exports: {
    "./testing": { types: "./packages/cli/testing.d.ts", default: "./packages/cli/testing.js" },
  },
  files: [...FILES, "packages/cli/testing.js", "packages/server/dist/*.js"],
};

/** Modules are read in their order: an older Node is told so before it meets what it does not know. */
const TESTING = `import "./bin/require-node.js";
export { startCloud } from "../server/dist/testing.js";
`;

const stage = mkdtempSync(join(tmpdir(), "kumobako-pack-"));
try {
  for (const file of FILES) {
    mkdirSync(dirname(join(stage, file)), { recursive: true });
    cpSync(join(ROOT, file), join(stage, file), { recursive: true });
  }
  execFileSync(process.execPath, [join(ROOT, "tools/build.ts"), "--server", join(stage, "packages/server")]);
  writeFileSync(join(stage, "packages/cli/testing.js"), TESTING);
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(packed, null, 2)}\n`);
  const made = execFileSync("npm", ["pack", "--silent", "--pack-destination", values.out], { cwd: stage });
  console.log(join(values.out, made.toString().trim()));
} finally {
  rmSync(stage, { recursive: true });
}

/**
 * Writes `packages/cli/testing.d.ts`, the types of `kumobako/testing`, from the source. A project that installs this
 * folder is given them instead of the source, which its own compiler would check by its own rules.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGenerated } from "./generated-text.ts";
import { ROOT } from "./sources.ts";

const OPTIONS =
  "--ignoreConfig --declaration --emitDeclarationOnly --noResolve --noCheck --allowImportingTsExtensions --module nodenext --target esnext";

function declarations(): string {
  const out = mkdtempSync(join(tmpdir(), "kumobako-types-"));
  try {
    const compiler = join(ROOT, "node_modules", ".bin", "tsc");
    execFileSync(compiler, ["packages/server/src/testing.ts", ...OPTIONS.split(" "), "--outDir", out], { cwd: ROOT });
    return readFileSync(join(out, "testing.d.ts"), "utf8");
  } finally {
    rmSync(out, { recursive: true });
  }
}

const heading = `// Written by tools/testing-declaration.ts; do not edit.
/// <reference lib="esnext.disposable" />
/** \`import { startCloud } from "kumobako/testing"\`: a cloud in the test's own process. */
`;

writeGenerated("packages/cli/testing.d.ts", heading + declarations().replaceAll("    ", "  "));

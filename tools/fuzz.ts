/** `npm run fuzz [-- ROUNDS]`: the tests that change inputs by chance, for that many times as long; 100 where left out. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./sources.ts";

const [rounds = "100"] = process.argv.slice(2);
const { status } = spawnSync(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "fuzz"], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, KUMOBAKO_FUZZ_ROUNDS: rounds },
});
process.exitCode = status ?? 1;

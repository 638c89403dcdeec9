/**
 * Makes `node_modules` what the lockfile says, before an npm script runs: so a fresh clone needs no
 * step of its own. Runs on the machine's own Node (18 or newer), hence without types or dependencies.
 * Later scripts run on the Node that the npm package `node` puts into `node_modules/.bin`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const wanted = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".package-lock.json");
const node = join(root, "node_modules", "node", "bin", "node");

const reason = whyInstall();
if (reason) {
  process.stderr.write(`kumobako: ${reason}; running npm ci (once, about half a minute)\n`);
  install();
}

/** Why an installation is needed, or `undefined` where everything is in place. */
function whyInstall() {
  if (!existsSync(installed)) return "the dependencies are not installed";
  if (!runs(node)) return "the pinned Node is missing";
  if (statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return undefined;
  const different = firstDifference(packagesOf(wanted), packagesOf(installed));
  return different && `package-lock.json is newer than node_modules (${different})`;
}

/** @param {string} file */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/**
 * The first package that the lockfile wants and `node_modules` has not got in that version. A lockfile
 * that was only touched, as by a checkout, is no reason to install.
 */
function firstDifference(want, have) {
  return Object.keys(want).find((place) => {
    const { link, optional, peer, version } = want[place];
    if (!place.startsWith("node_modules/") && !place.includes("/node_modules/")) return false;
    if (have[place]) return !link && have[place].version !== version;
    return !optional && !peer;
  });
}

function install() {
  const npm = process.env.npm_execpath;
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, all] = npm?.endsWith(".js") ? [process.execPath, [npm, ...args]] : ["npm", args];
  // npm's report goes to stderr, so that what a script prints stays its own.
  const { status } = spawnSync(command, all, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  if (runs(node)) return;
  process.stderr.write(
    "kumobako: the npm package `node` did not install its binary\n" +
      "  remedy: allow install scripts (npm config delete ignore-scripts), then: npm rebuild node\n",
  );
  process.exit(1);
}

/** @param {string} file */
function runs(file) {
  return existsSync(file) || existsSync(`${file}.exe`);
}

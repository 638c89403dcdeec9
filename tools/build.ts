/**
 * `npm run build`: bundles the server, its command line and the labs into `packages/server/dist`, so that a start reads
 * a few files instead of hundreds. Each service and each library that is loaded on demand is a chunk of its own. The
 * models stay where they are: the program finds them from either place. `--out DIR` writes elsewhere below
 * `packages/server`, `--server DIR` into the folder `dist` of a copy of `packages/server`.
 */
import { globSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { build, type Plugin } from "esbuild";
import labs from "../packages/labs/package.json" with { type: "json" };
import { ROOT } from "./sources.ts";

const SERVER = join(ROOT, "packages", "server");
const { values } = parseArgs({ options: { out: { type: "string" }, server: { type: "string", default: SERVER } } });
const OUT = values.out ?? join(values.server, "dist");

/** Generated data is read as JSON when it is needed; bundled, it would be compiled as code. */
const dataStaysOutside: Plugin = {
  name: "data-stays-outside",
  setup(bundle) {
    bundle.onResolve({ filter: /\/(models|managed-policies)\/.*\.json$/ }, ({ path, resolveDir }) => ({
      path: relative(OUT, join(values.server, relative(SERVER, join(resolveDir, path)))).replaceAll("\\", "/"),
      external: true,
    }));
  },
};

/** CommonJS that is imported on demand would give its names under `default` only; so would these libraries. */
const clients = Object.keys(labs.dependencies).filter((name) => name.startsWith("@aws-sdk/"));
const inEsModules = (name: string) => [name, `${name}/dist-es/index.js`] as const;

const services = globSync("packages/server/src/services/*/index.ts", { cwd: ROOT });

rmSync(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: {
    main: "packages/server/src/main.ts",
    testing: "packages/server/src/testing.ts",
    kumobako: "packages/cli/src/main.ts",
    "digest-worker": "packages/server/src/store/digest/worker.ts",
    ...Object.fromEntries(services.map((path) => [basename(dirname(path)), path])),
  },
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  alias: { "hash-wasm": "hash-wasm/dist/index.esm.js", ...Object.fromEntries(clients.map(inEsModules)) },
  target: "node24",
  sourcemap: true,
  legalComments: "linked",
  // CommonJS packages among the dependencies call `require` for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  plugins: [dataStaysOutside],
  logLevel: "warning",
});

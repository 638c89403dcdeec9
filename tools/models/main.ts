/**
 * Writes `packages/server/models` anew from the installed SDK packages and authorization tables.
 *
 *     node tools/models/main.ts           writes
 *     node tools/models/main.ts --check   fails where what is committed is stale
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CompactModel, ServiceSummary } from "../../packages/server/src/model/compact.ts";
import { actionTables } from "./actions.ts";
import { writeGenerated } from "../generated-text.ts";
import { declarations } from "./declarations.ts";
import { extractModel } from "./extract.ts";
import { SERVICES } from "./services.ts";

const FOLDER = join(import.meta.dirname, "../../packages/server/models");

/** Every generated file, by its path below `FOLDER`. */
function generate(): Map<string, string> {
  const models = SERVICES.map(extractModel);
  const files = new Map(models.map((model) => [`${model.id}.json`, lines(model)]));
  files.set("index.json", lines(models.map(summarise)));
  for (const [path, table] of actionTables()) files.set(path, lines(table));
  return files;
}

function summarise({
  id,
  sdkId,
  signingName,
  apiVersion,
  targetPrefix,
  protocols,
  hosts,
}: CompactModel): ServiceSummary {
  const target = targetPrefix === undefined ? {} : { targetPrefix };
  return { id, sdkId, signingName, apiVersion, ...target, protocols, hosts };
}

const lines = (value: object): string => `${JSON.stringify(value)}\n`;

function write(files: ReadonlyMap<string, string>): void {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), text);
  }
}

function staleFiles(files: ReadonlyMap<string, string>): string[] {
  const present = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".json"));
  const paths = new Set([...present, ...files.keys()]);
  return [...paths].filter(
    (path) => !present.includes(path) || files.get(path) !== readFileSync(join(FOLDER, path), "utf8"),
  );
}

/** Where there is no SDK package to take types from, they are written beside the service. */
for (const { id, botocore } of SERVICES) {
  if (botocore === undefined) continue;
  const module = `${extractModel({ id, botocore }).sdkId}Sdk`;
  writeGenerated(`packages/server/src/services/${id}/model.ts`, declarations({ id, module, more: botocore }));
}

const files = generate();
if (process.argv.includes("--check")) {
  const stale = staleFiles(files);
  for (const path of stale) console.error(`stale: packages/server/models/${path}`);
  if (stale.length > 0) console.error("help: run node tools/models/main.ts");
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  write(files);
  console.log(`${files.size} files`);
}

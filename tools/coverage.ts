/** Writes the README's table of what is built: each service's operations against those of its model. */
import { SERVICES } from "../packages/server/src/services.ts";
import { loadModel, serviceIndex } from "../packages/server/src/model/models.ts";
import { writeBetweenMarks } from "./generated-text.ts";

interface Coverage {
  readonly name: string;
  readonly built: number;
  readonly total: number;
  readonly missing: readonly string[];
}

async function coverageOf([name, load]: [string, (typeof SERVICES)[string]]): Promise<Coverage> {
  const { operations } = await load();
  const { operationNames } = loadModel(name);
  const missing = operationNames.filter((operation) => !operations.has(operation)).toSorted();
  return { name, built: operationNames.length - missing.length, total: operationNames.length, missing };
}

function markdown(services: readonly Coverage[]): string {
  const rows = services.map(({ name, built, total }) => `| ${name.toUpperCase()} | ${built} | ${total} |`);
  const lists = services
    .filter(({ missing }) => missing.length > 0)
    .map(({ name, missing }) => [
      "",
      `<details><summary>${name.toUpperCase()}: ${missing.length} not built</summary>`,
      "",
      missing.join(", "),
      "",
      "</details>",
    ]);
  return ["| service | operations built | of |", "| --- | ---: | ---: |", ...rows, ...lists.flat()].join("\n");
}

/** Those that are pages and no API have no model. */
const modelled = new Set(serviceIndex().map(({ id }) => id));
const services = await Promise.all(
  Object.entries(SERVICES)
    .filter(([name]) => modelled.has(name))
    .map(coverageOf),
);
writeBetweenMarks("README.md", "coverage", markdown(services));

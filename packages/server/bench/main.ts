/**
 * `npm run bench`: what the cloud reaches, as ratios measured in one run where that is possible.
 *
 * --only TEXT      only the groups whose name contains it
 * --rounds N       how often each is measured; the median counts
 * --seconds N      how long a round of small calls lasts
 * --write          rewrites docs/reference/benchmarks.md and bench/baseline.json
 * --compare        shows the differences to bench/baseline.json
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { accountSize } from "./account-size.ts";
import { calls } from "./calls.ts";
import { chain } from "./chain.ts";
import { decisions } from "./decision.ts";
import { events } from "./events.ts";
import { largeObject } from "./large-object.ts";
import { functions } from "./functions.ts";
import { listing } from "./listing.ts";
import { queues } from "./queues.ts";
import { recording } from "./recording.ts";
import { replays } from "./replay.ts";
import { signature } from "./signature.ts";
import { starts } from "./starts.ts";
import { streams, streamsBesideNginx } from "./streams.ts";
import { uploads } from "./uploads.ts";
import { topics } from "./topics.ts";
import { formatComparison, formatTable, type Row } from "./table.ts";

const BASELINE = new URL("baseline.json", import.meta.url);
const PAGE = fileURLToPath(new URL("../../../docs/reference/benchmarks.md", import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
    compare: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

interface Group {
  readonly name: string;
  readonly measure: () => Row[] | Promise<Row[]>;
}

const GROUPS: readonly Group[] = [
  { name: "decision", measure: decisions },
  { name: "signature", measure: signature },
  { name: "starts", measure: () => starts({ rounds }) },
  { name: "calls, memory", measure: () => calls({ dataDirectory: undefined, rounds, seconds }) },
  { name: "calls, embedded", measure: () => inDirectory((dataDirectory) => calls({ dataDirectory, rounds, seconds })) },
  { name: "streams", measure: () => inDirectory((dataDirectory) => streams({ dataDirectory, rounds })) },
  { name: "nginx", measure: () => inDirectory((dataDirectory) => streamsBesideNginx({ dataDirectory, rounds })) },
  { name: "uploads", measure: () => inDirectory((dataDirectory) => uploads({ dataDirectory, rounds })) },
  { name: "large object", measure: () => inDirectory((dataDirectory) => largeObject({ dataDirectory })) },
  { name: "listing", measure: () => listing({ rounds }) },
  { name: "account size", measure: () => accountSize({ rounds, seconds }) },
  { name: "queues", measure: () => inDirectory((dataDirectory) => queues({ dataDirectory, rounds, seconds })) },
  { name: "functions", measure: () => functions({ rounds, seconds }) },
  { name: "topics", measure: () => inDirectory((dataDirectory) => topics({ dataDirectory, rounds })) },
  { name: "events", measure: () => inDirectory((dataDirectory) => events({ dataDirectory, rounds })) },
  { name: "recording", measure: () => inDirectory((dataDirectory) => recording({ dataDirectory, rounds, seconds })) },
  { name: "chain", measure: () => inDirectory((dataDirectory) => chain({ dataDirectory })) },
  { name: "replay", measure: replays },
];

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const rows: Row[] = [];
for (const { name, measure } of GROUPS.filter((group) => group.name.includes(values.only))) {
  process.stderr.write(`${name} …\n`);
  rows.push(...(await measure()));
}
console.log(formatTable(rows));
if (values.compare) {
  const baseline = JSON.parse(await readFile(BASELINE, "utf8")) as Readonly<Record<string, number>>;
  console.log(`\n${formatComparison(rows, baseline)}`);
}
if (values.write) {
  const measured = rows.map(({ name, measured: value }) => [name, Number(value.toPrecision(3))]);
  await writeFile(BASELINE, `${JSON.stringify(Object.fromEntries(measured), undefined, 2)}\n`);
  await writeFile(PAGE, page());
}

/** Source: /proc/cpuinfo, as Node reads it. */
function page(): string {
  const processors = cpus();
  const memoryGib = Math.round(totalmem() / 1024 ** 3);
  const machine = `${processors[0]?.model ?? "unknown"}, ${processors.length} cores, ${memoryGib} GiB of memory`;
  return `# Benchmarks

Written by \`npm run bench -- --write\`. Ratios are medians of ${rounds} rounds in which the cloud and what it is compared
with take turns; the load comes from a third process on the same machine. A number is as good as the machine was quiet.

${formatTable(rows)}

Machine: ${machine}; Node ${process.versions.node}, ${process.platform} ${process.arch}; ${new Date().toISOString().slice(0, 10)}.

- *bare \`node:http\`*: a server that answers the same bytes, or streams the same file, and does nothing else.
- Small calls: 32 connections that each wait for their answer. Every call is authenticated, decided and recorded. A
  round before the first is not counted.
- Messages: three rounds before the first are not counted. Records: the cloud beside makes them, too, and drops them.
- 64 MiB: one connection; bodies are hashed on the way in, encrypted at rest and checked on the way out.
- Starts: the bundle of \`npm run build\`, with a store that is there.
`;
}

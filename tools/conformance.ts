/**
 * Writes `docs/conformance.md` from what the open conformance runner found:
 *
 *     node tools/conformance.ts RESULT.json
 *
 * Fails where a test fails without a reason in `docs/conformance-reasons.json`, or a reason stands there that no test
 * needs any more.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { writeGenerated } from "./generated-text.ts";
import { ROOT } from "./sources.ts";

/** What the runner says of a service's tests. */
interface Outcome {
  /** How many pass on the suite's own server, and how many of those here; left out where nobody has counted. */
  readonly baseline?: number;
  readonly of_baseline?: number;
  readonly passed: number;
  /** Of the tests that the suite's authors ran against AWS: how many pass, and how many there are. */
  readonly aws_verified: readonly [passed: number, total: number];
  readonly failures: readonly (readonly [test: string, error: string])[];
}

interface Reason {
  /** `open`: we are wrong, and know it. */
  readonly kind: "contradicts" | "unbuilt" | "open";
  readonly text: string;
  readonly source?: string;
  /** Whether its tests pass now and then, by the order of random ids. */
  readonly byChance?: true;
  /** How many of the tests passed when what AWS refuses in them was put right. */
  readonly correctedPass?: number;
  /** `FILE::TEST`, or `FILE::*` for all of a file. */
  readonly tests: readonly string[];
}

interface Reasons {
  /** The suite and its version. */
  readonly suite: string;
  readonly reasons: Readonly<Record<string, Reason>>;
}

const HEADINGS: Readonly<Record<Reason["kind"], string>> = {
  open: "Where we are wrong",
  unbuilt: "Tests that need a service which is not built",
  contradicts: "Tests that contradict AWS",
};

const [resultPath] = argv.slice(2);
if (resultPath === undefined) {
  console.error("usage: node tools/conformance.ts RESULT.json");
  exit(2);
}
const outcomes: Readonly<Record<string, Outcome>> = JSON.parse(readFileSync(resultPath, "utf8"));
const { suite, reasons }: Reasons = JSON.parse(readFileSync(join(ROOT, "docs/conformance-reasons.json"), "utf8"));
const measuredOn = statSync(resultPath).mtime.toISOString().slice(0, 10);

const failing = Object.values(outcomes).flatMap(({ failures }) => failures.map(([test]) => nameOf(test)));
const unexplained = failing.filter((test) => reasonOf(test) === undefined);
const stale = Object.values(reasons)
  .filter(({ byChance }) => byChance !== true)
  .flatMap(({ tests }) => tests)
  .filter((entry) => !failing.some((test) => isMeant(entry, test)));
report("fails without a reason", unexplained);
report("has a reason and does not fail", stale);
if (unexplained.length + stale.length > 0) exit(1);
writeGenerated("docs/conformance.md", page());

/** The runner's names begin at the suite's root. */
function nameOf(test: string): string {
  return test.replace(/^tests\//, "");
}

function isMeant(entry: string, test: string): boolean {
  return entry.endsWith("::*") ? test.startsWith(entry.slice(0, -1)) : entry === test;
}

function reasonOf(test: string): Reason | undefined {
  return Object.values(reasons).find(({ tests }) => tests.some((entry) => isMeant(entry, test)));
}

function report(what: string, tests: readonly string[]): void {
  for (const test of tests) console.error(`${test} ${what}`);
}

function page(): string {
  const sections = (["open", "unbuilt", "contradicts"] as const).flatMap(section);
  return `${[...introduction(), ...table(), "", ...sections].join("\n").trimEnd()}\n`;
}

function introduction(): string[] {
  return [
    "# Conformance",
    "",
    `The tests of ${suite} in server mode, run by the open conformance runner on ${measuredOn}. That suite is written`,
    "for a server that checks little, and many of its tests assert what that server invented. Where a test contradicts",
    "AWS, AWS wins; every failure has its reason below, and where AWS was seen to answer otherwise, the place where its",
    "answer is recorded.",
    "",
    "To run it again: start `kumobako start --memory --port 4599 --account 123456789012 --auth permissive`, give the",
    "runner that endpoint, `POST /_kumobako/reset` as its reset and the services of the table below as suites, and then run",
    "`node tools/conformance.ts RESULT.json`, which writes this page and fails on a failure without a reason.",
    "",
    "The last column leaves out the tests that contradict AWS or need a service which is not built; those which the",
    "suite's authors ran against AWS themselves are counted apart.",
    "",
    "Tests that contradict AWS say nothing of what comes behind the contradiction. So they were run once more with it put",
    "right on the way: a real trust policy for `some policy`, a queue's policy that lets the topic in, the account's id once",
    "there is one. Where some of a reason's tests passed then, it says how many; the others want several such things, or",
    "words and forms that AWS does not have.",
    "",
  ];
}

function table(): string[] {
  const rows = Object.entries(outcomes).map(([service, outcome]) => row(service.toUpperCase(), outcome));
  return [
    "| service | pass on the suite's own server | pass here | | of those that can pass | run against AWS by its authors |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    row("together", together()),
  ];
}

function together(): Outcome {
  const all = Object.values(outcomes);
  const sum = (count: (outcome: Outcome) => number) => all.reduce((total, outcome) => total + count(outcome), 0);
  return {
    baseline: sum((outcome) => ownOf(outcome)),
    of_baseline: sum((outcome) => hereOf(outcome)),
    passed: 0,
    aws_verified: [sum(({ aws_verified: [passed] }) => passed), sum(({ aws_verified: [, total] }) => total)],
    failures: all.flatMap(({ failures }) => failures),
  };
}

/** How many pass on the suite's own server; where nobody has counted, all that were run. */
function ownOf({ baseline, passed, failures }: Outcome): number {
  return baseline ?? passed + failures.length;
}

function hereOf({ of_baseline: counted, passed }: Outcome): number {
  return counted ?? passed;
}

function row(name: string, outcome: Outcome): string {
  const { failures, aws_verified: verifiedOf } = outcome;
  const [baseline, passed, [verified, total]] = [ownOf(outcome), hereOf(outcome), verifiedOf];
  const open = failures.filter(([test]) => reasonOf(nameOf(test))?.kind === "open").length;
  const can = passed + open;
  const cells = [baseline, passed, percent(passed, baseline), `${passed} of ${can} (${percent(passed, can)})`];
  return `| ${[name, ...cells, `${verified} of ${total}`].join(" | ")} |`;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor((100 * part) / whole)} %`;
}

function section(kind: Reason["kind"]): string[] {
  const chosen = Object.values(reasons).filter((reason) => reason.kind === kind);
  const blocks = chosen.map((reason) => ({ reason, tests: failing.filter((test) => reasonOf(test) === reason) }));
  const count = blocks.reduce((sum, { tests }) => sum + tests.length, 0);
  if (count === 0) return [];
  return [`## ${HEADINGS[kind]}: ${count}`, "", ...blocks.flatMap(block)];
}

function block({ reason, tests }: { readonly reason: Reason; readonly tests: string[] }): string[] {
  const { text, source, correctedPass } = reason;
  const from = source === undefined ? "" : ` [Source](${source})`;
  const corrected = correctedPass === undefined ? "" : ` Put right, ${correctedPass} of ${tests.length} pass.`;
  return [`${text}${corrected}${from}`, "", ...tests.toSorted().map((test) => `- \`${test}\``), ""];
}

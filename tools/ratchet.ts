/**
 * Counts what should become rarer and compares with `ratchets.json`: a count may only fall.
 * `--lower` writes the counts that fell. One that has to rise is raised by hand, where a reviewer sees it.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isTest, readSource, ROOT, sourcePaths, type Source } from "./sources.ts";

const FILE = join(ROOT, "ratchets.json");

/** From here on a function is long; beyond 80 lines lint refuses it. */
const LONG_FUNCTION_LINES = { min: 71, max: 80 };

type Count = (source: Source) => number;

const COUNTS: Readonly<Record<string, Count>> = {
  casts: (source) => (isTest(source.path) ? 0 : casts(source)),
  castsInTests: (source) => (isTest(source.path) ? casts(source) : 0),
  longFunctions: ({ walk, text }) => {
    let count = 0;
    const measure = ({ start, end }: { readonly start: number; readonly end: number }) => {
      const lines = text.slice(start, end).split("\n").length;
      if (lines >= LONG_FUNCTION_LINES.min && lines <= LONG_FUNCTION_LINES.max) count++;
    };
    walk({ FunctionDeclaration: measure, FunctionExpression: measure, ArrowFunctionExpression: measure });
    return count;
  },
  skippedTests: ({ path, text }) =>
    isTest(path) ? matches(text, /\.(skip|skipIf|todo|fails)\(|\bcontext\.skip\(/g) : 0,
  assumedExpectations: ({ path, text }) => (isTest(path) ? matches(text, ASSUMED) : 0),
  lintDisabled: ({ comments }) =>
    comments.filter(({ value }) => /(ox|es)lint-disable|@ts-(ignore|expect-error)/.test(value)).length,
};

/** A provenance of `assumed`: the word by itself, which an assumed role is not. */
const ASSUMED = /"assumed"|\/\/.*\bassumed\b(?![- ]role)/gi;

const matches = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

/** `as` outside `as const`. */
function casts({ walk }: Source): number {
  let count = 0;
  walk({
    TSAsExpression: ({ typeAnnotation }) => {
      const isConst =
        typeAnnotation.type === "TSTypeReference" &&
        typeAnnotation.typeName.type === "Identifier" &&
        typeAnnotation.typeName.name === "const";
      if (!isConst) count++;
    },
  });
  return count;
}

/** Cases written as data say their provenance in JSON. */
function assumedCases(): number {
  const paths = globSync("packages/*/{src,test}/**/*.json", { cwd: ROOT }).filter(
    (path) => !path.includes("node_modules"),
  );
  return paths.reduce((sum, path) => sum + matches(readFileSync(join(ROOT, path), "utf8"), /"assumed"/g), 0);
}

function countAll(): Record<string, number> {
  const sources = sourcePaths().map(readSource);
  const counts = Object.entries(COUNTS).map(([name, count]) => [
    name,
    sources.reduce((sum, source) => sum + count(source), name === "assumedExpectations" ? assumedCases() : 0),
  ]);
  return Object.fromEntries(counts);
}

const allowed: Record<string, number> = JSON.parse(readFileSync(FILE, "utf8"));
const counts = countAll();
const lower = process.argv.includes("--lower");
let risen = false;
for (const [name, count] of Object.entries(counts)) {
  const limit = allowed[name] ?? 0;
  if (count > limit) {
    risen = true;
    console.error(`${name}: ${count}, allowed ${limit} (ratchets.json)`);
  } else if (count < limit && !lower) console.log(`${name}: ${count}, allowed ${limit}: npm run ratchet`);
}
if (lower) {
  const lowered = Object.entries(counts).map(([name, count]) => [name, Math.min(count, allowed[name] ?? 0)]);
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(lowered), null, 2)}\n`);
}
if (risen) process.exitCode = 1;

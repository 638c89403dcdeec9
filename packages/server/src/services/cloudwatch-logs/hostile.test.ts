/** Patterns and queries at random, and those that are made to be slow: each is refused, or answered within the time of a test. */
import { expect, test } from "vitest";
import { Seeded } from "../../../test/store/seeded.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import { Row } from "./insights/row.ts";
import { parseQuery } from "./insights/parser.ts";
import { stageOf } from "./insights/stage.ts";
import { parsePattern } from "./pattern/pattern.ts";

const PATTERN_PIECES = [
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "$.a",
  "$.b[0].c",
  "$",
  "=",
  "!=",
  "<",
  ">=",
  "&&",
  "||",
  "IS",
  "NULL",
  "NOT",
  "EXISTS",
  '"x y"',
  '"',
  "%a+%",
  "%",
  "4*",
  "*",
  "...",
  ",",
  "-",
  "?",
  "ERROR",
  "1e3",
  " ",
  "\\",
  "名",
] as const;

const QUERY_PIECES = [
  "fields",
  "filter",
  "stats",
  "sort",
  "limit",
  "parse",
  "dedup",
  "display",
  "|",
  "by",
  "as",
  "and",
  "or",
  "not",
  "like",
  "in",
  "[",
  "]",
  "(",
  ")",
  ",",
  "=",
  "!=",
  "<",
  "+",
  "-",
  "*",
  "/",
  "^",
  "/a(?<b>.)/",
  "'x * y'",
  '"',
  "`f g`",
  "@message",
  "a.b.0",
  "count(*)",
  "avg(a)",
  "bin(5m)",
  "pct(a, 99)",
  "strlen(a)",
  "concat(a, 1)",
  "1",
  "2.5e3",
  "desc",
  " ",
  "\n",
  "#",
  "名",
] as const;

const MESSAGES = [
  "",
  "ERROR 42 x y",
  '{"a":1,"b":[{"c":"4xx"}]}',
  '[10/Oct] "GET /" 404',
  "{",
  "\u0000\ud83d",
  "a x 12 y b",
];

/** What comes of it: nothing, or an error that is an answer. */
async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "done";
  } catch (error) {
    return error instanceof AwsError ? error.code : String(error);
  }
}

function sentence(chance: Seeded, pieces: readonly [string, ...string[]]): string {
  const count = 1 + chance.below(14);
  return Array.from({ length: count }, () => chance.pick(pieces)).join(chance.pick([" ", ""]));
}

test("any text is a pattern, or refused as one", async () => {
  const chance = new Seeded(38);
  const seen = new Map<string, number>();
  for (let round = 0; round < 4000; round += 1) {
    const text = chance.pick(["", "{ ", "[ "]) + sentence(chance, PATTERN_PIECES);
    const found = await outcome(async () => {
      const pattern = await parsePattern(text);
      for (const message of MESSAGES) {
        pattern.match(message);
        pattern.valueOf("$.a", message);
      }
    });
    seen.set(found, (seen.get(found) ?? 0) + 1);
  }
  expect([...seen.keys()].toSorted()).toEqual(["InvalidParameterException", "done"]);
});

test("any text is a query, or refused as one", async () => {
  const chance = new Seeded(5);
  const seen = new Map<string, number>();
  for (let round = 0; round < 4000; round += 1) {
    const text = chance.pick(["", "fields ", "filter ", "stats "]) + sentence(chance, QUERY_PIECES);
    const found = await outcome(async () => {
      for (const command of await parseQuery(text)) {
        if (command.kind === "source") continue;
        const around = { nowMs: 0, fromMs: 0, untilMs: 1 };
        const stage = stageOf(command, { around, rowsMax: 100, columns: ["@message", "a"], lookups: new Map() });
        const rows = MESSAGES.map((message) => {
          const row = new Row();
          row.set("@message", message);
          row.set("a", message.length);
          return row;
        });
        stage.take(rows);
        stage.finish();
      }
    });
    seen.set(found, (seen.get(found) ?? 0) + 1);
  }
  expect([...seen.keys()].toSorted()).toEqual(["MalformedQueryException", "done"]);
});

const LONG = 1_000_000;

test.each([
  ["stars", `{ $.a = "${"*a".repeat(400)}b" }`, JSON.stringify({ a: "a".repeat(LONG) })],
  ["brackets that nothing closes", "[a, b]", "[ ".repeat(LONG / 2)],
  ["quotes that nothing closes", "[a, b]", `${'" '.repeat(3)}${"[ ".repeat(LONG / 2)}`],
  ["loops within loops", "%a*a*a*a*a*a*a*a*b%", "a".repeat(LONG)],
  ["counted loops", "%a{1,900}a{1,900}b%", "a".repeat(20_000)],
  ["parentheses", `{ ${"(".repeat(90)}$.a = 1${")".repeat(90)} }`, "{".repeat(LONG)],
  ["many terms", "?a ".repeat(340), "b".repeat(LONG)],
])("%s do not take long", async (_what, text, message) => {
  const pattern = await parsePattern(text);
  expect(pattern.match(message)).toBeUndefined();
});

test.each([
  ["parentheses", `filter ${"(".repeat(3000)}`],
  ["negations", `filter ${"not ".repeat(3000)}1`],
  ["signs", `fields ${"-".repeat(3000)}1`],
  ["powers", `fields 1${" ^ 1".repeat(3000)}`],
  ["calls", `fields ${"abs(".repeat(3000)}`],
  ["bars", "| ".repeat(5000)],
  ["quotes", `fields ${'"'.repeat(5001)}`],
  ["slashes", `filter a like ${"/".repeat(5001)}`],
])("a query of nothing but %s is refused", async (_what, text) => {
  expect(await outcome(() => parseQuery(text))).toBe("MalformedQueryException");
});

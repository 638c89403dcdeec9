/** What a statement may cost, whatever it says. */
import { expect, test } from "vitest";
import { AwsError } from "../../../../kernel/aws-error.ts";
import { ask, asking, ID, OTHER } from "../../../../../test/lake-events.ts";
import { storesNamedIn, requireStatement } from "./statement.ts";
import { QueryFailure } from "./value.ts";

const EXHAUSTED = "Query exhausted resources at this scale factor";

test("queries that double with each name are refused before they are planned", async () => {
  const names = Array.from(
    { length: 40 },
    (_, at) => `t${at + 1} AS (SELECT * FROM t${at} UNION ALL SELECT * FROM t${at})`,
  );
  const text = `WITH t0 AS (SELECT eventID FROM ${ID}), ${names.join(", ")} SELECT * FROM t40`;
  await expect(requireStatement(text, asking)).rejects.toMatchObject({ code: "InvalidQueryStatementException" });
});

test("long chains of operators are answered, or refused as too complex", async () => {
  expect((await ask(`SELECT ${"1 + ".repeat(200)}1 FROM $EDS LIMIT 1`)).rows).toEqual([["201"]]);
  const ids = Array.from({ length: 300 }, (_, at) => `eventID = '${at}'`).join(" OR ");
  expect((await ask(`SELECT eventID FROM $EDS WHERE ${ids}`)).rows).toHaveLength(4);
  const endless = requireStatement(`SELECT ${"1+".repeat(200_000)}1 FROM ${ID}`, asking);
  await expect(endless).rejects.toMatchObject({ message: "The query is too complex." });
});

test.each([
  [
    "a text that grows with each step",
    `SELECT ${"replace(".repeat(6)}'aaaaaaaaaa'${", 'a', 'aaaaaaaaaaaaaaaaaaaa')".repeat(6)} FROM $EDS`,
  ],
  [
    "lists of lists of lists",
    `SELECT ${"transform(eventList, x -> ".repeat(9)}1${")".repeat(9)} FROM (SELECT split(rpad('', 29, ','), ',') AS eventList FROM $EDS)`,
  ],
  [
    "a long text that is like a long pattern for long",
    "SELECT count(*) FROM $EDS WHERE rpad('', 1000000, 'a') LIKE concat('%', rpad('', 500000, 'a'), 'b')",
  ],
  [
    "a long text for each of many items",
    "SELECT cardinality(transform(split(rpad('', 200000, ','), ','), x -> strpos(rpad('', 1000000, 'a'), 'b'))) FROM $EDS",
  ],
  [
    "long texts that are compared for each of many items",
    "SELECT all_match(split(rpad('', 900000, ','), ','), x -> p = q) FROM (SELECT rpad('', 1000000, 'a') AS p, rpad('', 1000000, 'a') AS q FROM $EDS)",
  ],
  [
    "long texts that are cast for each of many items",
    "SELECT all_match(split(rpad('', 900000, ','), ','), x -> TRY_CAST(p AS varchar(10)) IS NULL OR TRY_CAST(p AS bigint) IS NULL) FROM (SELECT rpad('', 1000000, '1') AS p FROM $EDS)",
  ],
  ["pairs of everything", `SELECT count(*) FROM ${Array.from({ length: 24 }, (_, at) => `$EDS t${at}`).join(", ")}`],
])("%s ends the query", async (_, text) => {
  await expect(ask(text)).rejects.toThrow(EXHAUSTED);
});

const WORDS = [
  ..."SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT AND OR NOT IN LIKE BETWEEN IS NULL CASE WHEN THEN ELSE END AS UNION JOIN ON WITH CAST".split(
    " ",
  ),
  ..."( ) , . * + - / = < > <> || [ ] -> ; ' \" 1 2.5 'text' '2023-01-22' eventName eventTime userIdentity resources count sum lower element_at x".split(
    " ",
  ),
  ID,
  OTHER,
];

/** Numbers that look like chance, and are the same each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state;
  }
}

/** What no statement may come to. */
async function faultOf(text: string): Promise<unknown> {
  try {
    storesNamedIn(text);
    await ask(text);
    return undefined;
  } catch (error) {
    return error instanceof AwsError || error instanceof QueryFailure ? undefined : error;
  }
}

test("whatever is written is answered, fails, or is refused", async () => {
  const next = numbers(7);
  const pick = () => WORDS[next.next().value % WORDS.length] ?? "";
  for (let round = 0; round < 1500; round++) {
    const count = (next.next().value % 14) + 1;
    const tail = Array.from({ length: count }, pick).join(" ");
    const text = round % 2 === 0 ? `SELECT ${tail} FROM ${ID}` : `SELECT eventID FROM ${ID} WHERE ${tail}`;
    expect({ text, fault: await faultOf(text) }).toEqual({ text, fault: undefined });
  }
});

import { expect, test } from "vitest";
import { ask, ID, NOW_MS, OTHER, rows, TABLES } from "../../../../../test/lake-events.ts";
import { askStatement, storesNamedIn } from "./statement.ts";

const day = (at: number) => Date.UTC(2023, 0, at);

/** Source: https://trino.io/docs/current/sql/select.html */
test("WITH, nested queries, HAVING, CASE and UNNEST", async () => {
  expect(
    await rows(
      `WITH calls AS (SELECT eventName n, CASE WHEN errorCode IS NULL THEN 'ok' ELSE 'failed' END outcome FROM $EDS)
       SELECT n, count(DISTINCT outcome), count_if(outcome = 'ok') FROM calls GROUP BY 1 HAVING count(*) > 1`,
    ),
  ).toEqual([["CreateUser", "2", "1"]]);
  expect(await rows("SELECT eventID, r.arn FROM $EDS CROSS JOIN UNNEST(resources) AS t(r)")).toEqual([
    ["2", "arn:aws:iam::111111111111:role/ops"],
  ]);
  expect(
    await rows("SELECT k, v FROM $EDS CROSS JOIN UNNEST(requestParameters) AS t(k, v) WHERE k = 'bucketName'"),
  ).toEqual([["bucketName", "logs"]]);
});

/** Source: https://trino.io/docs/current/sql/select.html */
test("EXCEPT and INTERSECT, in their order", async () => {
  expect(await rows("SELECT eventID FROM $EDS INTERSECT SELECT eventID FROM $OTHER")).toEqual([["4"]]);
  expect(await rows("SELECT eventID FROM $EDS EXCEPT SELECT eventID FROM $OTHER ORDER BY 1 DESC")).toEqual([
    ["3"],
    ["2"],
    ["1"],
  ]);
});

/** Source: https://trino.io/docs/current/sql/select.html */
test("all rows together make one group, also where there are none", async () => {
  expect(await rows("SELECT count(*), max(eventTime), sum(1), avg(2) FROM $EDS WHERE eventID = 'x'")).toEqual([
    ["0", null, null, null],
  ]);
  expect(
    await rows("SELECT min(eventTime), max(eventID), approx_distinct(eventName), array_agg(eventID) FROM $EDS"),
  ).toEqual([["2023-01-22 08:00:00.000", "4", "3", "[1, 2, 3, 4]"]]);
  expect(await rows("SELECT max_by(eventName, eventTime), count(*) FILTER (WHERE readOnly) FROM $EDS")).toEqual([
    ["PutBucketPolicy", "1"],
  ]);
});

/** Source: https://trino.io/docs/current/sql/select.html */
test("what is not there comes last, unless it is to be first", async () => {
  expect(await rows("SELECT eventID FROM $EDS ORDER BY errorCode, eventID LIMIT 2")).toEqual([["3"], ["1"]]);
  expect(await rows("SELECT eventID FROM $EDS ORDER BY errorCode DESC NULLS FIRST, eventID OFFSET 1 LIMIT 2")).toEqual([
    ["2"],
    ["4"],
  ]);
});

/** Source: https://trino.io/docs/current/sql/select.html */
test("all columns are those of the schema, and a row within a row is told by names", async () => {
  const { columns, rows: found } = await ask("SELECT * FROM $EDS WHERE eventID = '1'");
  expect(columns.slice(0, 3)).toEqual(["eventversion", "useridentity", "eventtime"]);
  expect(found[0]?.[1]).toMatch(
    /^\{type=IAMUser, principalid=AIDA1, arn=arn:aws:iam::111111111111:user\/ann, accountid=null,/,
  );
  expect(found[0]?.[columns.indexOf("requestparameters")]).toBe('{userName=bob, tags=[{"key":"a"}]}');
});

/** Source: https://trino.io/docs/current/sql/select.html */
test("events of other times are not asked for", async () => {
  const ranges: unknown[] = [];
  const table = (id: string) => ({
    async *events(range: unknown) {
      ranges.push(range);
      yield* TABLES.get(id)?.events() ?? [];
    },
  });
  const between = `SELECT eventID FROM ${ID} WHERE eventTime >= '2023-01-23' AND timestamp '2023-01-24 00:00:00' > eventTime AND eventName = 'CreateUser'`;
  expect((await askStatement(between, { nowMs: NOW_MS, table })).rows).toEqual([["3"]]);
  expect(ranges).toEqual([{ fromMs: day(23), beforeMs: day(24) + 1 }]);
  await askStatement(`SELECT 1 FROM ${ID} WHERE eventTime > date_add('day', -1, now())`, { nowMs: NOW_MS, table });
  expect(ranges[1]).toMatchObject({ fromMs: NOW_MS - 86_400_000 });
});

/** Source: https://trino.io/docs/current/sql/select.html */
test("stores are found wherever they are named", () => {
  const text = `WITH a AS (SELECT 1 FROM ${ID}) SELECT * FROM a JOIN (SELECT 1 x FROM "${OTHER}") b ON true UNION SELECT 1, 2 FROM a`;
  expect(storesNamedIn(text)).toEqual([ID, OTHER]);
  expect(() => storesNamedIn("SELECT 1")).toThrow("names no event data store");
});

/** Source: https://trino.io/docs/current/sql/select.html#subqueries */
test("queries within expressions are asked first", async () => {
  expect(await rows("SELECT eventID FROM $EDS WHERE eventID IN (SELECT eventID FROM $OTHER)")).toEqual([["4"]]);
  expect(await rows("SELECT eventID FROM $EDS WHERE eventID NOT IN (SELECT eventID FROM $OTHER) ORDER BY 1")).toEqual([
    ["1"],
    ["2"],
    ["3"],
  ]);
  expect(await rows("SELECT eventID FROM $EDS WHERE eventTime = (SELECT max(eventTime) FROM $EDS)")).toEqual([["4"]]);
  expect(await rows("SELECT (SELECT count(*) FROM $OTHER), count(*) FROM $EDS")).toEqual([["2", "4"]]);
  expect(await rows("SELECT 1 FROM $EDS WHERE EXISTS (SELECT 1 FROM $OTHER WHERE eventID = 'x')")).toEqual([]);
  const several = rows("SELECT (SELECT eventID FROM $OTHER) FROM $EDS");
  await expect(several).rejects.toThrow("Scalar sub-query has returned multiple rows");
  expect(storesNamedIn(`SELECT 1 FROM ${ID} WHERE eventID IN (SELECT eventID FROM ${OTHER})`)).toEqual([ID, OTHER]);
});

/** Source: https://trino.io/docs/current/functions/window.html */
test("functions of the rows around each row", async () => {
  expect(
    await rows(
      `SELECT eventID FROM (SELECT eventID, rank() OVER (PARTITION BY eventName ORDER BY eventTime DESC) AS rnk FROM $EDS)
       WHERE rnk = 1 ORDER BY eventID`,
    ),
  ).toEqual([["2"], ["3"], ["4"]]);
  expect(
    await rows(
      `SELECT eventID, row_number() OVER (ORDER BY eventTime DESC), count(*) OVER (), sum(1) OVER (ORDER BY awsRegion),
       lag(eventID) OVER (ORDER BY eventTime) FROM $EDS ORDER BY eventID`,
    ),
  ).toEqual([
    ["1", "4", "4", "4", null],
    ["2", "3", "4", "4", "1"],
    ["3", "2", "4", "4", "2"],
    ["4", "1", "4", "1", "3"],
  ]);
  expect(
    await rows(
      "SELECT eventName, dense_rank() OVER (ORDER BY count(*) DESC) r FROM $EDS GROUP BY eventName ORDER BY r, 1",
    ),
  ).toEqual([
    ["CreateUser", "1"],
    ["AssumeRole", "2"],
    ["PutBucketPolicy", "2"],
  ]);
});

import { describe, expect, test } from "vitest";
import { askStatement, requireStatement, storesNamedIn } from "./statement.ts";

const ID = "0a1b2c3d-0000-4000-8000-00000000000a";
const OTHER = "0a1b2c3d-0000-4000-8000-00000000000b";

const event = (at: string, more: object): string =>
  JSON.stringify({
    eventVersion: "1.11",
    userIdentity: { type: "IAMUser", principalId: "AIDA1", arn: "arn:aws:iam::111111111111:user/ann", userName: "ann" },
    eventTime: `2023-01-${at}Z`,
    eventSource: "iam.amazonaws.com",
    awsRegion: "us-east-1",
    readOnly: false,
    managementEvent: true,
    ...more,
  });

const EVENTS = [
  event("22T08:00:00", {
    eventID: "1",
    eventName: "CreateUser",
    requestParameters: { userName: "bob", tags: [{ key: "a" }] },
  }),
  event("22T09:30:00", {
    eventID: "2",
    eventName: "AssumeRole",
    eventSource: "sts.amazonaws.com",
    readOnly: true,
    userIdentity: {
      type: "AssumedRole",
      sessionContext: { sessionIssuer: { arn: "arn:aws:iam::111111111111:role/ops", userName: "ops" } },
    },
    resources: [{ accountId: "111111111111", type: "AWS::IAM::Role", ARN: "arn:aws:iam::111111111111:role/ops" }],
  }),
  event("23T10:15:30", { eventID: "3", eventName: "CreateUser", errorCode: "AccessDenied", errorMessage: "no: 100%" }),
  event("24T11:00:00", {
    eventID: "4",
    eventName: "PutBucketPolicy",
    eventSource: "s3.amazonaws.com",
    awsRegion: "eu-west-1",
    requestParameters: { bucketName: "logs", policy: { Statement: [{ Effect: "Allow" }] } },
  }),
];
const OTHERS = [
  event("25T00:00:00", { eventID: "4", eventName: "Other" }),
  event("25T01:00:00", { eventID: "5", eventName: "Other" }),
];

const NOW_MS = Date.UTC(2023, 0, 25, 12);

const day = (at: number) => Date.UTC(2023, 0, at);

const tableOf = (texts: readonly string[]) => ({
  async *events() {
    yield await Promise.resolve(texts);
  },
});

const TABLES = new Map([
  [ID, tableOf(EVENTS)],
  [OTHER, tableOf(OTHERS)],
]);
const asking = { nowMs: NOW_MS, table: (id: string) => TABLES.get(id) };

const ask = (text: string) => askStatement(text.replaceAll("$EDS", ID).replaceAll("$OTHER", OTHER), asking);
const rows = async (text: string) => (await ask(text)).rows;
/** What one expression comes to. */
const value = async (expression: string) => (await rows(`SELECT ${expression} FROM $EDS LIMIT 1`))[0]?.[0];
const refused = (text: string) => requireStatement(text.replaceAll("$EDS", ID).replaceAll("$OTHER", OTHER), asking);

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (queries and the form of results) */
describe("the examples of AWS's guide", () => {
  test("fields are called by their last name, as it was written", async () => {
    const { columns, rows: found } = await ask(
      `SELECT userIdentity.principalid, eventName FROM $EDS WHERE userIdentity.principalid IS NOT NULL
       AND eventTime > '2023-01-22 00:00:00' AND eventTime < '2023-01-23 00:00:00' AND eventName='CreateUser'`,
    );
    expect(columns).toEqual(["principalid", "eventName"]);
    expect(found).toEqual([["AIDA1", "CreateUser"]]);
  });

  test("times are told to the millisecond", async () => {
    const found = await rows(
      "SELECT eventID, eventName, eventSource, eventTime FROM $EDS WHERE userIdentity.username = 'ann' AND eventTime < '2023-01-23 00:00:00'",
    );
    expect(found).toEqual([["1", "CreateUser", "iam.amazonaws.com", "2023-01-22 08:00:00.000"]]);
  });

  test("calls are counted by name and source", async () => {
    const { columns, rows: found } = await ask(
      `SELECT eventSource, eventName, COUNT(*) AS apiCount FROM $EDS WHERE eventTime > '2023-01-01 00:00:00'
       GROUP BY eventSource, eventName ORDER BY apiCount DESC, eventName`,
    );
    expect(columns).toEqual(["eventSource", "eventName", "apiCount"]);
    expect(found).toEqual([
      ["iam.amazonaws.com", "CreateUser", "2"],
      ["sts.amazonaws.com", "AssumeRole", "1"],
      ["s3.amazonaws.com", "PutBucketPolicy", "1"],
    ]);
  });

  test("what has no name is called by its place", async () => {
    const { columns, rows: found } = await ask(
      "SELECT element_at(requestParameters, 'userName'), element_at(responseElements, 'x') FROM $EDS WHERE eventID IN ('1') AND requestParameters IS NOT NULL",
    );
    expect(columns).toEqual(["_col0", "_col1"]);
    expect(found).toEqual([["bob", null]]);
  });

  test("several stores are asked together, and put in order", async () => {
    const found = await rows(
      "Select eventId, eventName from $EDS UNION Select eventId, eventName from $OTHER UNION ALL Select eventId, eventName from $OTHER ORDER BY eventId DESC, eventName LIMIT 4;",
    );
    expect(found).toEqual([
      ["5", "Other"],
      ["5", "Other"],
      ["4", "Other"],
      ["4", "Other"],
    ]);
  });

  test("stores are joined", async () => {
    const from = "FROM $EDS as edsA LEFT JOIN $OTHER as edsB ON edsA.eventId = edsB.eventId";
    const found = await rows(
      `SELECT edsA.eventName, edsB.eventName, element_at(edsA.requestParameters, 'bucketName') ${from} WHERE edsA.eventtime <= '2024-01-01' ORDER BY edsB.eventName, edsA.eventID`,
    );
    expect(found).toEqual([
      ["PutBucketPolicy", "Other", "logs"],
      ["CreateUser", null, null],
      ["AssumeRole", null, null],
      ["CreateUser", null, null],
    ]);
    expect(await rows("SELECT a.eventID FROM $EDS a INNER JOIN $OTHER b ON a.eventID = b.eventID")).toEqual([["4"]]);
    const right =
      "SELECT a.eventID, b.eventID FROM $EDS a RIGHT OUTER JOIN $OTHER b ON a.eventID = b.eventID ORDER BY 2";
    expect(await rows(right)).toEqual([
      ["4", "4"],
      [null, "5"],
    ]);
  });
});

/** Source: https://github.com/aws-samples/cloud-trail-lake-query-samples (queries) */
describe("AWS's sample queries", () => {
  test("nested fields, arrays and maps", async () => {
    expect(
      await rows(
        `SELECT eventid, userIdentity.sessioncontext.sessionissuer.arn as RoleARN, element_at(resources,1).arn from $EDS
         where userIdentity.type = 'AssumedRole' and errorcode IS NULL
         and userIdentity.sessioncontext.sessionissuer.arn = element_at(resources,1).arn`,
      ),
    ).toEqual([["2", "arn:aws:iam::111111111111:role/ops", "arn:aws:iam::111111111111:role/ops"]]);
    expect(await rows("select resources[1].type from $EDS where cardinality(resources) = 1")).toEqual([
      ["AWS::IAM::Role"],
    ]);
  });

  test("functions of times group", async () => {
    const found = await rows(
      "SELECT day_of_week(eventTime) as weekday, COUNT(*) as eventCount FROM $EDS GROUP BY day_of_week(eventTime) ORDER BY day_of_week(eventTime)",
    );
    expect(found).toEqual([
      ["1", "1"],
      ["2", "1"],
      ["7", "2"],
    ]);
  });

  test("a function of what is grouped by", async () => {
    const found = await rows(
      `SELECT count(*) as total, date(eventTime) as day, element_at(requestParameters, 'bucketName') as bucket FROM $EDS
       GROUP BY date(eventTime), requestParameters ORDER BY date(eventTime) desc, total desc LIMIT 2`,
    );
    expect(found).toEqual([
      ["1", "2023-01-24", "logs"],
      ["1", "2023-01-23", null],
    ]);
  });

  test("JSON within parameters", async () => {
    const found = await rows(
      "SELECT json_extract_scalar(element_at(requestParameters, 'policy'), '$.Statement[0].Effect') e, json_array_length(json_extract(element_at(requestParameters,'policy'), '$.Statement')) FROM $EDS WHERE eventName LIKE 'Put%' -- policies",
    );
    expect(found).toEqual([["Allow", "1"]]);
  });

  test("lambdas and casts of JSON", async () => {
    const found = await rows(
      `SELECT transform(filter(items, x -> json_extract_scalar(x, '$.key') = 'a'), x -> upper(json_extract_scalar(x, '$.key'))) keys
       FROM (SELECT cast(json_extract(json_parse(eventJson), '$.requestParameters.tags') as array(json)) as items FROM $EDS) WHERE items IS NOT NULL`,
    );
    expect(found).toEqual([["[A]"]]);
  });

  test("not in, booleans and distinct", async () => {
    expect(
      await rows("SELECT DISTINCT awsRegion AS Region FROM $EDS WHERE readOnly = false ORDER BY awsRegion"),
    ).toEqual([["eu-west-1"], ["us-east-1"]]);
    expect(await rows("select eventID from $EDS where awsRegion not in ('us-east-1','us-west-2')")).toEqual([["4"]]);
  });
});

/** Source: https://trino.io/docs/current/sql/select.html */
describe("queries", () => {
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

  test("EXCEPT and INTERSECT, in their order", async () => {
    expect(await rows("SELECT eventID FROM $EDS INTERSECT SELECT eventID FROM $OTHER")).toEqual([["4"]]);
    expect(await rows("SELECT eventID FROM $EDS EXCEPT SELECT eventID FROM $OTHER ORDER BY 1 DESC")).toEqual([
      ["3"],
      ["2"],
      ["1"],
    ]);
  });

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

  test("what is not there comes last, unless it is to be first", async () => {
    expect(await rows("SELECT eventID FROM $EDS ORDER BY errorCode, eventID LIMIT 2")).toEqual([["3"], ["1"]]);
    expect(
      await rows("SELECT eventID FROM $EDS ORDER BY errorCode DESC NULLS FIRST, eventID OFFSET 1 LIMIT 2"),
    ).toEqual([["2"], ["4"]]);
  });

  test("all columns are those of the schema, and a row within a row is told by names", async () => {
    const { columns, rows: found } = await ask("SELECT * FROM $EDS WHERE eventID = '1'");
    expect(columns.slice(0, 3)).toEqual(["eventversion", "useridentity", "eventtime"]);
    expect(found[0]?.[1]).toMatch(
      /^\{type=IAMUser, principalid=AIDA1, arn=arn:aws:iam::111111111111:user\/ann, accountid=null,/,
    );
    expect(found[0]?.[columns.indexOf("requestparameters")]).toBe('{userName=bob, tags=[{"key":"a"}]}');
  });

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

  test("stores are found wherever they are named", () => {
    const text = `WITH a AS (SELECT 1 FROM ${ID}) SELECT * FROM a JOIN (SELECT 1 x FROM "${OTHER}") b ON true UNION SELECT 1, 2 FROM a`;
    expect(storesNamedIn(text)).toEqual([ID, OTHER]);
    expect(() => storesNamedIn("SELECT 1")).toThrow("names no event data store");
  });
});

/** Source: https://trino.io/docs/current/functions.html */
describe("expressions", () => {
  test.each([
    ["7 / 2", "3"],
    ["7 / 2.0", "3.5"],
    ["-7 % 3", "-1"],
    ["1 + 2 * 3", "7"],
    ["1e7", "1.0E7"],
    ["100.0 * 2", "200.0"],
    ["round(2.567, 2)", "2.57"],
    ["'a' || 'b'", "ab"],
    ["'it''s'", "it's"],
    ["coalesce(NULL, 'x')", "x"],
    ["NULL = NULL", null],
    ["NULL IS NOT DISTINCT FROM NULL", "true"],
    ["1 BETWEEN 0 AND 2", "true"],
    ["NOT (1 = 2 OR false)", "true"],
    ["'100%' LIKE '100#%' ESCAPE '#'", "true"],
    ["'abc' LIKE 'a_c%'", "true"],
    ["'aXbXc' LIKE '%X%d'", "false"],
    ["if(1 > 2, 'a', 'b')", "b"],
    ["nullif('a', 'a')", null],
    ["try(1 / 0)", null],
    ["try_cast('x' AS bigint)", null],
    ["cast('12' AS integer) + 1", "13"],
    ["cast(1 AS varchar(10)) || ''", "1"],
    ["CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "two"],
    ["substr('abcdef', -3, 2)", "de"],
    ["split_part('a/b/c', '/', 2)", "b"],
    ["split('a,b', ',')", "[a, b]"],
    ["regexp_like('user/ann', '^user/')", "true"],
    ["regexp_extract('user/ann', 'user/(\\w+)', 1)", "ann"],
    ["regexp_replace('a1b2', '(\\d)', '<$1>')", "a<1>b<2>"],
    ["lower(upper('Ab'))", "ab"],
    ["concat_ws('-', 'a', NULL, 'b')", "a-b"],
    ["greatest(1, 3, 2)", "3"],
    ["date_trunc('hour', timestamp '2023-01-22 08:45:10')", "2023-01-22 08:00:00.000"],
    ["date_trunc('week', date '2023-01-22')", "2023-01-16"],
    ["date_add('month', 1, date '2023-01-31')", "2023-02-28"],
    ["date_diff('day', date '2023-01-01', date '2023-02-01')", "31"],
    ["date '2023-01-22' - interval '2' day", "2023-01-20"],
    ["date_format(timestamp '2023-01-22 08:05:00', '%Y/%m/%d %H:%i')", "2023/01/22 08:05"],
    ["extract(year FROM date '2023-01-22')", "2023"],
    ["week(date '2023-01-01')", "52"],
    ["from_iso8601_timestamp('2023-01-22T10:00:00+02:00')", "2023-01-22 08:00:00.000 UTC"],
    ["to_unixtime(timestamp '1970-01-01 00:00:10')", "10.0"],
    ["current_date", "2023-01-25"],
    ["json_extract('{\"a\": [1, {\"b\": 2}]}', '$.a[1]')", '{"b":2}'],
    ["json_extract_scalar('{\"a b\": true}', '$[\"a b\"]')", "true"],
    ["json_array_contains('[1, 2]', 2)", "true"],
    ["contains(ARRAY['a', 'b'], 'b')", "true"],
    ["array_sort(ARRAY[3, 1, NULL, 2])", "[1, 2, 3, null]"],
    ["array_join(ARRAY['a', 'b'], ', ')", "a, b"],
    ["slice(ARRAY[1, 2, 3], 2, 2)", "[2, 3]"],
    ["reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s)", "6"],
    ["any_match(ARRAY[1, 2], x -> x > 1)", "true"],
    ["transform(ARRAY[1, 2], x -> transform(ARRAY[10, 20], y -> x + y))", "[[11, 21], [12, 22]]"],
    ["map_keys(requestParameters)", "[userName, tags]"],
    ["typeof(eventTime)", "timestamp"],
  ])("%s is %s", async (expression, expected) => {
    expect(await value(expression)).toBe(expected);
  });

  test.each([
    ["1 / 0", "Division by zero"],
    ["'a' + 1", "Cannot apply operator: varchar + bigint"],
    ["eventTime > 'yesterday'", "Value cannot be cast to timestamp: yesterday"],
    ["cast('x' AS bigint)", "Cannot cast 'x' to bigint"],
    ["json_parse('{')", "Cannot convert value to JSON: '{'"],
    ["ARRAY[1][2]", "Array subscript must be less than or equal to array length: 2 > 1"],
    ["regexp_like('a', '(')", "Invalid regular expression"],
    ["rpad('a', 2000000, 'b')", "Target length must be in the range [0..1000000]"],
  ])("%s fails", async (expression, message) => {
    await expect(value(expression)).rejects.toThrow(message);
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html (InvalidQueryStatementException), the words are Trino's */
describe("statements are refused before they run", () => {
  test.each([
    ["DELETE FROM $EDS", "line 1:1: mismatched input 'DELETE'. Expecting: 'SELECT'"],
    ["SELECT nme FROM $EDS", "line 1:8: Column 'nme' cannot be resolved"],
    ["SELECT userIdentity.nme FROM $EDS", "line 1:8: Column 'useridentity.nme' cannot be resolved"],
    ["SELECT foo(1) FROM $EDS", "line 1:8: Function 'foo' not registered"],
    ["SELECT lower() FROM $EDS", "line 1:8: Unexpected parameters for function lower"],
    [
      "SELECT eventName, count(*) FROM $EDS",
      "line 1:8: 'eventName' must be an aggregate expression or appear in GROUP BY clause",
    ],
    ["SELECT 1 FROM $EDS WHERE count(*) > 1", ": Cannot use aggregate function count here"],
    ["SELECT 1 FROM $EDS\nWHERE", "line 2:6: mismatched input '<EOF>'"],
    ["SELECT 1 FROM $EDS ORDER BY 2", "ORDER BY position 2 is not in select list"],
    ["SELECT eventID FROM $EDS a JOIN $OTHER b ON true", "line 1:8: Column 'eventid' is ambiguous"],
    ["SELECT 1 FROM $EDS UNION SELECT 1, 2 FROM $EDS", "UNION query has different number of fields: 1, 2"],
    ["SELECT cast(1 AS blob) FROM $EDS", "line 1:18: Unknown type: blob"],
    ["SELECT rank() OVER (ORDER BY eventTime) FROM $EDS", "window functions are not supported"],
    ["SELECT 1 FROM $EDS WHERE eventID IN (SELECT eventID FROM $EDS)", "subqueries here are not supported"],
    ["SELECT 1 FROM $EDS; DROP TABLE x", "mismatched input 'DROP'"],
    ["SELECT 'a FROM $EDS", "mismatched input '''"],
    [`SELECT ${"(".repeat(200)}1${")".repeat(200)} FROM $EDS`, "nested too deeply"],
  ])("%s", async (text, message) => {
    await expect(refused(text)).rejects.toMatchObject({
      code: "InvalidQueryStatementException",
      message: expect.stringContaining(message),
    });
  });
});

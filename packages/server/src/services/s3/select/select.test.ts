import { gzipSync } from "node:zlib";
import {
  PutObjectCommand,
  SelectObjectContentCommand,
  type InputSerialization,
  type OutputSerialization,
} from "@aws-sdk/client-s3";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { refusal, s3World, type S3World } from "../../../../test/s3-world.ts";

const JSON_IN: InputSerialization = { JSON: { Type: "DOCUMENT" } };
const HEADED: InputSerialization = { CSV: { FileHeaderInfo: "USE" } };
const CSV_OUT: OutputSerialization = { CSV: {} };

const PEOPLE = "name,age,city\nAnn,31,Oslo\nBob,4,Rome\nCem,57,Ankara\n";
const STAFF =
  JSON.stringify({ id: 7, tags: ["a", "b"], boss: { name: "Ann" } }) + JSON.stringify({ id: 8, boss: null });

interface Asked {
  readonly body: string | Uint8Array;
  readonly from?: InputSerialization;
  readonly to?: OutputSerialization;
}

async function ask(Expression: string, { body, from = JSON_IN, to = { JSON: {} } }: Asked, given?: S3World) {
  const { s3, bucket: Bucket } = given ?? (await s3World());
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: body }));
  const { Payload = [] } = await s3.send(
    new SelectObjectContentCommand({
      Bucket,
      Key: "k",
      Expression,
      ExpressionType: "SQL",
      InputSerialization: from,
      OutputSerialization: to,
    }),
  );
  const events = [];
  for await (const event of Payload) events.push(event);
  const text = events.map(({ Records }) => Buffer.from(Records?.Payload ?? "").toString("utf8")).join("");
  return { text, stats: events.find(({ Stats }) => Stats)?.Stats?.Details, last: events.at(-1) };
}

// Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_select.py (run against AWS)
const RECORDED: readonly [string, Asked, string][] = [
  ["SELECT * FROM S3Object", { body: '{"a1": "b1", "a3": null}' }, '{"a1":"b1","a3":null}\n'],
  ["SELECT count(*) FROM S3Object", { body: '{"a1": "b1"}' }, '{"_1":1}\n'],
  ["SELECT count(*) as cnt FROM S3Object", { body: '[{"a": 1}, {"a": 2}]' }, '{"cnt":1}\n'],
  ["select * from s3object s", { body: '[{"a": 1}]' }, '{"_1":[{"a":1}]}\n'],
  ["select * from s3object[*].staff[*] s", { body: '[{"staff": [1]}]' }, "{}\n"],
  ["select * from s3object[*].a", { body: '{"a": {"b": 1}, "c": 2}{"a": {"b": 3}}' }, '{"b":1}\n{"b":3}\n'],
  ["SELECT count(*) FROM S3Object", { body: PEOPLE, from: HEADED }, '{"_1":3}\n'],
  ["SELECT * FROM S3Object", { body: "a,b\nc,d\n", from: { CSV: {} }, to: CSV_OUT }, "a,b\nc,d\n"],
];

test.each(RECORDED)("%s of %o", async (expression, asked, answer) => {
  expect((await ask(expression, asked)).text).toBe(answer);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference.html
const DOCUMENTED: readonly [string, Asked, string][] = [
  [
    "SELECT s.name FROM S3Object s WHERE s.age > 30",
    { body: PEOPLE, from: HEADED },
    '{"name":"Ann"}\n{"name":"Cem"}\n',
  ],
  ["SELECT name, city FROM S3Object LIMIT 1", { body: PEOPLE, from: HEADED, to: CSV_OUT }, "Ann,Oslo\n"],
  ["SELECT _3 FROM S3Object WHERE _1 LIKE '_o%'", { body: PEOPLE, from: HEADED, to: CSV_OUT }, "Rome\n"],
  [
    "SELECT AVG(CAST(age AS INT)), MIN(age), MAX(age), SUM(age) FROM S3Object s WHERE s.city <> 'Rome'",
    { body: PEOPLE, from: HEADED, to: CSV_OUT },
    "44,31,57,88\n",
  ],
  ["SELECT s.boss.name AS boss, s.tags[1] FROM S3Object[*] s", { body: STAFF }, '{"boss":"Ann","_2":"b"}\n{}\n'],
  ["SELECT * FROM S3Object[*].tags[*]", { body: STAFF }, '{"_1":"a"}\n{"_1":"b"}\n{}\n'],
  ["SELECT id FROM S3Object s WHERE s.boss IS NULL", { body: STAFF }, '{"id":8}\n'],
  ["SELECT id FROM S3Object s WHERE s.tags IS MISSING", { body: STAFF }, '{"id":8}\n'],
  ["SELECT id FROM S3Object s WHERE s.id IN (1, 7) AND NOT s.id BETWEEN 8 AND 9", { body: STAFF }, '{"id":7}\n'],
  [
    "SELECT UPPER(s.a) || '!' AS u, CHAR_LENGTH(s.a) AS n, SUBSTRING(s.a FROM 2 FOR 2) AS p, TRIM(LEADING 'x' FROM 'xxab') AS t FROM S3Object s",
    { body: '{"a": "word"}' },
    '{"u":"WORD!","n":4,"p":"or","t":"ab"}\n',
  ],
  [
    "SELECT CASE WHEN s.a > 1 THEN 'many' ELSE 'few' END AS c, COALESCE(s.b, 5) AS d, (s.a + 2) * 3 AS e, NULLIF(s.a, 2) AS f FROM S3Object s",
    { body: '{"a": 2}' },
    '{"c":"many","d":5,"e":12,"f":null}\n',
  ],
  [
    "SELECT EXTRACT(YEAR FROM s.t) AS y, DATE_ADD(month, 1, s.t) AS n, DATE_DIFF(day, s.t, TO_TIMESTAMP('2024-03-01T')) AS d, TO_STRING(TO_TIMESTAMP(s.t), 'MMMM d, y') AS w FROM S3Object s",
    { body: '{"t": "2024-01-31T12:30:00Z"}' },
    '{"y":2024,"n":"2024-02-29T12:30:00.000Z","d":29,"w":"January 31, 2024"}\n',
  ],
  ['SELECT "A" FROM S3Object', { body: '{"a": 1, "A": 2}' }, '{"A":2}\n'],
];

test.each(DOCUMENTED)("%s", async (expression, asked, answer) => {
  expect((await ask(expression, asked)).text).toBe(answer);
});

test("bytes are counted, packed and unpacked, and the end is told", async () => {
  const body = gzipSync(PEOPLE);
  const from = { ...HEADED, CompressionType: "GZIP" as const };
  const { text, stats, last } = await ask("SELECT name FROM S3Object", { body, from, to: CSV_OUT });
  expect(text).toBe("Ann\nBob\nCem\n");
  expect(stats).toEqual({ BytesScanned: body.byteLength, BytesProcessed: PEOPLE.length, BytesReturned: 12 });
  expect(last).toEqual({ End: {} });
});

test("bzip2 is unpacked", async () => {
  // `printf 'a,b\nc,d\n' | bzip2`
  const body = Buffer.from("QlpoOTFBWSZTWZFbnakAAAJRAAAQAAQ8ACAAMMAIabKIIyeLuSKcKEhIrc7UgA==", "base64");
  const from = { CSV: {}, CompressionType: "BZIP2" as const };
  expect((await ask("SELECT * FROM S3Object", { body, from, to: CSV_OUT })).text).toBe("a,b\nc,d\n");
});

test("rows of Parquet files are asked as those of others are", async () => {
  const columnData = [
    { name: "name", type: "STRING" as const, data: ["Ann", "Bob", "Cem"] },
    { name: "age", type: "INT64" as const, data: [31n, 4n, 57n] },
    { name: "since", type: "TIMESTAMP" as const, data: [0, 1, 2].map((day) => new Date(day * 86_400_000)) },
  ];
  const body = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 }));
  const from = { Parquet: {} };
  const old = "SELECT name, since FROM S3Object s WHERE s.age > 30";
  expect((await ask(old, { body, from })).text).toBe(
    '{"name":"Ann","since":"1970-01-01T00:00:00.000Z"}\n{"name":"Cem","since":"1970-01-03T00:00:00.000Z"}\n',
  );
  expect((await ask("SELECT SUM(age) FROM S3Object", { body, from, to: CSV_OUT })).text).toBe("92\n");
  const wrong = ask("SELECT * FROM S3Object", { body: "no table", from });
  expect(await refusal(wrong)).toMatchObject({ code: "ParquetParsingError", status: 400 });
});

test("quotes, comments and other signs of CSV files are understood and written", async () => {
  const body = '#note\r\n"x;y";"say ""hi"""\r\n1;2\r\n';
  const from = { CSV: { FieldDelimiter: ";" } };
  expect((await ask("SELECT * FROM S3Object", { body, from, to: CSV_OUT })).text).toBe('x;y,"say ""hi"""\n1,2\n');
  const to: OutputSerialization = { CSV: { FieldDelimiter: ":", RecordDelimiter: "_", QuoteFields: "ALWAYS" } };
  expect((await ask("SELECT _2 FROM S3Object", { body: "a,b\n", from: { CSV: {} }, to })).text).toBe('"b"_');
});

test("many records come in several events", async () => {
  const body = Array.from({ length: 50_000 }, (_none, at) => `${at},x`).join("\n");
  const { text } = await ask("SELECT _1 FROM S3Object", { body, from: { CSV: {} }, to: CSV_OUT });
  expect(text.split("\n")).toHaveLength(50_001);
});

test("what goes wrong once the answer has begun ends it with an error in the stream", async () => {
  const body = `name,number\n${"jj,0\n".repeat(60_000)}gg,NaN\n`;
  const query = "SELECT name FROM S3Object WHERE CAST(number AS INT) < 1";
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the request level error message)
  await expect(ask(query, { body, from: HEADED, to: CSV_OUT })).rejects.toMatchObject({
    name: "CastFailed",
    message: expect.stringContaining("NaN to INT"),
  });
});

const WRONG: readonly [string, string][] = [
  ["SELECT * FRM S3Object", "ParseSelectMissingFrom"],
  ["SELECT * FROM Elsewhere", "InvalidDataSource"],
  ["SELECT a FROM S3Object WHERE", "ParseUnexpectedToken"],
  ["SELECT § FROM S3Object", "LexerInvalidChar"],
  ["SELECT MEDIAN(a) FROM S3Object", "UnsupportedFunction"],
  ["SELECT CAST(a AS INT) FROM S3Object", "CastFailed"],
];

test.each(WRONG)("%s is refused as %s", async (expression, code) => {
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
  expect(await refusal(ask(expression, { body: '{"a": "x"}' }))).toMatchObject({ code, status: 400 });
});

test("what would part nothing is refused", async () => {
  for (const CSV of [{ RecordDelimiter: "" }, { FieldDelimiter: "" }]) {
    const asked = ask("SELECT * FROM S3Object", { body: PEOPLE, from: { CSV }, to: CSV_OUT });
    expect(await refusal(asked)).toMatchObject({ code: "InvalidRequestParameter", status: 400 });
  }
});

test("white space takes no longer than it is", async () => {
  const body = `${" ".repeat(500_000)}{"a":1}`;
  expect((await ask("SELECT s.a FROM S3Object s", { body })).text).toBe('{"a":1}\n');
});

test("queries may be long, and are refused where they, or what they are asked of, are too deep", async () => {
  const among = Array.from({ length: 15_000 }, (_none, at) => `a = ${at}`).join(" OR ");
  const body = '{"a": 14999}';
  expect((await ask(`SELECT a FROM S3Object WHERE ${among}`, { body })).text).toBe('{"a":14999}\n');
  const all = Array.from({ length: 15_000 }, () => "a > 1").join(" AND ");
  expect((await ask(`SELECT a FROM S3Object WHERE ${all}`, { body })).text).toBe('{"a":14999}\n');
  for (const [expression, code] of [
    [`SELECT ${"- ".repeat(50_000)}1 FROM S3Object`, "ParseUnexpectedToken"],
    [`SELECT ${"1+".repeat(50_000)}1 FROM S3Object`, "UnsupportedSyntax"],
  ] as const) {
    expect(await refusal(ask(expression, { body }))).toMatchObject({ code, status: 400 });
  }
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(await refusal(ask("SELECT * FROM S3Object", { body: deep }))).toMatchObject({ code: "JSONParsingError" });
});

test("a time that there is not is none", async () => {
  const query = "SELECT DATE_ADD(year, 100000000, UTCNOW()) AS a, 1 AS b FROM S3Object";
  expect((await ask(query, { body: "{}", to: CSV_OUT })).text).toBe(",1\n");
});

test("who may not read the object may not ask of it", async () => {
  const world = await s3World();
  await world.put("k", "{}");
  const ann = await world.user([{ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }]);
  const asked = ask("SELECT * FROM S3Object", { body: "{}" }, { ...world, s3: ann });
  expect(await refusal(asked)).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("s3:GetObject"),
  });
});

const headed = (FileHeaderInfo: string): Asked => ({
  body: PEOPLE,
  // also for words that the model does not have
  from: { CSV: Object.assign({ FileHeaderInfo: "USE" as const }, { FileHeaderInfo }) },
  to: CSV_OUT,
});

test("the first row of a file may be its header, and is that or not", async () => {
  const query = "SELECT s.city FROM S3Object s WHERE s.name = 'Bob'";
  expect((await ask(query, headed("USE"))).text).toBe("Rome\n");
  // Source: https://github.com/minio/minio-js/blob/master/tests/functional/functional-tests.js (selectObjectContent: a client that writes it so)
  expect((await ask(query, headed("Use"))).text).toBe("Rome\n");
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
  expect(await refusal(ask(query, headed("FIRST")))).toMatchObject({ code: "InvalidFileHeaderInfo", status: 400 });
});

import {
  CreateLogGroupCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  StartQueryCommand,
  type ResultField,
} from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, test } from "vitest";
import { APP, logWorld, type LogWorld } from "../../../../test/logs.ts";

const MINUTE_MS = 60_000;

/** Requests of a shop: one a minute. */
const REQUESTS = [
  { path: "/cart", status: 200, ms: 12, user: { name: "ann", tags: ["a", "b"] } },
  { path: "/cart", status: 500, ms: 250, user: { name: "bob" } },
  { path: "/pay", status: 200, ms: 80, user: { name: "ann" } },
  { path: "/pay", status: 404, ms: 5, user: { name: "cid" } },
  { path: "/item10", status: 200, ms: 33 },
  { path: "/item9", status: 200, ms: 3, ip: "10.0.1.7" },
];

interface Asking extends LogWorld {
  /** The results, each row by its fields. */
  readonly ask: (query: string, limit?: number) => Promise<readonly Record<string, string>[]>;
}

async function askingWorld(events: readonly (object | string)[] = REQUESTS): Promise<Asking> {
  const world = await logWorld();
  const { logs, now } = world;
  const start = Math.floor(now() / MINUTE_MS) * MINUTE_MS - events.length * MINUTE_MS;
  const logEvents = events.map((event, at) => ({
    timestamp: start + at * MINUTE_MS,
    message: typeof event === "string" ? event : JSON.stringify(event),
  }));
  await logs.send(new PutLogEventsCommand({ ...APP, logEvents }));
  const ask = async (queryString: string, limit?: number) => {
    const range = { startTime: start / 1000, endTime: Math.floor(now() / 1000) };
    const { queryId = "" } = await logs.send(
      new StartQueryCommand({ logGroupName: "app", ...range, queryString, limit }),
    );
    const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    return results.map(byField);
  };
  return { ...world, ask };
}

const byField = (row: readonly ResultField[]): Record<string, string> =>
  Object.fromEntries(row.map(({ field = "", value = "" }) => [field, value]));

/** One column, row by row. */
const column = (rows: readonly Record<string, string>[], name: string) => rows.map((row) => row[name]);

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
describe("a query", () => {
  test("gives the newest first, with time and message where it names no fields, and where each is", async () => {
    const { ask, logs } = await askingWorld();
    const rows = await ask("limit 2");
    expect(rows).toMatchObject([
      { "@message": JSON.stringify(REQUESTS[5]) },
      { "@message": JSON.stringify(REQUESTS[4]) },
    ]);
    const [{ "@timestamp": time, "@ptr": logRecordPointer, ...rest } = {}] = rows;
    expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:00\.000$/);
    expect(Object.keys(rest)).toEqual(["@message"]);
    const { logRecord } = await logs.send(new GetLogRecordCommand({ logRecordPointer }));
    expect(logRecord).toMatchObject({
      "@logStream": "main",
      "@log": "000000000000:app",
      path: "/item9",
      ip: "10.0.1.7",
    });
  });

  test.each([
    ["filter status = 200", ["/item9", "/item10", "/pay", "/cart"]],
    ["filter status != 200", ["/pay", "/cart"]],
    ["filter status >= 400 and ms > 100", ["/cart"]],
    ["filter status >= 400 && not (ms > 100)", ["/pay"]],
    ["filter status in [404, 500] or path = '/item9'", ["/item9", "/pay", "/cart"]],
    ["filter status not in [404, 500] | filter ms < 20", ["/item9", "/cart"]],
    ["filter path like 'item'", ["/item9", "/item10"]],
    ["filter path like /^\\/item\\d$/", ["/item9"]],
    ["filter path =~ /(?i)PAY/", ["/pay", "/pay"]],
    ["filter path not like /item|pay/", ["/cart", "/cart"]],
    ["filter user.name = 'ann'", ["/pay", "/cart"]],
    ["filter user.tags.1 = 'b'", ["/cart"]],
    ["filter ispresent(user.name) and user.name > 'b'", ["/pay", "/cart"]],
    ["filter isIpv4InSubnet(ip, '10.0.0.0/16')", ["/item9"]],
    ["filter isIpv4InSubnet(ip, '10.1.0.0/16')", []],
    ["filter strlen(path) = 6", ["/item9"]],
    ["filter @message like /cart/ # only carts\n| limit 1", ["/cart"]],
    ["filter ms % 2 = 0 | sort ms asc", ["/cart", "/pay", "/cart"]],
    ["filter `user`.name = 'cid'", ["/pay"]],
  ])("%s", async (query, paths) => {
    const { ask } = await askingWorld();
    expect(column(await ask(`fields path | ${query}`), "path")).toEqual(paths);
  });

  test("sums up, by what it likes", async () => {
    const { ask } = await askingWorld();
    expect(await ask("stats count(*) as requests, avg(ms), max(ms), min(ms), sum(ms), count(user.name)")).toEqual([
      {
        requests: "6",
        "avg(ms)": "63.8333",
        "max(ms)": "250",
        "min(ms)": "3",
        "sum(ms)": "383",
        "count(user.name)": "4",
      },
    ]);
    const byPath = await ask("stats count() as n, pct(ms, 50) as half by path | sort n desc, path asc | limit 2");
    expect(byPath).toEqual([
      { path: "/cart", n: "2", half: "12" },
      { path: "/pay", n: "2", half: "5" },
    ]);
    expect(
      await ask("stats count_distinct(user.name) as users, latest(path) as last, earliest(path) as first"),
    ).toEqual([{ users: "3", last: "/item9", first: "/cart" }]);
    expect(await ask("filter status = 1 | stats count(*) as none")).toEqual([{ none: "0" }]);
    expect(await ask("stats sum(ms) / count(*) as mean by status = 200 as ok | sort ok desc")).toEqual([
      { ok: "1", mean: "32" },
      { ok: "0", mean: "127.5" },
    ]);
    expect(await ask("stats max(ms) as slowest by path | stats avg(slowest) as typical")).toEqual([
      { typical: "91.5" },
    ]);
  });

  test("puts events into bins of time, the newest first", async () => {
    const { ask } = await askingWorld();
    const rows = await ask("stats count(*) by bin(1m)");
    expect(rows).toHaveLength(6);
    expect(rows[0]?.["bin(1m)"]).toMatch(/:00\.000$/);
    expect(rows[0]?.["bin(1m)"] ?? "").toSatisfy((first: string) => first > (rows[1]?.["bin(1m)"] ?? ""));
    const days = await ask("stats count(*) as n by datefloor(@timestamp, 1y) as year");
    expect(days[0]?.["year"]).toMatch(/^\d{4}-01-01 00:00:00\.000$/);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html
  test("sorts digits in texts as numbers", async () => {
    const { ask } = await askingWorld();
    const rows = await ask("fields path | filter path like 'item' | sort path asc");
    expect(column(rows, "path")).toEqual(["/item9", "/item10"]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html
  test("takes messages apart", async () => {
    const { ask } = await askingWorld([
      "user=John, method:GET, latency := 123",
      "user=Ann, method:PUT, latency := 7",
      "something else",
    ]);
    const glob = await ask(
      'parse @message "user=*, method:*, latency := *" as @user, @method, @latency | display @user, @latency | sort @latency asc',
    );
    expect(glob.map((row) => [row["@user"], row["@latency"]])).toEqual([
      [undefined, undefined],
      ["Ann", "7"],
      ["John", "123"],
    ]);
    const regex = await ask(
      "parse @message /user=(?<who>.*?), method:(?<how>.*?),/ | filter ispresent(who) | fields concat(toupper(who), '-', how) as said | sort who desc",
    );
    expect(column(regex, "said")).toEqual(["JOHN-GET", "ANN-PUT"]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Dedup.html
  test("keeps one of several that are alike", async () => {
    const { ask } = await askingWorld();
    const rows = await ask("fields path, ms | sort ms desc | dedup path");
    expect(column(rows, "ms")).toEqual(["250", "80", "33", "3"]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Unnest.html (its examples)
  test("reads JSON into maps and lists, and makes a row of each item of a list", async () => {
    const { ask } = await askingWorld([
      { events: [{ name: "exception" }, { name: "user action" }] },
      {
        accounts: [
          { type: "internal", id: 1 },
          { type: "external", id: 2, roles: ["a.b", "c"], "x.y": 5 },
        ],
      },
      "no JSON",
    ]);
    const parsed = "fields jsonParse(@message) as js";
    const events = await ask(
      `${parsed} | unnest js.events into event | filter ispresent(event.name) | display event.name`,
    );
    expect(column(events, "event.name")).toEqual(["exception", "user action"]);
    const accounts = await ask(`${parsed} | unnest js.accounts into account | filter account.type = "internal"`);
    expect(column(accounts, "account")).toEqual(['{"type":"internal","id":1}']);
    expect(await ask(`${parsed} | unnest js.accounts into one | stats sum(one.id) as ids, count(one) as many`)).toEqual(
      [{ ids: "3", many: "2" }],
    );
    const inside = "js.accounts[1].roles[0] as role, js.accounts.1.`x.y` as xy, jsonStringify(js.accounts[0]) as text";
    expect(await ask(`${parsed} | filter ispresent(js.accounts) | display ${inside}`)).toMatchObject([
      { role: "a.b", xy: "5", text: '{"type":"internal","id":1}' },
    ]);
    expect(
      await ask('fields jsonStringify("x") as text, jsonParse("1") as one, jsonParse(nope) as none | limit 1'),
    ).toEqual([{ "@ptr": expect.any(String) }]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Source.html
  test("names its groups itself, by what their names begin with", async () => {
    const { logs, now, stream } = await logWorld();
    for (const logGroupName of ["shop/a", "shop/b", "bank"]) {
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      await stream(logGroupName, "s");
      const logEvents = [{ timestamp: now(), message: `of ${logGroupName}` }];
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: "s", logEvents }));
    }
    const seconds = Math.floor(now() / 1000);
    const range = { startTime: seconds - 60, endTime: seconds + 60 };
    const ask = async (queryString: string) => {
      const { queryId = "" } = await logs.send(new StartQueryCommand({ ...range, queryString }));
      const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
      return column(results.map(byField), "@message").toSorted((one = "", other = "") => one.localeCompare(other));
    };
    const shown = "| fields @message";
    expect(await ask(`SOURCE logGroups(namePrefix: ['shop/']) ${shown}`)).toEqual(["of shop/a", "of shop/b"]);
    expect(await ask(`SOURCE logGroups(namePrefix: ["ba", "shop/b"]) ${shown}`)).toEqual(["of bank", "of shop/b"]);
    expect(await ask(`SOURCE logGroups() ${shown}`)).toEqual(["of bank", "of shop/a", "of shop/b"]);
    expect(await ask(`SOURCE logGroups(class: ['INFREQUENT_ACCESS']) ${shown}`)).toEqual([]);
    expect(await ask(`SOURCE logGroups(accountIdentifiers: ['111122223333']) ${shown}`)).toEqual([]);
    const both = { logGroupName: "bank", ...range, queryString: `SOURCE logGroups() ${shown}` };
    await expect(logs.send(new StartQueryCommand(both))).rejects.toThrow("logGroupIdentifiers");
    await expect(ask(`fields @message | SOURCE logGroups()`)).rejects.toMatchObject({
      name: "MalformedQueryException",
    });
    await expect(ask(`SOURCE logGroups(namePrefix: ['1','2','3','4','5','6']) ${shown}`)).rejects.toMatchObject({
      name: "MalformedQueryException",
    });
  });

  test("shows what Lambda reports, as fields", async () => {
    const id = "6f747a5e-8a5e-4a5e-9a5e-0123456789ab";
    const report = `REPORT RequestId: ${id}\tDuration: 2.85 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t`;
    const { logs, stream, now } = await logWorld();
    const logGroupName = "/aws/lambda/resize";
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await stream(logGroupName, "s");
    const logEvents = [{ timestamp: now(), message: report }];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: "s", logEvents }));
    const seconds = Math.floor(now() / 1000);
    const range = { startTime: seconds - 60, endTime: seconds + 60 };
    const queryString =
      "filter @type = 'REPORT' | stats max(@memorySize) as size, avg(@duration) as took by @requestId";
    const { queryId } = await logs.send(new StartQueryCommand({ logGroupName, ...range, queryString }));
    const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    expect(results.map(byField)).toEqual([{ "@requestId": id, size: "128000000", took: "2.85" }]);
  });

  test.each([
    ["", 0],
    ["fields", 6],
    ["filter status = ", 16],
    ["nothing here", 0],
    ["stats frob(ms)", 6],
    ["fields avg(ms)", 7],
    ["limit 0", 6],
    ["fields a | | | filter (", 23],
    ["parse @message 'a * b' as x, y", 15],
    ["filter @message like /(/", 21],
    ['filter a = "no end', 11],
    ["display a as", 12],
    ["filter a = 1 b", 13],
    ["filter a in [1, ", 16],
    [`filter ${"(".repeat(5000)}`, 207],
  ])("%s is refused, and the answer says where", async (query, at) => {
    const { ask } = await askingWorld(["x"]);
    await expect(ask(query)).rejects.toMatchObject({
      name: "MalformedQueryException",
      queryCompileError: {
        location: { startCharOffset: at },
      },
    });
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
test.each([
  ["round(2.567, 1) as a, round(2.5) as b", ["2.6", "3"]],
  ['toInt("12.9") as a, isNumeric("x") as b', ["12", "0"]],
  ['if(1 > 2, "yes", "no") as a, case(1 = 2, "one", 2 = 2, "two", "other") as b', ["no", "two"]],
  ['case(1 = 2, "one", "other") as a, messageSize("é") as b', ["other", "2"]],
  ['startsWith("abc", "ab") as a, endsWith("abc", "ab") as b', ["1", "0"]],
  ['strcontains("ABC", "b", true) as a, strcontains("ABC", "b") as b', ["1", "0"]],
  ['urlencode("a b") as a, urldecode("a%20b") as b', ["a%20b", "a b"]],
  ['base64encode("hi") as a, base64decode("aGk=") as b', ["aGk=", "hi"]],
  ['hexToAscii("48656c6c6f") as a, hexToDec("0xff") as b', ["Hello", "255"]],
  ["decToHex(255) as a, decToHex(-16) as b", ["0xff", "-0x10"]],
  ['isPrivateIP("172.20.0.1") as a, isPublicIP("172.20.0.1") as b', ["1", "0"]],
  ['isReservedIP("127.0.0.1") as a, ipv4ToNumber("10.0.0.1") as b', ["1", "167772161"]],
  ['jsonArraySize("[1,2,3]") as a, jsonArrayContains("[1,2,3]", "2") as b', ["3", "1"]],
  ['split("a,b", ",") as parts, parts[1] as a, round(haversine(0, 0, 0, 1)) as b', ["b", "111"]],
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-hash-functions.html
  ['md5("") as a, substr(sha256(""), 0, 8) as b', ["d41d8cd98f00b204e9800998ecf8427e", "e3b0c442"]],
])("%s", async (columns, expected) => {
  const { ask } = await askingWorld(["one"]);
  const [row = {}] = await ask(`fields ${columns}`);
  expect([row["a"], row["b"]]).toEqual(expected);
});

test("the time that a query looks at is known to it", async () => {
  const { ask } = await askingWorld();
  const [row] = await ask("fields queryEndTime() - queryStartTime() as window, queryTimeRange() as range | limit 1");
  expect(row?.["window"]).toBe(row?.["range"]);
});

describe("commands that look at the rows before", () => {
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Accum.html
  test("accum adds up", async () => {
    const { ask } = await askingWorld();
    const rows = await ask("fields ms | sort @timestamp asc | limit 3 | accum ms as total");
    expect(column(rows, "total")).toEqual(["12", "262", "342"]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Autoregress.html
  test("autoregress shows what was before", async () => {
    const { ask } = await askingWorld();
    const rows = await ask("fields ms | sort @timestamp asc | limit 3 | autoregress ms p=1-2");
    expect(column(rows, "ms_p1")).toEqual([undefined, "12", "250"]);
    expect(column(rows, "ms_p2")).toEqual([undefined, undefined, "12"]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filldown.html
  test("filldown fills gaps with what was there last, also of all fields that begin so", async () => {
    const { ask } = await askingWorld([{ host: "a", cpu_user: 1 }, { cpu_user: 2 }, { host: "b" }]);
    const rows = await ask("fields host, cpu_user | sort @timestamp asc | filldown host cpu*");
    expect(column(rows, "host")).toEqual(["a", "a", "b"]);
    expect(column(rows, "cpu_user")).toEqual(["1", "2", "2"]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Addtotals.html
  test("addtotals sums rows and columns", async () => {
    const { ask } = await askingWorld([
      { a: 1, b: 2 },
      { a: 3, b: "x" },
    ]);
    const rows = await ask("fields a, b | sort @timestamp asc | addtotals fieldname=Sum col=true");
    expect(rows).toMatchObject([
      { a: "1", b: "2", Sum: "3" },
      { a: "3", b: "x", Sum: "3" },
      { a: "4", b: "2" },
    ]);
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-CountFrequent.html
test("countFrequent counts combinations, the most frequent first", async () => {
  const { ask } = await askingWorld();
  const rows = await ask("countFrequent path, status | limit 1");
  expect(rows).toMatchObject([{ _approxcount: "1" }]);
  expect(column(await ask("countFrequent status"), "_approxcount")).toEqual(["4", "1", "1"]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Expand.html
test("expand makes an event of each element, with all that the event has", async () => {
  const { ask } = await askingWorld([{ items: '["apple","pear"]', host: "web" }]);
  expect(await ask("fields host | expand items")).toMatchObject([
    { items: "apple", host: "web" },
    { items: "pear", host: "web" },
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Where.html
test("where is filter, and `limit any` ends with as many as it finds", async () => {
  const { ask } = await askingWorld();
  expect(await ask('where path = "/pay"')).toHaveLength(2);
  expect(await ask("limit any 2")).toHaveLength(2);
});

const CALL = "2023-01-01 19:00:0? [INFO] Calling DynamoDB to store for ResourceID:";

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Pattern.html
test("pattern finds what texts have in common, how many they are and how grave", async () => {
  const { ask } = await askingWorld([
    `${CALL.replace("?", "1")} 12342342k124-12345`,
    `${CALL.replace("?", "2")} 324892398123-1234R`,
    `${CALL.replace("?", "3")} 3ff231242342-12345`,
    "[ERROR] disk full",
  ]);
  expect(await ask("pattern @message")).toEqual([
    {
      "@pattern": "<Date-1> <Time-2> [INFO] Calling DynamoDB to store for ResourceID: <Token-3>",
      "@ratio": "0.75",
      "@sampleCount": "3",
      "@severityLabel": "Info",
    },
    { "@pattern": "[ERROR] disk full", "@ratio": "0.25", "@sampleCount": "1", "@severityLabel": "Error" },
  ]);
  const parsed =
    "filter @message like /INFO/ | parse @message 'store for *' as what | pattern what | sort @sampleCount asc";
  expect(column(await ask(parsed), "@pattern")).toEqual(["ResourceID: <Token-1>"]);
});

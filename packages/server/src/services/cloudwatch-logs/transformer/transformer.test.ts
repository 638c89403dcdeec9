import {
  CreateLogGroupCommand,
  DeleteTransformerCommand,
  GetQueryResultsCommand,
  GetTransformerCommand,
  PutAccountPolicyCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutTransformerCommand,
  StartQueryCommand,
  TestTransformerCommand,
  type Processor,
} from "@aws-sdk/client-cloudwatch-logs";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { logWorld } from "../../../../test/logs.ts";

/** What the processors make of a message; `undefined` where it cannot be transformed. */
async function transformed(transformerConfig: Processor[], message: object | string): Promise<unknown> {
  const { logs } = await logWorld();
  const text = typeof message === "string" ? message : JSON.stringify(message);
  const asked = new TestTransformerCommand({ transformerConfig, logEventMessages: [text] });
  const [log] = (await logs.send(asked)).transformedLogs ?? [];
  expect(log).toMatchObject({ eventNumber: 1, eventMessage: text });
  return log?.transformedEventMessage === undefined ? undefined : JSON.parse(log.transformedEventMessage);
}

const JSON_FIRST = { parseJSON: {} } as const;

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Configurable.html
test.each<[string, Processor[], object | string, unknown]>([
  ["JSON", [JSON_FIRST], { a: { b: 1 } }, { a: { b: 1 } }],
  ["JSON in a place of its own", [{ parseJSON: { destination: "all" } }], { a: 1 }, { all: { a: 1 } }],
  ["JSON in JSON", [JSON_FIRST, { parseJSON: { source: "a" } }], { a: '{"b":1}' }, { a: '{"b":1}', b: 1 }],
  ["what is none", [JSON_FIRST], "plain text", undefined],
  [
    "a line by its form",
    [{ grok: { match: "%{NUMBER:version} %{HOSTNAME:host} %{NOTSPACE:status} %{QUOTEDSTRING:said}" } }],
    '1.1 demo.com 200 "GET /"',
    { version: "1.1", host: "demo.com", status: "200", said: '"GET /"' },
  ],
  [
    "numbers and inner fields",
    [{ grok: { match: "%{IP:client.address} (took )?%{INT:ms:int}ms at %{TIMESTAMP_ISO8601:at}" } }],
    "10.0.0.1 took 12ms at 2024-05-06T13:08:09Z",
    { client: { address: "10.0.0.1" }, ms: 12, at: "2024-05-06T13:08:09Z" },
  ],
  [
    "a web server's log",
    [{ grok: { match: "%{COMMONAPACHELOG}" } }],
    '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326',
    {
      clientip: "127.0.0.1",
      ident: "-",
      auth: "frank",
      timestamp: "10/Oct/2000:13:55:36 -0700",
      verb: "GET",
      request: "/a.gif",
      httpversion: "1.0",
      response: "200",
      bytes: "2326",
    },
  ],
  ["a line of another form", [{ grok: { match: "^%{NUMBER:n}$" } }], "text", undefined],
  ["columns", [{ csv: {} }], 'a,"b,""c""",', { column_1: "a", column_2: 'b,"c"', column_3: "" }],
  [
    "named columns",
    [{ csv: { delimiter: ":", quoteCharacter: "'", columns: ["x", "y"] } }],
    "1:'2:3':4",
    { x: "1", y: "2:3", column_3: "4" },
  ],
  ["pairs", [{ parseKeyValue: {} }], "a=1&b=2=3&c", { a: "1", b: "2=3" }],
  [
    "pairs in a place of their own",
    [
      {
        parseKeyValue: {
          destination: "found",
          fieldDelimiter: "|",
          keyValueDelimiter: ":",
          keyPrefix: "p_",
          nonMatchValue: "none",
        },
      },
    ],
    "a:1|b",
    { found: { p_a: "1", p_b: "none" } },
  ],
])("a parser reads %s", async (_what, config, message, expected) => {
  expect(await transformed(config, message)).toEqual(expected);
});

const OUTER = { outer: { inner: "value" }, name: " Ada ", other: 1 };

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-JSONMutate.html,
// CloudWatch-Logs-Transformation-StringMutate.html, CloudWatch-Logs-Transformation-Datatype.html
test.each<[Processor, object, unknown]>([
  [{ addKeys: { entries: [{ key: "a.b", value: "c" }] } }, { x: 1 }, { x: 1, a: { b: "c" } }],
  [{ addKeys: { entries: [{ key: "x", value: "2" }] } }, { x: 1 }, { x: 1 }],
  [{ addKeys: { entries: [{ key: "x", value: "2", overwriteIfExists: true }] } }, { x: 1 }, { x: "2" }],
  [{ deleteKeys: { withKeys: ["outer.inner", "other", "none"] } }, OUTER, { outer: {}, name: " Ada " }],
  [{ moveKeys: { entries: [{ source: "a", target: "b" }] } }, { a: 1, b: { c: 2 } }, { b: { a: 1, c: 2 } }],
  [{ renameKeys: { entries: [{ key: "a", renameTo: "b" }] } }, { a: 1 }, { b: 1 }],
  [{ renameKeys: { entries: [{ key: "a", renameTo: "b" }] } }, { a: 1, b: 2 }, { a: 1, b: 2 }],
  [{ copyValue: { entries: [{ source: "a.b", target: "c" }] } }, { a: { b: [1] } }, { a: { b: [1] }, c: [1] }],
  [
    { listToMap: { source: "list", key: "k", valueKey: "v", target: "map", flatten: true, flattenedElement: "last" } },
    {
      list: [
        { k: "x", v: 1 },
        { k: "x", v: 2 },
        { k: "y", v: 3 },
      ],
    },
    {
      list: [
        { k: "x", v: 1 },
        { k: "x", v: 2 },
        { k: "y", v: 3 },
      ],
      map: { x: 2, y: 3 },
    },
  ],
  [{ listToMap: { source: "l", key: "k" } }, { l: [{ k: "x" }] }, { l: [{ k: "x" }], x: [{ k: "x" }] }],
  [{ lowerCaseString: { withKeys: ["a", "n"] } }, { a: "AbC", n: 1 }, { a: "abc", n: 1 }],
  [{ upperCaseString: { withKeys: ["a"] } }, { a: "AbC" }, { a: "ABC" }],
  [{ trimString: { withKeys: ["name"] } }, { name: " Ada " }, { name: "Ada" }],
  [{ splitString: { entries: [{ source: "a", delimiter: "," }] } }, { a: "1,2" }, { a: ["1", "2"] }],
  [{ substituteString: { entries: [{ source: "a", from: "[0-9]+", to: "#" }] } }, { a: "x1y22" }, { a: "x#y#" }],
  [substituting("(\\w)=(\\w)", "$2=$1\\$"), { a: "x=y" }, { a: "y=x$" }],
  [{ typeConverter: { entries: [{ key: "status", type: "integer" }] } }, { status: "200" }, { status: 200 }],
  [{ typeConverter: { entries: [{ key: "a", type: "boolean" }] } }, { a: "true" }, { a: true }],
  [{ typeConverter: { entries: [{ key: "a", type: "double" }] } }, { a: "many" }, { a: "many" }],
])("%j changes %j", async (processor, message, expected) => {
  expect(await transformed([JSON_FIRST, processor], message)).toEqual(expected);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Datatype.html (datetimeConverter)
test.each([
  ["yyyy-MM-dd HH:mm:ss", "2024-05-06 13:08:09", {}, "2024-05-06T13:08:09.000Z"],
  ["dd/MMM/yyyy:HH:mm:ss Z", "10/Oct/2000:13:55:36 -0700", {}, "2000-10-10T20:55:36.000Z"],
  ["epoch_milli", 1715000889500, {}, "2024-05-06T13:08:09.500Z"],
  ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-05-06T13:08:09.500+02:00", {}, "2024-05-06T11:08:09.500Z"],
  ["MM/dd/yy hh:mm a", "05/06/24 01:08 PM", { sourceTimezone: "Asia/Tokyo" }, "2024-05-06T04:08:00.000Z"],
  [
    "yyyy-MM-dd HH:mm",
    "2024-05-06 13:08",
    { targetTimezone: "Asia/Tokyo", targetFormat: "EEE, d MMM yyyy h:mm a XXX" },
    "Mon, 6 May 2024 10:08 PM +09:00",
  ],
  ["yyyy-MM-dd", "06.05.2024", {}, undefined],
])("a time written %s, %s, is read", async (pattern, at, more, expected) => {
  const dateTimeConverter = { source: "at", target: "when", matchPatterns: ["HH", pattern], ...more };
  expect(await transformed([JSON_FIRST, { dateTimeConverter }], { at })).toEqual({
    at,
    ...(expected !== undefined && { when: expected }),
  });
});

test("what is not wanted of an event cannot reach what all objects have", async () => {
  const addKeys = { entries: [{ key: "__proto__.polluted", value: "yes" }] };
  await transformed([JSON_FIRST, { addKeys }], {});
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("an event that copies of itself make too large is not transformed", async () => {
  const copies = ["a.l", "a.r"].map((target) => ({ source: "a", target, overwriteIfExists: true }));
  const grown: Processor[] = Array.from({ length: 15 }, () => ({ copyValue: { entries: copies } }));
  expect(await transformed([JSON_FIRST, ...grown], { a: { b: "x" } })).toBeUndefined();
});

test.each<[string, Processor[]]>([
  ["names groups that there are", [JSON_FIRST, substituting("(a)", "$2")]],
  ["ends no text to put in with a backslash", [JSON_FIRST, substituting("a", "b\\")]],
  ["begins with a parser", [{ trimString: { withKeys: ["a"] } }]],
  ["has one processor in an entry", [{ ...JSON_FIRST, csv: {} }]],
  ["has patterns that there are", [{ grok: { match: "%{NOTHING:x}" } }]],
  ["has no more than five parsers", Array.from({ length: 6 }, () => JSON_FIRST)],
  ["has time zones that there are", [JSON_FIRST, zoned("Mars/Base")]],
])("a transformer %s", async (_what, transformerConfig) => {
  const { logs } = await logWorld();
  const put = logs.send(new PutTransformerCommand({ logGroupIdentifier: "app", transformerConfig }));
  await expect(put).rejects.toMatchObject({ name: "InvalidParameterException" });
});

function substituting(from: string, to: string): Processor {
  return { substituteString: { entries: [{ source: "a", from, to }] } };
}

function zoned(sourceTimezone: string): Processor {
  return { dateTimeConverter: { source: "a", target: "b", matchPatterns: ["HH"], sourceTimezone } };
}

test("parsers of what AWS's services log are refused", async () => {
  const { logs } = await logWorld();
  const asked = { transformerConfig: [{ parseVPC: {} }], logEventMessages: ["x"] };
  await expect(logs.send(new TestTransformerCommand(asked))).rejects.toMatchObject({ name: "NotImplemented" });
});

const RENAME = [JSON_FIRST, { renameKeys: { entries: [{ key: "lvl", renameTo: "level" }] } }];

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation.html
test("queries see what events have become, from the transformer's time on", async () => {
  const { logs, cloud, put, now } = await logWorld();
  await put(['{"lvl":"warn"}']);
  await cloud.clock.advance(1);
  await logs.send(new PutTransformerCommand({ logGroupIdentifier: "app", transformerConfig: RENAME }));
  await put(['{"lvl":"error"}', "no JSON"]);
  const at = Math.floor(now() / 1000);
  const queryString = "fields level, lvl, @message | filter ispresent(level)";
  const asked = { logGroupName: "app", queryString, startTime: at - 60, endTime: at + 60 };
  const { queryId } = await logs.send(new StartQueryCommand(asked));
  const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
  expect(results.map((row) => row.map(({ field, value }) => `${field}=${value}`).slice(0, 3))).toEqual([
    ["level=error", "lvl=error", '@message={"lvl":"error"}'],
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html (applyOnTransformedLogs)
test("a metric filter counts what events have become, where it is told to", async () => {
  const { logs, cloud, put, now } = await logWorld();
  await logs.send(new PutTransformerCommand({ logGroupIdentifier: "app", transformerConfig: RENAME }));
  for (const applyOnTransformedLogs of [true, false]) {
    await logs.send(
      new PutMetricFilterCommand({
        logGroupName: "app",
        filterName: `f${applyOnTransformedLogs}`,
        filterPattern: '{ $.level = "error" }',
        applyOnTransformedLogs,
        metricTransformations: [{ metricName: `m${applyOnTransformedLogs}`, metricNamespace: "App", metricValue: "1" }],
      }),
    );
  }
  await put(['{"lvl":"error"}', "no JSON"]);
  const cloudwatch = cloud.client(CloudWatchClient);
  const times = { StartTime: new Date(now() - 600_000), EndTime: new Date(now() + 600_000), Period: 3600 };
  const sum = async (MetricName: string) =>
    (
      await cloudwatch.send(
        new GetMetricStatisticsCommand({ Namespace: "App", MetricName, ...times, Statistics: ["Sum"] }),
      )
    ).Datapoints?.[0]?.Sum;
  expect(await sum("mtrue")).toBe(1);
  expect(await sum("mfalse")).toBeUndefined();
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetTransformer.html
test("a transformer is read back and taken away, and is for groups of the standard class", async () => {
  const { logs, now } = await logWorld();
  const of = { logGroupIdentifier: "arn:aws:logs:us-east-1:000000000000:log-group:app" };
  const get = async () => {
    const { $metadata: _call, ...found } = await logs.send(new GetTransformerCommand(of));
    return found;
  };
  expect(await get()).toEqual({});
  await logs.send(new PutTransformerCommand({ ...of, transformerConfig: RENAME }));
  expect(await get()).toEqual({
    ...of,
    transformerConfig: RENAME,
    creationTime: expect.toSatisfy((ms: number) => Math.abs(ms - now()) < 10_000),
    lastModifiedTime: expect.any(Number),
  });
  await logs.send(new DeleteTransformerCommand(of));
  expect(await get()).toEqual({});
  await logs.send(new CreateLogGroupCommand({ logGroupName: "rare", logGroupClass: "INFREQUENT_ACCESS" }));
  const rare = new PutTransformerCommand({ logGroupIdentifier: "rare", transformerConfig: RENAME });
  await expect(logs.send(rare)).rejects.toMatchObject({ name: "InvalidOperationException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html (TRANSFORMER_POLICY)
test("an account transforms the events of groups by the beginnings of their names, unless they do so themselves", async () => {
  const { logs, stream, now } = await logWorld();
  const policy = (policyName: string, selectionCriteria: string | undefined, processors: unknown = CONTEXT) =>
    logs.send(
      new PutAccountPolicyCommand({
        policyName,
        policyType: "TRANSFORMER_POLICY",
        policyDocument: JSON.stringify(processors),
        selectionCriteria,
      }),
    );
  await policy("shop", 'LogGroupNamePrefix IN ["shop/", "app"]');
  for (const logGroupName of ["shop/one", "other"]) {
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await stream(logGroupName, "main");
  }
  await logs.send(new PutTransformerCommand({ logGroupIdentifier: "app", transformerConfig: RENAME }));
  const seen: unknown[] = [];
  for (const logGroupName of ["shop/one", "app", "other"]) {
    const logEvents = [{ timestamp: now(), message: '{"lvl":"warn"}' }];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: "main", logEvents }));
    const at = Math.floor(now() / 1000);
    const queryString = "fields group, stream, account, region, level";
    const asked = { logGroupName, queryString, startTime: at - 60, endTime: at + 60 };
    const { queryId } = await logs.send(new StartQueryCommand(asked));
    const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    seen.push(results.map((row) => row.map(({ value }) => value).slice(0, -1)));
  }
  expect(seen).toEqual([[["shop/one", "main", "000000000000", "us-east-1"]], [["warn"]], [[]]]);
  await expect(policy("all", undefined)).rejects.toMatchObject({ name: "LimitExceededException" });
  for (const criteria of ['LogGroupNamePrefix IN ["shop/one"]', 'LogGroupName NOT IN ["a"]']) {
    await expect(policy("more", criteria)).rejects.toMatchObject({ name: "InvalidParameterException" });
  }
  await policy("more", 'LogGroupNamePrefix IN ["z"]');
});

const CONTEXT: Processor[] = [
  JSON_FIRST,
  {
    copyValue: {
      entries: [
        { source: "@logGroupName", target: "group" },
        { source: "@logGroupStream", target: "stream" },
        { source: "@accountId", target: "account" },
        { source: "@regionName", target: "region" },
      ],
    },
  },
];

test.each([
  [{}],
  [[{ csv: { delimiter: "" } }]],
  [[{ csv: { delimiter: 5 } }]],
  [[JSON_FIRST, { addKeys: {} }]],
  [[JSON_FIRST, { addKeys: { entries: [{ key: "a" }] } }]],
  [[JSON_FIRST, { trimString: { withKeys: "a" } }]],
  [[{ grok: null }]],
])("%j is no policy of transformers", async (processors) => {
  const { logs } = await logWorld();
  const document = { policyName: "p", policyType: "TRANSFORMER_POLICY" as const };
  const put = new PutAccountPolicyCommand({ ...document, policyDocument: JSON.stringify(processors) });
  await expect(logs.send(put)).rejects.toMatchObject({ name: "InvalidParameterException" });
});

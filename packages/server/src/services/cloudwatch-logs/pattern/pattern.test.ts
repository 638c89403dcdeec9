import { CloudWatchLogsClient, TestMetricFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

async function tester() {
  const logs = (await testCloud()).client(CloudWatchLogsClient);
  return async (filterPattern: string, logEventMessages: string[]) => {
    const { matches = [] } = await logs.send(new TestMetricFilterCommand({ filterPattern, logEventMessages }));
    return matches;
  };
}

const messagesOf = (found: readonly { readonly eventMessage?: string | undefined }[]) =>
  found.map(({ eventMessage = "" }) => eventMessage);

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
describe("a pattern of terms", () => {
  const events = [
    "[ERROR 400] BAD REQUEST",
    "[ERROR 401] UNAUTHORIZED REQUEST",
    "[ERROR 419] MISSING ARGUMENTS",
    "[ERROR 420] INVALID ARGUMENTS",
    "[WARN] SLOW REQUEST",
  ];

  test.each([
    ["one term", "ERROR", [0, 1, 2, 3]],
    ["all of several", "ERROR ARGUMENTS", [2, 3]],
    ["any of several", "?ARGUMENTS ?WARN", [2, 3, 4]],
    ["any of several is ignored beside another", "?ARGUMENTS ?WARN BAD", [0]],
    ["one to leave out", "ERROR -ARGUMENTS", [0, 1]],
    ["only one to leave out", "-ERROR", [4]],
    ["an exact phrase", '"BAD REQUEST"', [0]],
    ["an exact phrase to leave out", 'REQUEST -"BAD REQUEST"', [1, 4]],
    ["a regular expression", "%4[01][0-9]%", [0, 1, 2]],
    ["a regular expression to leave out", "ERROR -%ARG.*S$%", [0, 1]],
    ["nothing at all", "", [0, 1, 2, 3, 4]],
    ["terms in another case", "error", []],
  ])("finds %s", async (_what, pattern, expected) => {
    const find = await tester();
    expect(messagesOf(await find(pattern, events))).toEqual(expected.map((at) => events[at]));
  });
});

describe("a pattern of JSON", () => {
  const event = {
    eventType: "UpdateTrail",
    sourceIPAddress: "111.111.111.111",
    arrayKey: ["value", "another value"],
    objectList: [
      { name: "a", id: 1 },
      { name: "b", id: 2 },
    ],
    SomeObject: null,
    ThisFlag: true,
    latency: 50.5,
    code: 404,
    "with space": "x",
  };

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
  test.each([
    ['{ $.eventType = "UpdateTrail" }', true],
    ["{ $.eventType = UpdateTrail }", true],
    ['{ $.eventType = "Update*" }', true],
    ['{ $.eventType != "UpdateTrail" }', false],
    ["{ $.sourceIPAddress != 123.123.* }", true],
    ["{ $.sourceIPAddress = 111.111.* }", true],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[1] = "value" }', false],
    ["{ $.objectList[1].id = 2 }", true],
    ["{ $.SomeObject IS NULL }", true],
    ["{ $.ThisFlag IS TRUE }", true],
    ["{ $.ThisFlag IS FALSE }", false],
    ["{ $.SomeOtherObject NOT EXISTS }", true],
    ["{ $.latency NOT EXISTS }", false],
    ["{ $.latency EXISTS }", true],
    ["{ $.latency > 50 }", true],
    ["{ $.latency >= 50.5 && $.latency <= 50.5 }", true],
    ["{ $.latency < 5e1 }", false],
    ["{ $.code = 4* }", true],
    ["{ $.code = 404 }", true],
    ["{ $.code = 404.0 }", true],
    ["{ $.eventType = %Trail$% }", true],
    ["{ $.eventType = %^Trail% }", false],
    ["{ ($.code = 1 || $.code = 404) && $.ThisFlag IS TRUE }", true],
    ["{ $.code = 1 || $.code = 404 && $.ThisFlag IS FALSE }", false],
    ["{ $.missing = 1 }", false],
    ["{ $.missing != 1 }", false],
    ["{ $.val = * }", false],
    ["{ $.code = * }", true],
    ["{ $.['with space'] = x }", true],
  ])("%s: %s", async (pattern, isMatch) => {
    const find = await tester();
    expect(await find(pattern, [JSON.stringify(event), "no JSON"])).toHaveLength(isMatch ? 1 : 0);
  });

  test("tells the values of the properties that it names", async () => {
    const find = await tester();
    const [match] = await find("{ $.latency > 1 && $.code = * }", [JSON.stringify(event)]);
    expect(match).toMatchObject({ eventNumber: 1, extractedValues: { "$.latency": "50.5", "$.code": "404" } });
  });
});

describe("a pattern of fields", () => {
  const event = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

  test.each([
    ["[ip, server, username, timestamp, request, status_code, bytes]", true],
    ["[ip, server, username, timestamp, request, status_code, bytes > 1000]", true],
    ["[ip, server, username, timestamp, request, status_code, bytes > 2000]", false],
    ["[ip, server, username, timestamp, request, status_code = 4*, bytes]", true],
    ["[..., status_code = 4*, bytes]", true],
    ["[ip, ..., bytes]", true],
    ["[ip, bytes]", false],
    ["[ip = %127\\.0\\.0\\.[0-9]{1,3}%, ...]", true],
    ["[..., request = *index.html*, status_code, bytes]", true],
    ["[..., status_code = 4* && status_code != 404, bytes]", false],
    ["[ip, server = Prod || server = Test, ...]", true],
    ["[ip, (server = Prod || server = Test) && server != Test, ...]", true],
    ["[]", true],
  ])("%s: %s", async (pattern, isMatch) => {
    const find = await tester();
    expect(await find(pattern, [event])).toHaveLength(isMatch ? 1 : 0);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html (examples)
  test("tells the fields by their names, and those without a name by their place", async () => {
    const find = await tester();
    const [match] = await find("[..., size, status_code = 404, bytes]", [event]);
    expect(match?.extractedValues).toEqual({
      $1: "127.0.0.1",
      $2: "Prod",
      $3: "frank",
      $4: "10/Oct/2000:13:25:15 -0700",
      $size: "GET /index.html HTTP/1.0",
      $status_code: "404",
      $bytes: "1534",
    });
  });
});

test.each([
  '"no end',
  "%no end",
  "%(%",
  "%(ab)%",
  "%a b%",
  "%something!%",
  "{ $.a = %a% || $.a = %b% || $.a = %c% }",
  "{ $.a }",
  "{ $.a = }",
  "{ $.a = 1",
  "{ $.a = 1 } more",
  "{ $.a > text }",
  "{ a = 1 }",
  "[a, b",
  "[a, ..., b, ...]",
  "[a = ]",
  "a:b",
  `{${"(".repeat(900)} $.a = 1`,
])("%s is no pattern", async (pattern) => {
  const find = await tester();
  await expect(find(pattern, ["x"])).rejects.toMatchObject({ name: "InvalidParameterException" });
});

import { expect, test } from "vitest";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { KeptAttributes } from "../message/attribute.ts";
import { compileFilter, type FilterScope } from "./compile.ts";
import { fits } from "./match.ts";

const refusals = {
  ofPolicy: (problem: string) => new AwsError("InvalidParameterException", problem),
  ofScope: (problem: string) => new AwsError("InvalidParameterException", problem),
};

const compile = (policy: string, scope: FilterScope = "MessageAttributes") => compileFilter(policy, scope, refusals);

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.snapshot.json
test.each([
  ['{"key":[["value"]]}', "Match value must be String, number, true, false, or null", 10],
  ['{"key":[{"wrong-operator":true}]}', "Unrecognized match type wrong-operator", 31],
  ['{"key":[{"suffix":"value","prefix":"value2"}]}', "Only one key allowed in match expression", 37],
  ['{"key":[]}', "Empty arrays are not allowed", 10],
  ['{"key":[{"suffix":100}]}', "suffix match pattern must be a string", 22],
  ['{"key":[{"suffix":null}]}', "suffix match pattern must be a string", 23],
  ['{"key":{"suffix":"value"}}', '"suffix" must be an object or an array', 19],
  ['{"key":[{"suffix":[]}]}', "suffix match pattern must be a string", 20],
  ['{"key":{"not-an-operator":"value"}}', '"not-an-operator" must be an object or an array', 28],
  ['{"key":[{"cidr":["bad-filter"]}]}', "prefix match pattern must be a string", 18],
  ['{"key":[{"numeric":[]}]}', "Invalid member in numeric match: ]", 22],
  ['{"key":[{"numeric":["operator"]}]}', "Unrecognized numeric range operator: operator", 32],
  ['{"key":[{"numeric":[1,"<="]}]}', "Invalid member in numeric match: 1", 22],
  ['{"key":[{"numeric":["=","000"]}]}', "Value of equals must be numeric", 26],
  ['{"key":[{"numeric":[">="]}]}', "Value of >= must be numeric", 26],
  ['{"key":[{"numeric":["<",100,">",10]}]}', "Too many elements in numeric expression", 30],
  ['{"key":[{"numeric":[">=",1,">",2]}]}', "Bad numeric range operator: >", 31],
  ['{"key":[{"numeric":[">",3,"<",1]}]}', "Bottom must be less than top", 33],
  ['{"key":[{"numeric":[">",20,"<="]}]}', "Value of <= must be numeric", 33],
  ['{"key":[{"numeric":[">",20,30]}]}', "Bad value in numeric range: 30", 30],
  ['{"key":[{"numeric":[">",20,"test"]}]}', "Bad numeric range operator: test", 34],
  ['{"key":[{"numeric":[">","20","<","30"]}]}', "Value of > must be numeric", 26],
  ['{"key":[{"numeric":[">",20,"<","30"]}]}', "Value of < must be numeric", 33],
  ['{"key":[{"numeric":[">",20,"<",30,"<",50]}]}', "Too many terms in numeric range expression", 36],
  ['{"key":[{"exists":null}]}', "exists match pattern must be either true or false.", 23],
  ['{"key":[{"exists":"no"}]}', "exists match pattern must be either true or false.", 20],
  ['{"key":[{"anything-but":{"wrong-operator":null}}]}', "Unsupported anything-but pattern: wrong-operator", 47],
  ['{"key":[{"anything-but":{"suffix":"test"}}]}', "Unsupported anything-but pattern: suffix", 36],
  ['{"key":[{"anything-but":{"exists":false}}]}', "Unsupported anything-but pattern: exists", 40],
  ['{"key":[{"anything-but":{"prefix":false}}]}', "prefix match pattern must be a string", 40],
  ['{"key_a":"value_one"}', '"key_a" must be an object or an array', 11],
])("%s is refused in AWS's words", (policy, message, column) => {
  const place = `\n at [Source: (String)"${policy}"; line: 1, column: ${column}]`;
  expect(() => compile(policy, "MessageBody")).toThrow(`FilterPolicy: ${message}${place}`);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.snapshot.json
test.each([
  ["bad-filter", "Malformed CIDR, one '/' required"],
  ["bad-filter/64", "Nonstandard IP address: bad-filter"],
  ["bad-/64filter", "Malformed CIDR, mask bits must be an integer"],
  ["xx.11.xx/8", "Nonstandard IP address: xx.11.xx"],
  ["xxxx:db8:1234:1a00::/64", "Nonstandard IP address: xxxx:db8:1234:1a00::"],
])("the network %s is refused", (cidr, message) => {
  expect(() => compile(JSON.stringify({ key: [{ cidr }] }))).toThrow(`FilterPolicy: ${message}`);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_subscribe_invalid_filter_policy, test_validate_set_sub_attributes)
test("what is no JSON is refused as Jackson does", () => {
  const at = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: ";
  expect(() => compile("invalid")).toThrow(
    `FilterPolicy: failed to parse JSON. Unrecognized token 'invalid': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')${at}8]`,
  );
  expect(() => compile("{invalidjson}")).toThrow(
    `FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name${at}2]`,
  );
});

const texts = (count: number): string[] => Array.from({ length: count }, (_none, at) => `value${at}`);

const compiled = (policy: object, scope?: FilterScope) => () => compile(JSON.stringify(policy), scope);

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.py (test_policy_complexity, test_policy_complexity_with_or)
test("policies have at most 150 combinations and five keys", () => {
  const COMPLEX = "FilterPolicy: Filter policy is too complex";
  expect(compiled({ key: texts(151) })).toThrow(COMPLEX);
  expect(compiled({ one: texts(100), two: texts(51) })).toThrow(COMPLEX);
  expect(compiled({ a: ["x"], b: ["x"], c: ["x"], d: ["x"], e: ["x"], f: ["x"] })).toThrow(
    "FilterPolicy: Filter policy can not have more than 5 keys",
  );
  const ways = (metrics: number, spaces: number, sources: number) => ({
    source: texts(sources),
    $or: [
      { metricName: texts(metrics) },
      { metricType: texts(4), $or: [{ metricId: [1234, 4321, 5678, 9012] }, { spaceId: texts(spaces) }] },
    ],
  });
  expect(compiled(ways(6, 4, 4))).toThrow(COMPLEX);
  expect(compiled(ways(6, 7, 3))).not.toThrow();
  const nested = (types: number) => ({
    $or: [{ metricName: texts(3) }, { namespace: texts(2) }],
    detail: { scope: texts(2), $or: [{ source: texts(1) }, { type: texts(types) }] },
  });
  expect(compiled(nested(3), "MessageBody")).toThrow(COMPLEX);
  expect(compiled(nested(2), "MessageBody")).not.toThrow();
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.snapshot.json (test_validate_policy)
test("places in a policy are told as if it had no blanks", () => {
  expect(() => compile('{"key": [ ["value"] ]}')).toThrow(
    '[Source: (String)"{"key":[["value"]]}"; line: 1, column: 10]',
  );
});

test("attributes have no depths to look into", () => {
  expect(() => compile('{"object":{"key":[{"prefix":"auto-"}]}}')).toThrow(
    "Filter policy scope MessageAttributes does not support nested filter policy",
  );
});

const string = (text: string) => ({ type: "String", text });
const list = (...values: unknown[]) => ({ type: "String.Array", text: JSON.stringify(values) });
const number = (text: string) => ({ type: "Number", text });

const wants = (policy: object, attributes: KeptAttributes): boolean =>
  fits({ attributes }, "", compile(JSON.stringify(policy)), "MessageAttributes");

// Source: https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html, https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html, https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
test.each([
  [["rugby", "tennis"], string("rugby"), true],
  [["rugby", "tennis"], list("rugby", "baseball"), true],
  [["rugby"], string("baseball"), false],
  [[{ "anything-but": ["rugby", "tennis"] }], string("baseball"), true],
  [[{ "anything-but": ["rugby", "tennis"] }], string("rugby"), false],
  [[{ "anything-but": ["rugby", "tennis"] }], list("rugby"), false],
  [[{ "anything-but": { prefix: "order-" } }], string("data-entry"), true],
  [[{ "anything-but": { prefix: "order-" } }], string("order-cancelled"), false],
  [[{ prefix: "bas" }], string("baseball"), true],
  [[{ prefix: "bas" }], string("rugby"), false],
  [[{ suffix: "ball" }], string("baseball"), true],
  [[{ "equals-ignore-case": "tennis" }], string("TeNnis"), true],
  [[{ cidr: "10.0.0.0/24" }], string("10.0.0.255"), true],
  [[{ cidr: "10.0.0.0/24" }], string("10.1.1.0"), false],
  [[301.5], number("3.015e2"), true],
  [[301.5], string("301.5"), false],
  [[{ "anything-but": [100, 500] }], number("101"), true],
  [[{ "anything-but": [100, 500] }], number("100"), false],
  [[{ numeric: ["=", 301.5] }], number("301.5"), true],
  [[{ numeric: [">", 0, "<=", 150] }], number("150"), true],
  [[{ numeric: [">", 0, "<=", 150] }], number("0"), false],
  [[123.456789], number("123.4567891"), true],
  [[{ exists: true }], string("anything"), true],
  [[{ exists: false }], string("anything"), false],
  [["rugby"], { type: "Binary", base64: "cnVnYnk=" }, false],
])("a filter of %j and the attribute %j: %j", (tests, attribute, wanted) => {
  expect(wants({ interest: tests }, { interest: attribute })).toBe(wanted);
});

test("keys all have to fit, and of an `$or` one", () => {
  expect(wants({ a: [{ exists: false }] }, { b: string("x") })).toBe(true);
  // Source: https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html (an empty set of attributes)
  expect(wants({ a: [{ exists: false }] }, {})).toBe(false);
  expect(wants({ a: ["x"], b: ["y"] }, { a: string("x") })).toBe(false);
  const policy = { source: ["aws"], $or: [{ a: ["x"] }, { b: [{ numeric: ["<", 5] }] }] };
  expect(wants(policy, { source: string("aws"), b: number("4") })).toBe(true);
  expect(wants(policy, { source: string("aws"), b: number("6") })).toBe(false);
});

const wantsBody = (policy: object, body: unknown): boolean =>
  fits({ attributes: {} }, JSON.stringify(body), compile(JSON.stringify(policy), "MessageBody"), "MessageBody");

// Source: https://docs.aws.amazon.com/sns/latest/dg/removing-subscription-filter-policy.html (set to `{}`, there is none)
test("a filter of nothing lets all in, also what is no JSON", () => {
  for (const text of ["plain", "[1]", '{"a":1}']) {
    expect(fits({ attributes: {} }, text, compile("{}", "MessageBody"), "MessageBody")).toBe(true);
  }
  expect(wants({}, { a: string("x") })).toBe(true);
});

// Source: https://docs.aws.amazon.com/sns/latest/dg/example-filter-policies.html
test("bodies are looked into, through lists on the way", () => {
  const policy = { store: ["shop"], customer: { age: [{ numeric: [">=", 18] }], tags: ["gold"] } };
  expect(wantsBody(policy, { store: "shop", customer: { age: 20, tags: ["blue", "gold"] } })).toBe(true);
  expect(wantsBody(policy, { store: "shop", customer: { age: 17, tags: ["gold"] } })).toBe(false);
  expect(
    wantsBody(
      { Records: { s3: { object: { key: [{ prefix: "auto-" }] } } } },
      {
        Records: [{ s3: { object: { key: "x" } } }, { s3: { object: { key: "auto-1" } } }],
      },
    ),
  ).toBe(true);
  expect(wantsBody({ closed: [false] }, { closed: false })).toBe(true);
  expect(wantsBody({ closed: [null] }, { closed: null })).toBe(true);
  expect(wantsBody({ gone: [{ exists: false }] }, { here: 1 })).toBe(true);
  expect(wantsBody({ a: ["x"] }, ["x"])).toBe(false);
  // Source: https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html (non-null and non-empty)
  for (const [here, is] of [
    ["x", true],
    [0, true],
    [null, false],
    ["", false],
  ]) {
    expect(wantsBody({ here: [{ exists: true }] }, { here })).toBe(is);
  }
  expect(wantsBody({ gone: [{ exists: false }] }, {})).toBe(false);
});

const record = (key: string, eventName: string) => ({ eventName, s3: { object: [[{ key }]] } });

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.snapshot.json (test_filter_policy_on_message_body_dot_attribute, test_filter_policy_on_message_body_array_of_object_attributes)
test("names with dots stand for what is inside, and fields of lists have to be of one entry", () => {
  const dotted = { "a.b.c": ["x"] };
  for (const body of [{ a: { b: { c: "x" } } }, { "a.b.c": "x" }, { "a.b": { c: "x" } }, { a: { "b.c": "x" } }]) {
    expect(wantsBody(dotted, body)).toBe(true);
  }
  expect(wantsBody(dotted, { a: { b: { c: "y" } } })).toBe(false);
  const policy = { Records: { s3: { object: { key: [{ prefix: "auto-" }] } }, eventName: [{ prefix: "Created" }] } };
  expect(wantsBody(policy, { Records: [record("auto-1", "Created"), record("home-1", "Removed")] })).toBe(true);
  expect(wantsBody(policy, { Records: [record("auto-1", "Removed"), record("home-1", "Created")] })).toBe(false);
});

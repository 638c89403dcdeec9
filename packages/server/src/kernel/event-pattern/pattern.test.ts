import { describe, expect, test } from "vitest";
import { valuesOf } from "./event-values.ts";
import { matches } from "./match.ts";
import { PatternError } from "./pattern-error.ts";
import { PatternIndex } from "./pattern-index.ts";
import { parsePattern } from "./pattern.ts";

const isFor = (pattern: object, event: object): boolean =>
  matches(parsePattern(JSON.stringify(pattern)), valuesOf(event));

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const CASES: readonly (readonly [
  name: string,
  asked: unknown,
  right: readonly unknown[],
  wrong: readonly unknown[],
])[] = [
  ["a text", "running", ["running", ["x", "running"]], ["Running", null, []]],
  ["a number", 300, [300, 3e2], ["300", 301]],
  ["null", null, [null], ["null", "", undefined, []]],
  ["a truth", true, [true], ["true", false]],
  ["the empty text", "", [""], [null]],
  ["prefix", { prefix: "eu-" }, ["eu-west-1"], ["us-east-1", 7, null]],
  ["prefix in any case", { prefix: { "equals-ignore-case": "EC2" } }, ["ec2 x", "Ec2"], ["x ec2"]],
  ["suffix", { suffix: ".png" }, ["a.png"], ["a.PNG", "png"]],
  ["suffix in any case", { suffix: { "equals-ignore-case": ".png" } }, ["a.PNG"], ["a.pn"]],
  ["equals-ignore-case", { "equals-ignore-case": "alice" }, ["ALICE", "alice"], ["alic"]],
  [
    "wildcard",
    { wildcard: "dir/*/file*.txt" },
    ["dir/a/b/file1.txt", "dir//file.txt"],
    ["dir/file.txt", "dir/a/file.tx"],
  ],
  ["wildcard with stars escaped", { wildcard: String.raw`a\*b*\\` }, [String.raw`a*b\ `.trim()], ["axb"]],
  ["anything-but", { "anything-but": "x" }, ["y", null, 3], ["x", undefined]],
  ["anything-but a list", { "anything-but": ["x", "y"] }, ["z"], ["x", "y"]],
  ["anything-but numbers", { "anything-but": [100, 200] }, [150, "100"], [100]],
  ["anything-but prefix", { "anything-but": { prefix: ["init", "stop"] } }, ["run", 4], ["initial", "stopped"]],
  ["anything-but suffix", { "anything-but": { suffix: ".txt" } }, ["a.png"], ["a.txt"]],
  ["anything-but in any case", { "anything-but": { "equals-ignore-case": ["x"] } }, ["y"], ["X"]],
  ["anything-but wildcard", { "anything-but": { wildcard: "*/lib/*" } }, ["a/b"], ["a/lib/b"]],
  ["numeric =", { numeric: ["=", 3.018e2] }, [301.8], [301]],
  ["numeric range", { numeric: [">", 0, "<=", 5] }, [5, 0.1], [0, 5.1, "3"]],
  ["numeric <", { numeric: ["<", 10] }, [9], [10]],
  ["exists", { exists: true }, ["x", null], [undefined, {}, []]],
  ["exists not", { exists: false }, [undefined, { leaf: 1 }], ["x"]],
  ["cidr", { cidr: "10.0.0.0/24" }, ["10.0.0.255"], ["10.0.1.0", "x"]],
  ["cidr of IPv6", { cidr: "2001:db8::/32" }, ["2001:db8:0:1::9"], ["2001:db9::"]],
];

describe("an operator", () => {
  test.each(CASES)("%s is for what it says, and for nothing else", (_name, asked, right, wrong) => {
    const answers = (values: readonly unknown[]) =>
      values.map((value) => isFor({ detail: { field: [asked] } }, { detail: { field: value } }));
    expect(answers(right)).toEqual(right.map(() => true));
    expect(answers(wrong)).toEqual(wrong.map(() => false));
  });
});

describe("fields", () => {
  test("of one entry of a list are looked for together", () => {
    const pattern = { items: { name: ["apple"], color: ["green"] } };
    const mixed = {
      items: [
        { name: "apple", color: "red" },
        { name: "pear", color: "green" },
      ],
    };
    expect(isFor(pattern, mixed)).toBe(false);
    expect(isFor(pattern, { items: [...mixed.items, { name: "apple", color: "green" }] })).toBe(true);
  });

  test("are found with dots in their names, too", () => {
    expect(isFor({ detail: { state: { status: ["on"] } } }, { detail: { "state.status": "on" } })).toBe(true);
  });

  test("under $or are one of several", () => {
    const pattern = { source: ["a"], $or: [{ detail: { x: [1] } }, { detail: { y: [{ exists: false }], z: [2] } }] };
    expect(isFor(pattern, { source: "a", detail: { x: 1, y: 1 } })).toBe(true);
    expect(isFor(pattern, { source: "a", detail: { z: 2 } })).toBe(true);
    expect(isFor(pattern, { source: "a", detail: { z: 2, y: 0 } })).toBe(false);
    expect(isFor(pattern, { source: "b", detail: { x: 1 } })).toBe(false);
  });
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json (recorded answers) */
test.each([
  ['{"int": 42}', '"int" must be an object or an array', 11],
  ['{"string": "my-value"}', '"string" must be an object or an array', 13],
  ['{"resources": []}', "Empty arrays are not allowed", 17],
  ['{"my_key": [{"EXISTS": true}]}', "Unrecognized match type EXISTS", 28],
  ['{"detail": {"c-count": [{"numeric": [">", 0, ">", 0]}]}}', "Bad numeric range operator: >", 49],
  ['{"detail": {"c-count": [{"numeric": [">", 0, "<"]}]}}', "Value of < must be numeric", 50],
  ['{"detail": {"c-count": [{"numeric": 10}]}}', "Value of numeric must be an array.", 39],
  ['{"EventBusArn": [{"wildcard": "a**"}]}', "Consecutive wildcard characters at pos 2", 36],
  ['{"time": [{"prefix": ["2022-07-13"]}]}', "prefix match pattern must be a string", 23],
  ['{"detail": {"FileName": [{"anything-but": {"prefix": ""}}]}}', "Null prefix/suffix not allowed", 56],
  ['["a"]', "Filter is not an object", 2],
  [
    "this is no JSON",
    "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    5,
  ],
])("%s is refused where AWS stops reading", (pattern, reason, column) => {
  const place = `\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`;
  expect(() => parsePattern(pattern)).toThrow(new PatternError(reason + place));
});

test("what is wrong in a list is placed twice, what is wrong with addresses not at all", () => {
  expect(() => parsePattern('{"a": [{"anything-but": ["x", null]}]}')).toThrow(/supported\.(\n at .*column: 35\]){2}$/);
  expect(() => parsePattern('{"a": [{"cidr": "10.0.0.0"}]}')).toThrow(/^Malformed CIDR, one '\/' required$/);
});

test("an index finds what a walk over all patterns finds", () => {
  const asked = [
    { source: ["a"], "detail-type": ["x", "y"] },
    { source: ["a"], detail: { n: [1] } },
    { source: [{ prefix: "a" }] },
    { "detail-type": ["y"], source: ["b"] },
    { source: [{ exists: false }] },
    { $or: [{ source: ["a"] }, { detail: { n: [{ numeric: [">", 5] }] } }] },
  ];
  const patterns = asked.map((pattern, of) => ({ of, pattern: parsePattern(JSON.stringify(pattern)) }));
  const index = new PatternIndex(patterns);
  const events = [{ source: "a", "detail-type": "y" }, { source: "b", "detail-type": "y" }, { detail: { n: 9 } }, {}];
  const found = events.map((event) => [...index.match(event)].toSorted((one, two) => one - two));
  expect(found).toEqual([[0, 2, 5], [3], [4, 5], [4]]);
});

/** Source: https://github.com/aws/event-ruler (AWS's own reader of patterns, which was given the same) */
test.each([
  ['{"b":[{"numeric":[">",1,"<",1.0]}]}', "Bottom must be less than top", 33],
  ['{"b":[{"numeric":[">",12345678901234567890]}]}', "Cannot compare number : 12345678901234567890", 44],
  ['{"a":[{"numeric":[">",1e400]}]}', "Cannot compare number : 1e400", 29],
  ['{"c":["ab",{"numeric":[]}]}', "Invalid member in numeric match: ]", 25],
  ['{"c":[{"numeric":["==",1e0]}]}', "Unrecognized numeric range operator: ==", 27],
  ['{"a":[{"exactly":[]}]}', "exact match pattern must be a string", 19],
  ['{"a":[01]}', "Invalid numeric value: Leading zeroes not allowed", 8],
  ['{"b":}}', "Unexpected character ('}' (code 125)): expected a value", 6],
  ['{"', "Unexpected end-of-input in field name", 3],
  ['{"a"', "Unexpected end-of-input within/between Object entries", 5],
  ['{"a":["abc",', "Unexpected end-of-input within/between Array entries", 13],
  ['{"b":["10', "Unexpected end-of-input: was expecting closing quote for a string value", 10],
  [
    '{"a":[',
    'Unexpected end-of-input: expected close marker for Array (start marker at [Source: (String)"{"a":["; line: 1, column: 6])',
    7,
  ],
  [
    "}",
    `Unexpected close marker '}': expected ']' (for root starting at [Source: (String)"}"; line: 1, column: 0])`,
    1,
  ],
  [
    '{"a":]}',
    "Unexpected character (']' (code 93)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    6,
  ],
])("%s is refused as AWS's reader does", (pattern, reason, column) => {
  const place = `\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`;
  expect(() => parsePattern(pattern)).toThrow(new PatternError(reason + place));
});

/** Source: https://github.com/aws/event-ruler (the same) */
test("of a number that stands alone in anything-but no place is told", () => {
  const alone = '{"d":[{"anything-but":12345678901234567890}]}';
  expect(() => parsePattern(alone)).toThrow(/^Cannot compare number : 12345678901234567890$/);
});

/** Source: https://github.com/aws/event-ruler (the same) */
test("an address is the same in another spelling, but not where it is asked for exactly", () => {
  expect(isFor({ a: ["0:0:0:0:0:0:0:1"] }, { a: "::1" })).toBe(true);
  expect(isFor({ a: [{ exactly: "0:0:0:0:0:0:0:1" }] }, { a: "::1" })).toBe(false);
});

describe("wildcards that make too much work are refused", () => {
  const TOO_COMPLEX =
    /^Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character$/;

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json (content_wildcard_complex_EXC)
  test("as AWS was seen to", () => {
    expect(() => parsePattern('{"EventBusArn": [{"wildcard": "*:*:*:*:*:event-bus/*"}]}')).toThrow(TOO_COMPLEX);
  });

  // Source: https://github.com/aws/event-ruler#machine-complexity: all wildcards of a field count
  test("one by one, together, turned around and in alternatives", () => {
    expect(() => parsePattern(`{"a": [{"wildcard": "*${"a".repeat(10)}"}]}`)).toThrow(TOO_COMPLEX);
    expect(() => parsePattern('{"a": [{"wildcard": "*aaaaa"}, {"wildcard": "*aaaa"}]}')).toThrow(TOO_COMPLEX);
    expect(() => parsePattern('{"a": [{"anything-but": {"wildcard": ["*aaaaa", "*aaaa"]}}]}')).toThrow(TOO_COMPLEX);
    const either = '{"$or": [{"a": [{"wildcard": "*aaaaa"}]}, {"a": [{"wildcard": "*aaaa"}]}]}';
    expect(() => parsePattern(either)).toThrow(TOO_COMPLEX);
  });

  test.each([
    ["the rest of the recorded answers", '{"FileName": [{"wildcard": "/Users/*/dir/dir/dir/dir/dir/doc.txt"}]}'],
    ["two that are turned around", '{"FileName": [{"anything-but": {"wildcard": ["*/init/*", "*/dir/*"]}}]}'],
    ["as much as there may be", `{"a": [{"wildcard": "*${"a".repeat(9)}"}]}`],
    ["the same twice", '{"a": [{"wildcard": "*aaaaa"}, {"wildcard": "*aaaaa"}]}'],
    ["in two fields", '{"a": [{"wildcard": "*aaaaa"}], "b": [{"wildcard": "*aaaaa"}]}'],
    ["many that have nothing in common", `{"a": [${letters((one) => `{"wildcard": "${one}*${one}"}`)}]}`],
  ])("but not %s", (_, pattern) => {
    expect(() => parsePattern(pattern)).not.toThrow();
  });
});

function letters(write: (letter: string) => string): string {
  return "abcdefghijklmnopqrstuvwxyz".split("").map(write).join(", ");
}

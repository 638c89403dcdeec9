import { expect, test } from "vitest";
import { parsePolicy, PolicySyntaxError, readPolicy } from "./parse.ts";

const POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "A",
      "Effect": "Allow",
      "NotAction": ["iam:*", null],
      "Resource": "*",
      "Condition": { "Bool": { "aws:SecureTransport": true }, "NumericLessThan": { "s3:max-keys": 10 } }
    },
    { "Effect": "Deny", "Action": "*", "Resource": "*", "Principal": { "AWS": ["1", "2"], "Service": "s" } }
  ]
}`;

test("a policy is read with its places", () => {
  const { version, statements } = parsePolicy(POLICY);
  const [first, second] = statements;
  expect(version).toBe("2012-10-17");
  expect(first).toMatchObject({ sid: "A", effect: "Allow", action: { negated: true, values: ["iam:*"] } });
  expect(first?.start).toEqual({ line: 4, column: 5 });
  expect(first?.end).toEqual({ line: 10, column: 6 });
  expect(second?.start.line).toBe(11);
  expect(second?.principal?.entries.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
    "AWS 1",
    "AWS 2",
    "Service s",
  ]);
});

test("numbers and booleans of conditions keep their spelling", () => {
  const { conditions } = parsePolicy(POLICY).statements[0] ?? {};
  expect(conditions?.map(({ key, values, at }) => [key, values, at.line])).toEqual([
    ["aws:SecureTransport", ["true"], 9],
    ["s3:max-keys", ["10"], 9],
  ]);
});

test("a single statement needs no list, and a policy no version", () => {
  const policy = parsePolicy(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`);
  expect(policy).toMatchObject({ version: "2008-10-17", versioned: false, statements: [{ index: 0 }] });
});

test.each([
  [`no json`, "json"],
  [`[]`, "not-a-policy"],
  [`{"Version": "2012-10-17"}`, "no-statement"],
  [`{"Statement": []}`, "no-statement"],
  [`{"Statement": ["x"]}`, "wrong-type"],
  [`{"Statement": {"Effect": "Allow"}, "statement": 1}`, "unknown-field"],
  [`{"Statement": {"Effect": "Allow", "Effect": "Deny"}}`, "duplicate-field"],
  [`{"Statement": {"Effect": "Maybe"}}`, "effect"],
  [`{"Statement": {}}`, "no-effect"],
  [`{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}`, "both-forms"],
  [`{"Statement": {"Effect": "Allow", "Action": 1}}`, "wrong-type"],
  [`{"Statement": {"Effect": "Allow", "Principal": "x"}}`, "wrong-type"],
  [`{"Statement": {"Effect": "Allow", "Principal": {"Everyone": "*"}}}`, "principal-kind"],
  [`{"Statement": {"Effect": "Allow", "Condition": {"StringSame": {"a": "b"}}}}`, "operator"],
  [`{"Statement": {"Effect": "Allow", "Condition": {"NullIfExists": {"a": "true"}}}}`, "operator"],
  [`{"Statement": {"Effect": "Allow", "Condition": {"StringEquals": {"a": {"b": "c"}}}}}`, "wrong-type"],
  [`{"Statement": {"Effect": "Allow", "Condition": {"StringEquals": {"a": "1", "a": "2"}}}}`, "duplicate-field"],
])("%s is at fault for %s", (text, code) => {
  expect(readPolicy(text).faults.map((fault) => fault.code)).toContain(code);
  expect(() => parsePolicy(text)).toThrow(PolicySyntaxError);
});

test("the fault says where it is", () => {
  const { faults } = readPolicy(`{\n  "Statement": {\n    "Effect": "Allow",\n    "Comment": "x"\n  }\n}`);
  expect(faults).toEqual([{ code: "unknown-field", subject: "Comment", at: { line: 4, column: 5 } }]);
});

/**
 * Policies, changed by chance that comes out the same each time: nothing is thrown, and what is taken for a policy says
 * what its text says as JSON. `npm run fuzz` goes on for longer.
 */
import { expect, test } from "vitest";
import { Seeded } from "../../../test/store/seeded.ts";
import type { ListElement, PolicyDocument, PrincipalElement } from "./ast.ts";
import { compilePolicy } from "./compile.ts";
import { readPolicy } from "./parse.ts";
import { validatePolicy } from "./validate.ts";

const ROUNDS = Number(process.env["KUMOBAKO_FUZZ_ROUNDS"] ?? 1);

const POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "A",
      "Effect": "Allow",
      "NotAction": ["iam:*", "sts:Get?"],
      "Resource": "*",
      "Condition": { "Bool": { "aws:SecureTransport": true }, "NumericLessThan": { "s3:max-keys": 10 } }
    },
    { "Effect": "Deny", "Action": "*", "NotResource": ["a", "b"], "Principal": { "AWS": ["1", "2"], "Service": "s" } },
    { "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/\${aws:username}", "Principal": "*" }
  ]
}`;

const SCRAPS: readonly [string, ...string[]] = [
  "{",
  ...'} [ ] , : " \\ / $ * ? - 0 . e'.split(" "),
  "null",
  "true",
  "1e9",
  "${aws:x",
  "\u0000",
  "\ud800",
  String.raw`\u0041`,
  "Action",
  "Not",
  "Deny",
  '"Statement"',
  '"Effect":"Allow",',
  '"Principal":"*",',
  '"*",',
  '"__proto__":',
  "x".repeat(99),
];

function mutate(chance: Seeded): string {
  let text = POLICY;
  for (let edits = 1 + chance.below(chance.below(2) === 0 ? 1 : 4); edits > 0; edits--) {
    const at = chance.below(text.length);
    const from = chance.below(text.length);
    const piece = chance.below(4) === 0 ? text.slice(from, from + chance.below(90)) : chance.pick(SCRAPS);
    text = text.slice(0, at) + piece + text.slice(at + chance.below(12));
  }
  return text;
}

/** A policy as anybody's JSON has it. */
interface Plain {
  readonly Statement: PlainStatement | readonly PlainStatement[];
}
type PlainStatement = Readonly<Record<string, unknown>>;

/** Numbers keep the spelling that they have in a policy: `1e9`. */
const valueOf = (value: unknown): string =>
  Number.isNaN(Number(String(value))) ? String(value) : String(Number(String(value)));

/** A list may be one text, and holds no `null`. */
const textsOf = (value: unknown): unknown[] => [value].flat().filter((each) => each !== null);

function plainPrincipal(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).flatMap(([kind, names]) => textsOf(names).map((name) => `${kind} ${String(name)}`));
}

function plainFacts(text: string): unknown {
  const { Statement }: Plain = JSON.parse(text);
  return [Statement].flat().map((statement) => ({
    Effect: statement["Effect"],
    ...Object.fromEntries(
      ["Action", "NotAction", "Resource", "NotResource"].flatMap((name) =>
        statement[name] === undefined ? [] : [[name, textsOf(statement[name])]],
      ),
    ),
    ...Object.fromEntries(
      ["Principal", "NotPrincipal"].flatMap((name) =>
        statement[name] === undefined ? [] : [[name, plainPrincipal(statement[name])]],
      ),
    ),
    conditions: Object.entries(statement["Condition"] ?? {}).flatMap(([, keys]: [string, object]) =>
      Object.entries(keys ?? {}).map(([key, values]) => `${key} ${textsOf(values).map(valueOf).join()}`),
    ),
  }));
}

const listFacts = (name: string, list: ListElement | undefined) =>
  list && { [list.negated ? `Not${name}` : name]: list.values };

const principalFacts = (principal: PrincipalElement | undefined) =>
  principal && {
    [principal.negated ? "NotPrincipal" : "Principal"]: principal.everyone
      ? "*"
      : principal.entries.map(({ kind, value }) => `${kind} ${value}`),
  };

const readFacts = ({ statements }: PolicyDocument): unknown =>
  statements.map(({ effectText, action, resource, principal, conditions }) => ({
    Effect: effectText,
    ...listFacts("Action", action),
    ...listFacts("Resource", resource),
    ...principalFacts(principal),
    conditions: conditions.map(({ key, values }) => `${key} ${values.map(valueOf).join()}`),
  }));

test(
  "hostile texts give faults and nothing else; what is read is what is written",
  { timeout: 60_000 * ROUNDS },
  () => {
    const chance = new Seeded(7);
    let taken = 0;
    for (let round = 0; round < 3000 * ROUNDS; round++) {
      const text = mutate(chance);
      const { document, faults } = readPolicy(text);
      expect(document !== undefined || faults.length > 0).toBe(true);
      for (const kind of ["identity", "trust", "resource", "scp", "rcp"] as const) validatePolicy(text, kind);
      if (document === undefined || faults.length > 0) continue;
      taken++;
      compilePolicy(text);
      expect(readFacts(document), `round ${round}: ${text}`).toEqual(plainFacts(text));
    }
    expect(taken).toBeGreaterThan(100);
  },
);

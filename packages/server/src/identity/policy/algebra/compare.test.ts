/** What is said to be no new access is held against the evaluator, on random policies and requests. */
import { expect, test } from "vitest";
import { allows, policy, request, statement, type Mode } from "../../../../test/random-policies.ts";
import { Seeded } from "../../../../test/store/seeded.ts";
import documents from "../../../../managed-policies/documents.json" with { type: "json" };
import { makeRequest } from "../evaluate.ts";
import { parsePolicy } from "../parse.ts";
import { grantedAccess, newAccess } from "./compare.ts";
import { isSingleValuedGlobalKey as isSingleValued } from "./single-valued.ts";

const POLICIES = 300;
const REQUESTS = 60;

test.each(["none", "named"] as const)("no request contradicts a pass, principals %s", (principals) => {
  const chance = new Seeded(20_260_101);
  let passes = 0;
  let granting = 0;
  for (let round = 0; round < POLICIES; round++) {
    const updated = policy(chance, principals);
    const existing = chance.below(3) === 0 ? policy(chance, principals) : related(updated, chance, principals);
    const found = newAccess({
      updated: parsePolicy(updated),
      existing: parsePolicy(existing),
      principals,
      isSingleValued,
    });
    if (found?.length !== 0) continue;
    passes++;
    for (let at = 0; at < REQUESTS; at++) {
      const asked = request(chance, principals);
      if (!allows(updated, asked)) continue;
      granting++;
      expect(allows(existing, asked), `${updated}\n${existing}\n${JSON.stringify([...asked.keys])}`).toBe(true);
    }
  }
  expect(passes).toBeGreaterThan(POLICIES / 10);
  expect(granting).toBeGreaterThan(200);
});

/** The same policy with a statement more or less: passes are more frequent among such. */
function related(text: string, chance: Seeded, mode: Mode): string {
  const document: { Statement: object[] } = JSON.parse(text);
  const more = { ...statement(chance, mode), Effect: "Allow" };
  return JSON.stringify({ ...document, Statement: [...document.Statement, more] });
}

test.each(["none", "named"] as const)(
  "no request for what is said not to be granted is allowed, principals %s",
  (principals) => {
    const chance = new Seeded(7);
    let passes = 0;
    for (let round = 0; round < POLICIES; round++) {
      const text = policy(chance, principals);
      const wanted = request(chance, principals);
      const granted = grantedAccess({
        policy: parsePolicy(text),
        principals,
        isSingleValued,
        actions: [wanted.action],
        resources: [wanted.resource],
      });
      if (granted?.length !== 0) continue;
      passes++;
      for (let at = 0; at < REQUESTS; at++) {
        const other = request(chance, principals);
        const asked = makeRequest(wanted.action, wanted.resource, { get: (key) => other.keys.get(key) });
        expect(allows(text, { ...other, asked }), text).toBe(false);
      }
    }
    expect(passes).toBeGreaterThan(POLICIES / 5);
  },
);

const identity = (...Statement: readonly object[]) => parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement }));
const allow = { Effect: "Allow", Action: "s3:*", Resource: "*" };
const between = (updated: object, existing: object | readonly object[]) =>
  newAccess({
    updated: identity(updated),
    existing: identity(...[existing].flat()),
    principals: "none",
    isSingleValued,
  });

test.each([
  ["fewer actions", { ...allow, Action: ["s3:Get*", "S3:PUTOBJECT"] }, allow],
  [
    "all but some of what all but fewer were",
    { ...allow, Action: undefined, NotAction: ["iam:*", "s3:*"] },
    { ...allow, Action: undefined, NotAction: "iam:*" },
  ],
  [
    "two patterns that the other has as one",
    { ...allow, Action: ["s3:GetA*", "s3:GetB?"] },
    { ...allow, Action: "s3:Get*" },
  ],
  [
    "one pattern that the other parts in two",
    { ...allow, Resource: "arn:aws:s3:::b/*" },
    [
      { ...allow, Resource: "arn:aws:s3:::b/a*" },
      { ...allow, Resource: "*" },
    ],
  ],
  [
    "a narrower network",
    { ...allow, Condition: { IpAddress: { "aws:SourceIp": "10.1.0.0/16" } } },
    { ...allow, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
  ],
  [
    "two values that the other allows one by one",
    { ...allow, Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-1", "o-2"] } } },
    ["o-1", "o-2"].map((id) => ({ ...allow, Condition: { StringEquals: { "aws:PrincipalOrgID": id } } })),
  ],
  [
    "what the other allows in both of two cases",
    allow,
    ["StringEquals", "StringNotEquals"].map((operator) => ({
      ...allow,
      Condition: { [operator]: { "aws:PrincipalOrgID": "o-1" } },
    })),
  ],
  [
    "what a denial never reaches",
    { ...allow, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
    [allow, { ...allow, Effect: "Deny", Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } }],
  ],
])("%s is no new access", (_what, updated, existing) => expect(between(updated, existing)).toEqual([]));

test.each([
  ["another action", { ...allow, Action: "sqs:SendMessage" }, allow],
  ["what was denied", { ...allow, Action: "s3:GetObject" }, [allow, { ...allow, Effect: "Deny", Action: "s3:Get*" }]],
  ["the same without its condition", allow, { ...allow, Condition: { Bool: { "aws:SecureTransport": "true" } } }],
  [
    "a condition that absent keys meet",
    { ...allow, Condition: { BoolIfExists: { "aws:SecureTransport": "true" } } },
    { ...allow, Condition: { Bool: { "aws:SecureTransport": "true" } } },
  ],
])("%s is new access", (_what, updated, existing) => expect(between(updated, existing)).toEqual([0]));

test("no policy of AWS's own grants more than itself", () => {
  const texts = Object.values(documents).filter((_text, at) => at % 25 === 0);
  expect(texts.length).toBeGreaterThan(50);
  for (const text of texts) {
    const own = parsePolicy(text);
    expect(newAccess({ updated: own, existing: own, principals: "none", isSingleValued }), text).toEqual([]);
  }
});

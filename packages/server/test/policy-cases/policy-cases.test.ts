import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { RequestKeys } from "../../src/identity/condition-keys.ts";
import { decide } from "../../src/identity/decide.ts";
import type { Decision, Layer, Remedy } from "../../src/identity/decision.ts";
import { EvidenceReader } from "../../src/identity/evidence-reader.ts";
import { keptCall, keptQuestion, type Answer } from "../../src/identity/evidence.ts";
import { deniedMessage } from "../../src/identity/explain.ts";
import { PolicyCompiler } from "../../src/identity/policy/compile.ts";
import type { Principal } from "../../src/identity/principal.ts";
import { questionOf } from "./case-question.ts";
import { readCases, type CasePolicy, type Expectation, type PolicyCase } from "./case-file.ts";
import { accountId, PRINCIPALS } from "./principals.ts";

const compiler = new PolicyCompiler({ capacity: 2_000 });
const files = readCases(import.meta.dirname);
const all = [...files.values()].flat();

describe.each([...files])("%s", (_file, cases) => {
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_name, each) => {
    expect(outcomeOf(each)).toEqual(each.expect);
  });
});

/** What the case expects something of, as it is. */
function outcomeOf(each: PolicyCase): Partial<Expectation> {
  const decision = decideCase(each);
  const [reason] = decision.because;
  const asked = each.expect.condition;
  const fact = reason?.conditions?.find(
    ({ key, met, actual }) =>
      key === asked?.key && met === asked.met && isDeepStrictEqual(actual ?? null, asked.actual),
  );
  const outcome: Record<keyof Expectation, unknown> = {
    decision: decision.decision,
    layer: reason?.layer,
    effect: reason?.effect,
    sid: reason?.statement?.sid,
    level: reason?.level,
    policy: reason?.policy,
    condition: fact === undefined ? reason?.conditions : asked,
    message: deniedMessage(decision, arnOf(PRINCIPALS[each.principal])),
    remedy: firstRemedy(decision),
  };
  return Object.fromEntries(Object.entries(outcome).filter(([name]) => name in each.expect));
}

const firstRemedy = ({ remedies = [] }: Decision) => remedies[0]?.statement;

test("there are at least four hundred cases", () => {
  expect(all.length).toBeGreaterThanOrEqual(400);
});

test.each([...files])("no two cases of %s have one name", (_file, cases) => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

test("every documented case names its page", () => {
  const pages = all.flatMap(({ provenance }) => (provenance.kind === "documented" ? [provenance.url] : []));
  expect(pages.filter((url) => !url.startsWith("https://docs.aws.amazon.com/"))).toEqual([]);
});

test("an implicit denial is cured by its remedies, and by no fewer", () => {
  const denials = all.filter(({ expect: { effect } }) => effect === "no-allow");
  expect(denials.length).toBeGreaterThan(100);
  const outcomes = denials.map((each) => {
    const remedies = decideCase(each).remedies ?? [];
    const without = remedies.map((left) =>
      cured(
        each,
        remedies.filter((remedy) => remedy !== left),
      ),
    );
    return { name: each.name, allowed: cured(each, remedies), tooMany: without.includes(true) };
  });
  expect(outcomes.filter(({ allowed, tooMany }) => !allowed || tooMany)).toEqual([]);
});

/** Whether the call is allowed once `remedies` are in the layers that lack them. */
function cured(each: PolicyCase, remedies: readonly Remedy[]): boolean {
  const patched = remedies.reduce((before, remedy) => ({ ...before, ...patch(before, remedy) }), each);
  return decideCase(patched).decision === "allow";
}

type Patch = (each: PolicyCase, remedy: Remedy) => Partial<PolicyCase>;

/** How each layer takes up a statement. */
const PATCHES: Partial<Record<Layer, Patch>> = {
  identity: ({ identity = [] }, { statement }) => ({ identity: [...identity, [statement]] }),
  resource: ({ resourcePolicy }, { statement }) => ({ resourcePolicy: extended(resourcePolicy, statement) }),
  boundary: ({ boundary }, { statement }) => ({ boundary: extended(boundary, statement) }),
  session: ({ session = [] }, { statement }) => ({ session: [...session, [statement]] }),
  scp: ({ scps }, remedy) => ({ scps: extendedLevels(scps, remedy) }),
  rcp: ({ rcps }, remedy) => ({ rcps: extendedLevels(rcps, remedy) }),
  endpoint: ({ endpointPolicy }, { statement }) => ({ endpointPolicy: extended(endpointPolicy, statement) }),
};

const patch: Patch = (each, remedy) => PATCHES[remedy.layer]?.(each, remedy) ?? {};

const extended = (policy: CasePolicy = [], statement: object): CasePolicy =>
  "Statement" in policy ? { ...policy, Statement: [policy.Statement, statement].flat() } : [...policy, statement];

const extendedLevels = (levels: NonNullable<PolicyCase["scps"]> = [], { level, statement }: Remedy) =>
  levels.map((one) => (one.level === level ? { ...one, policies: [...one.policies, [statement]] } : one));

function decideCase(each: PolicyCase): Decision {
  const { facts, ...question } = questionOf(each);
  return decide({ ...question, keys: new RequestKeys(facts) }, compiler);
}

/** The same from what a record of the decision would keep, once it was written and read. */
async function decideRecorded(each: PolicyCase, decision: Decision): Promise<Decision | undefined> {
  const { facts, policies, resourceControls, endpointPolicy } = questionOf(each);
  const owner = accountId(facts.resourceAccount);
  const answer: Answer = { decision, facts, owner, policies, resourceControls, endpointPolicy };
  const texts = new Map<string, string>();
  const keep = {
    text: (text: string): string => {
      const name = `text ${texts.size}`;
      texts.set(name, text);
      return name;
    },
    textOf: (_value: object, make: () => string): string => keep.text(make()),
  };
  const { region, origin } = facts;
  const evidence = keptCall(answer, keep);
  const record = { region, userAgent: origin.userAgent, questions: [keptQuestion(answer, keep)], evidence };
  const reader = new EvidenceReader((name) => Promise.resolve(texts.get(name)));
  const [question] = (await reader.read(JSON.parse(JSON.stringify(record)))) ?? [];
  return question && decide(question, compiler);
}

test.each([...files])(
  "the cases of %s are decided again as they were, from what records keep of them",
  async (_file, cases) => {
    for (const each of cases) {
      const decision = decideCase(each);
      expect(await decideRecorded(each, decision), each.name).toEqual(decision);
    }
  },
);

function arnOf(principal: Principal): string {
  if (principal.type === "anonymous") return "anonymous";
  return principal.type === "service" ? principal.service : principal.arn;
}

import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { RequestKeys } from "../../src/identity/condition-keys.ts";
import { decide } from "../../src/identity/decide.ts";
import type { Decision, Layer, Remedy } from "../../src/identity/decision.ts";
import type { NamedPolicy } from "../../src/identity/directory.ts";
import { deniedMessage } from "../../src/identity/explain.ts";
import { PolicyCompiler } from "../../src/identity/policy/compile.ts";
import type { Principal } from "../../src/identity/principal.ts";
import { formatArn, parseArn, type Arn } from "../../src/kernel/arn.ts";
import type { Access } from "../../src/service/access.ts";
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
  const principal = PRINCIPALS[each.principal];
  const access = accessOf(each);
  const account = "account" in principal ? principal.account : "111111111111";
  return decide(
    {
      principal,
      access,
      account,
      policies: "account" in principal ? policiesOf(each) : undefined,
      resourceControls: each.rcps?.map(levelOf),
      endpointPolicy: each.endpointPolicy && named("vpce-1", each.endpointPolicy),
      keys: keysOf(each, principal, access),
      canonicalUser: each.canonicalUser,
    },
    compiler,
  );
}

function accessOf(each: PolicyCase): Access {
  const { action, resourcePolicy, required, keys = {}, grants, resourceTags, requestTags, tagKeys } = each;
  return {
    action,
    resource: resourceOf(each.resource),
    owner: accountId(each.owner ?? "111111111111"),
    resourcePolicy: resourcePolicy && named("resource policy", resourcePolicy),
    resourcePolicyRole: required === true ? "required" : "usual",
    keys,
    ...(grants && { grants }),
    resourceTags,
    requestTags,
    tagKeys,
  };
}

function resourceOf(text: string): Arn | "*" {
  const parts = parseArn(text);
  if (parts !== undefined) return formatArn(parts);
  if (text === "*") return text;
  throw new Error(`a resource is an ARN or "*": ${text}`);
}

function policiesOf(each: PolicyCase) {
  const identity = [...(each.identity ?? []), ...(each.condition ? [conditional(each)] : [])];
  return {
    identity: identity.map((policy, index) => named(`identity ${index + 1}`, policy)),
    boundary: each.boundary && named("arn:aws:iam::111111111111:policy/boundary", each.boundary),
    session: each.session?.map((policy, index) => named(`session ${index + 1}`, policy)),
    scps: each.scps?.map(levelOf),
    tags: each.principalTags ?? {},
  };
}

const conditional = ({ action, condition }: PolicyCase): CasePolicy => [
  { Sid: "Conditional", Effect: "Allow", Action: action, Resource: "*", Condition: condition },
];

function levelOf({ level, policies }: { readonly level: string; readonly policies: readonly CasePolicy[] }) {
  return { level, policies: policies.map((policy, index) => named(`${level} ${index + 1}`, policy)) };
}

function named(name: string, policy: CasePolicy): NamedPolicy {
  const document = "Statement" in policy ? policy : { Version: "2012-10-17", Statement: policy };
  return { name, document: JSON.stringify(document, null, 2) };
}

function keysOf(each: PolicyCase, principal: Principal, access: Access): RequestKeys {
  const { sourceIp = "203.0.113.7", userAgent, referer, secureTransport = true, endpoint } = each;
  return new RequestKeys({
    principal,
    access,
    resourceAccount: each.owner ?? "111111111111",
    region: each.region ?? "us-east-1",
    nowMs: Date.parse(each.now ?? "2026-01-15T12:00:00Z"),
    origin: { sourceIp, userAgent, referer, secureTransport, endpoint },
    principalTags: each.principalTags,
    organization: each.organization,
    resourceOrganization: each.resourceOrganization,
    calling: each.calling,
  });
}

function arnOf(principal: Principal): string {
  if (principal.type === "anonymous") return "anonymous";
  return principal.type === "service" ? principal.service : principal.arn;
}

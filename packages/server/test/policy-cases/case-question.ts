/** A case as the question that it puts. */
import type { Question } from "../../src/identity/decide.ts";
import type { NamedPolicy } from "../../src/identity/directory.ts";
import type { KeyFacts } from "../../src/identity/key-facts.ts";
import { formatArn, parseArn, type Arn } from "../../src/kernel/arn.ts";
import type { Access } from "../../src/service/access.ts";
import type { CasePolicy, PolicyCase } from "./case-file.ts";
import { accountId, PRINCIPALS } from "./principals.ts";

/** All but the condition keys, which are made of the facts. */
export interface CaseQuestion extends Omit<Question, "keys" | "account"> {
  readonly facts: KeyFacts;
  readonly account: ReturnType<typeof accountId>;
}

export function questionOf(each: PolicyCase): CaseQuestion {
  const principal = PRINCIPALS[each.principal];
  const access = accessOf(each);
  return {
    principal,
    access,
    account: "account" in principal ? principal.account : accountId("111111111111"),
    policies: "account" in principal ? policiesOf(each) : undefined,
    resourceControls: each.rcps?.map(levelOf),
    endpointPolicy: each.endpointPolicy && named("vpce-1", each.endpointPolicy),
    facts: factsOf(each, access),
    canonicalUser: each.canonicalUser,
  };
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
    canonicalUser: each.canonicalUser,
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

function factsOf(each: PolicyCase, access: Access): KeyFacts {
  const { sourceIp = "203.0.113.7", userAgent, referer, secureTransport = true, endpoint } = each;
  return {
    principal: PRINCIPALS[each.principal],
    access,
    resourceAccount: each.owner ?? "111111111111",
    region: each.region ?? "us-east-1",
    nowMs: Date.parse(each.now ?? "2026-01-15T12:00:00Z"),
    origin: { sourceIp, userAgent, referer, secureTransport, endpoint },
    principalTags: each.principalTags,
    organization: each.organization,
    resourceOrganization: each.resourceOrganization,
    calling: each.calling,
  };
}

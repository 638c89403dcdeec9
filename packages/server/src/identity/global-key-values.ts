/** How each global condition key is worked out. What is not here is listed with its reason in `global-keys.ts`. */
import { partitionOf } from "../kernel/arn.ts";
import { isoSeconds } from "../kernel/iso-seconds.ts";
import type { KeyFacts } from "./key-facts.ts";
import type { Principal, Session } from "./principal.ts";

type KeyValue = (facts: KeyFacts) => string | readonly string[] | undefined;

/** `key`: the tag's own key, in lower case. */
export type TagValue = (facts: KeyFacts, key: string) => string | undefined;

const sessionOf = (principal: Principal): Session | undefined =>
  "session" in principal ? principal.session : undefined;

const flag = (value: boolean): string => (value ? "true" : "false");

const VALUES: Readonly<Record<string, KeyValue>> = {
  "aws:principalarn": ({ principal }) => principalArn(principal),
  "aws:principalaccount": ({ principal }) => accountOf(principal),
  "aws:principaltype": ({ principal }) => TYPES[principal.type],
  "aws:principalorgid": ({ organization }) => organization?.["aws:PrincipalOrgID"],
  "aws:principalorgpaths": ({ organization }) => organization?.["aws:PrincipalOrgPaths"],
  "aws:principalisawsservice": ({ principal }) =>
    principal.type === "anonymous" ? undefined : flag(principal.type === "service"),
  "aws:principalservicename": ({ principal }) => (principal.type === "service" ? principal.service : undefined),
  "aws:principalservicenameslist": ({ principal, region }) => serviceNames(principal, region),
  "aws:userid": ({ principal }) => userId(principal),
  "aws:username": ({ principal }) => (principal.type === "user" ? principal.userName : undefined),

  "aws:assumedroot": ({ principal }) => assumedRoot(principal),
  "aws:federatedprovider": ({ principal }) => sessionOf(principal)?.federatedProvider,
  "aws:multifactorauthage": ({ principal, nowMs }) => secondsSince(sessionOf(principal)?.mfaAtMs, nowMs),
  "aws:multifactorauthpresent": ({ principal }) => mfaPresent(sessionOf(principal)),
  "aws:sourceidentity": ({ principal }) => sessionOf(principal)?.sourceIdentity,
  "identitystore:userid": ({ principal }) => sessionOf(principal)?.keys?.["identitystore:UserId"],
  "aws:tokenissuetime": ({ principal }) => issueTime(sessionOf(principal)),

  "aws:sourceip": ({ origin }) => (origin.endpoint === undefined ? origin.sourceIp : undefined),
  "aws:sourcevpc": ({ origin }) => origin.endpoint?.vpcId,
  "aws:sourcevpcarn": ({ origin }) => origin.endpoint?.vpcArn,
  "aws:sourcevpce": ({ origin }) => origin.endpoint?.vpceId,
  "aws:vpcsourceip": ({ origin }) => origin.endpoint?.vpcSourceIp,
  "aws:vpceaccount": ({ origin }) => origin.endpoint?.account,
  "aws:vpceorgid": ({ origin }) => origin.endpoint?.organizationId,
  "aws:vpceorgpaths": ({ origin }) => origin.endpoint?.organizationPaths,

  "aws:resourceaccount": ({ resourceAccount }) => resourceAccount,
  "aws:resourceorgid": ({ resourceOrganization }) => resourceOrganization?.["aws:PrincipalOrgID"],
  "aws:resourceorgpaths": ({ resourceOrganization }) => resourceOrganization?.["aws:PrincipalOrgPaths"],

  "aws:calledvia": ({ calling }) => calling?.calledVia,
  "aws:calledviafirst": ({ calling }) => calling?.calledVia?.[0],
  "aws:calledvialast": ({ calling }) => calling?.calledVia?.at(-1),
  "aws:viaawsservice": ({ calling }) => flag((calling?.calledVia?.length ?? 0) > 0),
  "aws:sourcearn": ({ calling }) => calling?.sourceArn,
  "aws:sourceaccount": ({ calling }) => calling?.sourceAccount,
  "aws:sourceowner": ({ calling }) => calling?.sourceAccount,
  "aws:sourceorgid": ({ calling }) => calling?.sourceOrganization?.["aws:PrincipalOrgID"],
  "aws:sourceorgpaths": ({ calling }) => calling?.sourceOrganization?.["aws:PrincipalOrgPaths"],

  "aws:currenttime": ({ nowMs }) => isoSeconds(nowMs),
  "aws:epochtime": ({ nowMs }) => String(Math.floor(nowMs / 1000)),
  "aws:referer": ({ origin }) => origin.referer,
  "aws:requestedregion": ({ region }) => region,
  "aws:securetransport": ({ origin }) => flag(origin.secureTransport),
  "aws:tagkeys": ({ access }) => access.tagKeys ?? (access.requestTags && Object.keys(access.requestTags)),
  "aws:useragent": ({ origin }) => origin.userAgent,
};

/** By name in lower case. */
export const GLOBAL_KEY_VALUES: ReadonlyMap<string, KeyValue> = new Map(Object.entries(VALUES));

/** Keys that carry a tag's key in their name. */
export const TAG_KEY_VALUES: ReadonlyMap<string, TagValue> = new Map<string, TagValue>([
  [
    "aws:principaltag",
    ({ principal, principalTags }, key) => tagOf(sessionOf(principal)?.tags, key) ?? tagOf(principalTags, key),
  ],
  ["aws:requesttag", ({ access }, key) => tagOf(access.requestTags, key)],
  ["aws:resourcetag", ({ access }, key) => tagOf(access.resourceTags, key)],
]);

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
const TYPES: Readonly<Record<Principal["type"], string>> = {
  root: "Account",
  user: "User",
  "role-session": "AssumedRole",
  "federated-user": "FederatedUser",
  anonymous: "Anonymous",
  service: "AWSService",
};

/** Of a role session it is the role's ARN, not the session's. */
function principalArn(principal: Principal): string | undefined {
  if (principal.type === "anonymous" || principal.type === "service") return undefined;
  return principal.type === "role-session" ? principal.roleArn : principal.arn;
}

function accountOf(principal: Principal): string | undefined {
  if (principal.type === "service") return undefined;
  return principal.type === "anonymous" ? "anonymous" : principal.account;
}

function userId(principal: Principal): string | undefined {
  if (principal.type === "service") return undefined;
  return principal.type === "anonymous" ? "anonymous" : principal.userId;
}

/** Sessions of `AssumeRoot` are the root sessions that are bounded by a task policy. */
function assumedRoot(principal: Principal): string | undefined {
  const taskPolicies = principal.type === "root" ? principal.session?.policyArns : undefined;
  return taskPolicies === undefined || taskPolicies.length === 0 ? undefined : "true";
}

/** All names of the service: the plain one, and the one of the region. */
function serviceNames(principal: Principal, region: string): readonly string[] | undefined {
  if (principal.type !== "service") return undefined;
  const suffix = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const [name = ""] = principal.service.split(".");
  return [...new Set([principal.service, `${name}.${suffix}`, `${name}.${region}.${suffix}`])];
}

/** Whole seconds; absent without a second factor. */
function secondsSince(ms: number | undefined, nowMs: number): string | undefined {
  return ms === undefined ? undefined : String(Math.max(0, Math.floor((nowMs - ms) / 1000)));
}

/** Only temporary credentials say whether there was a second factor. */
function mfaPresent(session: Session | undefined): string | undefined {
  return session && flag(session.mfaAtMs !== undefined);
}

const issueTime = (session: Session | undefined): string | undefined => session && isoSeconds(session.issuedAtMs);

/** Tag keys are looked up without regard to case, as all names of condition keys are. */
function tagOf(tags: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  if (tags === undefined) return undefined;
  const name = Object.keys(tags).find((tag) => tag.toLowerCase() === key);
  return name === undefined ? undefined : tags[name];
}

/**
 * Whether a call may happen, and why. Every layer is read; explicit denies win over everything,
 * then each limit has to allow, then somebody has to grant.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
import type { Access } from "../service/access.ts";
import type { Decision, Reason } from "./decision.ts";
import { weighGrants } from "./decide-grants.ts";
import { ownerOf, readLayers, type Layers, type Question, type Reading } from "./decide-layers.ts";
import { denyReason, missingReason } from "./decide-reasons.ts";
import { remedyFor, type Lack } from "./decide-remedy.ts";
import type { PolicyCompiler } from "./policy/compile.ts";

export type { Question } from "./decide-layers.ts";

/** @throws {PolicySyntaxError} where a stored text is no policy: a fault of ours, which closes the door. */
export function decide(question: Question, compiler: PolicyCompiler): Decision {
  const layers = readLayers(question, compiler);
  const denials = explicitDenials(question, layers);
  if (denials.length > 0) return verdict("deny", question, denials);
  const lacking = lackingLimits(layers);
  const { lacks, because } = weighGrants(question, layers);
  if (lacking.length > 0) return implicitDenial(question, lacking, [...lacking, ...lacks]);
  return lacks.length === 0 ? verdict("allow", question, because) : implicitDenial(question, because, lacks);
}

/** An operation that nobody has mapped to an action is never let through. */
export function denyUnmapped(service: string, operation: string): Decision {
  const action = `${service}:${operation}`;
  const because: Reason[] = [{ layer: "service", effect: "no-allow", policy: `no action is mapped for ${action}` }];
  return { decision: "deny", action, resource: "*", because };
}

/** The resource belongs to an account that was closed. */
export function denyClosed({ action, resource }: Access, account: string): Decision {
  const because: Reason[] = [{ layer: "account", effect: "no-allow", policy: `${account} is closed` }];
  return { decision: "deny", action, resource, because };
}

function verdict(decision: Decision["decision"], { access }: Question, because: readonly Reason[]): Decision {
  return { decision, action: access.action, resource: access.resource, because };
}

function implicitDenial(question: Question, because: readonly Reason[], lacks: readonly Lack[]): Decision {
  return { ...verdict("deny", question, because), remedies: lacks.map((lack) => remedyFor(lack, question)) };
}

function explicitDenials(question: Question, layers: Layers): readonly Reason[] {
  const { scps, rcps, endpoint, boundary, session, identity, resource } = layers;
  const reasons: Reason[] = [];
  const add = (reading: Reading | undefined): void => {
    if (reading?.deny !== undefined) reasons.push(denyReason(reading, reading.deny, layers));
  };
  scps.forEach(add);
  rcps.forEach(add);
  add(endpoint);
  add(boundary);
  add(session);
  add(identity);
  if (!keepsPolicyAccess(question)) add(resource);
  return reasons;
}

const POLICY_ACTIONS = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/**
 * A bucket policy cannot lock the root user of its own account out of itself.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
function keepsPolicyAccess(question: Question): boolean {
  const { principal, access } = question;
  return principal.type === "root" && principal.account === ownerOf(question) && POLICY_ACTIONS.includes(access.action);
}

/** The limits that hold whoever grants: each level of the organization, and the endpoint. */
function lackingLimits(layers: Layers): readonly Reason[] {
  const { scps, rcps, endpoint } = layers;
  const reasons: Reason[] = [];
  const check = (reading: Reading | undefined): void => {
    if (reading !== undefined && reading.allow === undefined) reasons.push(missingReason(reading, layers));
  };
  scps.forEach(check);
  rcps.forEach(check);
  check(endpoint);
  return reasons;
}

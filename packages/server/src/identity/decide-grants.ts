/** Who grants a call that nobody denies: the caller's side, the resource's side, or both. */
import { ownerOf, type Layers, type Question, type Reading } from "./decide-layers.ts";
import { allowReason, missingReason } from "./decide-reasons.ts";
import type { Reason } from "./decision.ts";
import type { AccountPrincipal } from "./principal.ts";

export interface Weighed {
  /** What granted; or, where not everything did that had to, what did not. */
  readonly because: readonly Reason[];
  /** Each would have to allow; none: it is granted. */
  readonly lacks: readonly Reason[];
}

/** One side's answer: its allow, or the layers of it that lack one. */
interface Side {
  readonly allows: readonly Reason[];
  readonly lacks: readonly Reason[];
}

export function weighGrants(question: Question, layers: Layers): Weighed {
  const { principal } = question;
  if (principal.type === "anonymous" || principal.type === "service") return settle([resourceSide(question, layers)]);
  if (question.policies === undefined) return settle([{ allows: [], lacks: [missingReason(layers.identity, layers)] }]);
  if (principal.account !== ownerOf(question)) {
    return settle([callerSide(principal, layers), resourceSide(question, layers)]);
  }
  return weighWithinAccount(principal, question, layers);
}

/** Every side has to grant. */
function settle(sides: readonly Side[]): Weighed {
  const [only] = sides;
  if (only !== undefined && sides.length === 1) {
    return { lacks: only.lacks, because: only.lacks.length > 0 ? only.lacks : only.allows };
  }
  const lacks = sides.flatMap((side) => side.lacks);
  return { lacks, because: lacks.length > 0 ? lacks : sides.flatMap((side) => side.allows) };
}

/**
 * In one account either side is enough. An allow that names the caller itself is bounded by no
 * boundary, but for taking on roles, and by no session policy; one that names its role is; one that
 * names the account leaves the grant to the identity policies, and is what keys and trust policies
 * need for these to count.
 */
function weighWithinAccount(principal: AccountPrincipal, question: Question, layers: Layers): Weighed {
  const { resource } = layers;
  const grip = resource.allow?.match.grip;
  if (grip === "direct" || hasGrant(question)) {
    return settle([resourceSide(question, layers), ...boundaryOnRoles(question, layers)]);
  }
  if (grip === "behind") return settle([resourceSide(question, layers), limits(layers)]);
  const own = callerSide(principal, layers);
  if (question.access.resourcePolicyRole === "required") {
    return weighBoth(principal, { named: resourceSide(question, layers), own }, layers);
  }
  const weighed = settle([own]);
  const asked = question.access.resourcePolicy !== undefined && own.lacks[0]?.layer === "identity";
  if (weighed.lacks.length === 0 || !asked) return weighed;
  return { ...weighed, because: [...weighed.because, ...resourceSide(question, layers).lacks] };
}

/**
 * Taking on a role needs the boundary's allow, also where the trust policy names the caller.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html (Notes)
 */
function boundaryOnRoles({ access }: Question, layers: Layers): readonly Side[] {
  return access.action === "sts:AssumeRole" && layers.boundary !== undefined ? [sideOf(layers.boundary, layers)] : [];
}

/** An allow that names the caller would do without the identity policies, one that names its role not without its limits. */
function weighBoth(principal: AccountPrincipal, { named, own }: { named: Side; own: Side }, layers: Layers): Weighed {
  const weighed = settle([named, own]);
  if (named.lacks.length === 0) return weighed;
  const bounds = principal.type === "role-session" ? limits(layers).lacks : [];
  return { ...weighed, lacks: [...named.lacks, ...bounds] };
}

/** The identity policies with all that bounds them. */
function callerSide(principal: AccountPrincipal, layers: Layers): Side {
  if (principal.type === "root") return ROOT_SIDE;
  const { identity } = layers;
  const bounded = limits(layers);
  if (madeByRoot(principal)) return { allows: [...ROOT_SIDE.allows, ...bounded.allows], lacks: bounded.lacks };
  const side = sideOf(identity, layers);
  return { allows: [...side.allows, ...bounded.allows], lacks: [...side.lacks, ...bounded.lacks] };
}

/**
 * The root user may do everything. The task policies of `AssumeRoot` allow nothing: what they deny is all that bounds it.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMAuditRootUserCredentials.html
 */
const ROOT_SIDE: Side = { allows: [{ layer: "root", effect: "allow" }], lacks: [] };

/** Federated users of the root user: their session policies alone bound these. */
const madeByRoot = (principal: AccountPrincipal): boolean =>
  principal.type === "federated-user" && principal.issuer.userName === undefined;

function resourceSide({ access }: Question, layers: Layers): Side {
  const side = sideOf(layers.resource, layers);
  const [grant] = access.grants ?? [];
  if (side.allows.length > 0 || grant === undefined) return side;
  return { allows: [{ layer: grant.layer, effect: "allow", policy: grant.name }], lacks: [] };
}

const hasGrant = ({ access }: Question): boolean => (access.grants ?? []).length > 0;

/** The boundary and the session policies, as far as there are any. */
function limits(layers: Layers): Side {
  const sides = [layers.boundary, layers.session].flatMap((reading) => (reading ? [sideOf(reading, layers)] : []));
  return { allows: sides.flatMap(({ allows }) => allows), lacks: sides.flatMap(({ lacks }) => lacks) };
}

function sideOf(reading: Reading, layers: Layers): Side {
  return reading.allow === undefined
    ? { allows: [], lacks: [missingReason(reading, layers)] }
    : { allows: [allowReason(reading, reading.allow, layers)], lacks: [] };
}

/** What each layer of policies says to one question: read once, weighed in `decide.ts`. */
import { linkedServiceOf } from "../kernel/service-linked-role.ts";
import type { Access } from "../service/access.ts";
import type { Layer } from "./decision.ts";
import type { NamedPolicy, PolicyLevel, PrincipalPolicies } from "./directory.ts";
import { callerOf, GRIPS, type Caller } from "./policy/caller.ts";
import type { CompiledPolicy, PolicyCompiler } from "./policy/compile.ts";
import { evaluate, makeRequest, type PolicyRequest, type StatementMatch } from "./policy/evaluate.ts";
import type { KeySource } from "./policy/template.ts";
import type { Principal } from "./principal.ts";

/** One question with all that its answer rests on. */
export interface Question {
  readonly principal: Principal;
  readonly access: Access;
  /** The account that the call acts in: owns the resource where `access` does not say who does. */
  readonly account: string;
  /** `undefined`: the principal belongs to no account, or no longer exists. */
  readonly policies: PrincipalPolicies | undefined;
  /** Resource control policies of the account that owns the resource. */
  readonly resourceControls?: readonly PolicyLevel[] | undefined;
  /** The policy of the VPC endpoint that the call came through. */
  readonly endpointPolicy?: NamedPolicy | undefined;
  readonly keys: KeySource;
  /** S3's name for the caller's account. */
  readonly canonicalUser?: string | undefined;
}

/** A statement that decided, and where it stands. */
export interface Found {
  readonly policy: string;
  readonly level: string | undefined;
  readonly compiled: CompiledPolicy;
  readonly match: StatementMatch;
}

/** A layer, or one level of it. */
export interface Reading {
  readonly layer: Layer;
  readonly level: string | undefined;
  readonly policies: readonly NamedPolicy[];
  /** Given where the layer's statements name principals. */
  readonly caller: Caller | undefined;
  readonly deny: Found | undefined;
  readonly allow: Found | undefined;
}

/** All layers that have a say. A layer that is left out does not bound the call. */
export interface Layers {
  readonly request: PolicyRequest;
  readonly compiler: PolicyCompiler;
  readonly scps: readonly Reading[];
  readonly rcps: readonly Reading[];
  readonly endpoint: Reading | undefined;
  readonly boundary: Reading | undefined;
  readonly session: Reading | undefined;
  readonly identity: Reading;
  readonly resource: Reading;
}

export function readLayers(question: Question, compiler: PolicyCompiler): Layers {
  const { access, keys, policies, endpointPolicy } = question;
  const request = makeRequest(access.action, access.resource, keys);
  const controls = controlsOn(question);
  const caller = asksWhoCalls(question, controls) ? callerIn(question) : undefined;
  const read = (layer: Layer, named: readonly NamedPolicy[], by: ReadBy = {}): Reading =>
    readPolicies({ layer, policies: named, caller: by.caller, level: by.level }, request, compiler);
  const boundary = policies?.boundary;
  const session = sessionPolicies(question);
  return {
    request,
    compiler,
    scps: (policies?.scps ?? []).map(({ level, policies: named }) => read("scp", named, { level })),
    rcps: controls.map(({ level, policies: named }) => read("rcp", named, { level, caller })),
    endpoint: endpointPolicy && read("endpoint", [endpointPolicy], { caller }),
    boundary: boundary && read("boundary", [boundary]),
    session: session && read("session", session),
    identity: read("identity", policies?.identity ?? []),
    resource: read("resource", access.resourcePolicy === undefined ? [] : [access.resourcePolicy], { caller }),
  };
}

interface ReadBy {
  readonly level?: string;
  readonly caller?: Caller | undefined;
}

/** Whether there is any policy whose statements name principals. */
const asksWhoCalls = ({ access, endpointPolicy }: Question, controls: readonly PolicyLevel[]): boolean =>
  access.resourcePolicy !== undefined || endpointPolicy !== undefined || controls.length > 0;

const callerIn = ({ principal, keys, canonicalUser }: Question): Caller =>
  callerOf(principal, { federatedProvider: providerOf(principal, keys), canonicalUser });

/**
 * Only sessions come from a provider, and who asks for one with what the provider says, which is nobody yet; to ask for a
 * key means to gather them all.
 */
const providerOf = (principal: Principal, keys: KeySource): string | undefined =>
  principal.type === "anonymous" || "session" in principal ? keys.get("aws:federatedprovider")?.[0] : undefined;

/**
 * A federated user without session policies is bounded by none, that is, may do nothing of itself.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 */
function sessionPolicies({ principal, policies }: Question): readonly NamedPolicy[] | undefined {
  return policies?.session ?? (principal.type === "federated-user" ? [] : undefined);
}

/**
 * Calls of service-linked roles, their trust policies, and the retiring of grants are exempt.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
function controlsOn({ principal, access, resourceControls }: Question): readonly PolicyLevel[] {
  if (resourceControls === undefined) return [];
  const exempt =
    (principal.type === "role-session" && linkedServiceOf(principal.roleArn) !== undefined) ||
    linkedServiceOf(access.resource) !== undefined ||
    access.action === "kms:RetireGrant";
  return exempt ? [] : resourceControls;
}

type Scope = Pick<Reading, "layer" | "level" | "policies" | "caller">;

function readPolicies(scope: Scope, request: PolicyRequest, compiler: PolicyCompiler): Reading {
  const { level, caller } = scope;
  let deny: Found | undefined;
  let allow: Found | undefined;
  for (const { name: policy, document } of scope.policies) {
    const compiled = compiler.compile(document);
    const verdict = evaluate(compiled, request, caller);
    if (deny === undefined && verdict.deny !== undefined) deny = { policy, level, compiled, match: verdict.deny };
    const found = verdict.allow;
    if (found !== undefined && firmer(found, allow?.match)) allow = { policy, level, compiled, match: found };
  }
  return { ...scope, deny, allow };
}

function firmer(found: StatementMatch, held: StatementMatch | undefined): boolean {
  return held === undefined || GRIPS.indexOf(found.grip) < GRIPS.indexOf(held.grip);
}

/** The account that owns what is asked for. */
export function ownerOf({ access, account }: Question): string {
  return access.owner ?? account;
}

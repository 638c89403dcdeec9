/** Roles taken on by those whom an identity provider vouches for. */
import type { ClaimedSession, Verdict } from "../../identity/federation/federation.ts";
import type { RoleRecord } from "../../identity/directory.ts";
import type { RoleSession } from "../../identity/principal.ts";
import { assert } from "../../kernel/assert.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { ConditionKeys } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { requireDuration, requireRoleArn, roleSession } from "./assumed-role.ts";
import { federatedNotAuthorized, identityRefused, reservedSourceIdentity } from "./errors.ts";
import { issue, sessionOf } from "./issued-session.ts";
import type { StsSdk } from "./kit.ts";
import { packedPercent, requireSessionPolicies } from "./session-policy.ts";
import { requireTags, sessionTags } from "./session-tag.ts";
import { trustPolicyOf } from "./trust-policy.ts";

type Asked = Pick<
  InputOf<StsSdk, "AssumeRoleWithWebIdentity">,
  "RoleArn" | "DurationSeconds" | "MinimumSessionTokenSize" | "Policy" | "PolicyArns"
>;

/** Who takes a role on, as far as the provider says. */
export interface Vouched {
  readonly action: "sts:AssumeRoleWithWebIdentity" | "sts:AssumeRoleWithSAML";
  /** What a trust policy calls the provider as `Federated`. */
  readonly provider: string;
  readonly sessionName: string;
  readonly claimed: ClaimedSession;
  /** Condition keys that the trust policy may ask for. */
  readonly keys: ConditionKeys;
  /** Those of them that stay with the session. */
  readonly sessionKeys: RoleSession["session"]["keys"];
  /** Virtual epoch milliseconds after which the provider wants no session. */
  readonly endsAtMs?: number | undefined;
}

/** @throws {AwsError} where the provider's proof is none. */
export function requireVerified<Identity>(verdict: Verdict<Identity>): Identity {
  if (verdict.verdict === "refused") throw identityRefused(verdict.refusal);
  return verdict.identity;
}

/** The role's credentials, and what both operations answer of it. */
export async function takeRole(asked: Asked, vouched: Vouched, context: Context) {
  const { claimed, provider } = vouched;
  const tags = requireTags(claimed.tags);
  const role = await requireTrustingRole(asked.RoleArn, tags, vouched, context);
  const policies = await requireSessionPolicies(asked, role.account, context);
  const percent = packedPercent(policies, tags);
  const seconds = secondsOf(requireDuration(asked.DurationSeconds, { role, chained: false }), vouched, context);
  const session = sessionOf(context, seconds, {
    ...policies,
    ...sessionTags(tags, claimed.transitiveTagKeys, {}),
    sourceIdentity: claimed.sourceIdentity,
    federatedProvider: provider,
    keys: vouched.sessionKeys,
  });
  const principal: RoleSession = { ...roleSession(role, vouched.sessionName), session };
  const isPacked = policies.policies.length + policies.policyArns.length + Object.keys(tags).length > 0;
  return {
    ...issue(context, principal, asked.MinimumSessionTokenSize),
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
    ...(isPacked && { PackedPolicySize: percent }),
    ...(claimed.sourceIdentity !== undefined && { SourceIdentity: claimed.sourceIdentity }),
  };
}

function secondsOf(asked: number, { endsAtMs = Infinity }: Vouched, context: Context): number {
  return Math.min(asked, Math.max(0, Math.floor((endsAtMs - context.now().getTime()) / 1000)));
}

/**
 * A role that is not there answers as one that does not trust the provider.
 * @throws {AwsError} `AccessDenied`
 */
async function requireTrustingRole(
  roleArn: string,
  requestTags: Tags,
  vouched: Vouched,
  context: Context,
): Promise<RoleRecord> {
  const { arn: resource, account: owner } = requireRoleArn(roleArn);
  const { sourceIdentity } = vouched.claimed;
  if (sourceIdentity?.toLowerCase().startsWith("aws:") === true) throw reservedSourceIdentity();
  const role = await context.directory.findRole(roleArn, context.tx);
  const isTagged = Object.keys(requestTags).length > 0;
  const actions: string[] = [vouched.action];
  if (isTagged) actions.push("sts:TagSession");
  if (sourceIdentity !== undefined) actions.push("sts:SetSourceIdentity");
  for (const action of actions) {
    const { decision } = await context.decide({
      action,
      resource,
      owner,
      resourcePolicyRole: "required",
      resourcePolicy: trustPolicyOf(role, resource),
      resourceTags: role?.tags,
      requestTags: isTagged ? requestTags : undefined,
      keys: keysOf(vouched),
    });
    if (decision === "deny") throw federatedNotAuthorized(action);
  }
  assert(role !== undefined, "a role that nobody has is trusted by nobody");
  return role;
}

function keysOf({ keys, provider, sessionName, claimed }: Vouched): ConditionKeys {
  const { sourceIdentity, transitiveTagKeys } = claimed;
  return {
    ...keys,
    "aws:FederatedProvider": provider,
    "sts:RoleSessionName": sessionName,
    "sts:SourceIdentity": sourceIdentity,
    "sts:TransitiveTagKeys": transitiveTagKeys.length === 0 ? undefined : transitiveTagKeys,
  };
}

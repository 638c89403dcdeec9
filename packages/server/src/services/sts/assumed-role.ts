/**
 * Roles taken on for a while.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
import type { RoleRecord } from "../../identity/directory.ts";
import type { Root, RoleSession } from "../../identity/principal.ts";
import { assert } from "../../kernel/assert.ts";
import { parseAccountId, parseArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Access, ConditionKeys } from "../../service/access.ts";
import { callerName } from "../../service/caller.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import {
  arnInvalid,
  chainTooLong,
  notAuthorized,
  reservedSourceIdentity,
  rootMayNotAssume,
  sessionCredentials,
  sessionTooLong,
} from "./errors.ts";
import { issue, newTemporaryKeyId, sessionOf } from "./issued-session.ts";
import { arn, operation, type StsSdk } from "./kit.ts";
import { CHAINED_SESSION_SECONDS_MAX, ROLE_SESSION_SECONDS_USUAL } from "./limits.ts";
import { contextKeys, requireProvidedKeys } from "./provided-context.ts";
import { provesMfa } from "./second-factor.ts";
import { packedPercent, requireSessionPolicies } from "./session-policy.ts";
import { inheritedTags, requireTags, sessionTags } from "./session-tag.ts";
import { trustPolicyOf } from "./trust-policy.ts";

type Input = InputOf<StsSdk, "AssumeRole">;

export const assumeRole = operation("AssumeRole", {
  async authorize(input, context) {
    requireAssumer(context);
    if (isOfNoAccount(input.RoleArn))
      throw notAuthorized(callerName(context.principal), "sts:AssumeRole", input.RoleArn);
    const target = requireRoleArn(input.RoleArn);
    const role = await context.directory.findRole(input.RoleArn, context.tx);
    const mfa = (await provesMfa(input, context)) ? PRESENT_MFA : {};
    return questionsOf(input, { target, role, mfa }, context);
  },

  async handle(input, context) {
    const role = await context.directory.findRole(input.RoleArn, context.tx);
    assert(role !== undefined, "a role that nobody has is trusted by nobody");
    const keys = requireProvidedKeys(input, context);
    const given = requireTags(input.Tags ?? []);
    const tags = sessionTags(given, input.TransitiveTagKeys ?? [], inheritedTags(context.principal));
    const policies = await requireSessionPolicies(input, role.account, context);
    const percent = packedPercent(policies, given);
    const sourceIdentity = requireSourceIdentity(input, role, context);
    const chained = context.principal.type === "role-session";
    const seconds = requireDuration(input.DurationSeconds, { role, chained });
    const session = sessionOf(context, seconds, { ...policies, ...tags, sourceIdentity, chained, keys });
    const principal: RoleSession = { ...roleSession(role, input.RoleSessionName), session };
    const isPacked = policies.policies.length + policies.policyArns.length + Object.keys(given).length > 0;
    return {
      ...issue(context, principal, input.MinimumSessionTokenSize),
      AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
      ...(isPacked && { PackedPolicySize: percent }),
      ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
    };
  },
});

/**
 * The root user may not, and neither may federated users.
 * Differs: made-up keys under `--auth permissive` may, since suites that have no others use them for everything.
 * @throws {AwsError} `AccessDenied`
 */
function requireAssumer({ principal }: Context): void {
  if (principal.type === "root" && !isMadeUp(principal)) throw rootMayNotAssume();
  if (principal.type === "federated-user") throw sessionCredentials("AssumeRole");
}

/** The key itself, not a session made with it, which outlives the mode. */
const isMadeUp = ({ unchecked, session }: Root): boolean => unchecked === true && session === undefined;

export interface RoleTarget {
  readonly arn: Arn;
  readonly account: AccountId;
}

/**
 * Nobody may assume the role of an account that there cannot be, as of one that there is not.
 * Source: https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/sts_assume_role/tasks/main.yml (run against AWS)
 */
const isOfNoAccount = (text: string): boolean => /^arn:[^:]+:iam::(?!\d{12}:)\d+:role\//.test(text);

/** @throws {AwsError} `ValidationError` where `text` is not the ARN of a role. */
export function requireRoleArn(text: string): RoleTarget {
  const parts = parseArn(text);
  const account = parseAccountId(parts?.account ?? "");
  if (parts?.service !== "iam" || !parts.resource.startsWith("role/") || account === undefined) throw arnInvalid(text);
  return { arn: text as Arn, account };
}

/** A second factor counts for the trust policy; the session itself does not have it. */
const PRESENT_MFA: ConditionKeys = { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0" };

interface Assumption {
  readonly target: RoleTarget;
  /** `undefined`: there is none, which answers as one that trusts nobody. */
  readonly role: RoleRecord | undefined;
  readonly mfa: ConditionKeys;
}

/** The trust policy has to allow each of what is asked for: the role, its tags, its source identity. */
function questionsOf(input: Input, { target, role, mfa }: Assumption, context: Context): readonly Access[] {
  const requestTags: Tags | undefined = input.Tags === undefined ? undefined : requireTags(input.Tags);
  const inherited = Object.keys(inheritedTags(context.principal));
  const sourceIdentity = input.SourceIdentity ?? sessionSourceIdentity(context);
  const question: Omit<Access, "action"> = {
    resource: target.arn,
    owner: target.account,
    resourcePolicyRole: "required",
    resourcePolicy: trustPolicyOf(role, target.arn),
    resourceTags: role?.tags,
    requestTags,
    keys: {
      ...mfa,
      ...tagKeysOf(requestTags, context),
      ...contextKeys(input, context),
      "sts:RoleSessionName": input.RoleSessionName,
      "sts:ExternalId": input.ExternalId,
      "sts:SourceIdentity": sourceIdentity,
      "sts:TransitiveTagKeys": input.TransitiveTagKeys ?? undefined,
    },
  };
  const actions = ["sts:AssumeRole"];
  if (requestTags !== undefined || inherited.length > 0) actions.push("sts:TagSession");
  if (sourceIdentity !== undefined) actions.push("sts:SetSourceIdentity");
  if ((input.ProvidedContexts ?? []).length > 0) actions.push("sts:SetContext");
  return actions.map((action) => ({ ...question, action }));
}

/**
 * Where a service takes a role on for somebody that it knows, the tags it gives are already those of who comes.
 * Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html (`aws:PrincipalTag/x509Subject/CN` in trust policies)
 */
function tagKeysOf(tags: Tags = {}, { principal }: Context): ConditionKeys {
  if (principal.type !== "service") return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}

const sessionSourceIdentity = ({ principal }: Context): string | undefined =>
  principal.type === "role-session" ? principal.session.sourceIdentity : undefined;

/**
 * Once set it stays along the chain.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * @throws {AwsError} `AccessDenied` where it would change
 */
function requireSourceIdentity({ SourceIdentity }: Input, role: RoleRecord, context: Context): string | undefined {
  const present = sessionSourceIdentity(context);
  if (SourceIdentity?.toLowerCase().startsWith("aws:")) throw reservedSourceIdentity();
  if (present === undefined || SourceIdentity === undefined || SourceIdentity === present) {
    return SourceIdentity ?? present;
  }
  throw notAuthorized(callerName(context.principal), "sts:SetSourceIdentity", role.arn);
}

/** @throws {AwsError} `ValidationError` */
export function requireDuration(
  asked: number = ROLE_SESSION_SECONDS_USUAL,
  { role, chained }: { readonly role: RoleRecord; readonly chained: boolean },
): number {
  if (chained && asked > CHAINED_SESSION_SECONDS_MAX) throw chainTooLong();
  if (asked > role.maxSessionSeconds) throw sessionTooLong();
  return asked;
}

/** The session of a role, its facts apart. */
export function roleSession({ account, arn: roleArn, roleId, roleName }: RoleRecord, sessionName: string) {
  const partition = parseArn(roleArn)?.partition ?? "aws";
  return {
    type: "role-session",
    account,
    arn: arn({ partition, account }, `assumed-role/${roleName}/${sessionName}`),
    userId: `${roleId}:${sessionName}`,
    roleArn,
    roleId,
    roleName,
    sessionName,
    accessKeyId: newTemporaryKeyId(account),
  } as const;
}

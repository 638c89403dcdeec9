/**
 * All users, groups, roles and policies of an account with what hangs on what.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
import type {
  EntityType,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from "@aws-sdk/client-iam";
import type { Context } from "../../../service/context.ts";
import { formatGroup, groups, groupsOf, type Group } from "../group/group.ts";
import type { Holder } from "../holder.ts";
import { operation } from "../kit.ts";
import { ACCOUNT_QUOTAS } from "../limits.ts";
import { listOf } from "../listing.ts";
import { keyOfName } from "../path.ts";
import { attachmentsOf, type PolicyUse } from "../policy/attachment.ts";
import { encodeDocument } from "../policy/document.ts";
import { inlinePoliciesOf } from "../policy/inline.ts";
import type { ManagedPolicy } from "../policy/managed.ts";
import { allUses, formatPolicy, policiesIn } from "../policy/policy.ts";
import { allVersions, formatWholeVersion } from "../policy/version.ts";
import { instanceProfiles, profilesOfRole } from "../role/instance-profile-row.ts";
import { formatProfile } from "../role/instance-profile.ts";
import { formatWholeRole } from "../role/role.ts";
import { roles, type Role } from "../role/row.ts";
import { formatLastUse, roleUses } from "../role/use.ts";
import { formatTags } from "../tag.ts";
import { formatWholeUser, users, type User } from "../user/user.ts";

type Item = User | Group | Role | { readonly kind: "policy"; readonly name: string; readonly policy: ManagedPolicy };

const ALL_KINDS: readonly EntityType[] = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];

export const getAccountAuthorizationDetails = operation("GetAccountAuthorizationDetails", {
  authorize: () => ({ action: "iam:GetAccountAuthorizationDetails", resource: "*" }),

  async handle({ Filter = ALL_KINDS, ...paging }, context) {
    const uses = await allUses(context);
    const items = await Promise.all(Filter.map((kind) => itemsOf(kind, context, uses)));
    const { rows, paging: rest } = listOf(items.flat(), paging, placeOf);
    const of = <Kind extends Item["kind"]>(kind: Kind) =>
      rows.filter((item): item is Extract<Item, { kind: Kind }> => item.kind === kind);
    return {
      UserDetailList: await Promise.all(of("user").map((user) => detailOfUser(user, context))),
      GroupDetailList: await Promise.all(of("group").map((group) => detailOfGroup(group, context))),
      RoleDetailList: await Promise.all(of("role").map((role) => detailOfRole(role, context))),
      Policies: await Promise.all(
        of("policy").map(({ policy }) => detailOfPolicy(policy, context, uses.get(policy.arn))),
      ),
      ...rest,
    };
  },
});

/** Of AWS's own policies, those that the account uses. */
async function itemsOf(
  kind: EntityType,
  context: Context,
  uses: ReadonlyMap<string, PolicyUse>,
): Promise<readonly Item[]> {
  const { tx } = context;
  if (kind === "User") return tx.scan(users, { limit: ACCOUNT_QUOTAS.users.max });
  if (kind === "Group") return tx.scan(groups, { limit: ACCOUNT_QUOTAS.groups.max });
  if (kind === "Role") return tx.scan(roles, { limit: ACCOUNT_QUOTAS.roles.max });
  const own = kind === "LocalManagedPolicy";
  const policies = await policiesIn(own ? "Local" : "AWS", context);
  return policies
    .filter(({ arn }) => own || uses.has(arn))
    .map((policy) => ({ kind: "policy", name: policy.arn, policy }));
}

const placeOf = ({ kind, name }: Item): string => `${kind}/${keyOfName(name)}`;

/** Users alone lack the list where it is empty. Source: https://github.com/localstack/localstack/blob/b04c14cef/tests/aws/services/iam/test_iam_account_authorization_details.snapshot.json */
async function detailOfUser(user: User, context: Context): Promise<UserDetail> {
  const memberships = await groupsOf(user, context.tx);
  const inline = await inlineDetails(user, context);
  return {
    ...formatWholeUser(user, context),
    ...(inline.length > 0 && { UserPolicyList: inline }),
    GroupList: memberships.map(({ name }) => name),
    AttachedManagedPolicies: await attachedDetails(user, context),
    Tags: formatTags(user.tags),
  };
}

const detailOfGroup = async (group: Group, context: Context): Promise<GroupDetail> => ({
  ...formatGroup(group, context),
  GroupPolicyList: await inlineDetails(group, context),
  AttachedManagedPolicies: await attachedDetails(group, context),
});

async function detailOfRole(role: Role, context: Context): Promise<RoleDetail> {
  const { tx } = context;
  const { Path, RoleName, RoleId, Arn, CreateDate, ...shown } = await formatWholeRole(role, tx);
  const names = await profilesOfRole(tx, role);
  const profiles = await Promise.all(names.map(({ profileName }) => tx.get(instanceProfiles, keyOfName(profileName))));
  const found = profiles.filter((profile) => profile !== undefined);
  return {
    Path,
    RoleName,
    RoleId,
    Arn,
    CreateDate,
    AssumeRolePolicyDocument: shown.AssumeRolePolicyDocument,
    PermissionsBoundary: shown.PermissionsBoundary,
    InstanceProfileList: await Promise.all(found.map((profile) => formatProfile(profile, tx))),
    RolePolicyList: await inlineDetails(role, context),
    AttachedManagedPolicies: await attachedDetails(role, context),
    Tags: formatTags(role.tags),
    RoleLastUsed: formatLastUse(await tx.get(roleUses, role.id)),
  };
}

async function detailOfPolicy(
  policy: ManagedPolicy,
  context: Context,
  uses: PolicyUse | undefined,
): Promise<ManagedPolicyDetail> {
  const versions = await allVersions(policy, context);
  return {
    ...formatPolicy(policy, uses),
    Description: policy.description,
    PolicyVersionList: versions.map((version) => formatWholeVersion(version, policy)),
  };
}

async function inlineDetails(holder: Holder, { tx }: Context): Promise<PolicyDetail[]> {
  const policies = await inlinePoliciesOf(tx, holder);
  return policies.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: encodeDocument(document) }));
}

async function attachedDetails(holder: Holder, { tx }: Context) {
  const attached = await attachmentsOf(tx, holder);
  return attached.map(({ policyName, policyArn }) => ({ PolicyName: policyName, PolicyArn: policyArn }));
}

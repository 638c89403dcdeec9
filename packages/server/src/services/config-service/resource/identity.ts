/** Users, groups, roles and policies of IAM. Their ids are unique ids; calls name them by ARN, so that is what they are found by. */
import type { Group as GroupOfIam } from "@aws-sdk/client-iam";
import { allPages, ifThere, tagsOf, type Found, type Reader, type ResourceKind } from "./kind.ts";

type IamSdk = typeof import("@aws-sdk/client-iam");

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const named =
  (prefix: string): ResourceKind["idOf"] =>
  ({ service, resource }) =>
    service === "iam" && resource.startsWith(`${prefix}/`) ? nameOf(resource) : undefined;

const policyText = (document: string | undefined): string => document ?? "";

export const userKind: ResourceKind = {
  type: "AWS::IAM::User",
  isGlobal: true,
  idOf: named("user"),

  list: (reader) =>
    allPages(async (Marker) => {
      const { Users = [], Marker: next } = await reader.call<IamSdk, "ListUsers">({
        service: "iam",
        operation: "ListUsers",
        input: { Marker },
      });
      return { items: Users.map(({ UserName = "" }) => UserName), next };
    }),

  async find(UserName, reader) {
    const input = { UserName };
    const got = await ifThere(reader.call<IamSdk, "GetUser">({ service: "iam", operation: "GetUser", input }));
    if (got?.User === undefined) return undefined;
    const { User } = got;
    const [attached, inline, groups] = await Promise.all([
      reader.call<IamSdk, "ListAttachedUserPolicies">({ service: "iam", operation: "ListAttachedUserPolicies", input }),
      reader.call<IamSdk, "ListUserPolicies">({ service: "iam", operation: "ListUserPolicies", input }),
      reader.call<IamSdk, "ListGroupsForUser">({ service: "iam", operation: "ListGroupsForUser", input }),
    ]);
    const groupList = (groups.Groups ?? []).map(({ GroupName = "" }) => GroupName);
    return {
      ...factsOf({ id: User.UserId, name: UserName, arn: User.Arn, created: User.CreateDate }),
      tags: tagsOf(User.Tags),
      configuration: {
        path: User.Path,
        userName: UserName,
        userId: User.UserId,
        arn: User.Arn,
        createDate: User.CreateDate?.toISOString(),
        userPolicyList: (inline.PolicyNames ?? []).map((policyName) => ({ policyName })),
        groupList,
        attachedManagedPolicies: attachedOf(attached.AttachedPolicies),
        permissionsBoundary: User.PermissionsBoundary ?? null,
        tags: User.Tags ?? [],
      },
      relationships: groupList.map((name) => ({
        type: "AWS::IAM::Group",
        id: name,
        name,
        relation: "Is attached to Group",
      })),
    };
  },
};

interface Facts {
  readonly id: string | undefined;
  readonly name: string;
  readonly arn: string | undefined;
  readonly created: Date | undefined;
}

const factsOf = ({ id = "", name, arn = "", created }: Facts): Pick<Found, "id" | "name" | "arn" | "createdAtMs"> => ({
  id,
  name,
  arn,
  ...(created && { createdAtMs: created.getTime() }),
});

const attachedOf = (list: readonly { PolicyName?: string | undefined; PolicyArn?: string | undefined }[] | undefined) =>
  (list ?? []).map(({ PolicyName, PolicyArn }) => ({ policyArn: PolicyArn, policyName: PolicyName }));

export const groupKind: ResourceKind = {
  type: "AWS::IAM::Group",
  isGlobal: true,
  idOf: named("group"),

  list: (reader) =>
    allPages(async (Marker) => {
      const { Groups = [], Marker: next } = await reader.call<IamSdk, "ListGroups">({
        service: "iam",
        operation: "ListGroups",
        input: { Marker },
      });
      return { items: Groups.map(({ GroupName = "" }) => GroupName), next };
    }),

  async find(GroupName, reader) {
    const input = { GroupName };
    const got = await ifThere(wholeGroup(GroupName, reader));
    if (got?.Group === undefined) return undefined;
    const { Group, Users } = got;
    const [attached, inline] = await Promise.all([
      reader.call<IamSdk, "ListAttachedGroupPolicies">({
        service: "iam",
        operation: "ListAttachedGroupPolicies",
        input,
      }),
      reader.call<IamSdk, "ListGroupPolicies">({ service: "iam", operation: "ListGroupPolicies", input }),
    ]);
    return {
      ...factsOf({ id: Group.GroupId, name: GroupName, arn: Group.Arn, created: Group.CreateDate }),
      tags: {},
      configuration: {
        path: Group.Path,
        groupName: GroupName,
        groupId: Group.GroupId,
        arn: Group.Arn,
        createDate: Group.CreateDate?.toISOString(),
        groupPolicyList: (inline.PolicyNames ?? []).map((policyName) => ({ policyName })),
        attachedManagedPolicies: attachedOf(attached.AttachedPolicies),
        users: Users.map(({ UserName }) => UserName),
      },
    };
  },
};

/** With all of its users. */
async function wholeGroup(GroupName: string, reader: Reader) {
  let Group: GroupOfIam | undefined;
  const Users = await allPages(async (Marker) => {
    const input = { GroupName, Marker };
    const got = await reader.call<IamSdk, "GetGroup">({ service: "iam", operation: "GetGroup", input });
    ({ Group } = got);
    return { items: got.Users ?? [], next: got.Marker };
  });
  return { Group, Users };
}

export const roleKind: ResourceKind = {
  type: "AWS::IAM::Role",
  isGlobal: true,
  idOf: named("role"),

  list: (reader) =>
    allPages(async (Marker) => {
      const { Roles = [], Marker: next } = await reader.call<IamSdk, "ListRoles">({
        service: "iam",
        operation: "ListRoles",
        input: { Marker },
      });
      return { items: Roles.map(({ RoleName = "" }) => RoleName), next };
    }),

  async find(RoleName, reader) {
    const input = { RoleName };
    const got = await ifThere(reader.call<IamSdk, "GetRole">({ service: "iam", operation: "GetRole", input }));
    if (got?.Role === undefined) return undefined;
    const { Role } = got;
    const [attached, inline] = await Promise.all([
      reader.call<IamSdk, "ListAttachedRolePolicies">({ service: "iam", operation: "ListAttachedRolePolicies", input }),
      reader.call<IamSdk, "ListRolePolicies">({ service: "iam", operation: "ListRolePolicies", input }),
    ]);
    return {
      ...factsOf({ id: Role.RoleId, name: RoleName, arn: Role.Arn, created: Role.CreateDate }),
      tags: tagsOf(Role.Tags),
      configuration: {
        path: Role.Path,
        roleName: RoleName,
        roleId: Role.RoleId,
        arn: Role.Arn,
        createDate: Role.CreateDate?.toISOString(),
        assumeRolePolicyDocument: policyText(Role.AssumeRolePolicyDocument),
        rolePolicyList: (inline.PolicyNames ?? []).map((policyName) => ({ policyName })),
        attachedManagedPolicies: attachedOf(attached.AttachedPolicies),
        permissionsBoundary: Role.PermissionsBoundary ?? null,
        tags: Role.Tags ?? [],
      },
    };
  },
};

/** Of the customer's own; known by their ARNs, since a path belongs to those. */
export const policyKind: ResourceKind = {
  type: "AWS::IAM::Policy",
  isGlobal: true,
  idOf: ({ service, account, resource, partition }) =>
    service === "iam" && /^\d{12}$/.test(account) && resource.startsWith("policy/")
      ? `arn:${partition}:iam::${account}:${resource}`
      : undefined,

  list: (reader) =>
    allPages(async (Marker) => {
      const { Policies = [], Marker: next } = await reader.call<IamSdk, "ListPolicies">({
        service: "iam",
        operation: "ListPolicies",
        input: { Scope: "Local", Marker },
      });
      return { items: Policies.map(({ Arn = "" }) => Arn), next };
    }),

  async find(PolicyArn, reader) {
    const input = { PolicyArn };
    const got = await ifThere(reader.call<IamSdk, "GetPolicy">({ service: "iam", operation: "GetPolicy", input }));
    if (got?.Policy === undefined) return undefined;
    const { Policy } = got;
    return {
      ...factsOf({ id: Policy.PolicyId, name: Policy.PolicyName ?? "", arn: PolicyArn, created: Policy.CreateDate }),
      tags: tagsOf(Policy.Tags),
      configuration: {
        policyName: Policy.PolicyName,
        policyId: Policy.PolicyId,
        arn: PolicyArn,
        path: Policy.Path,
        defaultVersionId: Policy.DefaultVersionId,
        attachmentCount: Policy.AttachmentCount,
        permissionsBoundaryUsageCount: Policy.PermissionsBoundaryUsageCount,
        isAttachable: Policy.IsAttachable,
        policyVersionList: [await versionOf(PolicyArn, Policy.DefaultVersionId ?? "v1", reader)],
      },
    };
  },
};

async function versionOf(PolicyArn: string, VersionId: string, reader: Reader) {
  const { PolicyVersion } = await reader.call<IamSdk, "GetPolicyVersion">({
    service: "iam",
    operation: "GetPolicyVersion",
    input: { PolicyArn, VersionId },
  });
  return { versionId: VersionId, isDefaultVersion: true, document: policyText(PolicyVersion?.Document) };
}

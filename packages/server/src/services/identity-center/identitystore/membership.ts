/** Who is in which group. Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroupMembership.html */
import type { GroupMembership, MemberId } from "@aws-sdk/client-identitystore";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import {
  dropMembership,
  findMember,
  findMembership,
  membershipsOfGroups,
  membershipsOfUsers,
  putMembership,
  type Membership,
} from "../group-row.ts";
import { editOf } from "./editor.ts";
import { duplicate, memberMissing, membershipNotFound } from "./errors.ts";
import { requireGroup } from "./group.ts";
import { operation } from "./kit.ts";
import { list } from "./paging.ts";
import { ask, requireReadable, requireWritable } from "./store.ts";
import { requireUser } from "./user.ts";

export const createGroupMembership = operation("CreateGroupMembership", {
  authorize: (input, context) =>
    ask("CreateGroupMembership", input, context, [`group/${input.GroupId}`, userPart(input.MemberId)]),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    const group = await requireGroup(storeId, input.GroupId, context);
    const user = await requireUser(storeId, userIdOf(input.MemberId, context), context);
    const pair = { groupId: group.id, userId: user.id };
    if (await findMember(storeId, pair, context.tx)) throw duplicate("GroupMembership", context);
    const { atMs, by } = editOf(context);
    const membership = { storeId, id: context.newId(), ...pair, createdAtMs: atMs, createdBy: by };
    putMembership(membership, context.tx);
    return { IdentityStoreId: storeId, MembershipId: membership.id };
  },
});

export const describeGroupMembership = operation("DescribeGroupMembership", {
  authorize: async (input, context) =>
    ask("DescribeGroupMembership", input, context, [
      `membership/${input.MembershipId}`,
      ...(await endsOf(input, context)),
    ]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    return formatMembership(await requireMembership(storeId, input.MembershipId, context));
  },
});

export const deleteGroupMembership = operation("DeleteGroupMembership", {
  authorize: async (input, context) =>
    ask("DeleteGroupMembership", input, context, [
      `membership/${input.MembershipId}`,
      ...(await endsOf(input, context)),
    ]),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    dropMembership(await requireMembership(storeId, input.MembershipId, context), context.tx);
    return {};
  },
});

export const getGroupMembershipId = operation("GetGroupMembershipId", {
  authorize: (input, context) =>
    ask("GetGroupMembershipId", input, context, [`group/${input.GroupId}`, "membership/*", userPart(input.MemberId)]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const pair = { groupId: input.GroupId, userId: userIdOf(input.MemberId, context) };
    const membership = await findMember(storeId, pair, context.tx);
    if (!membership) throw membershipNotFound(context);
    return { IdentityStoreId: storeId, MembershipId: membership.id };
  },
});

export const isMemberInGroups = operation("IsMemberInGroups", {
  authorize: (input, context) =>
    ask("IsMemberInGroups", input, context, [
      "membership/*",
      ...input.GroupIds.map((id) => `group/${id}`),
      userPart(input.MemberId),
    ]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const userId = userIdOf(input.MemberId, context);
    await requireUser(storeId, userId, context);
    const Results = [];
    for (const GroupId of input.GroupIds) {
      const { id: groupId } = await requireGroup(storeId, GroupId, context);
      const membership = await findMember(storeId, { groupId, userId }, context.tx);
      Results.push({ GroupId, MemberId: { UserId: userId }, MembershipExists: membership !== undefined });
    }
    return { Results };
  },
});

export const listGroupMemberships = operation("ListGroupMemberships", {
  authorize: (input, context) =>
    ask("ListGroupMemberships", input, context, ["membership/*", `group/${input.GroupId}`]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const { id } = await requireGroup(storeId, input.GroupId, context);
    const { rows, rest } = await list(membershipsOfGroups, [storeId, id], input, context);
    return { GroupMemberships: rows.map(formatMembership), ...rest };
  },
});

export const listGroupMembershipsForMember = operation("ListGroupMembershipsForMember", {
  authorize: (input, context) =>
    ask("ListGroupMembershipsForMember", input, context, ["membership/*", userPart(input.MemberId)]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const { id } = await requireUser(storeId, userIdOf(input.MemberId, context), context);
    const { rows, rest } = await list(membershipsOfUsers, [storeId, id], input, context);
    return { GroupMemberships: rows.map(formatMembership), ...rest };
  },
});

const userPart = ({ UserId = "*" }: Validated<MemberId>): string => `user/${UserId}`;

/** @throws {AwsError} `ValidationException` */
function userIdOf({ UserId }: Validated<MemberId>, context: Context): string {
  if (UserId === undefined) throw memberMissing(context);
  return UserId;
}

/** The group and the user of a membership, as far as it is there. */
async function endsOf(
  { IdentityStoreId, MembershipId }: { readonly IdentityStoreId: string; readonly MembershipId: string },
  { tx }: Context,
): Promise<readonly string[]> {
  const membership = await findMembership(IdentityStoreId, MembershipId, tx);
  return membership ? [`group/${membership.groupId}`, `user/${membership.userId}`] : ["group/*", "user/*"];
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireMembership(storeId: string, id: string, context: Context): Promise<Membership> {
  const membership = await findMembership(storeId, id, context.tx);
  if (!membership) throw membershipNotFound(context, id);
  return membership;
}

const formatMembership = ({
  storeId,
  id,
  groupId,
  userId,
  createdAtMs,
  createdBy,
}: Membership): GroupMembership & { MemberId: MemberId; GroupId: string; MembershipId: string } => ({
  IdentityStoreId: storeId,
  MembershipId: id,
  GroupId: groupId,
  MemberId: { UserId: userId },
  CreatedAt: new Date(createdAtMs),
  CreatedBy: createdBy,
  UpdatedAt: new Date(createdAtMs),
  UpdatedBy: createdBy,
});

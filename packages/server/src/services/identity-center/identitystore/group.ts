/** Groups of an identity store. Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html */
import type { Group as GroupShape } from "@aws-sdk/client-identitystore";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { dropMembershipsOfGroup, findGroup, groupNames, groups, type Group } from "../group-row.ts";
import { editOf } from "./editor.ts";
import {
  attributeValueEmpty,
  attributesMissing,
  duplicate,
  groupNotFound,
  invalidPath,
  invalidValue,
  notUnique,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { list } from "./paging.ts";
import { ask, requireReadable, requireWritable } from "./store.ts";
import { requireUnreserved } from "./user.ts";

export const createGroup = operation("CreateGroup", {
  authorize: (input, context) => ask("CreateGroup", input, context),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    const { DisplayName: displayName, Description: description } = input;
    const { atMs, by } = editOf(context);
    const id = context.newId();
    const edit = { createdAtMs: atMs, createdBy: by, updatedAtMs: atMs, updatedBy: by };
    await putGroup({ storeId, id, displayName, description, ...edit }, undefined, context);
    return { IdentityStoreId: storeId, GroupId: id };
  },
});

export const describeGroup = operation("DescribeGroup", {
  authorize: (input, context) => ask("DescribeGroup", input, context, [`group/${input.GroupId}`]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    return formatGroup(await requireGroup(storeId, input.GroupId, context));
  },
});

export const updateGroup = operation("UpdateGroup", {
  authorize: (input, context) => ask("UpdateGroup", input, context, [`group/${input.GroupId}`]),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    const before = await requireGroup(storeId, input.GroupId, context);
    const { atMs, by } = editOf(context);
    let group: Group = { ...before, updatedAtMs: atMs, updatedBy: by };
    for (const { AttributePath: path, AttributeValue: value } of input.Operations) {
      const name = findOwn(ATTRIBUTES, path.toLowerCase());
      if (name === undefined) throw invalidPath(path, context);
      if (value !== undefined && value !== null && typeof value !== "string") throw invalidValue(path, context);
      group = { ...group, [name]: value ?? undefined };
    }
    await putGroup(group, before, context);
    return {};
  },
});

const ATTRIBUTES: Readonly<Record<string, "displayName" | "description" | undefined>> = {
  displayname: "displayName",
  description: "description",
};

export const deleteGroup = operation("DeleteGroup", {
  authorize: (input, context) => ask("DeleteGroup", input, context, [`group/${input.GroupId}`]),

  async handle(input, context) {
    const { storeId } = await requireWritable(input, context);
    const { tx } = context;
    const { id, displayName } = await requireGroup(storeId, input.GroupId, context);
    await dropMembershipsOfGroup(storeId, id, tx);
    if (displayName !== undefined) tx.delete(groupNames, storeId, displayName.toLowerCase());
    tx.delete(groups, storeId, id);
    return {};
  },
});

export const listGroups = operation("ListGroups", {
  authorize: (input, context) => ask("ListGroups", input, context, ["group/*"]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const [filter] = input.Filters ?? [];
    if (filter) {
      if (filter.AttributePath.toLowerCase() !== "displayname") throw invalidPath(filter.AttributePath, context);
      const found = await findGroupBy(filter.AttributeValue, storeId, context);
      return { Groups: found ? [formatGroup(found)] : [] };
    }
    const { rows, rest } = await list(groups, [storeId], input, context);
    return { Groups: rows.map(formatGroup), ...rest };
  },
});

/** Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_GetGroupId.html (`displayName` alone is unique) */
export const getGroupId = operation("GetGroupId", {
  authorize: (input, context) => ask("GetGroupId", input, context, ["group/*"]),

  async handle(input, context) {
    const { storeId } = await requireReadable(input, context);
    const { UniqueAttribute: unique } = input.AlternateIdentifier;
    if (unique === undefined) throw groupNotFound(context);
    const { AttributePath: path, AttributeValue: value } = unique;
    if (path.toLowerCase() !== "displayname") throw notUnique(path, context);
    if (typeof value !== "string" || value === "") throw attributeValueEmpty(context);
    const group = await findGroupBy(value, storeId, context);
    if (!group) throw groupNotFound(context);
    return { IdentityStoreId: storeId, GroupId: group.id };
  },
});

async function findGroupBy(name: string, storeId: string, { tx }: Context): Promise<Group | undefined> {
  const found = await tx.get(groupNames, storeId, name.toLowerCase());
  return found && findGroup(storeId, found.groupId, tx);
}

/** @throws {AwsError} `ConflictException`, `ValidationException` */
async function putGroup(group: Group, before: Group | undefined, context: Context): Promise<void> {
  const { tx } = context;
  const { storeId, displayName: name } = group;
  if (name === undefined) throw attributesMissing(["displayname"], context);
  requireUnreserved(name, context);
  const other = await tx.get(groupNames, storeId, name.toLowerCase());
  if (other !== undefined && other.groupId !== group.id) throw duplicate("GroupDisplayName", context);
  if (before?.displayName !== undefined) tx.delete(groupNames, storeId, before.displayName.toLowerCase());
  tx.put(groups, group);
  tx.put(groupNames, { storeId, name, groupId: group.id });
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireGroup(storeId: string, id: string, context: Context): Promise<Group> {
  const group = await findGroup(storeId, id, context.tx);
  if (!group) throw groupNotFound(context, id);
  return group;
}

const formatGroup = ({ storeId, id, ...group }: Group): GroupShape & { GroupId: string; IdentityStoreId: string } => ({
  IdentityStoreId: storeId,
  GroupId: id,
  DisplayName: group.displayName,
  Description: group.description,
  CreatedAt: new Date(group.createdAtMs),
  CreatedBy: group.createdBy,
  UpdatedAt: new Date(group.updatedAtMs),
  UpdatedBy: group.updatedBy,
});

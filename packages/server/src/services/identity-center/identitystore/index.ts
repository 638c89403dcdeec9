import { defineService } from "../../../service/service.ts";
import { createGroup, deleteGroup, describeGroup, getGroupId, listGroups, updateGroup } from "./group.ts";
import type { IdentitystoreSdk } from "./kit.ts";
import {
  createGroupMembership,
  deleteGroupMembership,
  describeGroupMembership,
  getGroupMembershipId,
  isMemberInGroups,
  listGroupMemberships,
  listGroupMembershipsForMember,
} from "./membership.ts";
import { createUser, deleteUser, describeUser, getUserId, listUsers, updateUser } from "./user.ts";

export const identitystore = defineService<IdentitystoreSdk>("identitystore", {
  operations: [
    createUser,
    describeUser,
    updateUser,
    deleteUser,
    listUsers,
    getUserId,
    createGroup,
    describeGroup,
    updateGroup,
    deleteGroup,
    listGroups,
    getGroupId,
    createGroupMembership,
    describeGroupMembership,
    deleteGroupMembership,
    getGroupMembershipId,
    isMemberInGroups,
    listGroupMemberships,
    listGroupMembershipsForMember,
  ],
});

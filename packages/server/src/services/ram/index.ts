import { defineService } from "../../service/service.ts";
import { associateResourceShare, disassociateResourceShare, getResourceShareAssociations } from "./association.ts";
import { forgetAssociation } from "./association-row.ts";
import { forgetToken } from "./client-token.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import {
  acceptResourceShareInvitation,
  expireInvitation,
  getResourceShareInvitations,
  listPendingInvitationResources,
  rejectResourceShareInvitation,
} from "./invitation.ts";
import type { RamSdk } from "./kit.ts";
import { listPrincipals, listResources, listResourceTypes, listSourceAssociations } from "./listing.ts";
import { enableSharingWithAwsOrganization } from "./organization.ts";
import {
  createPermission,
  createPermissionVersion,
  deletePermission,
  deletePermissionVersion,
  getPermission,
  listPermissions,
  listPermissionVersions,
  promotePermissionCreatedFromPolicy,
  setDefaultPermissionVersion,
} from "./permission.ts";
import { getResourcePolicies } from "./resource-policy.ts";
import {
  associateResourceSharePermission,
  disassociateResourceSharePermission,
  listPermissionAssociations,
  listReplacePermissionAssociationsWork,
  listResourceSharePermissions,
  promoteResourceShareCreatedFromPolicy,
  replacePermissionAssociations,
} from "./share-permission.ts";
import {
  createResourceShare,
  deleteResourceShare,
  forgetShare,
  getResourceShares,
  updateResourceShare,
} from "./share.ts";
import { tagResource, untagResource } from "./tag.ts";

export const ram = defineService<RamSdk>("ram", {
  operations: [
    createResourceShare,
    updateResourceShare,
    deleteResourceShare,
    getResourceShares,
    associateResourceShare,
    disassociateResourceShare,
    getResourceShareAssociations,
    acceptResourceShareInvitation,
    rejectResourceShareInvitation,
    getResourceShareInvitations,
    listPendingInvitationResources,
    createPermission,
    createPermissionVersion,
    setDefaultPermissionVersion,
    deletePermission,
    deletePermissionVersion,
    getPermission,
    listPermissions,
    listPermissionVersions,
    promotePermissionCreatedFromPolicy,
    associateResourceSharePermission,
    disassociateResourceSharePermission,
    listResourceSharePermissions,
    listPermissionAssociations,
    replacePermissionAssociations,
    listReplacePermissionAssociationsWork,
    promoteResourceShareCreatedFromPolicy,
    listResources,
    listPrincipals,
    listSourceAssociations,
    listResourceTypes,
    getResourcePolicies,
    enableSharingWithAwsOrganization,
    tagResource,
    untagResource,
  ],
  unmodelledErrors: UNMODELLED_ERRORS,
  jobs: {
    "expire-invitation": (context, key) => expireInvitation(context, key),
    "forget-association": (context, key) => forgetAssociation(context, key),
    "forget-share": (context, key) => forgetShare(context, key),
    "forget-token": (context, key) => forgetToken(context, key),
  },
});

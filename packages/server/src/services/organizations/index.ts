import { defineService } from "../../service/service.ts";
import { closeAccount, finishClosure } from "./account/closure.ts";
import {
  createAccount,
  createGovCloudAccount,
  describeCreateAccountStatus,
  finishAccount,
  listCreateAccountStatus,
} from "./account/creation.ts";
import {
  describeAccount,
  listAccounts,
  listAccountsForParent,
  listChildren,
  listParents,
  moveAccount,
  removeAccountFromOrganization,
} from "./account/account.ts";
import { attachPolicy, detachPolicy, listPoliciesForTarget, listTargetsForPolicy } from "./policy/attachment.ts";
import {
  deregisterDelegatedAdministrator,
  listDelegatedAdministrators,
  listDelegatedServicesForAccount,
  registerDelegatedAdministrator,
} from "./delegation/delegation.ts";
import {
  describeEffectivePolicy,
  listAccountsWithInvalidEffectivePolicy,
  listEffectivePolicyValidationErrors,
} from "./policy/effective-policy.ts";
import {
  acceptHandshake,
  cancelHandshake,
  declineHandshake,
  describeHandshake,
  listHandshakesForAccount,
  listHandshakesForOrganization,
} from "./handshake/handshake.ts";
import { enableAllFeatures, inviteAccountToOrganization } from "./handshake/invitation.ts";
import { END_HANDSHAKE, endHandshake } from "./handshake/waiting.ts";
import type { OrganizationsSdk } from "./kit.ts";
import {
  createOrganization,
  deleteOrganization,
  describeOrganization,
  leaveOrganization,
} from "./organization/organization.ts";
import { createPolicy, deletePolicy, describePolicy, listPolicies, updatePolicy } from "./policy/policy.ts";
import { deleteResourcePolicy, describeResourcePolicy, putResourcePolicy } from "./policy/resource-policy.ts";
import { disablePolicyType, enablePolicyType, listRoots } from "./organization/root.ts";
import {
  disableAwsServiceAccess,
  enableAwsServiceAccess,
  listAwsServiceAccessForOrganization,
} from "./delegation/service-access.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag/tag.ts";
import {
  describeResponsibilityTransfer,
  inviteOrganizationToTransferResponsibility,
  listInboundResponsibilityTransfers,
  listOutboundResponsibilityTransfers,
  terminateResponsibilityTransfer,
  updateResponsibilityTransfer,
} from "./handshake/transfer.ts";
import {
  createOrganizationalUnit,
  deleteOrganizationalUnit,
  describeOrganizationalUnit,
  listOrganizationalUnitsForParent,
  updateOrganizationalUnit,
} from "./unit/unit.ts";

export const organizations = defineService<OrganizationsSdk>("organizations", {
  operations: [
    createOrganization,
    describeOrganization,
    deleteOrganization,
    leaveOrganization,
    createAccount,
    createGovCloudAccount,
    describeCreateAccountStatus,
    listCreateAccountStatus,
    describeAccount,
    listAccounts,
    listAccountsForParent,
    listChildren,
    listParents,
    moveAccount,
    removeAccountFromOrganization,
    listRoots,
    enablePolicyType,
    disablePolicyType,
    createOrganizationalUnit,
    describeOrganizationalUnit,
    updateOrganizationalUnit,
    deleteOrganizationalUnit,
    listOrganizationalUnitsForParent,
    createPolicy,
    describePolicy,
    updatePolicy,
    deletePolicy,
    listPolicies,
    attachPolicy,
    detachPolicy,
    listPoliciesForTarget,
    listTargetsForPolicy,
    closeAccount,
    enableAllFeatures,
    inviteAccountToOrganization,
    describeHandshake,
    acceptHandshake,
    declineHandshake,
    cancelHandshake,
    listHandshakesForAccount,
    listHandshakesForOrganization,
    describeEffectivePolicy,
    listAccountsWithInvalidEffectivePolicy,
    listEffectivePolicyValidationErrors,
    putResourcePolicy,
    describeResourcePolicy,
    deleteResourcePolicy,
    enableAwsServiceAccess,
    disableAwsServiceAccess,
    listAwsServiceAccessForOrganization,
    registerDelegatedAdministrator,
    deregisterDelegatedAdministrator,
    listDelegatedAdministrators,
    listDelegatedServicesForAccount,
    tagResource,
    untagResource,
    listTagsForResource,
    inviteOrganizationToTransferResponsibility,
    describeResponsibilityTransfer,
    updateResponsibilityTransfer,
    terminateResponsibilityTransfer,
    listInboundResponsibilityTransfers,
    listOutboundResponsibilityTransfers,
  ],
  jobs: {
    "close-account": (context, key) => finishClosure(context, key),
    "create-account": (context, id) => finishAccount(context, id),
    [END_HANDSHAKE]: (context, id) => endHandshake(context, id),
  },
});

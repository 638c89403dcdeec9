import { defineService } from "../../service/service.ts";
import { closeAccount, finishClosure } from "./account-closure.ts";
import {
  createAccount,
  createGovCloudAccount,
  describeCreateAccountStatus,
  finishAccount,
  listCreateAccountStatus,
} from "./account-creation.ts";
import {
  describeAccount,
  listAccounts,
  listAccountsForParent,
  listChildren,
  listParents,
  moveAccount,
  removeAccountFromOrganization,
} from "./account.ts";
import { attachPolicy, detachPolicy, listPoliciesForTarget, listTargetsForPolicy } from "./attachment.ts";
import {
  deregisterDelegatedAdministrator,
  listDelegatedAdministrators,
  listDelegatedServicesForAccount,
  registerDelegatedAdministrator,
} from "./delegation.ts";
import {
  describeEffectivePolicy,
  listAccountsWithInvalidEffectivePolicy,
  listEffectivePolicyValidationErrors,
} from "./effective-policy.ts";
import {
  acceptHandshake,
  cancelHandshake,
  declineHandshake,
  describeHandshake,
  listHandshakesForAccount,
  listHandshakesForOrganization,
} from "./handshake.ts";
import { enableAllFeatures, inviteAccountToOrganization } from "./invitation.ts";
import type { OrganizationsSdk } from "./kit.ts";
import { createOrganization, deleteOrganization, describeOrganization, leaveOrganization } from "./organization.ts";
import { createPolicy, deletePolicy, describePolicy, listPolicies, updatePolicy } from "./policy.ts";
import { deleteResourcePolicy, describeResourcePolicy, putResourcePolicy } from "./resource-policy.ts";
import { disablePolicyType, enablePolicyType, listRoots } from "./root.ts";
import {
  disableAwsServiceAccess,
  enableAwsServiceAccess,
  listAwsServiceAccessForOrganization,
} from "./service-access.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";
import {
  describeResponsibilityTransfer,
  inviteOrganizationToTransferResponsibility,
  listInboundResponsibilityTransfers,
  listOutboundResponsibilityTransfers,
  terminateResponsibilityTransfer,
  updateResponsibilityTransfer,
} from "./transfer.ts";
import {
  createOrganizationalUnit,
  deleteOrganizationalUnit,
  describeOrganizationalUnit,
  listOrganizationalUnitsForParent,
  updateOrganizationalUnit,
} from "./unit.ts";

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
  },
});

import { defineService } from "../../service/service.ts";
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
} from "./access-key.ts";
import { getAccountProperties, putAccountProperties } from "./account-property.ts";
import { createAccountAlias, deleteAccountAlias, listAccountAliases } from "./account-alias.ts";
import { getAccountSummary } from "./account-summary.ts";
import { generateCredentialReport, getCredentialReport } from "./credential-report.ts";
import {
  createDelegationRequest,
  listDelegationRequests,
  getDelegationRequest,
  acceptDelegationRequest,
  associateDelegationRequest,
  rejectDelegationRequest,
  updateDelegationRequest,
  sendDelegationToken,
  getHumanReadableSummary,
} from "./delegation-request.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import {
  attachGroupPolicy,
  deleteGroupPolicy,
  detachGroupPolicy,
  getGroupPolicy,
  listAttachedGroupPolicies,
  listGroupPolicies,
  putGroupPolicy,
} from "./group-policy.ts";
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listGroupsForUser,
  removeUserFromGroup,
  updateGroup,
} from "./group.ts";
import type { IamSdk } from "./kit.ts";
import {
  changePassword,
  createLoginProfile,
  deleteLoginProfile,
  getLoginProfile,
  updateLoginProfile,
} from "./login-profile.ts";
import {
  deactivateMfaDevice,
  enableMfaDevice,
  getMfaDevice,
  listMfaDevices,
  resyncMfaDevice,
} from "./mfa-assignment.ts";
import {
  createVirtualMfaDevice,
  deleteVirtualMfaDevice,
  listMfaDeviceTags,
  listVirtualMfaDevices,
  tagMfaDevice,
  untagMfaDevice,
} from "./mfa-device.ts";
import {
  disableRootCredentialsManagement,
  disableRootSessions,
  enableRootCredentialsManagement,
  enableRootSessions,
  listOrganizationsFeatures,
} from "./organization-feature.ts";
import {
  disableOutboundWebIdentityFederation,
  enableOutboundWebIdentityFederation,
  getOutboundWebIdentityFederationInfo,
} from "./outbound-federation.ts";
import {
  deleteAccountPasswordPolicy,
  getAccountPasswordPolicy,
  updateAccountPasswordPolicy,
} from "./password-policy.ts";
import { policiedRoles } from "./policied.ts";
import { roleAndPolicyOperations } from "./role-and-policy-operations.ts";
import {
  createServiceSpecificCredential,
  deleteServiceSpecificCredential,
  listServiceSpecificCredentials,
  resetServiceSpecificCredential,
  updateServiceSpecificCredential,
} from "./service-credential.ts";
import {
  deleteSigningCertificate,
  listSigningCertificates,
  updateSigningCertificate,
  uploadSigningCertificate,
} from "./signing-certificate.ts";
import {
  deleteSshPublicKey,
  getSshPublicKey,
  listSshPublicKeys,
  updateSshPublicKey,
  uploadSshPublicKey,
} from "./ssh-key.ts";
import { setSecurityTokenServicePreferences } from "./token-preference.ts";
import {
  attachUserPolicy,
  deleteUserPermissionsBoundary,
  deleteUserPolicy,
  detachUserPolicy,
  getUserPolicy,
  listAttachedUserPolicies,
  listUserPolicies,
  putUserPermissionsBoundary,
  putUserPolicy,
} from "./user-policy.ts";
import { deleteUser } from "./user-removal.ts";
import { getUser } from "./user-view.ts";
import { createUser, listUsers, listUserTags, tagUser, untagUser, updateUser } from "./user.ts";

export const iam = defineService<IamSdk>("iam", {
  timeUnitMs: 1000,
  operations: [
    getAccountProperties,
    putAccountProperties,
    createUser,
    listUsers,
    updateUser,
    tagUser,
    untagUser,
    listUserTags,
    getUser,
    deleteUser,
    putUserPolicy,
    getUserPolicy,
    deleteUserPolicy,
    listUserPolicies,
    attachUserPolicy,
    detachUserPolicy,
    listAttachedUserPolicies,
    putUserPermissionsBoundary,
    deleteUserPermissionsBoundary,
    createGroup,
    getGroup,
    listGroups,
    updateGroup,
    deleteGroup,
    addUserToGroup,
    removeUserFromGroup,
    listGroupsForUser,
    putGroupPolicy,
    getGroupPolicy,
    deleteGroupPolicy,
    listGroupPolicies,
    attachGroupPolicy,
    detachGroupPolicy,
    listAttachedGroupPolicies,
    createAccessKey,
    listAccessKeys,
    updateAccessKey,
    deleteAccessKey,
    getAccessKeyLastUsed,
    createLoginProfile,
    getLoginProfile,
    updateLoginProfile,
    deleteLoginProfile,
    changePassword,
    updateAccountPasswordPolicy,
    getAccountPasswordPolicy,
    deleteAccountPasswordPolicy,
    createVirtualMfaDevice,
    deleteVirtualMfaDevice,
    listVirtualMfaDevices,
    tagMfaDevice,
    untagMfaDevice,
    listMfaDeviceTags,
    enableMfaDevice,
    resyncMfaDevice,
    deactivateMfaDevice,
    listMfaDevices,
    getMfaDevice,
    uploadSshPublicKey,
    getSshPublicKey,
    listSshPublicKeys,
    updateSshPublicKey,
    deleteSshPublicKey,
    uploadSigningCertificate,
    listSigningCertificates,
    updateSigningCertificate,
    deleteSigningCertificate,
    createServiceSpecificCredential,
    listServiceSpecificCredentials,
    resetServiceSpecificCredential,
    updateServiceSpecificCredential,
    deleteServiceSpecificCredential,
    createAccountAlias,
    listAccountAliases,
    deleteAccountAlias,
    getAccountSummary,
    generateCredentialReport,
    getCredentialReport,
    enableRootCredentialsManagement,
    disableRootCredentialsManagement,
    enableRootSessions,
    disableRootSessions,
    listOrganizationsFeatures,
    setSecurityTokenServicePreferences,
    enableOutboundWebIdentityFederation,
    getOutboundWebIdentityFederationInfo,
    disableOutboundWebIdentityFederation,
    ...roleAndPolicyOperations,
    createDelegationRequest,
    listDelegationRequests,
    getDelegationRequest,
    acceptDelegationRequest,
    associateDelegationRequest,
    rejectDelegationRequest,
    updateDelegationRequest,
    sendDelegationToken,
    getHumanReadableSummary,
  ],
  policied: [policiedRoles],
  unmodelledErrors: UNMODELLED_ERRORS,
});

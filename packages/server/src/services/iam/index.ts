import { defineService } from "../../service/service.ts";
import { createAccountAlias, deleteAccountAlias, listAccountAliases } from "./account/alias.ts";
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
} from "./account/delegation-request.ts";
import {
  disableRootCredentialsManagement,
  disableRootSessions,
  enableRootCredentialsManagement,
  enableRootSessions,
  listOrganizationsFeatures,
} from "./account/organization-feature.ts";
import {
  disableOutboundWebIdentityFederation,
  enableOutboundWebIdentityFederation,
  getOutboundWebIdentityFederationInfo,
} from "./account/outbound-federation.ts";
import {
  deleteAccountPasswordPolicy,
  getAccountPasswordPolicy,
  updateAccountPasswordPolicy,
} from "./account/password-policy.ts";
import { getAccountProperties, putAccountProperties } from "./account/property.ts";
import { getAccountSummary } from "./account/summary.ts";
import { setSecurityTokenServicePreferences } from "./account/token-preference.ts";
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
} from "./credential/access-key.ts";
import {
  changePassword,
  createLoginProfile,
  deleteLoginProfile,
  getLoginProfile,
  updateLoginProfile,
} from "./credential/login-profile.ts";
import {
  deactivateMfaDevice,
  enableMfaDevice,
  getMfaDevice,
  listMfaDevices,
  resyncMfaDevice,
} from "./credential/mfa-assignment.ts";
import {
  createVirtualMfaDevice,
  deleteVirtualMfaDevice,
  listMfaDeviceTags,
  listVirtualMfaDevices,
  tagMfaDevice,
  untagMfaDevice,
} from "./credential/mfa-device.ts";
import {
  createServiceSpecificCredential,
  deleteServiceSpecificCredential,
  listServiceSpecificCredentials,
  resetServiceSpecificCredential,
  updateServiceSpecificCredential,
} from "./credential/service-credential.ts";
import {
  deleteSigningCertificate,
  listSigningCertificates,
  updateSigningCertificate,
  uploadSigningCertificate,
} from "./credential/signing-certificate.ts";
import {
  deleteSshPublicKey,
  getSshPublicKey,
  listSshPublicKeys,
  updateSshPublicKey,
  uploadSshPublicKey,
} from "./credential/ssh-key.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listGroupsForUser,
  removeUserFromGroup,
  updateGroup,
} from "./group/group.ts";
import {
  attachGroupPolicy,
  deleteGroupPolicy,
  detachGroupPolicy,
  getGroupPolicy,
  listAttachedGroupPolicies,
  listGroupPolicies,
  putGroupPolicy,
} from "./group/policy.ts";
import type { IamSdk } from "./kit.ts";
import { generateCredentialReport, getCredentialReport } from "./report/credential-report.ts";
import { roleAndPolicyOperations } from "./role-and-policy-operations.ts";
import { policiedRoles } from "./role/policied.ts";
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
} from "./user/policy.ts";
import { deleteUser } from "./user/removal.ts";
import { createUser, listUsers, listUserTags, tagUser, untagUser, updateUser } from "./user/user.ts";
import { getUser } from "./user/view.ts";

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

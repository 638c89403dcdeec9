import { defineService } from "../../service/service.ts";
import {
  adminCreateUser,
  adminDeleteUser,
  adminDisableUser,
  adminEnableUser,
  adminGetUser,
  adminSetUserPassword,
  adminUserGlobalSignOut,
} from "./admin-user.ts";
import { adminListUserAuthEvents, adminUpdateAuthEventFeedback, updateAuthEventFeedback } from "./auth-event.ts";
import { adminInitiateAuth, adminRespondToAuthChallenge, initiateAuth, respondToAuthChallenge } from "./auth.ts";
import {
  createManagedLoginBranding,
  deleteManagedLoginBranding,
  describeManagedLoginBranding,
  describeManagedLoginBrandingByClient,
  updateManagedLoginBranding,
} from "./branding.ts";
import { EXPIRE_CHALLENGE, expireChallenge } from "./challenge-row.ts";
import { addUserPoolClientSecret, deleteUserPoolClientSecret, listUserPoolClientSecrets } from "./client-secret.ts";
import {
  createUserPoolClient,
  deleteUserPoolClient,
  describeUserPoolClient,
  listUserPoolClients,
  updateUserPoolClient,
} from "./client.ts";
import {
  adminForgetDevice,
  adminGetDevice,
  adminListDevices,
  adminUpdateDeviceStatus,
  confirmDevice,
  forgetDevice,
  getDevice,
  listDevices,
  updateDeviceStatus,
} from "./device.ts";
import { createUserPoolDomain, deleteUserPoolDomain, describeUserPoolDomain, updateUserPoolDomain } from "./domain.ts";
import {
  adminDeleteSoftwareToken,
  adminGetUserAuthFactors,
  adminSetUserMfaPreference,
  associateSoftwareToken,
  getUserAuthFactors,
  setUserMfaPreference,
  verifySoftwareToken,
} from "./factor.ts";
import {
  adminAddUserToGroup,
  adminListGroupsForUser,
  adminRemoveUserFromGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listUsersInGroup,
  updateGroup,
} from "./group.ts";
import {
  createIdentityProvider,
  deleteIdentityProvider,
  describeIdentityProvider,
  getIdentityProviderByIdentifier,
  listIdentityProviders,
  updateIdentityProvider,
} from "./identity-provider.ts";
import { functionFailed } from "./hosted-refusal.ts";
import { HOSTED_JOBS, poolSite } from "./hosted-site.ts";
import {
  createUserImportJob,
  describeUserImportJob,
  expireImport,
  listUserImportJobs,
  startUserImportJob,
  stopUserImportJob,
} from "./import-job.ts";
import { admitUpload } from "./import-upload.ts";
import { EXPIRE_IMPORT, RUN_IMPORT } from "./import-row.ts";
import { runImport } from "./import-work.ts";
import { getLogDeliveryConfiguration, setLogDeliveryConfiguration } from "./log-delivery.ts";
import { describeRiskConfiguration, setRiskConfiguration } from "./risk.ts";
import { getSigningCertificate } from "./saml-certificate.ts";
import type { CognitoIdentityProviderSdk } from "./kit.ts";
import {
  adminSetUserSettings,
  changePassword,
  deleteUser,
  getUser,
  globalSignOut,
  setUserSettings,
} from "./own-user.ts";
import { adminDisableProviderForUser, adminLinkProviderForUser } from "./linked-identity.ts";
import { getUserPoolMfaConfig, setUserPoolMfaConfig } from "./pool-factor.ts";
import { listTagsForResource, tagResource, untagResource } from "./pool-tag.ts";
import {
  addCustomAttributes,
  createUserPool,
  deleteUserPool,
  describeUserPool,
  getCsvHeader,
  listUserPools,
  updateUserPool,
} from "./pool.ts";
import {
  completeWebAuthnRegistration,
  deleteWebAuthnCredential,
  listWebAuthnCredentials,
  startWebAuthnRegistration,
} from "./passkey.ts";
import { adminResetUserPassword, confirmForgotPassword, forgotPassword } from "./recovery.ts";
import { getTokensFromRefreshToken, revokeToken } from "./refresh.ts";
import {
  createResourceServer,
  deleteResourceServer,
  describeResourceServer,
  listResourceServers,
  updateResourceServer,
} from "./resource-server.ts";
import { EXPIRE_SESSION } from "./session-row.ts";
import {
  getUserPoolClientSessionConfiguration,
  getUserPoolSessionConfiguration,
  setUserPoolClientSessionConfiguration,
  setUserPoolSessionConfiguration,
} from "./session-tracking.ts";
import {
  adminListUserSessions,
  adminRevokeUserSession,
  listUserSessions,
  revokeUserSession,
} from "./tracked-session.ts";
import { expireSession } from "./tracked-session-row.ts";
import { adminConfirmSignUp, confirmSignUp, resendConfirmationCode, signUp } from "./sign-up.ts";
import { createTerms, deleteTerms, describeTerms, describeTermsByClient, listTerms, updateTerms } from "./terms.ts";
import { getUiCustomization, setUiCustomization } from "./ui-customization.ts";
import {
  adminDeleteUserAttributes,
  adminUpdateUserAttributes,
  deleteUserAttributes,
  getUserAttributeVerificationCode,
  updateUserAttributes,
  verifyUserAttribute,
} from "./user-attribute.ts";
import { listUsers } from "./user-list.ts";

export const cognitoIdentityProvider = defineService<CognitoIdentityProviderSdk>("cognito-identity-provider", {
  forPages: true,
  operations: [
    createUserPool,
    describeUserPool,
    updateUserPool,
    deleteUserPool,
    listUserPools,
    addCustomAttributes,
    getUserPoolMfaConfig,
    setUserPoolMfaConfig,
    tagResource,
    untagResource,
    listTagsForResource,
    createUserPoolClient,
    describeUserPoolClient,
    updateUserPoolClient,
    deleteUserPoolClient,
    listUserPoolClients,
    addUserPoolClientSecret,
    deleteUserPoolClientSecret,
    listUserPoolClientSecrets,
    createUserPoolDomain,
    describeUserPoolDomain,
    updateUserPoolDomain,
    deleteUserPoolDomain,
    createResourceServer,
    describeResourceServer,
    updateResourceServer,
    deleteResourceServer,
    listResourceServers,
    createIdentityProvider,
    describeIdentityProvider,
    getIdentityProviderByIdentifier,
    updateIdentityProvider,
    deleteIdentityProvider,
    listIdentityProviders,
    createGroup,
    getGroup,
    updateGroup,
    deleteGroup,
    listGroups,
    adminAddUserToGroup,
    adminRemoveUserFromGroup,
    adminListGroupsForUser,
    listUsersInGroup,
    signUp,
    confirmSignUp,
    resendConfirmationCode,
    adminConfirmSignUp,
    adminCreateUser,
    adminGetUser,
    adminDeleteUser,
    adminEnableUser,
    adminDisableUser,
    adminSetUserPassword,
    adminResetUserPassword,
    adminUserGlobalSignOut,
    adminUpdateUserAttributes,
    adminDeleteUserAttributes,
    adminSetUserMfaPreference,
    adminSetUserSettings,
    listUsers,
    getUser,
    updateUserAttributes,
    deleteUserAttributes,
    getUserAttributeVerificationCode,
    verifyUserAttribute,
    deleteUser,
    changePassword,
    forgotPassword,
    confirmForgotPassword,
    setUserSettings,
    associateSoftwareToken,
    verifySoftwareToken,
    setUserMfaPreference,
    initiateAuth,
    respondToAuthChallenge,
    adminInitiateAuth,
    adminRespondToAuthChallenge,
    getTokensFromRefreshToken,
    revokeToken,
    globalSignOut,
    confirmDevice,
    getDevice,
    listDevices,
    forgetDevice,
    updateDeviceStatus,
    adminGetDevice,
    adminListDevices,
    adminForgetDevice,
    adminUpdateDeviceStatus,
    getUserAuthFactors,
    adminGetUserAuthFactors,
    adminDeleteSoftwareToken,
    getCsvHeader,
    createUserImportJob,
    describeUserImportJob,
    listUserImportJobs,
    startUserImportJob,
    stopUserImportJob,
    setRiskConfiguration,
    describeRiskConfiguration,
    setLogDeliveryConfiguration,
    getLogDeliveryConfiguration,
    getSigningCertificate,
    setUserPoolSessionConfiguration,
    getUserPoolSessionConfiguration,
    setUserPoolClientSessionConfiguration,
    getUserPoolClientSessionConfiguration,
    adminListUserSessions,
    listUserSessions,
    adminRevokeUserSession,
    revokeUserSession,
    adminListUserAuthEvents,
    adminUpdateAuthEventFeedback,
    updateAuthEventFeedback,
    adminLinkProviderForUser,
    adminDisableProviderForUser,
    startWebAuthnRegistration,
    completeWebAuthnRegistration,
    listWebAuthnCredentials,
    deleteWebAuthnCredential,
    setUiCustomization,
    getUiCustomization,
    createManagedLoginBranding,
    describeManagedLoginBranding,
    describeManagedLoginBrandingByClient,
    updateManagedLoginBranding,
    deleteManagedLoginBranding,
    createTerms,
    describeTerms,
    describeTermsByClient,
    updateTerms,
    deleteTerms,
    listTerms,
  ],
  jobs: {
    ...HOSTED_JOBS,
    [EXPIRE_SESSION]: async ({ tx }, id) => expireSession(id, tx),
    [EXPIRE_IMPORT]: expireImport,
    [RUN_IMPORT]: runImport,
    [EXPIRE_CHALLENGE]: async ({ tx }, id) => expireChallenge(id, tx),
  },
  site: poolSite,
  siteGate: admitUpload,
  siteProblem: ({ message }) => functionFailed(message).answer,
});

import { defineService } from "../../service/service.ts";
import {
  createManagedLoginBranding,
  deleteManagedLoginBranding,
  describeManagedLoginBranding,
  describeManagedLoginBrandingByClient,
  updateManagedLoginBranding,
} from "./branding/branding.ts";
import {
  createUserPoolDomain,
  deleteUserPoolDomain,
  describeUserPoolDomain,
  updateUserPoolDomain,
} from "./branding/domain.ts";
import {
  createTerms,
  deleteTerms,
  describeTerms,
  describeTermsByClient,
  listTerms,
  updateTerms,
} from "./branding/terms.ts";
import { getUiCustomization, setUiCustomization } from "./branding/ui-customization.ts";
import {
  addUserPoolClientSecret,
  deleteUserPoolClientSecret,
  listUserPoolClientSecrets,
} from "./client/client-secret.ts";
import {
  createUserPoolClient,
  deleteUserPoolClient,
  describeUserPoolClient,
  listUserPoolClients,
  updateUserPoolClient,
} from "./client/client.ts";
import {
  createResourceServer,
  deleteResourceServer,
  describeResourceServer,
  listResourceServers,
  updateResourceServer,
} from "./client/resource-server.ts";
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
} from "./device/device.ts";
import {
  adminDeleteSoftwareToken,
  adminGetUserAuthFactors,
  adminSetUserMfaPreference,
  associateSoftwareToken,
  getUserAuthFactors,
  setUserMfaPreference,
  verifySoftwareToken,
} from "./factor/factor.ts";
import {
  completeWebAuthnRegistration,
  deleteWebAuthnCredential,
  listWebAuthnCredentials,
  startWebAuthnRegistration,
} from "./factor/passkey.ts";
import { getUserPoolMfaConfig, setUserPoolMfaConfig } from "./factor/pool-factor.ts";
import {
  createIdentityProvider,
  deleteIdentityProvider,
  describeIdentityProvider,
  getIdentityProviderByIdentifier,
  listIdentityProviders,
  updateIdentityProvider,
} from "./federation/identity-provider.ts";
import { adminDisableProviderForUser, adminLinkProviderForUser } from "./federation/linked-identity.ts";
import { getSigningCertificate } from "./federation/saml-certificate.ts";
import { functionFailed } from "./hosted/refusal.ts";
import { HOSTED_JOBS, poolSite } from "./hosted/site.ts";
import type { CognitoIdentityProviderSdk } from "./kit.ts";
import { listTagsForResource, tagResource, untagResource } from "./pool/pool-tag.ts";
import {
  addCustomAttributes,
  createUserPool,
  deleteUserPool,
  describeUserPool,
  getCsvHeader,
  listUserPools,
  updateUserPool,
} from "./pool/pool.ts";
import {
  adminListUserAuthEvents,
  adminUpdateAuthEventFeedback,
  updateAuthEventFeedback,
} from "./protection/auth-event.ts";
import { getLogDeliveryConfiguration, setLogDeliveryConfiguration } from "./protection/log-delivery.ts";
import { describeRiskConfiguration, setRiskConfiguration } from "./protection/risk.ts";
import {
  adminInitiateAuth,
  adminRespondToAuthChallenge,
  initiateAuth,
  respondToAuthChallenge,
} from "./sign-in/auth.ts";
import { EXPIRE_CHALLENGE, expireChallenge } from "./sign-in/challenge-row.ts";
import { EXPIRE_SESSION } from "./sign-in/session-row.ts";
import { getTokensFromRefreshToken, revokeToken } from "./token/refresh.ts";
import {
  getUserPoolClientSessionConfiguration,
  getUserPoolSessionConfiguration,
  setUserPoolClientSessionConfiguration,
  setUserPoolSessionConfiguration,
} from "./token/session-tracking.ts";
import { expireSession } from "./token/tracked-session-row.ts";
import {
  adminListUserSessions,
  adminRevokeUserSession,
  listUserSessions,
  revokeUserSession,
} from "./token/tracked-session.ts";
import {
  createUserImportJob,
  describeUserImportJob,
  expireImport,
  listUserImportJobs,
  startUserImportJob,
  stopUserImportJob,
} from "./user-import/job.ts";
import { EXPIRE_IMPORT, RUN_IMPORT } from "./user-import/row.ts";
import { admitUpload } from "./user-import/upload.ts";
import { runImport } from "./user-import/work.ts";
import {
  adminCreateUser,
  adminDeleteUser,
  adminDisableUser,
  adminEnableUser,
  adminGetUser,
  adminSetUserPassword,
  adminUserGlobalSignOut,
} from "./user/admin-user.ts";
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
} from "./user/group.ts";
import {
  adminSetUserSettings,
  changePassword,
  deleteUser,
  getUser,
  globalSignOut,
  setUserSettings,
} from "./user/own-user.ts";
import { adminResetUserPassword, confirmForgotPassword, forgotPassword } from "./user/recovery.ts";
import { adminConfirmSignUp, confirmSignUp, resendConfirmationCode, signUp } from "./user/sign-up.ts";
import {
  adminDeleteUserAttributes,
  adminUpdateUserAttributes,
  deleteUserAttributes,
  getUserAttributeVerificationCode,
  updateUserAttributes,
  verifyUserAttribute,
} from "./user/user-attribute.ts";
import { listUsers } from "./user/user-list.ts";

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

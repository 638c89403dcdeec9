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
import { adminInitiateAuth, adminRespondToAuthChallenge, initiateAuth, respondToAuthChallenge } from "./auth.ts";
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
  adminSetUserMfaPreference,
  associateSoftwareToken,
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
import { HOSTED_JOBS, poolSite } from "./hosted-site.ts";
import type { CognitoIdentityProviderSdk } from "./kit.ts";
import {
  adminSetUserSettings,
  changePassword,
  deleteUser,
  getUser,
  globalSignOut,
  setUserSettings,
} from "./own-user.ts";
import { getUserPoolMfaConfig, setUserPoolMfaConfig } from "./pool-factor.ts";
import { listTagsForResource, tagResource, untagResource } from "./pool-tag.ts";
import {
  addCustomAttributes,
  createUserPool,
  deleteUserPool,
  describeUserPool,
  listUserPools,
  updateUserPool,
} from "./pool.ts";
import { adminResetUserPassword, confirmForgotPassword, forgotPassword } from "./recovery.ts";
import { getTokensFromRefreshToken, revokeToken } from "./refresh.ts";
import {
  createResourceServer,
  deleteResourceServer,
  describeResourceServer,
  listResourceServers,
  updateResourceServer,
} from "./resource-server.ts";
import { EXPIRE_SESSION, expireSession } from "./session-row.ts";
import { adminConfirmSignUp, confirmSignUp, resendConfirmationCode, signUp } from "./sign-up.ts";
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
  ],
  jobs: {
    ...HOSTED_JOBS,
    [EXPIRE_SESSION]: async ({ tx }, id) => expireSession(id, tx),
    [EXPIRE_CHALLENGE]: async ({ tx }, id) => expireChallenge(id, tx),
  },
  site: poolSite,
});

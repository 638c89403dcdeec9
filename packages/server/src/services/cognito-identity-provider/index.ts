import { defineService } from "../../service/service.ts";
import { addUserPoolClientSecret, deleteUserPoolClientSecret, listUserPoolClientSecrets } from "./client-secret.ts";
import {
  createUserPoolClient,
  deleteUserPoolClient,
  describeUserPoolClient,
  listUserPoolClients,
  updateUserPoolClient,
} from "./client.ts";
import { createUserPoolDomain, deleteUserPoolDomain, describeUserPoolDomain, updateUserPoolDomain } from "./domain.ts";
import type { CognitoIdentityProviderSdk } from "./kit.ts";
import { listTagsForResource, tagResource, untagResource } from "./pool-tag.ts";
import {
  addCustomAttributes,
  createUserPool,
  deleteUserPool,
  describeUserPool,
  listUserPools,
  updateUserPool,
} from "./pool.ts";
import { EXPIRE_SESSION, expireSession } from "./session-row.ts";
import { userPoolSite } from "./site.ts";

export const cognitoIdentityProvider = defineService<CognitoIdentityProviderSdk>("cognito-identity-provider", {
  operations: [
    createUserPool,
    describeUserPool,
    updateUserPool,
    deleteUserPool,
    listUserPools,
    addCustomAttributes,
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
  ],
  jobs: {
    [EXPIRE_SESSION]: async ({ tx }, id) => expireSession(id, tx),
  },
  site: userPoolSite,
});

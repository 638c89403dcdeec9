import { defineService } from "../../service/service.ts";
import { getCredentialsForIdentity } from "./credentials.ts";
import {
  getOpenIdTokenForDeveloperIdentity,
  lookupDeveloperIdentity,
  mergeDeveloperIdentities,
  unlinkDeveloperIdentity,
} from "./developer-identity.ts";
import { unlinkIdentity } from "./identity-unlink.ts";
import { deleteIdentities, describeIdentity, getId, listIdentities } from "./identity.ts";
import type { CognitoIdentitySdk } from "./kit.ts";
import { getOpenIdToken } from "./open-id-token.ts";
import { getIdentityPoolRoles, setIdentityPoolRoles } from "./pool-roles.ts";
import {
  createIdentityPool,
  deleteIdentityPool,
  describeIdentityPool,
  listIdentityPools,
  updateIdentityPool,
} from "./pool.ts";
import { issuerDocuments } from "./issuer-document.ts";
import { getPrincipalTagAttributeMap, setPrincipalTagAttributeMap } from "./tag-map.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";

export const cognitoIdentity = defineService<CognitoIdentitySdk>("cognito-identity", {
  forPages: true,
  operations: [
    createIdentityPool,
    deleteIdentities,
    deleteIdentityPool,
    describeIdentity,
    describeIdentityPool,
    getCredentialsForIdentity,
    getId,
    getIdentityPoolRoles,
    getOpenIdToken,
    getOpenIdTokenForDeveloperIdentity,
    getPrincipalTagAttributeMap,
    listIdentities,
    listIdentityPools,
    listTagsForResource,
    lookupDeveloperIdentity,
    mergeDeveloperIdentities,
    setIdentityPoolRoles,
    setPrincipalTagAttributeMap,
    tagResource,
    unlinkDeveloperIdentity,
    unlinkIdentity,
    untagResource,
    updateIdentityPool,
  ],
  site: issuerDocuments,
});

import { defineService } from "../../service/service.ts";
import { deleteCrl, disableCrl, enableCrl, getCrl, importCrl, listCrls, updateCrl } from "./crl.ts";
import type { RolesAnywhereSdk } from "./kit.ts";
import {
  createProfile,
  deleteAttributeMapping,
  deleteProfile,
  disableProfile,
  enableProfile,
  getProfile,
  listProfiles,
  putAttributeMapping,
  updateProfile,
} from "./profile.ts";
import { createSession } from "./session.ts";
import { getSubject, listSubjects } from "./subject.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";
import {
  createTrustAnchor,
  deleteTrustAnchor,
  disableTrustAnchor,
  enableTrustAnchor,
  getTrustAnchor,
  listTrustAnchors,
  putNotificationSettings,
  resetNotificationSettings,
  updateTrustAnchor,
} from "./trust-anchor.ts";

export const rolesanywhere = defineService<RolesAnywhereSdk>("rolesanywhere", {
  operations: [
    createTrustAnchor,
    getTrustAnchor,
    listTrustAnchors,
    updateTrustAnchor,
    enableTrustAnchor,
    disableTrustAnchor,
    deleteTrustAnchor,
    putNotificationSettings,
    resetNotificationSettings,
    createProfile,
    getProfile,
    listProfiles,
    updateProfile,
    enableProfile,
    disableProfile,
    deleteProfile,
    putAttributeMapping,
    deleteAttributeMapping,
    importCrl,
    getCrl,
    listCrls,
    updateCrl,
    enableCrl,
    disableCrl,
    deleteCrl,
    getSubject,
    listSubjects,
    tagResource,
    untagResource,
    listTagsForResource,
    createSession,
  ],
});

import { defineService } from "../../service/service.ts";
import { tell } from "./app-notice.ts";
import { empty } from "./archive.ts";
import { clear } from "./clearing.ts";
import { expire } from "./confirmation.ts";
import { getDataProtectionPolicy, putDataProtectionPolicy } from "./data-protection.ts";
import { post } from "./delivery/to-web.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { spread } from "./fan-out.ts";
import { log } from "./feedback.ts";
import type { SnsSdk } from "./kit.ts";
import { addPermission, removePermission } from "./permission.ts";
import {
  createPlatformApplication,
  deletePlatformApplication,
  getPlatformApplicationAttributes,
  listPlatformApplications,
  setPlatformApplicationAttributes,
} from "./platform-application.ts";
import {
  createPlatformEndpoint,
  deleteEndpoint,
  getEndpointAttributes,
  listEndpointsByPlatformApplication,
  setEndpointAttributes,
} from "./platform-endpoint.ts";
import { policiedTopics } from "./policied.ts";
import { publishBatch } from "./publish-batch.ts";
import { publish } from "./publish.ts";
import { replay } from "./replay.ts";
import { certificateSite } from "./site.ts";
import {
  createSMSSandboxPhoneNumber,
  deleteSMSSandboxPhoneNumber,
  getSMSSandboxAccountStatus,
  listOriginationNumbers,
  listSMSSandboxPhoneNumbers,
  verifySMSSandboxPhoneNumber,
} from "./sms-sandbox.ts";
import {
  checkIfPhoneNumberIsOptedOut,
  getSMSAttributes,
  hear,
  listPhoneNumbersOptedOut,
  optInPhoneNumber,
  setSMSAttributes,
} from "./sms.ts";
import { getSubscriptionAttributes, setSubscriptionAttributes } from "./subscription-attribute.ts";
import { listSubscriptions, listSubscriptionsByTopic } from "./subscription-list.ts";
import { confirmSubscription, subscribe, unsubscribe } from "./subscription.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";
import { getTopicAttributes, setTopicAttributes } from "./topic-attribute.ts";
import { createTopic, deleteTopic, listTopics } from "./topic.ts";

export const sns = defineService<SnsSdk>("sns", {
  operations: [
    createTopic,
    deleteTopic,
    listTopics,
    getTopicAttributes,
    setTopicAttributes,
    addPermission,
    removePermission,
    tagResource,
    untagResource,
    listTagsForResource,
    putDataProtectionPolicy,
    getDataProtectionPolicy,
    subscribe,
    confirmSubscription,
    unsubscribe,
    getSubscriptionAttributes,
    setSubscriptionAttributes,
    listSubscriptions,
    listSubscriptionsByTopic,
    publish,
    publishBatch,
    createPlatformApplication,
    deletePlatformApplication,
    getPlatformApplicationAttributes,
    setPlatformApplicationAttributes,
    listPlatformApplications,
    createPlatformEndpoint,
    deleteEndpoint,
    getEndpointAttributes,
    setEndpointAttributes,
    listEndpointsByPlatformApplication,
    setSMSAttributes,
    getSMSAttributes,
    checkIfPhoneNumberIsOptedOut,
    optInPhoneNumber,
    listPhoneNumbersOptedOut,
    getSMSSandboxAccountStatus,
    createSMSSandboxPhoneNumber,
    verifySMSSandboxPhoneNumber,
    deleteSMSSandboxPhoneNumber,
    listSMSSandboxPhoneNumbers,
    listOriginationNumbers,
  ],
  jobs: { clear, empty, expire, hear, log, replay, spread, tell },
  errands: { post },
  policied: [policiedTopics],
  denial: "AuthorizationErrorException",
  site: certificateSite,
  unmodelledErrors: UNMODELLED_ERRORS,
});

import { defineService } from "../../service/service.ts";
import { tell } from "./app/notice.ts";
import { empty } from "./topic/archive.ts";
import { clear } from "./topic/clearing.ts";
import { expire } from "./subscription/confirmation.ts";
import { getDataProtectionPolicy, putDataProtectionPolicy } from "./topic/data-protection.ts";
import { post } from "./delivery/to-web.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { spread } from "./message/fan-out.ts";
import { log } from "./delivery/feedback.ts";
import type { SnsSdk } from "./kit.ts";
import { addPermission, removePermission } from "./topic/permission.ts";
import {
  createPlatformApplication,
  deletePlatformApplication,
  getPlatformApplicationAttributes,
  listPlatformApplications,
  setPlatformApplicationAttributes,
} from "./app/platform-application.ts";
import {
  createPlatformEndpoint,
  deleteEndpoint,
  getEndpointAttributes,
  listEndpointsByPlatformApplication,
  setEndpointAttributes,
} from "./app/platform-endpoint.ts";
import { policiedTopics } from "./topic/policied.ts";
import { publishBatch } from "./message/publish-batch.ts";
import { publish } from "./message/publish.ts";
import { replay } from "./subscription/replay.ts";
import { certificateSite } from "./signature/site.ts";
import {
  createSMSSandboxPhoneNumber,
  deleteSMSSandboxPhoneNumber,
  getSMSSandboxAccountStatus,
  listOriginationNumbers,
  listSMSSandboxPhoneNumbers,
  verifySMSSandboxPhoneNumber,
} from "./phone/sms-sandbox.ts";
import {
  checkIfPhoneNumberIsOptedOut,
  getSMSAttributes,
  hear,
  listPhoneNumbersOptedOut,
  optInPhoneNumber,
  setSMSAttributes,
} from "./phone/sms.ts";
import { getSubscriptionAttributes, setSubscriptionAttributes } from "./subscription/attribute.ts";
import { listSubscriptions, listSubscriptionsByTopic } from "./subscription/list.ts";
import { confirmSubscription, subscribe, unsubscribe } from "./subscription/subscription.ts";
import { listTagsForResource, tagResource, untagResource } from "./topic/tag.ts";
import { getTopicAttributes, setTopicAttributes } from "./topic/attribute.ts";
import { createTopic, deleteTopic, listTopics } from "./topic/topic.ts";

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

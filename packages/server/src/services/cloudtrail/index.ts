import { defineService } from "../../service/service.ts";
import { quieten } from "./audience.ts";
import { deregisterOrganizationDelegatedAdmin, registerOrganizationDelegatedAdmin } from "./delegated-admin.ts";
import { deliverEvents } from "./delivery/deliver-events.ts";
import { digest } from "./delivery/digest.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { getEventSelectors, putEventSelectors } from "./event-selector.ts";
import { heard } from "./heard.ts";
import { getInsightSelectors, putInsightSelectors } from "./insight-selector.ts";
import type { CloudtrailSdk } from "./kit.ts";
import { getTrailStatus, startLogging, stopLogging } from "./logging.ts";
import { expireLakeEvents } from "./lake/event/expiry.ts";
import { forgetImports } from "./lake/import/end.ts";
import { getImport, listImportFailures, listImports, startImport, stopImport } from "./lake/import/import.ts";
import { runImport } from "./lake/import/run.ts";
import { cancelQuery, describeQuery, getQueryResults, listQueries, startQuery } from "./lake/query/query.ts";
import { runQuery } from "./lake/query/run.ts";
import {
  deleteEventDataStore,
  endStore,
  restoreEventDataStore,
  startEventDataStoreIngestion,
  stopEventDataStoreIngestion,
} from "./lake/store/life.ts";
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from "./lake/store/resource-policy.ts";
import {
  createEventDataStore,
  getEventDataStore,
  listEventDataStores,
  updateEventDataStore,
} from "./lake/store/store.ts";
import { lookupEvents } from "./lookup.ts";
import { listPublicKeys } from "./public-key.ts";
import { addTags, listTags, removeTags } from "./tag.ts";
import { createTrail, deleteTrail, describeTrails, getTrail, listTrails, updateTrail } from "./trail.ts";

export const cloudtrail = defineService<CloudtrailSdk>("cloudtrail", {
  operations: [
    createTrail,
    updateTrail,
    deleteTrail,
    getTrail,
    describeTrails,
    listTrails,
    startLogging,
    stopLogging,
    getTrailStatus,
    putEventSelectors,
    getEventSelectors,
    putInsightSelectors,
    getInsightSelectors,
    addTags,
    removeTags,
    listTags,
    lookupEvents,
    listPublicKeys,
    registerOrganizationDelegatedAdmin,
    deregisterOrganizationDelegatedAdmin,
    createEventDataStore,
    updateEventDataStore,
    deleteEventDataStore,
    restoreEventDataStore,
    getEventDataStore,
    listEventDataStores,
    startEventDataStoreIngestion,
    stopEventDataStoreIngestion,
    putResourcePolicy,
    getResourcePolicy,
    deleteResourcePolicy,
    startQuery,
    describeQuery,
    getQueryResults,
    cancelQuery,
    listQueries,
    startImport,
    stopImport,
    getImport,
    listImports,
    listImportFailures,
  ],
  jobs: { heard, deliverEvents, digest, quieten, endStore, expireLakeEvents, forgetImports },
  errands: { runQuery, runImport },
  unmodelledErrors: UNMODELLED_ERRORS,
});

import { defineService } from "../../service/service.ts";
import {
  createApiDestination,
  deleteApiDestination,
  describeApiDestination,
  listApiDestinations,
  updateApiDestination,
} from "./api-destination/api-destination.ts";
import { createArchive, deleteArchive, describeArchive, listArchives, updateArchive } from "./archive/archive.ts";
import { emptyArchive, forget } from "./archive/archived-event.ts";
import { authorize } from "./connection/authorization.ts";
import { createEventBus, deleteEventBus, describeEventBus, listEventBuses, updateEventBus } from "./bus/bus.ts";
import {
  createConnection,
  deauthorizeConnection,
  deleteConnection,
  describeConnection,
  listConnections,
  updateConnection,
} from "./connection/connection.ts";
import { deleteEndpoint, describeEndpoint, listEndpoints, updateEndpoint } from "./bus/endpoint.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import {
  activateEventSource,
  deactivateEventSource,
  describeEventSource,
  listEventSources,
} from "./event-source/event-source.ts";
import { expire } from "./event-source/row.ts";
import { invokeDestination } from "./api-destination/invocation.ts";
import type { EventBridgeSdk } from "./kit.ts";
import { measureDelivered } from "./measure.ts";
import {
  createPartnerEventSource,
  deletePartnerEventSource,
  describePartnerEventSource,
  listPartnerEventSourceAccounts,
  listPartnerEventSources,
} from "./event-source/partner-event-source.ts";
import { putPermission, removePermission } from "./bus/permission.ts";
import { putEvents, testEventPattern } from "./event/put-events.ts";
import { putPartnerEvents } from "./event/put-partner-events.ts";
import { cancelReplay, describeReplay, listReplays, replayOn, startReplay } from "./archive/replay.ts";
import { receiveEvent } from "./event/received-event.ts";
import { deleteRule, describeRule, disableRule, enableRule, listRules, putRule } from "./rule/rule.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";
import { listRuleNamesByTarget, listTargetsByRule, putTargets, removeTargets } from "./target/target.ts";
import { tick } from "./rule/tick.ts";

export const eventbridge = defineService<EventBridgeSdk>("eventbridge", {
  operations: [
    createEventBus,
    updateEventBus,
    describeEventBus,
    listEventBuses,
    deleteEventBus,
    putPermission,
    removePermission,
    putRule,
    describeRule,
    listRules,
    enableRule,
    disableRule,
    deleteRule,
    putTargets,
    removeTargets,
    listTargetsByRule,
    listRuleNamesByTarget,
    putEvents,
    testEventPattern,
    createArchive,
    describeArchive,
    updateArchive,
    listArchives,
    deleteArchive,
    startReplay,
    describeReplay,
    listReplays,
    cancelReplay,
    createConnection,
    describeConnection,
    updateConnection,
    deauthorizeConnection,
    deleteConnection,
    listConnections,
    createApiDestination,
    describeApiDestination,
    updateApiDestination,
    deleteApiDestination,
    listApiDestinations,
    describeEventSource,
    listEventSources,
    activateEventSource,
    deactivateEventSource,
    createPartnerEventSource,
    deletePartnerEventSource,
    describePartnerEventSource,
    listPartnerEventSources,
    listPartnerEventSourceAccounts,
    putPartnerEvents,
    describeEndpoint,
    updateEndpoint,
    deleteEndpoint,
    listEndpoints,
    tagResource,
    untagResource,
    listTagsForResource,
  ],
  jobs: { tick, replayOn, forget, emptyArchive, expire },
  errands: { authorize },
  receivers: { "event-bus": receiveEvent, "api-destination": invokeDestination },
  delivered: measureDelivered,
  unmodelledErrors: UNMODELLED_ERRORS,
});

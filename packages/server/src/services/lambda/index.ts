import { defineService } from "../../service/service.ts";
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from "./function/alias.ts";
import { ASYNCHRONOUS, asynchronous } from "./asynchronous/asynchronous.ts";
import { codeSite } from "./code/link.ts";
import {
  createCodeSigningConfig,
  deleteCodeSigningConfig,
  deleteFunctionCodeSigningConfig,
  getCodeSigningConfig,
  getFunctionCodeSigningConfig,
  listCodeSigningConfigs,
  listFunctionsByCodeSigningConfig,
  putFunctionCodeSigningConfig,
  updateCodeSigningConfig,
} from "./code/signing.ts";
import {
  deleteFunctionConcurrency,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from "./concurrency/concurrency.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import {
  createFunction,
  deleteFunction,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
} from "./function/function.ts";
import { gauge } from "./concurrency/gauge.ts";
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from "./asynchronous/invoke-config.ts";
import { invoke, invokeAsync, invokeWithResponseStream } from "./invocation/invoke.ts";
import type { LambdaSdk } from "./kit.ts";
import { addLayerVersionPermission, getLayerVersionPolicy, removeLayerVersionPermission } from "./layer/permission.ts";
import {
  deleteLayerVersion,
  getLayerVersion,
  getLayerVersionByArn,
  listLayers,
  listLayerVersions,
  publishLayerVersion,
} from "./layer/layer.ts";
import { takeLogged } from "./instance/log.ts";
import { read } from "./mapping/read.ts";
import { READ } from "./mapping/schedule.ts";
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
} from "./mapping/mapping.ts";
import { addPermission, getPolicy, removePermission } from "./policy/permission.ts";
import { policiedFunctions, policiedLayers } from "./policy/policied.ts";
import { PROVISION } from "./concurrency/provision-row.ts";
import {
  deleteProvisionedConcurrencyConfig,
  getProvisionedConcurrencyConfig,
  listProvisionedConcurrencyConfigs,
  provision,
  putProvisionedConcurrencyConfig,
} from "./concurrency/provision.ts";
import { RECORD, record } from "./asynchronous/record-bucket.ts";
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from "./policy/resource-policy.ts";
import {
  getAccountSettings,
  getFunctionRecursionConfig,
  getRuntimeManagementConfig,
  putFunctionRecursionConfig,
  putRuntimeManagementConfig,
} from "./setting.ts";
import { listTags, tagResource, untagResource } from "./tag.ts";
import { updateFunctionCode, updateFunctionConfiguration } from "./function/update.ts";
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  listFunctionUrlConfigs,
  updateFunctionUrlConfig,
} from "./url/config.ts";
import { urlDoor } from "./url/door.ts";
import { listVersionsByFunction, publishVersion } from "./function/version.ts";

export const lambda = defineService<LambdaSdk>("lambda", {
  operations: [
    createFunction,
    getFunction,
    getFunctionConfiguration,
    listFunctions,
    deleteFunction,
    updateFunctionCode,
    updateFunctionConfiguration,
    publishVersion,
    listVersionsByFunction,
    createAlias,
    getAlias,
    updateAlias,
    deleteAlias,
    listAliases,
    invoke,
    invokeAsync,
    invokeWithResponseStream,
    addPermission,
    removePermission,
    getPolicy,
    putResourcePolicy,
    getResourcePolicy,
    deleteResourcePolicy,
    publishLayerVersion,
    getLayerVersion,
    getLayerVersionByArn,
    listLayers,
    listLayerVersions,
    deleteLayerVersion,
    addLayerVersionPermission,
    removeLayerVersionPermission,
    getLayerVersionPolicy,
    putFunctionConcurrency,
    getFunctionConcurrency,
    deleteFunctionConcurrency,
    putProvisionedConcurrencyConfig,
    getProvisionedConcurrencyConfig,
    deleteProvisionedConcurrencyConfig,
    listProvisionedConcurrencyConfigs,
    putFunctionEventInvokeConfig,
    updateFunctionEventInvokeConfig,
    getFunctionEventInvokeConfig,
    deleteFunctionEventInvokeConfig,
    listFunctionEventInvokeConfigs,
    createFunctionUrlConfig,
    getFunctionUrlConfig,
    updateFunctionUrlConfig,
    deleteFunctionUrlConfig,
    listFunctionUrlConfigs,
    createEventSourceMapping,
    getEventSourceMapping,
    updateEventSourceMapping,
    deleteEventSourceMapping,
    listEventSourceMappings,
    createCodeSigningConfig,
    getCodeSigningConfig,
    updateCodeSigningConfig,
    deleteCodeSigningConfig,
    listCodeSigningConfigs,
    listFunctionsByCodeSigningConfig,
    putFunctionCodeSigningConfig,
    getFunctionCodeSigningConfig,
    deleteFunctionCodeSigningConfig,
    putFunctionRecursionConfig,
    getFunctionRecursionConfig,
    putRuntimeManagementConfig,
    getRuntimeManagementConfig,
    getAccountSettings,
    tagResource,
    untagResource,
    listTags,
  ],
  errands: { [ASYNCHRONOUS]: asynchronous, [PROVISION]: provision, [READ]: read, [RECORD]: record },
  policied: [policiedFunctions, policiedLayers],
  logged: takeLogged,
  gauge,
  site: codeSite,
  door: urlDoor,
  unmodelledErrors: UNMODELLED_ERRORS,
});

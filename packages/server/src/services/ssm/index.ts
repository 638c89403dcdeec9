import { defineService } from "../../service/service.ts";
import { deleteParameter, deleteParameters } from "./delete-parameter.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { getParameter, getParameters } from "./get-parameter.ts";
import { getParameterHistory, labelParameterVersion, unlabelParameterVersion } from "./history.ts";
import type { SsmSdk } from "./kit.ts";
import { keepPolicy } from "./lifecycle-policy.ts";
import { describeParameters, getParametersByPath } from "./parameter-list.ts";
import { putParameter } from "./put-parameter.ts";
import { getServiceSetting, resetServiceSetting, updateServiceSetting } from "./service-setting.ts";
import { deleteResourcePolicy, getResourcePolicies, putResourcePolicy, shareableParameters } from "./sharing-policy.ts";
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from "./tag.ts";

export const ssm = defineService<SsmSdk>("ssm", {
  operations: [
    putParameter,
    getParameter,
    getParameters,
    getParametersByPath,
    getParameterHistory,
    describeParameters,
    deleteParameter,
    deleteParameters,
    labelParameterVersion,
    unlabelParameterVersion,
    addTagsToResource,
    removeTagsFromResource,
    listTagsForResource,
    getServiceSetting,
    updateServiceSetting,
    resetServiceSetting,
    putResourcePolicy,
    getResourcePolicies,
    deleteResourcePolicy,
  ],
  jobs: { "keep-policy": keepPolicy },
  shareable: [shareableParameters],
  unmodelledErrors: UNMODELLED_ERRORS,
});

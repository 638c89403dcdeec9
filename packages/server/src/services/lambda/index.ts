import { defineService } from "../../service/service.ts";
import { ASYNCHRONOUS, asynchronous } from "./asynchronous.ts";
import { codeSite } from "./code-link.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { createFunction, deleteFunction, getFunction, getFunctionConfiguration, listFunctions } from "./function.ts";
import { invoke, invokeAsync, invokeWithResponseStream } from "./invoke.ts";
import type { LambdaSdk } from "./kit.ts";
import { takeLogged } from "./log.ts";
import { updateFunctionCode, updateFunctionConfiguration } from "./update.ts";
import { listVersionsByFunction, publishVersion } from "./version.ts";

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
    invoke,
    invokeAsync,
    invokeWithResponseStream,
  ],
  errands: { [ASYNCHRONOUS]: asynchronous },
  logged: takeLogged,
  site: codeSite,
  unmodelledErrors: UNMODELLED_ERRORS,
});

import { defineService } from "../../service/service.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { SsmSdk } from "./kit.ts";

export const ssm = defineService<SsmSdk>("ssm", {
  operations: [],
  unmodelledErrors: UNMODELLED_ERRORS,
});
